"""Texts that only some may read: who asked to have one shown in clear, and which other person let them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from listener.clock import read_time, rfc3339
from listener.language import _
from listener.models import Record
from listener.store.database import Store, StoreError, storable
from listener.store.proposals import same_person

STANDS = timedelta(hours=24)  # so long after it was approved the text may be read


class Unmasking(Record, frozen=True):
    """One request; `text` goes with the post. Open while `answered_at` is None; `approved` how it was answered."""

    id: int
    mention_id: int
    at: datetime
    who: str
    reason: str
    text: str | None
    answered_at: datetime | None
    answered_by: str | None
    approved: bool


def ask(store: Store, mention_id: int, who: str, reason: str, text: str, now: datetime) -> None:
    """Put a request before a second person; the same person's open one is left as it is."""
    with store.transaction():
        if not any(same_person(each.who, who) for each in waiting(store, mention_id)):
            sql = "INSERT INTO unmaskings (mention_id, at, who, reason, text) VALUES (?, ?, ?, ?, ?)"
            store.conn.execute(sql, (mention_id, rfc3339(now), storable(who), reason, storable(text) or None))


def waiting(store: Store, mention_id: int | None = None) -> list[Unmasking]:
    """The requests that nobody has answered, for one post or for all, oldest first; at most 200."""
    sql = """SELECT * FROM unmaskings WHERE answered_at IS NULL AND (:id IS NULL OR mention_id = :id)
        ORDER BY id LIMIT 200"""
    return [read_unmasking(row) for row in store.rows(sql, {"id": mention_id})]


def answer(store: Store, number: int, mention_id: int, who: str, approved: bool, now: datetime) -> None:
    """Let somebody read a text, or not. Raises StoreError when the request waits no longer, or is one's own."""
    with store.transaction():
        asked = next((each for each in waiting(store, mention_id) if each.id == number), None)
        if asked is None:
            raise StoreError(_("The request waits no longer."))
        if approved and same_person(asked.who, who):
            raise StoreError(_("You asked for it yourself: another person approves it."))
        sql = "UPDATE unmaskings SET answered_at = ?, answered_by = ?, approved = ? WHERE id = ?"
        store.conn.execute(sql, (rfc3339(now), storable(who), approved, number))


def may_see(store: Store, mention_id: int, who: str, now: datetime) -> bool:
    """Whether somebody else has let this person read the text, less than STANDS ago."""
    sql = "SELECT who FROM unmaskings WHERE mention_id = ? AND approved = 1 AND answered_at > ?"
    rows = store.rows(sql, (mention_id, rfc3339(now - STANDS)))
    return any(row["who"] == storable(who) for row in rows)


def read_unmasking(row: Mapping[str, Any]) -> Unmasking:
    return Unmasking(
        id=row["id"],
        mention_id=row["mention_id"],
        at=read_time(row["at"]),
        who=row["who"],
        reason=row["reason"],
        text=row["text"],
        answered_at=read_time(row["answered_at"]) if row["answered_at"] else None,
        answered_by=row["answered_by"],
        approved=bool(row["approved"]),
    )
