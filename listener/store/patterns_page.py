"""Patterns as they were shown, the latest first, each with what people last made of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from listener.clock import read_time
from listener.models import Record
from listener.store.database import Store


class Kept(Record):
    """A pattern (JSON) as it was shown; `ruled` is what people last made of it, "" when nobody has said."""

    id: int
    at: datetime
    query: str
    since: datetime
    until: datetime
    kind: str
    pattern: str
    ruled: str


_SELECT = """SELECT p.*, coalesce((SELECT r.ruling FROM pattern_rulings r WHERE r.pattern_id = p.id
    ORDER BY r.id DESC LIMIT 1), '') AS ruled FROM patterns p"""


def latest_patterns(store: Store, below: int | None, most: int) -> list[Kept]:
    """The latest patterns with numbers below `below`."""
    sql = f"{_SELECT} WHERE (:below IS NULL OR p.id < :below) ORDER BY p.id DESC LIMIT :most"
    return [_read(row) for row in store.rows(sql, {"below": below, "most": most})]


def one_pattern(store: Store, number: int) -> Kept | None:
    """The pattern of that number."""
    row = store.row(f"{_SELECT} WHERE p.id = ?", (number,))
    return _read(row) if row else None


def _read(row: Mapping[str, Any]) -> Kept:
    return Kept(**dict(row) | {name: read_time(row[name]) for name in ("at", "since", "until")})
