"""One page of the log for people who look around: filtered, newest first, and read no further than time allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from time import monotonic
from typing import Any, Literal, NamedTuple

import msgspec

from listener.models import Record
from listener.posts import Mention
from listener.query import Query
from listener.query.tree import And, Field, joined
from listener.store.database import Store, as_json, explained
from listener.store.index_query import Asking
from listener.store.index_words import Cased
from listener.store.mention_rows import place, read_post
from listener.store.mention_search import AFTER, BEFORE, Found, read_found
from listener.store.restricted import Eyes, open_to
from listener.store.sieve import letters, times

SECONDS = 0.05  # that a page may read the log for; what is left is for another page
FIRST = 4_000  # rows that are looked through first; then as many more as the time that is left seems to allow
FASTER = 8  # times as many as before, at most
FEW = 5  # words and signs between them
SLOW = 6  # times its own time: a page that took longer is asked for too much for anything beside it
MOST_TOLD = 10_000  # nobody needs to know how many more there are
MOST_COPIES = 1_000

_OURS = {"in": "m.direction = 'in'", "out": "m.direction = 'out'"}
# What holds of a row of `mentions`, by the field of Wanted that asks for it.
_ROW = {
    "source": "(lower(m.source) = :source OR lower(m.platform) = :source)",
    "lang": "(m.lang = :lang OR substr(m.lang, 1, length(:lang) + 1) = :lang || '-')",
    "unit": "m.unit = :unit",
    "tag": "instr(m.tags, :tag) > 0",
    "cluster": "m.cluster = :cluster AND m.cluster <> m.id",
}
_OF_QUERY = "q.query_id = (SELECT id FROM query_names WHERE query = :query)"
_PAIRED = f"EXISTS (SELECT 1 FROM mention_queries q WHERE {_OF_QUERY} AND q.place = m.place)"  # noqa: S608  (ours)


class Wanted(Record, frozen=True):
    """What mentions are to be; empty is any. `query` is the name of a saved query as the log knows it (`Query.name`).

    `cluster` asks for the copies of that post, without itself. `since` is inclusive, `until` exclusive, both by when
    a post counts as said. `eyes` leaves out what such eyes may not read, as if it were not there.
    """

    query: str = ""
    source: str = ""
    lang: str = ""
    unit: str = ""
    tag: str = ""
    direction: Literal["", "in", "out"] = ""
    since: datetime | None = None
    until: datetime | None = None
    cluster: int = 0
    eyes: Eyes = ""


class Fold(Record):
    """A mention and how many copies of it the log holds (MOST_COPIES + 1: more); `tags` and `unit` as logged."""

    found: Found
    copies: int
    unit: str | None
    tags: tuple[str, ...]


class Page(Record):
    """What was found; `after` is the place below which to go on (None: all was looked through).

    `cut` when time ran out before the page was full: there may be more. `slow` when the index itself took too long.
    """

    folds: tuple[Fold, ...]
    after: int | None
    cut: bool
    slow: bool = False


class Ways(NamedTuple):
    """How rows are come by: the tables, the conditions, the column of the place, and the values.

    `sure` when an index leads from hit to hit: then nothing is stepped over in vain, however rare they are.
    """

    tables: str
    conditions: tuple[str, ...]
    at: str
    values: dict[str, Any]
    sure: bool


class Seen(NamedTuple):
    """A row that matches, as it stands and as what it is."""

    row: Mapping[str, Any]
    found: Found


def page_of_mentions(
    store: Store, wanted: Wanted, typed: Query | None, before: int | None, most: int, seconds: float = SECONDS
) -> Page:
    """At most `most` mentions below the place `before`, copies within the page folded into the newest of them."""
    began = monotonic()
    page = read_page(store, wanted, typed, before, most, seconds)
    return msgspec.structs.replace(page, slow=monotonic() - began > SLOW * SECONDS)


def read_page(store: Store, wanted: Wanted, typed: Query | None, before: int | None, most: int, seconds: float) -> Page:
    asked = typed.within(lang=wanted.lang or None) if typed else None
    low, high = bounds(wanted, asked)
    kept: dict[int, Seen] = {}
    for seen in looked_through(store, ways(store, wanted, asked), asked, (low, min(high, before or AFTER)), seconds):
        if isinstance(seen, int):
            return Page(folds=folds(store, kept), after=seen, cut=True)
        key = seen.row["id" if wanted.cluster else "cluster"]
        if key in kept:
            continue
        if len(kept) == most:
            return Page(folds=folds(store, kept), after=seen.row["place"] + 1, cut=False)
        kept[key] = seen
    return Page(folds=folds(store, kept), after=None, cut=False)


def looked_through(
    store: Store, way: Ways, asked: Query | None, span: tuple[int, int], seconds: float
) -> Iterator[Seen | int]:
    """What matches within the places [low, high), newest first; the place that was come to when the time is over."""
    with explained(store.path):
        yield from read_back(store, way, asked, span, seconds)


def read_back(
    store: Store, way: Ways, asked: Query | None, span: tuple[int, int], seconds: float
) -> Iterator[Seen | int]:
    """As `looked_through`, a stretch of the log at a time: each is as long as the time that is left seems to allow."""
    (low, end), began, rows = span, monotonic(), FIRST
    while end > low:
        begun, start = monotonic(), low if way.sure else further(store, end, rows, low)
        for row in between(store, way, start, end):
            if (spans := asked.matches(read_post(row)) if asked else read_spans(row)) is not None:
                yield seen(row, asked, spans)
            if monotonic() - began > seconds and row["place"] > low:
                yield row["place"]
                return
        end, now = start, monotonic()
        if now - began > seconds and end > low:
            yield end
            return
        rate = rows / max(now - begun, 1e-4)
        rows = max(FIRST, min(rows * FASTER, int(rate * (seconds - now + began) / 2)))


def seen(row: Mapping[str, Any], asked: Query | None, spans: tuple[tuple[int, int], ...]) -> Seen:
    mention = Mention(post=read_post(row), query=asked.name if asked else "", spans=spans)
    return Seen(row, read_found(row, mention))


def between(store: Store, way: Ways, start: int, end: int) -> Iterator[dict[str, Any]]:
    """The rows of [start, end), newest first."""
    spans = "q.spans" if way.at == "q.place" else "'[]' AS spans"
    sql = f"""SELECT m.*, {spans} FROM {way.tables} WHERE {
        " AND ".join((*way.conditions, f"{way.at} >= :start", f"{way.at} < :end"))
    } ORDER BY {way.at} DESC"""  # noqa: S608  (ours)
    return store.query(sql, way.values | {"start": start, "end": end})


def further(store: Store, end: int, rows: int, low: int) -> int:
    """The place so many rows of the log below `end`, and not below `low`."""
    sql = "SELECT place FROM mentions WHERE place < ? AND place >= ? ORDER BY place DESC LIMIT 1 OFFSET ?"
    row = store.row(sql, (end, low, rows))
    return int(row["place"]) if row else low


def ways(store: Store, wanted: Wanted, asked: Query | None) -> Ways:
    """How to come by what is wanted: by its words, else its saved query, else by time; each by an index."""
    held, values = demands(wanted, asked)
    words = None if wanted.cluster else index_words(store, wanted, asked)
    if words:
        tables = "mentions_fts f CROSS JOIN mentions m ON m.place = f.rowid"
        more = [_PAIRED] if wanted.query else []
        sure = not more and set(held) <= {_ROW["source"], _ROW["lang"]} and plain(words)
        conditions = ("mentions_fts MATCH :words", *held, *more, *open_to(wanted.eyes, "f.rowid"))
        return Ways(tables, conditions, "f.rowid", values | {"words": words}, sure)
    if wanted.query and not (wanted.cluster or wanted.unit):
        tables = "mention_queries q CROSS JOIN mentions m ON m.id = q.mention_id"
        conditions = (_OF_QUERY, *held, *open_to(wanted.eyes, "q.place"))
        return Ways(tables, conditions, "q.place", values, set(held) <= {_OURS["in"]})
    paired = [_PAIRED] if wanted.query else []
    sure = not paired and (len(held) < 2 and held != [_ROW["tag"]]) and not asked
    return Ways("mentions m", (*held, *paired, *open_to(wanted.eyes, "m.place")), "m.place", values, sure)


def plain(words: str) -> bool:
    """Whether the index finds the next hit at once, however far it is: a few words, none of them open or a choice."""
    return len(words.split()) <= FEW and not any(mark in words for mark in (" OR ", " NOT ", "*", " + ", "NEAR"))


def demands(wanted: Wanted, asked: Query | None) -> tuple[list[str], dict[str, Any]]:
    """The conditions on a row of `mentions`, and the values in them."""
    held = [text for name, text in _ROW.items() if getattr(wanted, name)]
    held += [_OURS[wanted.direction]] if wanted.direction else []
    values = msgspec.structs.asdict(wanted) | {"source": wanted.source.casefold(), "tag": as_json(wanted.tag)}
    sieve, said = letters(asked.tree) if asked else ("", [])
    named = {f"letters{number}": value for number, value in enumerate(said)}
    return held + ([numbered(sieve, list(named))] if sieve else []), values | named


def numbered(sql: str, names: list[str]) -> str:
    """The conditions of a sieve with a name for each of its question marks; no other stands in them."""
    parts = sql.split("?")
    return "".join(part + (f":{names[at]}" if at < len(names) else "") for at, part in enumerate(parts))


def index_words(store: Store, wanted: Wanted, asked: Query | None) -> str | None:
    """The expression for the full-text index; None when nothing is asked for that it knows."""
    named = {"source": wanted.source.casefold(), "lang": "" if asked else wanted.lang.casefold()}
    fields = [Field(name=name, value=value) for name, value in named.items() if value]
    return Asking(Cased(store.conn)).needed(joined(And, [*([asked.tree] if asked else []), *fields]))


def bounds(wanted: Wanted, asked: Query | None) -> tuple[int, int]:
    """The places [low, high) of all that can be meant."""
    since, until = times(asked.tree) if asked else (None, None)
    low = max(place(when) if when else BEFORE for when in (since, wanted.since))
    return low, min(place(when) if when else AFTER for when in (until, wanted.until))


def read_spans(row: Mapping[str, Any]) -> tuple[tuple[int, int], ...]:
    """Where a saved query's words stand in the text, as logged."""
    return msgspec.json.decode(row["spans"], type=tuple[tuple[int, int], ...])


def folds(store: Store, kept: Mapping[int, Seen]) -> tuple[Fold, ...]:
    return tuple(
        Fold(
            found=found,
            copies=copies_of(store, row["cluster"]),
            unit=row["unit"],
            tags=msgspec.json.decode(row["tags"], type=tuple[str, ...]),
        )
        for row, found in kept.values()
    )


def copies_of(store: Store, cluster: int) -> int:
    """How many copies of the post with that id are logged, counted to MOST_COPIES + 1."""
    sql = """SELECT count(*) AS n FROM (SELECT 1 FROM mentions WHERE cluster = ? AND cluster <> id LIMIT ?)"""
    return int(store.rows(sql, (cluster, MOST_COPIES + 1))[0]["n"])
