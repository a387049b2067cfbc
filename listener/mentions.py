"""Mentions made ready: posts cleaned before they are matched, each kept once, newest first, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import msgspec

from listener.clock import local
from listener.models import Record
from listener.posts import Mention, Post
from listener.text.words import nfc, visible
from listener.urls import url_key

LONG_AGO = datetime.min.replace(tzinfo=UTC)

# What mentions can be counted by. Days are Swedish days.
GROUPS: dict[str, Callable[[Post], str]] = {
    "source": lambda post: post.source or post.platform,
    "lang": lambda post: post.lang or "",
    "day": lambda post: local(post.published_at).date().isoformat() if post.published_at else "",
    "author": lambda post: post.author or "",
}


class Count(Record, frozen=True):
    """How many mentions share one value of a field; an empty value is unknown."""

    value: str
    mentions: int


def cleaned(post: Post, source: str) -> Post:
    """The post as it is matched, stored and printed: composed text, where it came from.

    Half characters are gone, and what nobody sees within a word.
    """
    return msgspec.structs.replace(
        post,
        id=whole(post.id),
        text=nfc(visible(whole(post.text))),
        title=post.title and nfc(visible(whole(post.title))),
        url=post.url and whole(post.url),
        author=post.author and whole(post.author),
        lang=post.lang and whole(post.lang),
        links=tuple(whole(link) for link in post.links),
        source=post.source or source,
    )


def whole(text: str) -> str:
    """`text` with each half of a surrogate pair as U+FFFD: it can be written out as UTF-8."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def merged(mentions: Iterable[Mention]) -> list[Mention]:
    """Each post once (by its platform and id, else by its address), newest first; the first to come is kept."""
    seen: set[str] = set()
    kept = []
    for mention in mentions:
        names = {f"{mention.post.platform}:{mention.post.id}"}
        names |= {url_key(mention.post.url)} if mention.post.url else set()
        if not names & seen:
            kept.append(mention)
        seen |= names
    return sorted(kept, key=lambda mention: mention.post.published_at or LONG_AGO, reverse=True)


def counted(mentions: Iterable[Mention], field: str) -> list[Count]:
    """How many mentions there are by `field` (one of GROUPS): most first, days in order."""
    totals = Counter(GROUPS[field](mention.post) for mention in mentions)
    order = sorted(totals) if field == "day" else [value for value, _total in totals.most_common()]
    return [Count(value=value, mentions=totals[value]) for value in order]
