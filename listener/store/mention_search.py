"""Looking into the log: what the index finds comes newest first, and `query.matches` decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from heapq import merge
from typing import Any, Literal, NamedTuple

from listener.clock import read_time
from listener.models import Record
from listener.posts import Mention
from listener.query import Query
from listener.query.tree import And, Field, Or, joined
from listener.store.database import Store, explained
from listener.store.index_query import Asking
from listener.store.index_words import Cased, Listed
from listener.store.mention_rows import place, read_post
from listener.store.sieve import letters, times
from listener.store.word_list import PORTION, behind


class Found(Record):
    """A mention with what stands beside it in the log. `at` is when it counts as said, `writer` as it may be shown.

    `id` and `cluster` are None for a post that is not in the log; `copies` counts those that were folded into it.
    """

    mention: Mention
    at: datetime
    writer: str
    direction: Literal["in", "out"] = "in"
    id: int | None = None
    cluster: int | None = None
    copies: int = 0


class Sieve(NamedTuple):
    """What the index is asked for, and a condition on the rows with its values."""

    words: str | None
    letters: str
    values: list[Any]


BEFORE, AFTER = 0, (1 << 63) - 1  # places before and after every other
MOST_NEWER = 2 * PORTION  # posts beside the list of words that a search looks at one by one


def search_mentions(
    store: Store,
    query: Query,
    since: datetime | None = None,
    until: datetime | None = None,
    source: str | Sequence[str] | None = None,
    lang: str | None = None,
    limit: int | None = None,
) -> Iterator[Mention]:
    """As `search`, the mentions alone."""
    for found in search(store, query, since, until, source, lang, limit):
        yield found.mention


def search(
    store: Store,
    query: Query,
    since: datetime | None = None,
    until: datetime | None = None,
    source: str | Sequence[str] | None = None,
    lang: str | None = None,
    limit: int | None = None,
) -> Iterator[Found]:
    """Logged posts that match, newest first.

    `since` is inclusive, `until` exclusive, and neither leaves out a post without a time; `source` is a source or a
    platform. A post that bears no time, or one later than when it was logged, stands where it was logged.
    The index only narrows: `query.matches` decides, so that the log answers just as the live search does.
    """
    asked = query.within(since, until, lang)
    wanted = {name.casefold() for name in ([source] if isinstance(source, str) else source or ())}
    number = 0
    with explained(store.path):
        for row in candidates(store, asked, sorted(wanted)):
            post = read_post(row)
            if wanted and not wanted & {(post.source or "").casefold(), post.platform.casefold()}:
                continue
            if (spans := asked.matches(post)) is None:
                continue
            yield read_found(row, Mention(post=post, query=query.name, spans=spans))
            number += 1
            if number == limit:
                return


def read_found(row: Mapping[str, Any], mention: Mention) -> Found:
    """A mention with what its row holds beside it."""
    return Found(
        mention=mention,
        at=read_time(row["at"]),
        writer=row["writer"],
        direction=row["direction"],
        id=row["id"],
        cluster=row["cluster"],
    )


def candidates(store: Store, query: Query, sources: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """Rows that may match, latest place first; all that match are among them."""
    sieve = Sieve(narrowed(query, sources, Cased(store.conn)), *letters(query.tree))
    since, until = times(query.tree)
    span = place(since) if since else BEFORE, place(until) if until else AFTER
    rows = listed(store, query, sources, sieve, *span) if query.wild else within(store, sieve, *span)
    return rows if span == (BEFORE, AFTER) else latest_first(rows, undated(store, sieve, *span))


def listed(
    store: Store, query: Query, sources: Sequence[str], sieve: Sieve, first: int, end: int
) -> Iterator[Mapping[str, Any]]:
    """As `within`, by the words that stars stand for as long as they are known: the list of words has the latest."""
    newer, upto = behind(store.conn)
    known = Listed(store.conn)
    words = narrowed(query, sources, known) if newer <= MOST_NEWER else None
    if not known.used:
        yield from within(store, sieve, first, end)
        return
    cut = min(end, max(first, known.below + 1))
    learnt = Sieve(words, *also(sieve, "m.id <= ?", upto))
    yield from latest_first(within(store, learnt, cut, end), unlearnt(store, sieve, cut, end, upto))
    yield from within(store, sieve, first, cut)


def latest_first(*rows: Iterator[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    return merge(*rows, key=lambda row: row["place"], reverse=True)


def narrowed(query: Query, sources: Sequence[str], known: Cased) -> str | None:
    """The expression for the index: the query, and any of the sources."""
    named = [Field(name="source", value=name) for name in sources]
    return Asking(known).needed(joined(And, [query.tree, *([joined(Or, named)] if named else [])]))


def within(store: Store, sieve: Sieve, first: int, end: int) -> Iterator[Mapping[str, Any]]:
    """The rows of [first, end) that pass, by the time at which they count."""
    more = f" AND {sieve.letters}" if sieve.letters else ""
    if sieve.words is None:
        sql = f"SELECT m.* FROM mentions m WHERE place >= ? AND place < ?{more} ORDER BY place DESC"  # noqa: S608  (ours)
        return store.query(sql, (first, end, *sieve.values))
    sql = f"""SELECT m.* FROM mentions_fts f CROSS JOIN mentions m ON m.place = f.rowid
        WHERE mentions_fts MATCH ? AND f.rowid >= ? AND f.rowid < ?{more} ORDER BY f.rowid DESC"""  # noqa: S608  (ours)
    return store.query(sql, (sieve.words, first, end, *sieve.values))


def also(sieve: Sieve, condition: str, value: int) -> tuple[str, list[Any]]:
    """The condition of a sieve with one more behind it, and the values of both."""
    return " AND ".join(filter(None, (sieve.letters, condition))), [*sieve.values, value]


def unlearnt(store: Store, sieve: Sieve, first: int, end: int, upto: int) -> Iterator[Mapping[str, Any]]:
    """The rows of [first, end) after that id that pass but for their words, by the time at which they count."""
    more = f" AND {sieve.letters}" if sieve.letters else ""
    sql = f"""SELECT m.* FROM mentions m WHERE m.id > ? AND +m.place >= ? AND +m.place < ?{more}
        ORDER BY +m.place DESC"""  # noqa: S608  (ours)
    return store.query(sql, (upto, first, end, *sieve.values))


def undated(store: Store, sieve: Sieve, first: int, end: int) -> Iterator[Mapping[str, Any]]:
    """The rows outside [first, end) whose place is not the time that their post bears: no time leaves them out."""
    more = f" AND {sieve.letters}" if sieve.letters else ""
    sql = f"""SELECT m.* FROM mentions m WHERE published_at IS NOT at AND NOT (place >= ? AND place < ?)
        AND (? IS NULL OR EXISTS (SELECT 1 FROM mentions_fts f WHERE mentions_fts MATCH ? AND f.rowid = m.place)){more}
        ORDER BY place DESC"""  # noqa: S608  (ours)
    return store.query(sql, (first, end, sieve.words, sieve.words, *sieve.values))
