"""Every saved query held against its own past: storms opened, followed and ended in the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import islice

import msgspec

from listener.config import Config
from listener.enrich import saved
from listener.lexicons import RAISES, kinds
from listener.spikes.detector import MEMORY, QUIET
from listener.store import Store
from listener.store.runs import load_cursor, save_cursor
from listener.store.storms import (
    HOUR,
    Hour,
    Read,
    Storm,
    at_hour,
    first_logged,
    first_said,
    hour_of,
    last_beat,
    load_reads,
    load_storms,
    load_threats,
    logged_so_far,
    said_by_hour,
    save_storm,
    save_threats,
    writers_between,
)
from listener.store.talk import OUR_OWN, Logged, talk
from listener.storms.coverage import FIRST_LOOK_BACK, read_until, unread
from listener.storms.reasons import Figures, sentences
from listener.storms.series import Found, Window, every_hour, find

ALARMS = 1.0  # false alarms a week that are put up with, unless the query says otherwise
LATE = timedelta(days=7)  # an older window is not opened afterwards: nobody is helped by learning of it now
THREATS = timedelta(weeks=4)  # how far back texts are read for threats
MOST_READ = 1_000  # texts that one watch reads for threats, newest first; half a millisecond each
MOST_POSTS = 5_000  # of a storm that its reasons rest on
KNOWN = timedelta(days=7)  # of talk before a storm, before anybody in it is called new to the matter
LONGEST_TEXT = 1_000  # characters of a text that are read for threats
CURSOR, SEEN = "storms", "seen"  # what was there when a query was last looked at
Raises = Callable[[str], bool]


class Tracked(msgspec.Struct, frozen=True):
    """One query's hours: all of them, which were not read in full, threats by hour, and what was newly read."""

    hours: list[Hour]
    unread: set[int]
    threats: dict[int, int]
    learnt: dict[int, tuple[int, int]]
    first: bool
    whole: bool  # no hour waits to be read for threats


def watch(config: Config, store: Store, now: datetime) -> list[Storm]:
    """The storms that are new, or have changed since the last time, of every saved query; each in one transaction.

    A query of which nothing was logged, and no hour has passed, since it was last looked at is left out. Nothing
    changes when it is asked twice. Raises ConfigError for a query that cannot be read.
    """
    reads = load_reads(store, now - MEMORY)
    until = read_until(reads, last_beat(store), now)
    changed: list[Storm] = []
    for query in saved(config).values():
        name, budget = query.asked.name, query.alarms or ALARMS
        seen = {SEEN: f"{logged_so_far(store, name)} {hour_of(until)} {len(reads)} {budget}"}
        if load_cursor(store, CURSOR, name) == seen:
            continue
        tracked = track(store, name, reads, until)
        if tracked is not None:
            found = find(tracked.hours, tracked.threats, tracked.unread, budget)
            changed += kept(store, name, tracked, found, until)
        if tracked is None or tracked.whole:
            save_cursor(store, CURSOR, seen, name)
    return changed


def kept(store: Store, query: str, tracked: Tracked, found: Found, until: datetime) -> list[Storm]:
    """The storms that are new or have changed, saved. They are reckoned while others may write, and reckoned again
    when somebody has saved other ones meanwhile."""
    while True:
        before = load_storms(store, until - MEMORY, until + HOUR, query)
        followed = follow(store, query, tracked, found, before, until)
        with store.transaction():
            if load_storms(store, until - MEMORY, until + HOUR, query) == before:
                save_threats(store, query, until - MEMORY, tracked.learnt)
                return [save_storm(store, storm) for storm in followed]


def track(store: Store, query: str, reads: Sequence[Read], until: datetime) -> Tracked | None:
    """What is known of a query's hours up to `until`; None when nothing was ever logged."""
    logged = first_logged(store, query)
    if logged is None:
        return None
    end = at_hour(hour_of(until) + 1)
    since = max(at_hour(hour_of(until - MEMORY)), at_hour(hour_of(logged - FIRST_LOOK_BACK)))
    hours = every_hour(said_by_hour(store, query, since, end), since, end)
    known = load_threats(store, query, since)
    learnt = read_threats(store, query, hours, known, until)
    kept = known | learnt
    threats = {
        hour_of(hour.start): kept[hour_of(hour.start)][1]
        for hour in hours
        if kept.get(hour_of(hour.start), (None, 0))[0] == hour.mentions
    }
    missing = unread(reads, until) | {hour_of(until)}  # the hour that goes on is not whole either
    whole = sum(hour.mentions for hour in hours if hour_of(hour.start) in learnt) < MOST_READ
    return Tracked(hours, missing, threats, learnt, not load_storms(store, since, end, query), whole)


def read_threats(
    store: Store, query: str, hours: Sequence[Hour], known: dict[int, tuple[int, int]], until: datetime,
    raises: Raises = lambda text: bool(kinds(text) & RAISES),
) -> dict[int, tuple[int, int]]:  # fmt: skip
    """hour -> mentions and how many of them threaten, of the hours that have changed since they were last read.

    Newest first, until MOST_READ texts have been read; the hours before that wait for the next time. Of a larger hour
    that many are read.
    """
    learnt: dict[int, tuple[int, int]] = {}
    left = MOST_READ
    for hour in reversed(hours):
        told = known.get(hour_of(hour.start), (0, 0))[0]
        if hour.start < until - THREATS or left <= 0:
            break
        if hour.mentions != told:
            posts = islice(heard(store, query, hour.start, hour.start + HOUR), left)
            threats = sum(raises(logged.post.text[:LONGEST_TEXT]) for logged in posts)
            learnt[hour_of(hour.start)] = hour.mentions, threats
            left -= hour.mentions
    return learnt


def heard(store: Store, query: str, since: datetime, until: datetime) -> Iterable[Logged]:
    """What others said of a query in [since, until)."""
    return (logged for logged in talk(store, since, until, query) if logged.direction != OUR_OWN)


def follow(
    store: Store, query: str, tracked: Tracked, found: Found, stored: Sequence[Storm], until: datetime
) -> list[Storm]:
    """The stored storms of a query brought up to date with the windows found now; those that are new or changed."""
    changed: list[Storm] = []
    matched: set[int] = set()
    for window in found.windows:
        old = next((storm for storm in stored if storm.id not in matched and overlap(storm, window)), None)
        if old is None and window.raised < until - LATE and not tracked.first:
            continue
        if old is not None:
            matched.add(old.id)
            if old.ended_at is not None and window.over and window.end <= old.last_at:
                continue
        new = measured(store, query, window, old, tracked, found)
        if new != old:
            changed.append(new)
    for storm in stored:
        if storm.ended_at is None and storm.id not in matched:
            changed.append(msgspec.structs.replace(storm, ended_at=storm.last_at))
    return changed


def overlap(storm: Storm, window: Window) -> bool:
    """Whether both are about the same: they touch, or lie less than a quiet day apart."""
    return storm.started_at < window.end + QUIET and window.start < storm.last_at + QUIET


def measured(store: Store, query: str, window: Window, old: Storm | None, tracked: Tracked, found: Found) -> Storm:
    """A window as a storm, with its figures and its reasons."""
    start = min(window.start, old.started_at) if old else window.start
    end = max(window.end, old.last_at) if old else window.end
    within = [hour for hour in tracked.hours if start <= hour.start < end]
    keys = [hour_of(hour.start) for hour in within]
    posts = list(islice(heard(store, query, start, end), MOST_POSTS))
    said = first_said(store, query)
    figures = Figures(
        mentions=sum(hour.mentions for hour in within),
        expected=sum(found.usual.get(key, 0.0) for key in keys),
        hours=len(within),
        peak=max((hour.mentions for hour in within), default=0),
        writers=writers_between(store, query, start, end),
        new_writers=sum(hour.fresh for hour in within) if said and said <= start - KNOWN else None,
        threats=sum(tracked.threats.get(key, 0) for key in keys),
        unread=sum(key in tracked.unread for key in keys if key != max(keys)),
    )
    return Storm(
        id=old.id if old else 0,
        query=query,
        started_at=start,
        raised_at=min(window.raised, old.raised_at) if old else window.raised,
        last_at=end,
        ended_at=end if window.over else None,
        peak=figures.peak,
        expected=round(figures.expected, 2),
        count=figures.mentions,
        writers=figures.writers,
        new_writers=figures.new_writers,
        threats=figures.threats,
        score=max(window.score, old.score) if old else window.score,
        reasons=sentences(figures, posts),
    )
