"""What is wished for and what was heard; and looking back into the log, which loads nothing that asks the network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from importlib.util import find_spec
from itertools import islice
from pkgutil import iter_modules

from listener.mentions import folded, merged
from listener.models import Record, SourceResult
from listener.query import Query
from listener.store import Store
from listener.store.mention_search import Found, search
from listener.store.restricted import closed_clusters

MOST_FOLDED = 10_000  # posts of the log among which copies are counted


class Wish(Record, frozen=True):
    """What to look for besides the words: times are aware, `until` exclusive; `limit` None means all."""

    since: datetime | None = None
    until: datetime | None = None
    sources: tuple[str, ...] = ()
    lang: str | None = None
    limit: int | None = None
    offline: bool = False
    fold: bool = False  # copies into one

    @property
    def most(self) -> int | None:
        """How many posts of the log are read: copies are counted before they are folded away."""
        return MOST_FOLDED if self.fold else self.limit


class Heard(Record, frozen=True):
    """What one listening run brought: mentions newest first, how each source fared, how many were not yet logged.

    `unlogged` is why nothing was logged, when something kept it from being.
    """

    mentions: tuple[Found, ...]
    results: tuple[SourceResult, ...]
    new: int
    exit_code: int
    unlogged: str = ""


def look_back(query: Query, wish: Wish, store: Store | None) -> Heard:
    """What the log holds; nothing without one."""
    found = () if store is None else logged(store, query, wish)
    return Heard(mentions=shown(found, wish), results=(), new=0, exit_code=0)


def logged(store: Store, query: Query, wish: Wish) -> Iterable[Found]:
    """What the log holds and everybody may read, newest first."""
    return islice(readable(store, search(store, query, wish.since, wish.until, wish.sources, wish.lang)), wish.most)


def readable(store: Store, found: Iterable[Found]) -> Iterator[Found]:
    """Those that are no post, nor a copy of one, that only some may read."""
    closed = closed_clusters(store)
    return (one for one in found if one.cluster not in closed)


def shown(found: Iterable[Found], wish: Wish) -> tuple[Found, ...]:
    """Each post once, copies folded into one if that is wished for, as many as are."""
    once = merged(found)
    return tuple((folded(once) if wish.fold else once)[: wish.limit])


def ours(names: Iterable[str]) -> bool:
    """Are all of these names of our own source modules? Told without loading one."""
    return set(names) <= _modules()


def names_of_sources() -> frozenset[str]:
    """Every name that source: may be given: of sources, and of the platforms that posts stand on."""
    from importlib.metadata import entry_points

    from listener.sentences import PLATFORMS
    from listener.sources import GROUP

    return frozenset(_modules() | set(PLATFORMS) | {entry.name for entry in entry_points(group=GROUP)})


def _modules() -> set[str]:
    package = find_spec("listener.sources")
    return {module.name for module in iter_modules(package.submodule_search_locations if package else None)}
