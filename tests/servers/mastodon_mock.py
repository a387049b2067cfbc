"""The PyPI mastodon-mock on a free loopback port: the whole Mastodon interface, with accounts of our making."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from mastodon import Mastodon

from tests.servers.children import child, free_ports

SCOPES = ["read", "write"]
MAIN = "from mastodon_mock.cli import main; main()"


class MastodonMock:
    """One running server. `url` is its base address."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._app = Mastodon.create_app("tests", api_base_url=url, scopes=SCOPES)

    def join(
        self, handle: str, display_name: str, note: str = "", fields: tuple[tuple[str, str], ...] = ()
    ) -> Mastodon:
        """A new member, and its logged-in client; its access token opens what needs one."""
        client = Mastodon(client_id=self._app[0], client_secret=self._app[1], api_base_url=self.url)
        client.create_account(handle, "almby-test-only", f"{handle}@almby.example", agreement=True, scopes=SCOPES)
        client.account_update_credentials(display_name=display_name, note=note, fields=list(fields))
        return client


@contextmanager
def mastodon_mock() -> Iterator[MastodonMock]:
    """Start an empty server; stopped with everything it started when the block ends."""
    (port,) = free_ports(1)
    place = ["--host", "127.0.0.1", "--port", str(port), "--domain", f"localhost:{port}"]
    with child([sys.executable, "-u", "-c", MAIN, "serve", "--in-memory", *place], ready="Uvicorn running on"):
        yield MastodonMock(f"http://127.0.0.1:{port}")
