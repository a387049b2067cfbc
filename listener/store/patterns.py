"""Patterns as they were shown, and what people made of them: rows are only ever added."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from listener.clock import read_time, rfc3339
from listener.language import _
from listener.models import Record
from listener.store.database import Store, StoreError, storable

CONFIRMED, REJECTED = "confirmed", "rejected"
Ruled = Literal["confirmed", "rejected"]


class Ruling(Record):
    """What a person made of a pattern: who, when, why (a key of the reasons asked for) and in what words."""

    pattern_id: int
    at: datetime
    who: str
    ruling: Ruled
    reason: str
    text: str
    kind: str


def save_pattern(
    store: Store, now: datetime, query: str, since: datetime, until: datetime, kind: str, pattern: str
) -> int:
    """Keep a pattern (JSON) as it was shown and return its number; the same one shown again keeps its number."""
    row = (storable(query), rfc3339(since), rfc3339(until), kind, pattern)
    with store.transaction():
        sql = "SELECT id, since, until, kind, pattern FROM patterns WHERE query = ? ORDER BY id DESC LIMIT 1"
        last = store.row(sql, (row[0],))
        if last and (last["kind"], last["pattern"]) == (kind, pattern):
            return int(last["id"])
        sql = "INSERT INTO patterns (at, query, since, until, kind, pattern) VALUES (?, ?, ?, ?, ?, ?) RETURNING id"
        return int(store.rows(sql, (rfc3339(now), *row))[0]["id"])


def rule_on(store: Store, pattern_id: int, now: datetime, who: str, ruling: Ruled, reason: str, text: str) -> Ruling:
    """Keep what a person made of a pattern and return it. Raises StoreError when no pattern has this number."""
    with store.transaction():
        pattern = store.row("SELECT query FROM patterns WHERE id = ?", (pattern_id,))
        if pattern is None:
            raise StoreError(_("no pattern has the number {count}").format(count=pattern_id))
        row = (pattern_id, rfc3339(now), storable(who), ruling, reason, storable(text))
        sql = "INSERT INTO pattern_rulings (pattern_id, at, who, ruling, reason, text) VALUES (?, ?, ?, ?, ?, ?)"
        store.db.execute(sql, row)
    return rulings(store, pattern["query"])[0]


def rulings(store: Store, query: str) -> list[Ruling]:
    """What people made of the patterns of a query, the latest first."""
    sql = """SELECT r.*, p.kind FROM pattern_rulings r JOIN patterns p ON p.id = r.pattern_id
             WHERE p.query = ? ORDER BY r.id DESC"""
    return [_read(row) for row in store.rows(sql, (storable(query),))]


def _read(row: Mapping[str, Any]) -> Ruling:
    columns = {name: row[name] for name in Ruling.__struct_fields__}
    return Ruling(**{**columns, "at": read_time(row["at"])})
