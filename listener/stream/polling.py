"""Sources that do not speak by themselves: asked in turn, each at its own pace, and searched for what a line missed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import ModuleType

import msgspec

from listener.config import Config
from listener.listen import context, fetch, wants_login
from listener.models import Completeness, SourceResult
from listener.query import Query
from listener.run import failed
from listener.saved import OVERLAP, ask_source
from listener.sources import About
from listener.store import open_store
from listener.store.mentions import Noter, save_mentions
from listener.stream.channel import Gap

USUAL = timedelta(minutes=10)  # between two questions to an interface or a feed
PAGES = timedelta(minutes=60)  # to public pages, which are fetched with care
PAID = timedelta(days=1)
BESIDE = timedelta(hours=6)  # to a source that also speaks by itself: what its line left out
LONGEST = 300.0  # seconds that one question to all may take, so that a stop is never long in coming
WINDOWS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
SHARE = 0.5  # of a quota that listening may use; the rest is for the audit and for people


def pace(config: Config, name: str, about: About, queries: int, streamed: bool) -> timedelta:
    """How long to wait between two questions to a source in calm times.

    `poll_minutes` of its table, else of [listening], else by what its quotas, its price and its kind of access allow.
    """
    own = config.source(name).get("poll_minutes")
    if own is not None:
        return timedelta(minutes=max(float(own), 0.5))
    if streamed:
        return BESIDE
    usual = config.table("listening").get("poll_minutes")
    least = timedelta(minutes=max(float(usual), 0.5)) if usual is not None else USUAL
    if about.access == "public_page":
        least = max(least, PAGES)
    if about.dollars:
        least = max(least, PAID)
    return max([least, *_by_quota(config, name, about, queries)])


def _by_quota(config: Config, name: str, about: About, queries: int) -> list[timedelta]:
    """The wait with which each quota lasts, when every query takes one of it."""
    settings = config.source(name)
    waits = []
    for quota in about.quotas:
        most = int(settings.get(f"max_{quota.kind}", quota.most)) * SHARE
        if quota.window in WINDOWS and quota.kind in ("searches", "posts", "requests", "units"):
            waits.append(WINDOWS[quota.window] * max(queries, 1) / max(most, 1.0))
    return waits


def poll(
    config: Config, name: str, module: ModuleType, queries: Sequence[Query], run_id: int, noter: Noter
) -> tuple[list[SourceResult], int]:
    """Ask one source all queries from where each was left off; how it fared, and how many posts were read.

    A source that was never given a log-in fares as if it were not there. Opens the store for itself.
    """
    bound = bounded(config, name)
    with open_store(config.store) as store:
        parts, _new, read = ask_source(bound, name, module, queries, store, run_id, noter)
    if all(wants_login(config, module, part) for part in parts):
        return [], read
    return parts, read


def bounded(config: Config, name: str) -> Config:
    """The settings with less time for this source than a nightly run has."""
    own = config.source(name)
    seconds = min(float(own.get("max_seconds", LONGEST)), LONGEST)
    sources = {**config.table("sources"), name: {**own, "max_seconds": seconds}}
    return msgspec.structs.replace(config, tables={**config.tables, "sources": sources})


def fill(
    config: Config, gap: Gap, module: ModuleType, queries: Sequence[Query], run_id: int, noter: Noter
) -> tuple[bool, int]:
    """Search for what was said while a line was silent; whether that was all of it, and how many posts were read."""
    whole = True
    with open_store(config.store) as store:
        ctx = context(bounded(config, gap.source), gap.source, module, store)
        for query in queries:
            mentions, result = fetch(ctx, module, query, gap.since - OVERLAP)
            save_mentions(store, run_id, query.name, gap.source, mentions, config.now, notes=noter)
            whole = whole and result.completeness is Completeness.COMPLETE and not failed(result)
    return whole, len(ctx.memory.get("read", ()))


class Rota:
    """Whose turn it is. `paces` is how long each source rests in calm times; all are due at once in the beginning."""

    def __init__(self, paces: Mapping[str, timedelta], now: datetime) -> None:
        self.paces = dict(paces)
        self._asked: dict[str, datetime | None] = dict.fromkeys(paces)
        self._busy: set[str] = set()
        self._began = now

    def due(self, now: datetime, factor: float) -> list[str]:
        """The sources whose turn it is, longest waiting first; `factor` shortens every wait."""
        waiting = [(self._next(name, factor), name) for name in self.paces if name not in self._busy]
        return [name for when, name in sorted(waiting) if when <= now]

    def begin(self, name: str, now: datetime) -> None:
        self._busy.add(name)
        self._asked[name] = now

    def end(self, name: str) -> None:
        self._busy.discard(name)

    def _next(self, name: str, factor: float) -> datetime:
        asked = self._asked[name]
        return self._began if asked is None else asked + max(self.paces[name] * factor, timedelta(seconds=30))
