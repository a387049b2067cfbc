"""Where a post stands and what it leads to, as words of ours for the index: for site:, link: and srcname:.

A host is told with each host above it that has two labels or more, that of a link also with the first step of its path.
A post with more than MOST links has MORE: not all is told of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from listener.posts import Post
from listener.query.fields import outlet_names, plain_path
from listener.store.own_words import spelled
from listener.text.fold import compact
from listener.urls import host, read_address, unwrap

SITE, LINK, PAGE, NAME, MORE = "qhq", "qkq", "qpq", "qnq", "qhmore"
MOST = 100  # addresses of a post whose hosts are told
LEVELS = 10  # labels of a host that are told


def outlets(post: Post) -> Iterator[str]:
    """The words of ours for the hosts of a post's address and links, and for what its outlet is called; some twice.

    A name is told where the word of its source or platform does not tell it.
    """
    links = post.links[:MOST]
    for name in dict.fromkeys(host(url) for url in (post.url, *links) if url):
        yield from _levels(SITE, name)
    for name, path in dict.fromkeys(map(_target, links)):
        yield from _levels(LINK, name)
        if path:
            yield from _levels(PAGE, name, f"/{path}")
    if len(post.links) > MOST:
        yield MORE
    known = {name for name in (post.source, post.platform) if name and compact(name) == name.casefold()}
    for name in sorted(outlet_names(post) - set(map(str.casefold, known))):
        yield NAME + spelled(name)


def _target(link: str) -> tuple[str, str]:
    """The host that a link leads to, and the first step of the path there."""
    address = read_address(unwrap(link))
    return (address.host, plain_path(address.path).partition("/")[0]) if address else ("", "")


def _levels(kind: str, name: str, more: str = "") -> Iterator[str]:
    labels = name.split(".")
    for at in range(max(0, len(labels) - LEVELS), len(labels) - 1):
        yield kind + spelled(".".join(labels[at:]) + more)
