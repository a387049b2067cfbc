"""A fediverse server's public timeline as it grows, told by server-sent events; who gets which token."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from listener.errors import Changed, ConfigError
from listener.sources.fields import text_of, time_of
from listener.sources.jetstream import read_object
from listener.sources.live import Line, Told
from listener.sources.mastodon_rows import read_post

QUIET = 90.0  # a server sends a sign of life every 15 seconds
KNOWN = 20_000  # posts whose addresses are remembered, to know them again when they are taken away
PATHS = {"public": "public", "local": "public/local"}


class Timeline:
    """The public timeline of one server: all it knows of the fediverse, or what its own members write."""

    source = "mastodon"
    framed = False
    resumes = False
    quiet = QUIET

    def __init__(self, address: str, token: str | None, part: str = "public") -> None:
        self._address, self._part = address.rstrip("/"), part
        self.place = urlsplit(address).netloc
        self.headers: Mapping[str, str] = {"Accept": "text/event-stream"}
        if token:
            self.headers = {**self.headers, "Authorization": f"Bearer {token}"}
        self._known: OrderedDict[str, str] = OrderedDict()  # a deletion names a post by this server's own number

    def address(self, mark: int, attempt: int) -> str:
        """Where the timeline is told."""
        return f"{self._address}/api/v1/streaming/{PATHS[self._part]}"

    def read(self, frame: bytes) -> tuple[Told, ...]:
        """What one event tells; its first line is its name. Raises Changed."""
        name, _line, content = frame.partition(b"\n")
        if name == b"delete":
            uri = self._known.pop(content.decode("utf-8", "replace").strip()[:100], "")
            return (Told("gone", uri) if uri else Told("other"),)
        if name not in (b"update", b"status.update"):
            return (Told("other"),)
        row = read_object(content)
        post = read_post(row, self.place)
        self._remember(row, post.id)
        when = time_of(row.get("edited_at") or row.get("created_at"))
        at = when.timestamp() if when and row.get("uri") else 0.0
        return (Told("edit" if name == b"status.update" else "post", post.id, post, at=at),)

    def _remember(self, row: Mapping[str, Any], uri: str) -> None:
        number = text_of(row.get("id"))
        if number is None or len(number) > 100:
            raise Changed("a status without its number")
        self._known[number] = uri
        if len(self._known) > KNOWN:
            self._known.popitem(last=False)


def streams(settings: Mapping[str, Any], secrets: Mapping[str, str]) -> tuple[Line, ...]:
    """A line for each server. Raises ConfigError."""
    part = str(settings.get("stream", "public"))
    if part == "off":
        return ()
    if part not in PATHS:
        raise ConfigError('[sources.mastodon] stream: write "public", "local" or "off"')
    places = [address_and_token(secrets, name, number) for number, name in enumerate(settings.get("servers") or ())]
    return tuple(Timeline(address, token, part) for address, token in places)


def address_and_token(secrets: Mapping[str, str], name: str, number: int) -> tuple[str, str | None]:
    """Where a server is and what it is asked with, if anything.

    LISTEN_MASTODON_TOKEN is the first server's, so that no other one gets to see it.
    """
    address = name if "://" in name else f"https://{name}"
    own = "LISTEN_MASTODON_TOKEN_" + re.sub(r"\W", "_", urlsplit(address).netloc).upper()
    return address, secrets.get(own) or (secrets.get("LISTEN_MASTODON_TOKEN") if number == 0 else None)
