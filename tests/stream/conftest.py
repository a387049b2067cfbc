"""A session of listening against servers on loopback, run in a thread and stopped by what it has read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from stream.jetstream_fake import START, Jetstream, jetstream

from listener.config import Config, load_config
from listener.store import open_store
from listener.store.lines import save_reached
from listener.stream import Limits, stream

SETTINGS = """
[organisation]
name = "Almby kommun"
domains = ["almby.example"]
[sources.bluesky]
base_url = "http{url}"
stream_url = "ws{url}"
{more}
[listening]
dpia_ref = "KS 2024/2"
dpia_on = 2024-03-01
[queries.bath]
query = "simhall*"
[queries.town]
query = '"Almby kommun"'
unit = "Kansliet"
"""


@pytest.fixture
def server() -> Iterator[Jetstream]:
    with jetstream() as running:
        yield running


class Listening:
    """A folder to listen from, and what its log holds."""

    def __init__(self, folder: Path, url: str, more: str = "") -> None:
        self.folder = folder
        (folder / "listener.toml").write_text(SETTINGS.format(url=url.removeprefix("ws"), more=more), encoding="utf-8")

    @property
    def config(self) -> Config:
        return load_config(self.folder / "listener.toml", {"LISTEN_ALLOW_LOOPBACK": "1"})

    def reached(self, mark: int = START) -> None:
        """Let an earlier session have read so far."""
        place = self.config.source("bluesky")["stream_url"].partition("://")[2]
        at = datetime.fromtimestamp(mark / 1e6, UTC)
        with open_store(self.config.store) as store:
            save_reached(store, "bluesky", place, mark, at, at)

    def run(self, posts: int | None = None, seconds: float = 20.0, **options: Any) -> int:
        """Listen until so many posts are read."""
        options.setdefault("sources", ["bluesky"])
        return stream(self.config, limits=Limits(seconds=seconds, posts=posts), **options)

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What the store answers."""
        with sqlite3.connect(self.folder / "listener.db") as db:
            found = db.execute(sql, values).fetchall()
        db.close()
        return found

    def texts(self) -> list[str]:
        """Every logged text, as often as it stands there."""
        return [row[0] for row in self.rows("SELECT text FROM mentions ORDER BY id")]

    def issues(self) -> list[str]:
        return [row[0] for row in self.rows("SELECT detail FROM issues ORDER BY id")]


@pytest.fixture
def listening(server: Jetstream, tmp_path: Path) -> Listening:
    return Listening(tmp_path, server.url)
