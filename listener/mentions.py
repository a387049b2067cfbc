"""Mentions made ready: posts cleaned before they are matched, each kept once, newest first, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

import msgspec

from listener.clock import local
from listener.models import Record
from listener.posts import Post
from listener.store.mention_search import Found
from listener.store.same_post import Met, Names, giver, page_of
from listener.text.words import nfc, visible

LONGEST = 200_000  # characters of a text; nobody reads on

# What mentions can be counted by. Days are Swedish days; people are counted by the names they have here.
GROUPS: dict[str, Callable[[Found], str]] = {
    "source": lambda found: found.mention.post.source or found.mention.post.platform,
    "lang": lambda found: found.mention.post.lang or "",
    "day": lambda found: local(found.at).date().isoformat(),
    "author": lambda found: found.writer,
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
        text=nfc(visible(whole(post.text[:LONGEST]))),
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


def merged(mentions: Iterable[Found]) -> list[Found]:
    """Each post once (see `listener.store.same_post`), newest first; the first to come is kept."""
    met: Met[Found] = Met()
    kept = []
    for found in mentions:
        post = found.mention.post
        names = Names((post.platform, post.id), page_of(post), giver(post.platform, post.source))
        known = met.find(names)
        if known is None:
            kept.append(found)
        met.add(names, known or found)
    return sorted(kept, key=lambda found: found.at, reverse=True)


def folded(mentions: Iterable[Found]) -> list[Found]:
    """One for each cluster of copies, the newest, with how many more there are."""
    kept: dict[object, list[Found]] = {}
    for found in mentions:
        kept.setdefault(id(found) if found.cluster is None else found.cluster, []).append(found)
    return [msgspec.structs.replace(copies[0], copies=len(copies) - 1) for copies in kept.values()]


def counted(mentions: Iterable[Found], field: str) -> list[Count]:
    """How many mentions there are by `field` (one of GROUPS): most first, days in order."""
    totals = Counter(GROUPS[field](found) for found in mentions)
    order = sorted(totals) if field == "day" else [value for value, _total in totals.most_common()]
    return [Count(value=value, mentions=totals[value]) for value in order]
