"""Watched sources: links to them in the talk, and how soon the talk grew after they wrote."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from listener.coordination.measures import at_least, part
from listener.coordination.pattern import Signal
from listener.coordination.talks import Talk
from listener.store.talk import Logged
from listener.urls import clean_url, url_key

FULL = 0.15  # the share of writers who link to a watched source that leaves no doubt
SOONEST, LATEST = timedelta(0), timedelta(hours=6)
_BUSY = timedelta(hours=1)
_OF_ADDRESSES = frozenset({"web", "telegram", "flashback"})  # where the address of a post is not its writer's to choose
_ENDS = re.compile(r"(?:p\d+)?(?:[^\w].*)?", re.DOTALL)  # Flashback writes the second page of t123 as t123p2


class Watch:
    """The addresses under [listening] watched: a thread, a channel, an article or a whole site."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._keys = tuple(_key(address) for address in addresses)

    def covers(self, url: str | None) -> str | None:
        """The watched address that `url` is, or lies under."""
        key = _key(url) if url else ""
        return next((watched for watched in self._keys if watched and _under(key, watched)), None)

    def wrote(self, post: Logged) -> bool:
        """Whether the watched source itself published this: a page, or a post of a channel or a thread."""
        return post.post.platform in _OF_ADDRESSES and self.covers(post.post.url) is not None

    def linked(self, post: Logged) -> bool:
        return any(self.covers(link) for link in post.post.links)


def watched(talk: Talk, watch: Watch, own: Sequence[Logged]) -> Signal:
    """Links to watched sources, or talk that grew within six hours after one of them wrote (`own`), which weighs less.

    That one came after the other does not show that it came from it; people read the lag and decide.
    """
    linking = [post for post in talk.posts if watch.linked(post)]
    writers = {post.writer for post in linking}
    shared = part(at_least(len(writers), len(talk.writers)), 0.0, FULL)
    lag = _lag(talk, own)
    early = 0.6 * (1 - lag / LATEST) if lag is not None else 0.0
    if not max(shared, early):
        return Signal(name="watched")
    minutes = None if lag is None else round(lag.total_seconds() / 60)
    return Signal(
        name="watched",
        score=max(shared, early),
        detail=_told(len(writers), len(talk.writers), minutes),
        posts=tuple(post.id for post in [*own[:1], *linking]),
    )


def _told(linking: int, writers: int, minutes: int | None) -> str:
    if minutes is None:
        return f"{linking} of {writers} writers link to a watched source"
    if not linking:
        return f"the talk grew {minutes} minutes after a watched source wrote of it"
    return (
        f"{linking} of {writers} writers link to a watched source, and the talk grew {minutes} minutes after it wrote"
    )


def _lag(talk: Talk, own: Sequence[Logged]) -> timedelta | None:
    """From the last thing a watched source wrote before the busiest hour began to that hour, when that is soon."""
    grew = _busiest(talk.posts)
    lags = [grew - post.at for post in own if grew is not None and SOONEST <= grew - post.at <= LATEST]
    return min(lags, default=None)


def _busiest(posts: Sequence[Logged]) -> datetime | None:
    """When the hour with the most posts begins."""
    first, best, begins = 0, 0, None
    for number, post in enumerate(posts):
        while post.at - posts[first].at > _BUSY:
            first += 1
        if number - first + 1 > best:
            best, begins = number - first + 1, posts[first].at
    return begins


def _key(url: str) -> str:
    """An address as it is compared; Telegram shows a channel also under /s/."""
    clean = clean_url(url)
    return url_key(clean).replace("t.me/s/", "t.me/").rstrip("/") if clean else ""


def _under(key: str, watched: str) -> bool:
    return key.startswith(watched) and _ENDS.fullmatch(key[len(watched) :]) is not None
