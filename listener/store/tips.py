"""Tips that came by the public form: an address and words, for somebody to look at."""

from __future__ import annotations

from datetime import datetime

from listener.clock import read_time, rfc3339
from listener.models import Record
from listener.store.database import Store

MOST_OPEN = 5_000  # no more are taken while so many wait


class Tip(Record, frozen=True):
    """What somebody sent in; nothing is kept of who it was."""

    id: int
    at: datetime
    address: str
    words: str


def add_tip(store: Store, address: str, words: str, now: datetime) -> None:
    """Keep a tip."""
    with store.transaction():
        sql = "INSERT INTO tips (at, address, words) VALUES (?, ?, ?)"
        store.db.execute(sql, (rfc3339(now), address, words))


def close_tip(store: Store, number: int, who: str, now: datetime) -> bool:
    """Somebody has looked at it; whether there is such a tip. Once more changes nothing."""
    with store.transaction():
        sql = "UPDATE tips SET closed_at = ?, closed_by = ? WHERE id = ? AND closed_at IS NULL"
        store.db.execute(sql, (rfc3339(now), who, number))
        return store.row("SELECT 1 FROM tips WHERE id = ?", (number,)) is not None


def open_tips(store: Store, most: int = MOST_OPEN) -> list[Tip]:
    """Tips that nobody has looked at, the oldest first."""
    sql = "SELECT id, at, address, words FROM tips WHERE closed_at IS NULL ORDER BY id LIMIT ?"
    return [
        Tip(id=row["id"], at=read_time(row["at"]), address=row["address"], words=row["words"])
        for row in store.rows(sql, (most,))
    ]


def sent_since(store: Store, since: datetime) -> int:
    """How many came after that."""
    row = store.rows("SELECT count(*) AS n FROM tips WHERE at > ?", (rfc3339(since),))[0]
    return int(row["n"])
