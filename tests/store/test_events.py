"""The trail cannot be changed in passing, and any change made with force is found."""

from __future__ import annotations

import sqlite3

import pytest
from almby_findings import NOW, finding

from listener.models import Decision, State
from listener.store import Store
from listener.store.accounts import save_findings
from listener.store.cases import history, save_decision, undo, verify_chain
from listener.store.events import SEALED
from listener.store.runs import start_run


@pytest.fixture
def trail(store: Store) -> Store:
    """Six events: two opened, three decisions (one with words), one undone."""
    run_id = start_run(store, "audit", NOW, ["bluesky"])
    save_findings(store, run_id, "bluesky", [finding(), finding(platform_id="did:plc:2", handle="two")], NOW)
    for case_id, to, reason, text in (
        (1, State.CONFIRMED, "impostor", ""),
        (2, State.DISMISSED, "other", "en hund"),
        (1, State.ACTION, "platform_report", ""),
    ):
        save_decision(store, Decision(case_id=case_id, who="sara", to=to, reason=reason, text=text), NOW)
    undo(store, 1, "magnus", NOW)
    return store


def force(store: Store, sql: str, *values: object) -> None:
    """What someone with the file in hand could do."""
    with store.transaction():
        store.db.execute("DROP TRIGGER IF EXISTS events_stand")
        store.db.execute("DROP TRIGGER IF EXISTS events_stay")
        store.db.execute(sql, values)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE events SET reason = 'parody' WHERE id = 4",
        "DELETE FROM events WHERE id = 6",
        "INSERT OR REPLACE INTO events SELECT * FROM events WHERE id = 4",
    ],
)
def test_events_cannot_be_changed(trail: Store, sql: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="append-only"), trail.transaction():
        trail.db.execute(sql)
    assert len(history(trail, 1)) + len(history(trail, 2)) == 6


def test_a_whole_trail_is_whole(trail: Store) -> None:
    assert verify_chain(trail) is None


@pytest.mark.parametrize("column", [*SEALED, "hash"])
def test_every_changed_column_is_found(trail: Store, column: str) -> None:
    trail.db.execute("PRAGMA foreign_keys = OFF")
    value = 77 if column in ("id", "case_id", "run_id", "undoes") else "changed"
    force(trail, f"UPDATE events SET {column} = ? WHERE id = 4", value)
    assert verify_chain(trail) == 4


@pytest.mark.parametrize("event_id", [1, 3, 5, 6])
def test_a_removed_event_is_found_even_the_last(trail: Store, event_id: int) -> None:
    trail.db.execute("PRAGMA foreign_keys = OFF")
    force(trail, "DELETE FROM events WHERE id = ?", event_id)
    assert verify_chain(trail) == event_id


def test_changed_words_are_found_but_deleted_words_are_allowed(trail: Store) -> None:
    assert history(trail, 2)[-1].text == "en hund"
    trail.db.execute("UPDATE event_texts SET text = 'en katt'")
    assert verify_chain(trail) == 4
    trail.db.execute("DELETE FROM event_texts")
    assert verify_chain(trail) is None
    event = history(trail, 2)[-1]
    assert (event.text, event.who, event.reason) == (None, "sara", "other")
    assert event.text_hash is not None


def test_an_empty_trail_is_whole_until_it_is_emptied(store: Store, request: pytest.FixtureRequest) -> None:
    assert verify_chain(store) is None
    trail: Store = request.getfixturevalue("trail")
    trail.db.execute("PRAGMA foreign_keys = OFF")
    force(trail, "DELETE FROM events")
    assert verify_chain(trail) == 1
