"""A query's talk taken from the log, judged, and kept with what people make of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice

import msgspec

from listener.config import Config
from listener.coordination.pattern import Pattern
from listener.coordination.verdict import judge
from listener.models import Record
from listener.store import Store
from listener.store.patterns import Ruling, rulings, save_pattern
from listener.store.talk import Logged, talk

SPAN = timedelta(days=7)  # the talk, unless another is asked for
HISTORY = timedelta(weeks=12)
FEWEST = 50  # posts of its own history, else a query borrows that of the whole log
MOST = 20_000  # posts read of each, the newest


class Seen(Record):
    """A pattern as found, its number in the store, the posts of its reasons by id, and what people made of it.

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
    said = _read(store, since, until, query)
    before = _read(store, since - HISTORY, since, query)
    borrowed = len(before) < FEWEST
    if borrowed:
        before = _read(store, since - HISTORY, since, None)
    pattern = judge(said, before, watched_addresses(config))
    number = save_pattern(store, config.now, query, since, until, pattern.kind, msgspec.json.encode(pattern).decode())
    shown = {post for reason in pattern.reasons for post in reason.posts}
    ruled = rulings(store, query)
    return Seen(
        id=number,
        query=query,
        since=since,
        until=until,
        pattern=pattern,
        posts={post.id: post for post in [*before, *said] if post.id in shown},
        ruling=next((ruling for ruling in ruled if ruling.pattern_id == number), None),
        earlier=next((ruling for ruling in ruled if ruling.pattern_id != number), None),
        borrowed=borrowed,
    )


def watched_addresses(config: Config) -> Sequence[str]:
    """[listening] watched: threads, channels, articles and sites from which talk about us has come."""
    return tuple(config.table("listening").get("watched", ()))


def _read(store: Store, since: datetime, until: datetime, query: str | None) -> list[Logged]:
    return list(islice(talk(store, since, until, query, newest_first=True), MOST))
