"""How much was said when, and where: counts of a filter by stretches of time, each counted no further than is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from time import monotonic
from typing import Literal

from listener.models import Record
from listener.query import Query
from listener.store.database import Store
from listener.store.mention_page import MOST_TOLD, Wanted, Ways, bounds, ways
from listener.store.mention_rows import place

SECONDS = 0.03  # that counting may take
NEWEST = 1_000  # mentions of which shares are reckoned
By = Literal["source", "lang", "writer"]
_VALUE = {"source": "coalesce(m.source, m.platform)", "lang": "coalesce(m.lang, '')", "writer": "m.writer"}
MOST_SHARES = 8


class Stretch(Record):
    """A stretch of time and how many mentions count as said in it: MOST_TOLD + 1 is more, None was not counted."""

    start: datetime
    end: datetime
    mentions: int | None


class Share(Record):
    """How many of the mentions that were looked at have this value; an empty value is unknown."""

    value: str
    mentions: int


def counted_in(
    store: Store, wanted: Wanted, typed: Query | None, edges: Sequence[datetime], seconds: float = SECONDS
) -> list[Stretch]:
    """The stretches between `edges` (ascending), counted from the newest back for as long as there is time.

    What is typed is counted by the index, which may find a few posts too many.
    """
    way, began = ways(store, wanted, typed), monotonic()
    low, high = bounds(wanted, typed)
    found: list[Stretch] = []
    for start, end in zip(reversed(edges[:-1]), reversed(edges[1:]), strict=True):
        late = bool(found) and monotonic() - began > seconds
        span = max(low, place(start)), min(high, place(end))
        found.append(Stretch(start=start, end=end, mentions=None if late else count(store, way, *span)))
    return found[::-1]


def count(store: Store, way: Ways, start: int, end: int) -> int:
    """How many rows lie in [start, end), at most MOST_TOLD + 1."""
    if start >= end:
        return 0
    sql = f"""SELECT count(*) AS n FROM (SELECT 1 FROM {lean(way)} WHERE {where(way)} LIMIT :most)"""  # noqa: S608
    return int(store.rows(sql, way.values | {"start": start, "end": end, "most": MOST_TOLD + 1})[0]["n"])


def shares(store: Store, wanted: Wanted, typed: Query | None, since: datetime, until: datetime, by: By) -> list[Share]:
    """The commonest values of `by` among the NEWEST mentions said in [since, until), most first."""
    way = ways(store, wanted, typed)
    low, high = bounds(wanted, typed)
    sql = f"""SELECT value, count(*) AS mentions FROM (SELECT {_VALUE[by]} AS value FROM {way.tables}
        WHERE {where(way)} ORDER BY {way.at} DESC LIMIT :most) GROUP BY value ORDER BY 2 DESC, 1 LIMIT :told"""  # noqa: S608
    given = {"start": max(low, place(since)), "end": min(high, place(until)), "most": NEWEST, "told": MOST_SHARES}
    return [Share(value=row["value"], mentions=row["mentions"]) for row in store.rows(sql, way.values | given)]


def where(way: Ways) -> str:
    return " AND ".join((*way.conditions, f"{way.at} >= :start", f"{way.at} < :end"))


def lean(way: Ways) -> str:
    """The tables without `mentions` where nothing is asked of its rows: then the index alone is read."""
    alone = not any("m." in condition for condition in way.conditions)
    return way.tables.partition(" CROSS JOIN ")[0] if alone else way.tables
