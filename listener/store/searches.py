"""Which searches people made, for what purpose, and which were refused: kept, because searching people is a power."""

from __future__ import annotations

from datetime import datetime

from listener.clock import read_time, rfc3339
from listener.models import Record
from listener.store.database import Store, storable


class Search(Record, frozen=True):
    """One search. `refused` is the reason it was not carried out, None when it was; `who` asked is None if unknown."""

    at: datetime
    query: str
    purpose: str | None
    source: str | None
    refused: str | None
    who: str | None = None


def save_search(
    store: Store,
    now: datetime,
    query: str,
    purpose: str | None = None,
    source: str | None = None,
    refused: str | None = None,
    who: str | None = None,
) -> None:
    """Note a search, carried out or refused."""
    row = (rfc3339(now), storable(query), storable(purpose), storable(source), storable(refused), storable(who))
    with store.transaction():
        store.conn.execute(
            "INSERT INTO searches (at, query, purpose, source, refused, who) VALUES (?, ?, ?, ?, ?, ?)", row
        )


def load_searches(store: Store) -> list[Search]:
    """Every search still kept, oldest first."""
    sql = "SELECT at, query, purpose, source, refused, who FROM searches ORDER BY id"
    return [Search(**row | {"at": read_time(row["at"])}) for row in store.rows(sql)]
