"""Where a post stands and what it leads to, as words of ours for the index: for site:, link: and srcname:.

`qh` and a host, once for it and once for each host above it; `qn` and the letters of an outlet's name that its source
and platform do not tell. They only narrow: hosts that differ in dots alone share a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from listener.posts import Post
from listener.query.tree import STAR
from listener.text.fold import compact
from listener.urls import host, unwrap

HOST, NAME, MORE = "qhq", "qnq", "qhqmore"  # MORE: not every host is told
MOST = 100  # addresses of a post whose hosts are told
LEVELS = 10  # labels of a host: what is below is told by MORE
_OTHER = re.compile("[^a-z0-9]+")
_LATIN = re.compile("[a-z0-9]*")


def outlets(post: Post) -> Iterator[str]:
    """The words of ours for the hosts of a post's address and links, and for what its outlet is called."""
    hosts = {host(post.url): None} if post.url else {}
    for link in post.links[:MOST]:
        hosts[host(link)] = hosts[host(unwrap(link))] = None
    for name in hosts:
        yield from _levels(name)
    if len(post.links) > MOST:
        yield MORE
    called = [post.source, post.platform, *([post.author] if post.platform == "web" else [])]
    for name in filter(None, called):
        letters = _LATIN.match(compact(name))
        if letters and (letters[0] != bare(name) or name == post.author):
            yield NAME + letters[0]


def _levels(name: str) -> Iterator[str]:
    labels = name.split(".")
    if len(labels) > LEVELS:
        yield MORE
    elif name:
        yield HOST + bare(name)
        for at in range(1, len(labels) - 1):
            yield HOST + bare(".".join(labels[at:]))


def bare(name: str) -> str:
    """Its letters and digits, as words of ours are made of them."""
    return _OTHER.sub("", name.casefold())


def on(site: str) -> str | None:
    """What the index knows every post by that stands on this host or links there; None when it cannot be asked."""
    labels = site.removeprefix("www.").split(".")
    if not 2 <= len(labels) <= LEVELS or not all(map(bare, labels)):
        return None
    return f"({HOST}{bare('.'.join(labels))} OR {MORE})"


def from_outlet(pattern: str, source: str) -> str | None:
    """What the index knows every post by whose outlet is called so; `source` is the mark of a source's word."""
    first, star, _rest = pattern.partition(STAR)
    if not first or not _LATIN.fullmatch(first):
        return None
    end = "*" if star else ""
    return f"({source}{first}{end} OR {HOST}{first}* OR {NAME}{first}{end} OR {MORE})"
