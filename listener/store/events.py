"""The trail of every case: events are only ever added, and each seals the ones before it by hash."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from listener import __version__
from listener.clock import read_time, rfc3339
from listener.models import Record, State, UnitKind, Verdict
from listener.store.database import Store, storable

MACHINE = "listen"  # who, when no person decided
SEALED = (
    *("id", "case_id", "at", "kind", "who", "from_state", "to_state", "reason", "text_hash", "verdict", "unit_kind"),
    *("rules_version", "run_id", "undoes", "assignee", "until", "fingerprint", "prev_hash"),
)
BEGINNING = "0" * 64


class Event(Record, frozen=True):
    """One step in a case's trail. `kind` = opened | decision | regressed | verdict | undo | assign | snooze, or, moving
    nothing, proposed | undo_proposed | refused | withdrawn | forwarded | prepared.

    `reason` is a key of a closed list; `text` the free words, None when there were none or retention has deleted them
    (then `text_hash` still stands). `undoes` names the event this one takes back; `fingerprint` what the account
    looked like.
    """

    id: int
    case_id: int
    at: datetime
    kind: str
    who: str
    from_state: State | None
    to_state: State
    reason: str
    text: str | None
    text_hash: str | None
    verdict: Verdict
    unit_kind: UnitKind | None
    rules_version: str
    run_id: int | None
    undoes: int | None
    assignee: str | None
    until: datetime | None
    fingerprint: str | None
    hash: str


def seal(row: Mapping[str, Any]) -> str:
    """The hash of one event: SHA-256 over its columns in order, the hash of the event before it included."""
    return hashlib.sha256(json.dumps([row[name] for name in SEALED]).encode("ascii")).hexdigest()


def text_seal(nonce: str, text: str) -> str:
    """The hash that stands for the free text. The nonce goes with it, so that nobody can guess at the hash."""
    return hashlib.sha256(f"{nonce}\n{text}".encode()).hexdigest()


def add_event(
    store: Store,
    case: Mapping[str, Any],
    kind: str,
    to: State,
    now: datetime,
    *,
    who: str = MACHINE,
    reason: str = "",
    text: str = "",
    run_id: int | None = None,
    undoes: int | None = None,
    assignee: str | None = None,
    until: datetime | None = None,
) -> int:
    """Append one event about `case` (its row: id, state, verdict, unit_kind, fingerprint); returns its id.

    Must run inside the transaction that changes the case itself.
    """
    last = store.row("SELECT id, hash FROM events ORDER BY id DESC LIMIT 1")
    event_id = last["id"] + 1 if last else 1
    words, nonce = storable(text), secrets.token_hex(16)
    row: dict[str, Any] = {
        "id": event_id,
        "case_id": case["id"],
        "at": rfc3339(now),
        "kind": kind,
        "who": storable(who),
        "from_state": None if kind == "opened" else case["state"],
        "to_state": to.value,
        "reason": reason,
        "text_hash": text_seal(nonce, words) if words else None,
        "verdict": case["verdict"],
        "unit_kind": case["unit_kind"],
        "rules_version": __version__,
        "run_id": run_id,
        "undoes": undoes,
        "assignee": storable(assignee),
        "until": until and rfc3339(until),
        "fingerprint": case["fingerprint"],
        "prev_hash": last["hash"] if last else BEGINNING,
    }
    row["hash"] = seal(row)
    marks = ", ".join(f":{name}" for name in row)
    store.db.execute(f"INSERT INTO events ({', '.join(row)}) VALUES ({marks})", row)  # noqa: S608  (our own names)
    if words:
        store.db.execute("INSERT INTO event_texts VALUES (?, ?, ?)", (event_id, nonce, words))
    head = json.dumps([event_id, row["hash"]])
    store.db.execute("INSERT OR REPLACE INTO settings VALUES ('chain_head', ?)", (head,))
    return event_id


def history(store: Store, case_id: int) -> list[Event]:
    """Every event of a case, oldest first."""
    sql = """SELECT e.*, t.text FROM events e LEFT JOIN event_texts t ON t.event_id = e.id
             WHERE e.case_id = ? ORDER BY e.id"""
    return [read_event(row) for row in store.rows(sql, (case_id,))]


def read_event(row: Mapping[str, Any]) -> Event:
    columns = {name: row[name] for name in Event.__struct_fields__}
    columns["at"] = read_time(row["at"])
    columns["from_state"] = State(row["from_state"]) if row["from_state"] else None
    columns["to_state"] = State(row["to_state"])
    columns["verdict"] = Verdict(row["verdict"])
    columns["unit_kind"] = UnitKind(row["unit_kind"]) if row["unit_kind"] else None
    columns["until"] = read_time(row["until"]) if row["until"] else None
    return Event(**columns)


def standing(events: list[Event], *kinds: str) -> list[Event]:
    """The events of these kinds that no later undo has taken back."""
    undone = {event.undoes for event in events}
    return [event for event in events if event.kind in kinds and event.id not in undone]


def verify_chain(store: Store) -> int | None:
    """The id of the first event that was altered, removed or slipped in; None when the trail is whole.

    Someone who can write the file and knows the method can rebuild the whole chain: keep a copy of its head elsewhere.
    """
    before, expected = BEGINNING, 1
    sql = "SELECT e.*, t.nonce, t.text FROM events e LEFT JOIN event_texts t ON t.event_id = e.id ORDER BY e.id"
    for row in store.db.query(sql):
        if row["id"] != expected or row["prev_hash"] != before or row["hash"] != seal(row):
            return expected
        if row["text"] is not None and row["text_hash"] != text_seal(row["nonce"], row["text"]):
            return expected
        before, expected = row["hash"], expected + 1
    head = store.row("SELECT value FROM settings WHERE key = 'chain_head'")
    last = json.loads(head["value"]) if head else [0, BEGINNING]
    return None if last == [expected - 1, before] else expected
