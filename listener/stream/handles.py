"""Who writes: a stream names authors by did, people and searches by handle; looked up for the posts that matter.

A stream also tells when an account may have taken another handle; what it says of it nobody has verified, so it is only
asked for again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from listener.errors import SourceError
from listener.posts import Post
from listener.query import Query
from listener.query.tree import Field, leaves
from listener.sources.bluesky_handles import MOST
from listener.sources.bluesky_posts import address

KEPT = 20_000  # handles that are remembered
A_MINUTE = 30  # questions a minute
PATIENCE = timedelta(seconds=20)  # that posts wait for their authors' names; the others go by the did
FIRST, LONGEST = timedelta(minutes=1), timedelta(minutes=30)  # how long nobody is asked after a failure
SEEDS = 200  # authors named by queries

Ask = Callable[[Sequence[str]], dict[str, str]]  # the handles of some dids


class Handles:
    """What is known of dids and handles. `ask` looks some up; whom it cannot name goes by the did."""

    def __init__(self, ask: Ask, now: Callable[[], datetime]) -> None:
        self._ask, self._now = ask, now
        self._known: OrderedDict[str, str] = OrderedDict()
        self._rest = FIRST
        self._not_before: datetime | None = None
        self._asked: list[datetime] = []
        self._again: set[str] = set()  # dids that may be called otherwise now
        self._news: list[tuple[str, str]] = []

    def named(self, post: Post) -> Post:
        """The post with its author's handle, when that is known."""
        handle = self._known.get(post.author or "")
        if handle is None or post.platform != "bluesky":
            return post
        return msgspec.structs.replace(post, author=handle, url=address(post.id, handle))

    def look_up(self, posts: Iterable[Post]) -> None:
        """Ask for the authors of these posts whose handles are not known, within what a minute and patience allow."""
        dids = {post.author for post in posts if post.author and post.author.startswith("did:")}
        self._learn(sorted((dids - self._known.keys()) | self._again), PATIENCE)

    def seed(self, queries: Iterable[Query], ours: Mapping[str, str]) -> None:
        """Know the authors that queries name before they write: their posts must match by handle; and our own accounts,
        of which `ours` holds the did and the handle that the register gives it.
        """
        names = {author for query in queries for author in authors(query)} - set(self._known.values())
        own = dict(list(ours.items())[:SEEDS])
        self._known |= {did: handle for did, handle in own.items() if did not in self._known}
        self._again |= own.keys()
        self._learn([*sorted(names)[:SEEDS], *sorted(self._again)])

    def doubt(self, did: str) -> None:
        """Ask again, at the next look-up, for one whose handle is known."""
        if did in self._known:
            self._again.add(did)

    def news(self) -> list[tuple[str, str]]:
        """Who has been found to be called otherwise since this was last asked: the handle before, and the one now."""
        news, self._news = self._news, []
        return news

    def _learn(self, actors: Sequence[str], patience: timedelta = LONGEST) -> None:
        begun = self._now()
        for start in range(0, len(actors), MOST):
            now = self._now()
            self._asked = [at for at in self._asked if now - at < timedelta(minutes=1)]
            if len(self._asked) >= A_MINUTE or (self._not_before and now < self._not_before) or now - begun >= patience:
                return
            self._asked.append(now)
            asked = actors[start : start + MOST]
            try:
                self._keep(asked, self._ask(asked))
            except SourceError:
                self._not_before, self._rest = now + self._rest, min(self._rest * 2, LONGEST)
                return
            self._rest = FIRST

    def _keep(self, asked: Sequence[str], found: dict[str, str]) -> None:
        """Remember what was found; one that was doubted and has no valid handle any more goes by its did."""
        for did in self._again.intersection(asked):
            self._again.discard(did)
            if did not in found:
                self._known.pop(did, None)
        before = {did: self._known[did] for did in found if did in self._known}
        self._news += [(old, found[did]) for did, old in before.items() if old.casefold() != found[did].casefold()]
        self._known.update(found)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)


def authors(query: Query) -> set[str]:
    """The handles that a query names as authors."""
    fields = [leaf for leaf in leaves(query.tree) if isinstance(leaf, Field) and leaf.name == "author"]
    return {field.value for field in fields if "." in field.value}
