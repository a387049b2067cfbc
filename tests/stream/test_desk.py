"""The desk at midnight, beside others who write to the same store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from listener.config import load_config
from listener.errors import LockedError
from listener.posts import Post
from listener.sources.live import Told
from listener.store.runs import start_run
from listener.stream import desk as desks
from listener.stream.desk import Desk
from listener.stream.pace import Clock
from listener.stream.plan import Plan

EVENING = datetime(2026, 11, 22, 22, 59, 50, tzinfo=UTC)  # ten seconds to midnight in Sweden
SETTINGS = """
[sources.bluesky]
enabled = true
[queries.bath]
query = "simhall*"
"""


class Evening:
    """A desk and its clock."""

    def __init__(self, folder: Path) -> None:
        (folder / "listener.toml").write_text(SETTINGS, encoding="utf-8")
        self.now = EVENING
        config = load_config(folder / "listener.toml", {"LISTEN_NOW": EVENING.isoformat()})
        self.desk = Desk.open(config, Plan(config, ["bluesky"]), Clock(lambda: self.now), Random(1))

    def runs(self) -> list[tuple[int, bool]]:
        """Every run, and whether it has ended."""
        sql = "SELECT id, finished_at IS NOT NULL AS ended FROM runs ORDER BY id"
        return [(row["id"], bool(row["ended"])) for row in self.desk.store.rows(sql)]


@pytest.fixture
def evening(tmp_path: Path) -> Iterator[Evening]:
    one = Evening(tmp_path)
    yield one
    one.desk.close()


def test_midnight_begins_a_run_though_another_was_writing_then(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = iter([True])

    def start(*given: Any) -> int:
        if next(refused, False):
            raise LockedError("another run is writing")
        return start_run(*given)

    monkeypatch.setattr(desks, "start_run", start)
    evening.now += timedelta(seconds=20)
    with pytest.raises(LockedError):
        evening.desk.beat()
    assert evening.runs() == [(1, False)]
    evening.now += timedelta(seconds=5)
    evening.desk.beat()
    assert evening.runs() == [(1, True), (2, False)]
    evening.desk.intake.read([(evening.desk.channels[0], b"{")], evening.now)
    evening.desk.beat()
    told = evening.desk.store.rows("SELECT run_id, detail FROM issues")
    assert [(row["run_id"], row["detail"]) for row in told] == [(2, "left out 1 frames: a frame that is no JSON")]


def test_a_part_that_cannot_be_read_is_counted_beside_what_can(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = evening.desk.channels[0]
    post = Post(platform="bluesky", id="at://did:plc:a/app.bsky.feed.post/3a", text="simhallen", source="bluesky")
    told = (Told("odd", "a post without its record", mark=7), Told("post", post.id, post, mark=7))
    monkeypatch.setattr(type(channel.line), "read", lambda _line, _frame: told)
    batch = evening.desk.read_frames([(channel, b"{}")])
    assert [mention.post.id for mentions in batch.mentions.values() for mention in mentions] == [post.id]
    evening.desk.beat()
    (issue,) = evening.desk.store.rows("SELECT detail FROM issues")
    assert issue["detail"] == "left out 1 frames: a post without its record"
