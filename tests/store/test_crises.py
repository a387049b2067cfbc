"""Crises: one at a time, every step with who and when, nothing altered afterwards."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from listener.crisis import factor
from listener.store import Store
from listener.store.crises import CrisisError, add_step, begin_crisis, end_crisis, last_crisis, load_steps, open_crisis

NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_crisis_shortens_the_interval_until_it_is_ended(store: Store) -> None:
    assert factor(store) == 1.0
    begin_crisis(store, "Simhallen", (), 0.25, "anna", NOON)
    assert factor(store) == 0.25
    end_crisis(store, "bo", NOON + HOUR)
    assert factor(store) == 1.0


def test_two_crises_at_once_are_refused(store: Store) -> None:
    begin_crisis(store, "Simhallen", (), 0.25, "anna", NOON)
    with pytest.raises(CrisisError, match="Simhallen"):
        begin_crisis(store, "Vattnet", (), 0.25, "bo", NOON + HOUR)
    end_crisis(store, "anna", NOON + HOUR)
    assert begin_crisis(store, "Vattnet", (), 0.25, "bo", NOON + 2 * HOUR).id == 2


def test_ending_what_was_never_begun_is_refused(store: Store) -> None:
    with pytest.raises(CrisisError, match="no crisis is on"):
        end_crisis(store, "anna", NOON)


def test_the_steps_tell_who_and_when_and_stand(store: Store) -> None:
    crisis = begin_crisis(store, "Simhallen", ("a", "b"), 0.5, "anna", NOON)
    add_step(store, crisis.id, "picture", "bo", NOON + HOUR, {"posts": 12})
    end_crisis(store, "cecilia", NOON + 2 * HOUR)
    steps = load_steps(store, crisis.id)
    assert [(step.kind, step.who, step.at) for step in steps] == [
        ("start", "anna", NOON), ("picture", "bo", NOON + HOUR), ("stop", "cecilia", NOON + 2 * HOUR),
    ]  # fmt: skip
    assert steps[1].told == {"posts": 12}
    ended = last_crisis(store)
    assert ended is not None
    assert (ended.queries, ended.stopped_at, ended.stopped_by) == (("a", "b"), NOON + 2 * HOUR, "cecilia")
    for sql in ("UPDATE crisis_steps SET who = 'x'", "DELETE FROM crisis_steps"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            store.db.conn.execute(sql)


def test_a_picture_drawn_in_calm_times_begins_no_crisis(store: Store) -> None:
    add_step(store, 0, "picture", "anna", NOON, {"posts": 1})
    assert open_crisis(store) is None
    assert last_crisis(store) is None
