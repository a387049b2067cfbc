"""A query's talk taken from the log, judged, and kept with what people make of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

import msgspec

from listener.config import Config
from listener.coordination.pattern import Pattern
from listener.coordination.verdict import judge
from listener.models import Record
from listener.store import Store
from listener.store.patterns import Ruling, rulings, save_pattern
from listener.store.restricted import closed_clusters
from listener.store.talk import Logged, talk

SPAN = timedelta(days=7)  # the talk, unless another is asked for
HISTORY = timedelta(weeks=12)
FEWEST = 50  # posts of its own history, else a query borrows that of the whole log
MOST = 20_000  # posts read of each, the newest


class Seen(Record):
    """A pattern as found, its number in the store, the posts of its reasons by id that everybody may read, and what
    people made of it.

    `ruling` is the latest about this very pattern; `earlier` the latest about another pattern of the query.
    `borrowed` when the query is too young and was compared with all that the log holds.
    """

    id: int
    query: str
    since: datetime
    until: datetime
    pattern: Pattern
    posts: dict[int, Logged]
    ruling: Ruling | None
    earlier: Ruling | None
    borrowed: bool


def look(config: Config, store: Store, query: str, since: datetime, until: datetime) -> Seen:
    """Judge what a query (its `Query.name`) matched in [since, until) against the twelve weeks before, and keep it."""
    said = read(store, since, until, (query,))
    pattern, before, borrowed = compared(store, said, since, (query,), watched_addresses(config))
    number = save_pattern(store, config.now, query, since, until, pattern.kind, msgspec.json.encode(pattern).decode())
    shown = {post for reason in pattern.reasons for post in reason.posts}
    ruled, shut = rulings(store, query), closed_clusters(store)
    return Seen(
        id=number,
        query=query,
        since=since,
        until=until,
        pattern=pattern,
        posts={post.id: post for post in [*before, *said] if post.id in shown and post.cluster not in shut},
        ruling=next((ruling for ruling in ruled if ruling.pattern_id == number), None),
        earlier=next((ruling for ruling in ruled if ruling.pattern_id != number), None),
        borrowed=borrowed,
    )


def watched_addresses(config: Config) -> Sequence[str]:
    """[listening] watched: threads, channels, articles and sites from which talk about us has come."""
    return tuple(config.table("listening").get("watched", ()))


class Compared(NamedTuple):
    """A pattern, the posts it was compared with, and whether they are the whole log's, the talk being too young."""

    pattern: Pattern
    before: list[Logged]
    borrowed: bool


def compared(
    store: Store, said: Sequence[Logged], since: datetime, queries: Collection[str], watched: Sequence[str]
) -> Compared:
    """Judge what `queries` (by `Query.name`; none: all) said from `since` on against the twelve weeks before.

    Whoever shows a pattern asks here, so that the same posts are called the same everywhere.
    """
    before = read(store, since - HISTORY, since, queries)
    borrowed = bool(queries) and len(before) < FEWEST
    if borrowed:
        before = read(store, since - HISTORY, since)
    ordered = sorted(said, key=lambda post: (post.at, post.id))
    return Compared(judge(ordered, before, watched), before, borrowed)


def read(store: Store, since: datetime, until: datetime, queries: Collection[str] = ()) -> list[Logged]:
    """The newest posts, at most `MOST`, of [since, until) that one of `queries` matched (all of them without any)."""
    only = next(iter(queries)) if len(queries) == 1 else None
    found = talk(store, since, until, only, newest_first=True)
    return list(islice((post for post in found if not queries or not set(queries).isdisjoint(post.queries)), MOST))
