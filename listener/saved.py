"""The saved queries of listener.toml, put to every source once a run: what the weekly report counts as mentions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import ModuleType

from listener.clock import read_time, rfc3339
from listener.config import Config
from listener.enrich import Enricher, saved
from listener.heard import Wish
from listener.listen import (
    BEGINNINGS,
    FIRST_TIME,
    TOO_MANY,
    asked_sources,
    context,
    fetch,
    searchable,
    wants_login,
)
from listener.models import Completeness, Issue, Record, SourceResult
from listener.query import Query
from listener.run import FAILURES, Progress, failed, silent
from listener.sources import SINCE
from listener.store import Store
from listener.store.mentions import Noter, save_mentions
from listener.store.runs import load_cursor, save_cursor

POSTS = ":posts"  # `bluesky:posts` in a run's results: the same source, asked for what is said
OVERLAP = timedelta(hours=1)  # asked for again: posts reach a platform's search some time after they are written
BACKDATED = timedelta(days=1)  # the same for a feed: papers print articles that bear an earlier time
READ_TO = "read_to"  # everything published before that time has been read
HELD = "held"  # since when that time stands still because a limit, not a failure, kept us from reading on
NO_USE = frozenset(
    {"credentials", "throttled", "blocked", "guarded"}
)  # troubles that the next question would meet again
WORST_FIRST = (Completeness.UNAVAILABLE, Completeness.QUOTA, Completeness.TRUNCATED, Completeness.COMPLETE)


class Logged(Record):
    """What the saved queries brought: one result a source, how many mentions were new, which sources had no log-in."""

    results: tuple[SourceResult, ...]
    new: int
    idle: tuple[str, ...]


def saved_queries(config: Config) -> tuple[Query, ...]:
    """The queries of [queries.*], read, each held to its sources and language. Raises ConfigError naming the one that
    cannot be.
    """
    return tuple(one.asked for one in saved(config).values())


def listen_saved(
    config: Config, queries: Sequence[Query], store: Store, progress: Progress = silent, run_id: int | None = None
) -> Logged:
    """Ask every source that finds posts each query, from where it left off last time, and log what is new."""
    new = 0
    idle = []
    whole = []
    only = {one.asked.name: one.sources for one in saved(config).values() if one.sources}
    notes = Enricher(config)
    for name, module in asked_sources(config, Wish()).items() if queries else ():
        here = [query for query in queries if name in only.get(query.name, (name,))]
        if not here:
            continue
        progress(f"{name} …")
        parts, logged, _read = ask_source(config, name, module, here, store, run_id, notes)
        new += logged
        if all(wants_login(config, module, part) for part in parts):
            idle.append(name)
        else:
            whole.append(joined(name, parts))
    return Logged(results=tuple(whole), new=new, idle=tuple(idle))


def ask_source(
    config: Config,
    name: str,
    module: ModuleType,
    queries: Sequence[Query],
    store: Store,
    run_id: int | None,
    notes: Noter,
) -> tuple[list[SourceResult], int, int]:
    """Put every query to one source, with one log-in and one pace; how each fared, how many mentions were new, and how
    many posts were read, each counted once for all queries.

    Each query's mentions are logged together with how far it has been read. What the source keeps for itself (a feed's
    entity tags) is saved last: until then a run that was cut short must be given all of it again.
    """
    kept = {query.name: load_cursor(store, name, query.name) for query in queries}
    before = load_cursor(store, name, POSTS)
    ctx = context(config, name, module, store, shared_cursor(before, list(kept.values())))
    parts: list[SourceResult] = []
    new = 0
    for query in queries:
        since = start(query, kept[query.name], config.now, OVERLAP if searchable(module) else BACKDATED)
        mentions, result = fetch(ctx, module, query, since)
        parts.append(result)
        cursor = left_off(kept[query.name], module, parts, since, config.now)
        if (told := before | marks(ctx.next_cursor)) != before:
            save_cursor(store, name, before := told, POSTS)  # or a run that is cut short moves on past what failed
        new += save_mentions(store, run_id, query.name, name, mentions, config.now, cursor, notes)
        if result.completeness == Completeness.UNAVAILABLE and any(i.kind in NO_USE for i in result.issues):
            break
    if ctx.next_cursor:
        if any(part.completeness is Completeness.UNAVAILABLE for part in parts):
            ctx.next_cursor = marks(ctx.cursor) | ctx.next_cursor  # what was not put to every query is not done
        save_cursor(store, name, ctx.next_cursor | {READ_TO: rfc3339(config.now)}, POSTS)
    return parts, new, len(ctx.memory.get("read", ()))


def shared_cursor(left: Mapping[str, str], kept: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """What the source left for itself; only its marks unless every query has been held against all it gave that time.

    "Nothing is new" would else hide from a query what it has never been held against.
    """
    cursor = dict(left)
    at = moment(cursor.pop(READ_TO, None))
    read = [moment(one.get(READ_TO)) for one in kept]
    return cursor if at and all(one and one >= at for one in read) else marks(cursor)


def marks(cursor: Mapping[str, str]) -> dict[str, str]:
    """From when the parts of a source that failed are to be asked again."""
    return {name: mark for name, mark in cursor.items() if name.startswith(SINCE)}


def start(query: Query, kept: Mapping[str, str], now: datetime, overlap: timedelta) -> datetime:
    """From when to ask: so much before where the query was left off; never from before its own since:."""
    read_to = moment(kept.get(READ_TO))
    if read_to is None:
        return query.since(now - FIRST_TIME)
    again = min(read_to, now) - overlap
    return max(again, query.since(again))


def left_off(
    kept: Mapping[str, str], module: ModuleType, parts: Sequence[SourceResult], since: datetime, now: datetime
) -> dict[str, str]:
    """How far the last of `parts` has read its query. A failure in the run leaves it where it was, to be asked again;
    that of a part only where the source does not keep by itself from when to ask it.

    So does a limit, but only once: the posts come newest first, and a third question would bring no more than the
    second one.
    """
    stays = {READ_TO: rfc3339(since), **kept}
    apart = module.ABOUT.own_marks
    if any(failed(part) and not (apart and part.completeness is Completeness.TRUNCATED) for part in parts):
        return stays
    if whole(module, parts[-1]) or HELD in kept:
        return {READ_TO: rfc3339(now)}
    return {**stays, HELD: rfc3339(now)}


def whole(module: ModuleType, result: SourceResult) -> bool:
    """True when asking again from the same time would bring nothing that was missed.

    A feed that no longer reaches back will not do so later; a platform that knows no beginnings will not learn them.
    """
    missed = {issue.detail for issue in result.issues if issue.kind == Completeness.TRUNCATED.value}
    return missed <= {BEGINNINGS} if searchable(module) else TOO_MANY not in missed


def moment(text: str | None) -> datetime | None:
    """A time as it was kept; None when there is none, or when it cannot be read."""
    try:
        return read_time(text) if text else None
    except ValueError:
        return None


def joined(name: str, parts: list[SourceResult]) -> SourceResult:
    """One result for all queries: as incomplete as the worst of them, each trouble told once, what failed first."""
    source = name + POSTS
    troubles = {(issue.kind, issue.detail): issue for part in parts for issue in part.issues}
    gravest = sorted(troubles.values(), key=lambda issue: issue.kind not in FAILURES)
    return SourceResult(
        source=source,
        completeness=min((part.completeness for part in parts), key=WORST_FIRST.index),
        posts=sum(part.posts for part in parts),
        issues=tuple(Issue(source=source, kind=i.kind, detail=i.detail, until=i.until) for i in gravest),
        seconds=round(sum(part.seconds for part in parts), 3),
    )
