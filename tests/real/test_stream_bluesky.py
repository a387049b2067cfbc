"""`listen stream` against a real Bluesky network: its own firehose, its own search, and a kill in the middle."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from servers.bluesky import Bluesky
from servers.people import PASSWORD, Person, join

pytestmark = pytest.mark.realserver

Eventually = Callable[..., Any]
SETTINGS = """
[organisation]
name = "Torsby kommun"
[sources.bluesky]
base_url = "{network.appview}"
pds_url = "{network.pds}"
stream = "firehose"
stream_url = "{firehose}"
[listening]
dpia_ref = "KS 2024/2"
dpia_on = 2024-03-01
[queries.bath]
query = "simhallen"
"""


class Folder:
    """Where it is listened from, and what its log holds."""

    def __init__(self, path: Path, network: Bluesky) -> None:
        self.path = path
        firehose = network.pds.replace("http", "ws", 1)
        (path / "listener.toml").write_text(SETTINGS.format(network=network, firehose=firehose), encoding="utf-8")
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        login = {"LISTEN_BLUESKY_IDENTIFIER": "torsby.test", "LISTEN_BLUESKY_PASSWORD": PASSWORD}
        self.env = {**kept, **login, "LISTEN_ALLOW_LOOPBACK": "1"}

    def start(self, *words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "listener", "stream", *words]
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        return subprocess.Popen(command, cwd=self.path, env=self.env, **pipes)

    @contextmanager
    def listening(self, eventually: Eventually) -> Iterator[subprocess.Popen[str]]:
        """A session that is connected; killed at the end if it still runs."""
        before = self.rows("SELECT beat_at FROM lines")
        session = self.start()
        try:
            eventually(
                lambda: (
                    self.rows("SELECT 1 FROM lines WHERE state = ''")
                    and before != self.rows("SELECT beat_at FROM lines")
                )
            )
            yield session
        finally:
            session.kill()
            session.communicate()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        if not (self.path / "listener.db").exists():
            return []
        with closing(sqlite3.connect(self.path / "listener.db")) as db:
            try:
                return db.execute(sql).fetchall()
            except sqlite3.OperationalError:  # not made yet
                return []

    def texts(self) -> list[str]:
        return sorted(row[0] for row in self.rows("SELECT text FROM mentions"))


def write(person: Person, *texts: str) -> None:
    for text in texts:
        person.post(text, at=datetime.now(UTC).isoformat())


def test_what_is_written_is_logged_once_by_stream_and_by_search_also_after_a_kill(
    bluesky: Bluesky, tmp_path: Path, eventually: Eventually
) -> None:
    person = join(bluesky, "torsby.test", "Torsby kommun")
    folder = Folder(tmp_path, bluesky)
    before, live, away, after = (f"simhallen {word}" for word in ("före", "live", "borta", "efter"))
    write(person, before)
    with folder.listening(eventually) as session:
        write(person, live, "något helt annat")
        eventually(lambda: live in folder.texts() and before in folder.texts())
        session.send_signal(signal.SIGKILL)
        session.wait()
    write(person, away)
    with folder.listening(eventually) as session:
        write(person, after)
        eventually(lambda: {away, after} <= set(folder.texts()))
        session.send_signal(signal.SIGTERM)
        assert session.wait(30) == 0
    assert folder.texts() == sorted((before, live, away, after))
    assert {row[0] for row in folder.rows("SELECT author FROM mentions")} == {"torsby.test"}
    search = folder.start("--minutes", "0.05")
    assert search.wait(60) == 0, search.communicate()
    search.communicate()
    assert folder.texts() == sorted((before, live, away, after))
    assert folder.rows("SELECT detail FROM issues WHERE detail LIKE '%told nothing%'") == []
