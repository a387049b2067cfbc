"""The figures of a picture: how many, where, when, in what tone, leading where."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from statistics import median

from listener.clock import local
from listener.coordination.watched import Watch
from listener.crisis.records import Amount, Bucket, Linked, Place, Tone, Usual
from listener.lexicons import KINDS, kinds
from listener.store.talk import Logged
from listener.urls import host

STEPS = tuple(timedelta(hours=hours) for hours in (1, 2, 3, 4, 6, 8, 12, 24, 48, 168))
MOST_BARS = 16
MOST_PLACES = 8
MOST_LINKS = 8
LINKS = 20  # of one post that are read
LEAST_LINKS = 2  # posts that lead to a site before it is told of
TONED = 2000  # posts that are read for their tone, the newest first; half a millisecond each


def amount(posts: Sequence[Logged], known: Iterable[str]) -> Amount:
    """How many posts and writers; `known` are the writers seen on the matter before."""
    writers = {post.writer for post in posts} - {""}
    return Amount(posts=len(posts), writers=len(writers), new_writers=len(writers - set(known)))


def usual(history: Sequence[Logged], since: datetime, until: datetime) -> Usual | None:
    """What as long a stretch usually holds, by the median of the days before; None without a week of history."""
    if not history:
        return None
    days = min((since - history[0].at) // timedelta(days=1), 28)
    if days < 7:
        return None
    per_day = Counter((since - post.at) // timedelta(days=1) for post in history)
    middle = median(per_day.get(day, 0) for day in range(days))
    return Usual(posts=round(middle * ((until - since) / timedelta(days=1)), 1), days=days)


def trend(posts: Sequence[Logged], since: datetime, until: datetime) -> tuple[tuple[Bucket, ...], timedelta]:
    """The posts by stretches of equal length that begin on whole hours in Sweden; empty ones too."""
    first = local(since).replace(minute=0, second=0, microsecond=0).astimezone(UTC)
    step = next((step for step in STEPS if (until - first) / step <= MOST_BARS), STEPS[-1])
    counts = Counter((post.at - first) // step for post in posts)
    number = (until - first) // step + 1
    buckets = tuple(Bucket(start=first + step * place, posts=counts[place]) for place in range(number))
    return buckets, step


def places(posts: Sequence[Logged]) -> tuple[Place, ...]:
    """Where it is said, most posts first."""
    counts = Counter(post.post.platform for post in posts)
    writers: dict[str, set[str]] = defaultdict(set)
    for post in posts:
        writers[post.post.platform].add(post.writer)
    ranked = sorted(counts, key=lambda name: (-counts[name], name))[:MOST_PLACES]
    return tuple(Place(source=name, posts=counts[name], writers=len(writers[name] - {""})) for name in ranked)


def tone(posts: Sequence[Logged], history: Sequence[Logged]) -> tuple[Tone, ...]:
    """Of every hundred posts, how many hold words of each lexicon, now and usually. Says nothing of any writer."""
    here, before = _toned(posts), _toned(history)
    read, read_before = min(len(posts), TONED), min(len(history), TONED)
    return tuple(
        Tone(
            kind=kind,
            posts=here[kind],
            rate=round(100 * here[kind] / read, 1) if read else 0.0,
            usual=round(100 * before[kind] / read_before, 1) if read_before else None,
        )
        for kind in KINDS
    )


def _toned(posts: Sequence[Logged]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for post in posts[-TONED:]:
        counts.update(kinds(post.post.text))
    return counts


def links(posts: Sequence[Logged], watched: Sequence[str]) -> tuple[Linked, ...]:
    """The sites that several posts lead to, those with a watched source always."""
    watch = Watch(watched)
    counts: Counter[str] = Counter()
    covered: set[str] = set()
    for post in posts:
        leading = {link: host(link) for link in post.post.links[:LINKS]}
        counts.update(set(leading.values()) - {""})
        covered.update(name for link, name in leading.items() if watch.covers(link))
    kept = [(name, count) for name, count in counts.items() if count >= LEAST_LINKS or name in covered]
    ranked = sorted(kept, key=lambda pair: (-pair[1], pair[0]))[:MOST_LINKS]
    return tuple(Linked(host=name, posts=count, watched=name in covered) for name, count in ranked)
