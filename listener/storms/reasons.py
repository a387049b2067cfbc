"""Why a storm is one: sentences with figures, English, read back by template where people read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from listener.language import N_
from listener.store.talk import Logged

STRONGEST = 5  # posts that are named by number
# Each sentence that can be written here, for `sentences.in_language`.
TEMPLATES = (
    N_("mentions: {count} in {hours} h, usually {usual}"),
    N_("mentions in the largest hour: {count}"),
    N_("writers: {writers}, never seen with this query before: {count}"),
    N_("writers: {writers}"),
    N_("posts that may threaten, incite or expose somebody: {count}"),
    N_("from {platform}: {share}"),
    N_("posts that say nearly the same as mention {line}: {count}"),
    N_("mentions with most reactions: {list}"),
    N_("hours in which some source was not read in full, so that there may be more: {count}"),
)


class Figures(NamedTuple):
    """What is told of a storm: its mentions, how many are usual in that time, writers, new ones, threats, gaps."""

    mentions: int
    expected: float
    hours: int
    peak: int
    writers: int
    new_writers: int | None  # None: not known yet
    threats: int
    unread: int


def sentences(figures: Figures, posts: Sequence[Logged]) -> tuple[str, ...]:
    """The reasons, the weightiest first. `posts` are those of the storm, as many as are looked at."""
    known = figures.new_writers is not None
    never_seen = f", never seen with this query before: {figures.new_writers}" if known else ""
    said = [
        f"mentions: {figures.mentions} in {figures.hours} h, usually {figures.expected:.1f}",
        f"mentions in the largest hour: {figures.peak}",
        f"writers: {figures.writers}" + never_seen,
    ]
    if figures.threats:
        said.append(f"posts that may threaten, incite or expose somebody: {figures.threats}")
    said += _sources(posts)
    said += _copies(posts)
    if strongest := _strongest(posts):
        said.append(f"mentions with most reactions: {strongest}")
    if figures.unread:
        said.append(f"hours in which some source was not read in full, so that there may be more: {figures.unread}")
    return tuple(said)


def _sources(posts: Sequence[Logged]) -> Iterable[str]:
    """Where most of it is said."""
    places = Counter(logged.post.source or logged.post.platform for logged in posts)
    for name, count in places.most_common(1):
        if name.isprintable() and " " not in name:
            yield f"from {name}: {_share(count, len(posts))}"


def _copies(posts: Sequence[Logged]) -> Iterable[str]:
    """The largest group of near-duplicates, when it is more than a few."""
    clusters = Counter(logged.cluster for logged in posts)
    for first, count in clusters.most_common(1):
        if count >= STRONGEST:
            yield f"posts that say nearly the same as mention {first}: {count}"


def _strongest(posts: Sequence[Logged]) -> str:
    """The numbers of the posts with most reactions; "" when no platform shows any."""
    ranked = sorted(((reactions(logged), -logged.id) for logged in posts), reverse=True)[:STRONGEST]
    return ", ".join(str(-number) for count, number in ranked if count)


def reactions(logged: Logged) -> int:
    """Likes, reposts, replies and quotes that the platform shows."""
    reach = logged.post.reach
    if reach is None:
        return 0
    return sum(count or 0 for count in (reach.likes, reach.reposts, reach.replies, reach.quotes))


def _share(part: int, whole: int) -> str:
    return f"{round(100 * part / max(whole, 1))}%"
