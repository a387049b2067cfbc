"""What a picture is made of: the posts of a stretch of time, those before it, and what could not be read."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from listener.crisis.records import Coverage, Gap
from listener.models import Issue, SourceResult
from listener.report.defang import plain
from listener.run import failed
from listener.saved import POSTS
from listener.store import Store
from listener.store.lines import GAP
from listener.store.restricted import closed_clusters
from listener.store.runs import load_runs, load_sources
from listener.store.storms import last_beat
from listener.store.talk import Logged, talk
from listener.storms.coverage import of_detail

MOST = 20_000  # posts that are looked at, the newest first; a picture of more takes longer than a minute
HISTORY = timedelta(days=28)
A_DAY = timedelta(days=1)
A_SECOND = timedelta(seconds=1)  # the log counts in these: what was said in the last one belongs to the picture
RUNS = timedelta(days=14)  # how far back a source is looked for
PATIENCE = timedelta(hours=26)  # a picture older than this in calm times,
CRISIS_PATIENCE = timedelta(hours=1)  # or this while a crisis is on, says that nobody has listened since


class Heard(NamedTuple):
    """Posts about us in the stretch and before it, oldest first; our own apart; whether there were more.

    What only some may read is in none of them: `closed` counts it.
    """

    posts: list[Logged]
    history: list[Logged]
    ours: list[Logged]
    cut: bool
    closed: int


def hear(store: Store, since: datetime, until: datetime, queries: Collection[str]) -> Heard:
    """The log's posts of [since, until) that matched one of `queries` (all of them when there are none)."""
    shut = closed_clusters(store)
    found = list(islice(_wanted(store, since, until + A_SECOND, queries), MOST + 1))
    posts = [post for post in found[:MOST][::-1] if post.cluster not in shut]
    history = [
        post for post in islice(_wanted(store, since - HISTORY, since, queries), MOST) if post.cluster not in shut
    ][::-1]
    return Heard(
        posts=[post for post in posts if post.direction == "in"],
        history=[post for post in history if post.direction == "in"],
        ours=[post for post in posts if post.direction == "out"],
        cut=len(found) > MOST,
        closed=len(found[:MOST]) - len(posts),
    )


def _wanted(store: Store, since: datetime, until: datetime, queries: Collection[str]) -> Iterator[Logged]:
    wanted = set(queries)
    for post in talk(store, since, until, newest_first=True):
        if not wanted or wanted.intersection(post.queries):
            yield post


def coverage(store: Store, now: datetime, heard: Heard, hurried: bool, since: datetime) -> Coverage:
    """Which sources the picture rests on; which could not be read when they were last asked, or missed a time since
    `since`.
    """
    results: dict[str, SourceResult] = {}
    missed: dict[str, list[Issue]] = {}
    last_at = None
    for run in load_runs(store, min(since, now - RUNS) - A_DAY, now + A_SECOND):  # a stream's run lasts a day
        asked = {result.source: result for result in load_sources(store, run.id) if result.source.endswith(POSTS)}
        for name, result in asked.items():
            missed.setdefault(name, []).extend(_missed(result, since))
        if asked and run.started_at >= now - RUNS:
            results |= asked
            last_at = run.finished_at or run.started_at
    beats = [moment for moment in (last_at, last_beat(store)) if moment is not None]
    last_at = max(beats, default=None)
    broken = {name for name, result in results.items() if failed(result)}
    gaps = [
        Gap(source=name.removesuffix(POSTS), troubles=tuple(dict.fromkeys(map(_trouble, told))))
        for name in sorted({*results, *missed})
        if (told := [*missed.get(name, ()), *(results[name].issues if name in broken else ())]) or name in broken
    ]
    patience = CRISIS_PATIENCE if hurried else PATIENCE
    return Coverage(
        sources=tuple(sorted(name.removesuffix(POSTS) for name in results)),
        gaps=tuple(gaps),
        last_at=last_at,
        stale=last_at is None or now - last_at > patience,
        cut=heard.cut,
        closed=heard.closed,
    )


def _missed(result: SourceResult, since: datetime) -> Iterator[Issue]:
    """The times after `since` that a line told nothing, and that nobody has searched for since."""
    for issue in result.issues:
        span = of_detail(issue.detail) if issue.kind == GAP else None
        if span is not None and span[1] > since:
            yield issue


def _trouble(issue: Issue) -> tuple[str, str]:
    return issue.kind, plain(issue.detail)
