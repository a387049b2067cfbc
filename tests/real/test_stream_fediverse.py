"""`listen stream` against servers that speak Mastodon's interface: one that tells its timeline, one that does not."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from servers.mastodon_mock import mastodon_mock
from servers.snac import Snac

from listener.config import load_config
from listener.stream import Limits, stream

pytestmark = pytest.mark.realserver

SETTINGS = """
[sources.mastodon]
servers = {servers}
[listening]
dpia_ref = "KS 2024/2"
dpia_on = 2024-03-01
[queries.bath]
query = "simhallen"
"""


def listen(folder: Path, *servers: str, write: Callable[[], Any], seconds: float = 8.0) -> list[tuple[Any, ...]]:
    """Listen, and write once the session is connected; what was logged, and what went wrong."""
    named = ", ".join(f'"{server}"' for server in servers)
    (folder / "listener.toml").write_text(SETTINGS.format(servers=f"[{named}]"), encoding="utf-8")
    config = load_config(folder / "listener.toml", {"LISTEN_ALLOW_LOOPBACK": "1"})
    writing = threading.Thread(target=write)

    def show(status: Any) -> None:
        if status.up and not writing.ident:
            writing.start()

    stream(config, ["mastodon"], limits=Limits(seconds=seconds, posts=2), show=show)
    if writing.ident:
        writing.join(10)
    with closing(sqlite3.connect(folder / "listener.db")) as db:
        return db.execute(
            "SELECT text, author, post_id FROM mentions UNION ALL SELECT detail, '', '' FROM issues"
        ).fetchall()


def test_a_public_timeline_is_logged_as_it_is_written(tmp_path: Path) -> None:
    with mastodon_mock() as server:
        writer = server.join("torsby", "Torsby kommun")

        def write() -> None:
            writer.status_post("Simhallen öppnar igen")
            writer.status_post("något annat")

        (row, *issues) = listen(tmp_path, server.url, write=write)
        assert row[0] == "Simhallen öppnar igen"
        assert row[2] == writer.account_statuses(writer.me())[-1].uri
        assert not [told for told, _author, _id in issues if "could not" in told or "left out" in told]


def test_a_server_without_streaming_is_asked_and_that_is_told(fediverse: tuple[Snac, ...], tmp_path: Path) -> None:
    told = [row[0] for row in listen(tmp_path, fediverse[0].url, write=lambda: None, seconds=1.5)]
    assert any("it is asked now and then instead" in one for one in told), told
