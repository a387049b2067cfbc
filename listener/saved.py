"""The saved queries of listener.toml, put to every source once a run: what the weekly report counts as mentions."""

from __future__ import annotations

from collections.abc import Iterable

from listener.config import Config
from listener.errors import ConfigError, QueryError
from listener.listen import Wish, listen, wants_login
from listener.models import Completeness, Issue, Record, SourceResult
from listener.query import Query, parse
from listener.run import Progress, silent
from listener.sources import load_sources
from listener.store import Store

POSTS = ":posts"  # `bluesky:posts` in a run's results: the same source, asked for what is said
WORST_FIRST = (Completeness.UNAVAILABLE, Completeness.QUOTA, Completeness.TRUNCATED, Completeness.COMPLETE)


class Logged(Record):
    """What the saved queries brought: one result a source, how many mentions were new, which sources had no log-in."""

    results: tuple[SourceResult, ...]
    new: int
    idle: tuple[str, ...]


def saved_queries(config: Config) -> tuple[Query, ...]:
    """The queries of [queries.*], read. Raises ConfigError naming the one that cannot be."""
    queries = []
    for name, table in config.table("queries").items():
        text = table.get("query") if isinstance(table, dict) else None
        if not isinstance(text, str):
            raise ConfigError(f"{config.path}: [queries.{name}] query: write what to search for as text")
        try:
            queries.append(parse(text, config.now))
        except QueryError as wrong:
            raise ConfigError(f"{config.path}: [queries.{name}] {wrong}") from wrong
    return tuple(queries)


def listen_saved(config: Config, queries: Iterable[Query], store: Store, progress: Progress = silent) -> Logged:
    """Ask every source that finds posts each query, and log what is new."""
    new = 0
    found: dict[str, list[SourceResult]] = {}
    for query in queries:
        progress(query.text)
        heard = listen(config, query, Wish(), store, progress)
        new += heard.new
        for result in heard.results:
            found.setdefault(result.source, []).append(result)
    modules = load_sources()
    idle = tuple(n for n, parts in found.items() if all(wants_login(config, modules[n], part) for part in parts))
    whole = tuple(joined(name, parts) for name, parts in found.items() if name not in idle)
    return Logged(results=whole, new=new, idle=idle)


def joined(name: str, parts: list[SourceResult]) -> SourceResult:
    """One result for all queries: as incomplete as the worst of them, each trouble told once."""
    source = name + POSTS
    troubles = {(issue.kind, issue.detail): issue for part in parts for issue in part.issues}
    return SourceResult(
        source=source,
        completeness=min((part.completeness for part in parts), key=WORST_FIRST.index),
        posts=sum(part.posts for part in parts),
        issues=tuple(Issue(source=source, kind=i.kind, detail=i.detail, until=i.until) for i in troubles.values()),
        seconds=round(sum(part.seconds for part in parts), 3),
    )
