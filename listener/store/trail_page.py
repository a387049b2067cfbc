"""The trail of all cases, the latest first, of one person or one time; and the searches that people made."""

from __future__ import annotations

from datetime import datetime

from listener.clock import read_time, rfc3339
from listener.models import Record
from listener.store.database import Store
from listener.store.events import Event, read_event


class Kept(Record):
    """A search with its number; `who` is None for one from the command line."""

    id: int
    at: datetime
    query: str
    purpose: str | None
    source: str | None
    refused: str | None
    who: str | None


def latest_events(
    store: Store, who: str, since: datetime | None, until: datetime | None, below: int | None, most: int
) -> list[Event]:
    """At most `most` events with numbers below `below`, by one person if named, that happened in [since, until)."""
    asked = {
        "e.who = :who": who,
        "e.at >= :since": since and rfc3339(since),
        "e.at < :until": until and rfc3339(until),
        "e.id < :below": below,
    }
    held = " AND ".join(condition for condition, value in asked.items() if value) or "1"
    sql = f"""SELECT e.*, t.text FROM events e LEFT JOIN event_texts t ON t.event_id = e.id
        WHERE {held} ORDER BY e.id DESC LIMIT :most"""  # noqa: S608  (ours)
    values = {condition.rpartition(":")[2]: value for condition, value in asked.items()}
    return [read_event(row) for row in store.rows(sql, values | {"most": most})]


def latest_searches(store: Store, who: str, below: int | None, most: int) -> list[Kept]:
    """The latest searches with numbers below `below`, of one person if named."""
    held = " AND ".join(["who = :who"] * bool(who) + ["id < :below"] * (below is not None)) or "1"
    sql = f"SELECT * FROM searches WHERE {held} ORDER BY id DESC LIMIT :most"  # noqa: S608  (ours)
    rows = store.rows(sql, {"who": who, "below": below, "most": most})
    return [Kept(**row | {"at": read_time(row["at"])}) for row in rows]


def count_events(store: Store) -> int:
    """How many events the trail has: their numbers leave none out."""
    row = store.row("SELECT max(id) AS n FROM events")
    return int(row["n"] or 0) if row else 0
