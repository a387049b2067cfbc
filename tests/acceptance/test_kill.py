"""kill -9 at any moment of an audit: the next run succeeds, nothing is lost and nothing is there twice."""

from __future__ import annotations

import random
import signal
import sqlite3
import time

import pytest
from town import Town

from listener.store import open_store
from listener.store.events import verify_chain

pytestmark = pytest.mark.network

KILLS = 10


def picture(town: Town) -> list[tuple[object, ...]]:
    """Every case as a person would tell it, without numbers that depend on the order of work."""
    with sqlite3.connect(town.folder / "listener.db") as db:
        return sorted(db.execute("SELECT account_key, verdict, unit_kind, state FROM cases"))


def test_ten_kills_lose_nothing_and_repeat_nothing(town: Town) -> None:
    started = time.monotonic()
    assert town.listen("audit").returncode == 0
    whole = time.monotonic() - started
    wanted = picture(town)
    for path in town.folder.glob("listener.db*"):
        path.unlink()

    dice = random.Random(20261120)
    killed = 0
    for number in range(KILLS):
        run = town.start("audit", "--quiet")
        # spread over the whole run, start-up and the last writes included
        time.sleep(whole * (number + dice.random()) / KILLS)
        run.send_signal(signal.SIGKILL)
        run.communicate()
        killed += run.returncode == -signal.SIGKILL
        if (town.folder / "listener.db").exists():
            assert verify_chain(open_store(town.folder / "listener.db")) is None
    assert killed >= KILLS // 2, "the kills came after the runs had ended"

    last = town.listen("audit")
    assert last.returncode == 0, last.stderr
    assert picture(town) == wanted
    with sqlite3.connect(town.folder / "listener.db") as db:
        twice = db.execute("SELECT case_id FROM events WHERE kind = 'opened' GROUP BY case_id HAVING count(*) > 1")
        assert twice.fetchall() == []
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
