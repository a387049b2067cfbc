"""What is judged and what it is compared with: the talk of a span, and spans of the same length before it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from functools import cached_property

from listener.coordination.measures import usually
from listener.store.talk import OUR_OWN, Logged
from listener.urls import host, registrable_domain

FEWEST = 5  # posts of an earlier span that say what is usual
FAMILIAR = 3
_SHORTEST = timedelta(hours=6)
_SPANS = 60
_DROPPED = 1e-9


class Talk:
    """Posts of others in order of time, the writers seen before them, and how it was in spans before.

    `posts` and `history` leave out what our own accounts wrote.
    """

    def __init__(self, posts: Iterable[Logged], history: Iterable[Logged]) -> None:
        posts, history = list(posts), list(history)
        self._ours = {_name(post) for post in (*posts, *history) if post.direction == OUR_OWN}
        self.posts = sorted((post for post in posts if post.direction != OUR_OWN), key=lambda post: post.at)
        self.history = sorted((post for post in history if post.direction != OUR_OWN), key=lambda post: post.at)

    def is_ours(self, platform: str, post_id: str | None) -> bool:
        """Whether we wrote that post; to answer it is what it is there for."""
        return (platform, post_id) in self._ours

    @cached_property
    def writers(self) -> frozenset[str]:
        return frozenset(post.writer for post in self.posts if post.writer)

    @cached_property
    def known(self) -> frozenset[str]:
        return frozenset(post.writer for post in self.history if post.writer)

    @cached_property
    def new(self) -> frozenset[str]:
        """Writers never seen on this topic before; none without a history that could have shown them."""
        return self.writers - self.known if self.before else frozenset()

    @cached_property
    def familiar(self) -> frozenset[str]:
        """Sites that three writers or more have shared on this topic before."""
        sharers: dict[str, set[str]] = {}
        for post in self.history:
            for domain in domains(post):
                sharers.setdefault(domain, set()).add(post.writer)
        return frozenset(domain for domain, writers in sharers.items() if len(writers) >= FAMILIAR)

    @cached_property
    def before(self) -> list[list[Logged]]:
        """The posts of spans as long as this talk, at least six hours, back through the history, near ones first."""
        if not self.posts:
            return []
        start = self.posts[0].at
        length = max(self.posts[-1].at - start, _SHORTEST)
        spans: dict[int, list[Logged]] = {}
        for post in self.history:
            spans.setdefault(int((start - post.at) / length - _DROPPED), []).append(post)
        near = [spans[number] for number in sorted(spans) if number < _SPANS and len(spans[number]) >= FEWEST]
        return near or ([self.history] if len(self.history) >= FEWEST else [])

    def usual(self, measure: Callable[[Sequence[Logged]], float]) -> float:
        """What `measure` stays at or below in nine of ten earlier spans; 0 without a history."""
        return usually([measure(posts) for posts in self.before])

    @cached_property
    def usual_new(self) -> float:
        """The share of writers never seen before, in the same way. The first spans know nobody and are left out."""
        shares, seen = [], set[str]()
        for posts in reversed(self.before):
            writers = {post.writer for post in posts if post.writer}
            shares.append(len(writers - seen) / len(writers) if writers else 0.0)
            seen |= writers
        later = shares[max(1, len(shares) // 3) :]
        return usually(later) if later else 0.5


def _name(post: Logged) -> tuple[str, str]:
    return post.post.platform, post.post.id


def domains(post: Logged) -> frozenset[str]:
    """The sites that a post links to."""
    hosts = filter(None, map(host, post.post.links))
    return frozenset(map(registrable_domain, hosts))
