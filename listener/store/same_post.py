"""When two posts are one: by platform and id; by address only when two sources tell of one page.

A platform never gives one post two ids, and neither does a feed: entries that share a link, or differ only behind its
`#`, are posts of their own. A news site's feed, a search engine and GDELT each give an article an id of their own.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from listener.posts import Post
from listener.urls import host, registrable_domain, url_key

Where = TypeVar("Where")


class Names(NamedTuple):
    """What a post is known again by; the address only when it has one. `giver` never gives one post two ids."""

    name: Hashable
    address: Hashable | None
    giver: str


class Met(Generic[Where]):
    """Posts that were met, and where each is."""

    def __init__(self) -> None:
        self._named: dict[Hashable, Where] = {}
        self._at: dict[Hashable, tuple[Where, str]] = {}

    def find(self, names: Names) -> Where | None:
        """Where the post is; None when it was not met."""
        if names.name in self._named:
            return self._named[names.name]
        where, giver = self._at.get(names.address, (None, ""))
        return where if giver != names.giver else None

    def holds(self, address: Hashable | None) -> bool:
        """Was a post met at this address?"""
        return address in self._at

    def add(self, names: Names, where: Where) -> None:
        """Remember a post; who came first stays."""
        self._named.setdefault(names.name, where)
        if names.address is not None:
            self._at.setdefault(names.address, (where, names.giver))


def giver(platform: str, source: str | None) -> str:
    """Who gave a post its id: its platform; what read it, where that is the open web."""
    return f"web {source}" if platform == "web" else platform


def page_of(post: Post) -> str | None:
    """The canonical address of a post with what stands behind its `#`.

    None where whoever wrote the post could have named another's: an id of the fediverse is an address of the same site.
    """
    url = post.url
    if not url or (post.platform != "web" and post.id.startswith(("https://", "http://")) and not _same(post.id, url)):
        return None
    return page_key(url)


@lru_cache(maxsize=4096)  # asked for when a post is looked up and when it is written
def page_key(url: str) -> str:
    """What every spelling of one address shares, with what stands behind its `#`."""
    _before, mark, fragment = url.strip().partition("#")
    return url_key(url) + mark * bool(fragment) + fragment


def _same(one: str, other: str) -> bool:
    """Do they lie on one site? As a rule both begin alike, which is told without reading them."""
    if one.split("/", 3)[:3] == other.split("/", 3)[:3]:
        return True
    first, second = host(one), host(other)
    return first == second or registrable_domain(first) == registrable_domain(second)
