"""What changed since the last picture: its numbers are kept with the crisis, its texts are not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from listener.crisis.records import Before, Picture
from listener.crisis.themes import Sorted
from listener.models import Record
from listener.store import Store
from listener.store.crises import PICTURE, add_step, load_steps
from listener.store.talk import Logged

APART = timedelta(minutes=15)  # the same picture as HTML and as text a moment later is no earlier one
KEPT = 200  # clusters of a topic that are remembered


class Earlier(Record):
    """The numbers of a picture: when, how much, and which clusters its topics were made of."""

    at: datetime
    posts: int
    writers: int
    questions: int
    kind: str
    topics: tuple[tuple[int, ...], ...]

    @property
    def clusters(self) -> frozenset[int]:
        return frozenset(number for topic in self.topics for number in topic)


def last_picture(store: Store, crisis: int, now: datetime) -> Earlier | None:
    """The latest picture of this crisis (0: of calm times) that is older than a quarter of an hour."""
    for step in reversed(load_steps(store, crisis)):
        if step.kind == PICTURE and step.at <= now - APART:
            told = step.told
            return Earlier(
                at=step.at,
                posts=told["posts"],
                writers=told["writers"],
                questions=told["questions"],
                kind=told["kind"],
                topics=tuple(tuple(topic) for topic in told["topics"]),
            )
    return None


def note(store: Store, crisis: int, who: str, now: datetime, picture: Picture, found: Sequence[Sorted]) -> None:
    """Keep the numbers of this picture."""
    told = {
        "posts": picture.amount.posts,
        "writers": picture.amount.writers,
        "questions": sum(need.asked for need in picture.needs),
        "kind": picture.pattern.kind if picture.pattern else "",
        "topics": [list(one.clusters[:KEPT]) for one in found],
    }
    add_step(store, crisis, PICTURE, who, now, told)


def compare(earlier: Earlier, posts: Sequence[Logged], questions: Collection[int], found: Sequence[Sorted]) -> Before:
    """What has come since, and which topics are no longer among the largest."""
    fresh = [post for post in posts if post.logged_at > earlier.at]
    old = {post.writer for post in posts if post.logged_at <= earlier.at}
    now = {number for one in found for number in one.clusters}
    return Before(
        at=earlier.at,
        posts=len(fresh),
        writers=len({post.writer for post in fresh} - old - {""}),
        questions=sum(post.id in questions for post in fresh),
        topics_gone=sum(not now.intersection(topic) for topic in earlier.topics),
        kind=earlier.kind,
    )
