"""Names for people that tell them apart and say nothing else: stable where the salt is, of no use without it."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b

from listener.language import N_
from listener.posts import Post
from listener.urls import host

LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # 32, those that are read for one another left out
LENGTH = 8  # of 5 bits: among 100,000 writers two share a name once in 200 stores
BEFORE = N_("writer-")


def pseudonym(salt: str, platform: str, author: str) -> str:
    """The name of one account of one platform, `writer-` and eight signs: keyed BLAKE2, so nobody without the salt can
    try handles until one fits. Case and a leading @ make no other person.
    """
    who = f"{platform}\0{author.removeprefix('@').casefold()}".encode("utf-8", "surrogatepass")
    left = int.from_bytes(blake2b(who, digest_size=5, key=salt.encode()[:64]).digest())
    signs = []
    for _sign in range(LENGTH):
        left, number = divmod(left, len(LETTERS))
        signs.append(LETTERS[number])
    return BEFORE + "".join(signs)


def spoken(writer: str, say: Callable[[str], str]) -> str:
    """A writer as people read it, in every table, page and report: a pseudonym in their language, others unchanged."""
    return say(BEFORE) + writer.removeprefix(BEFORE) if writer.startswith(BEFORE) else writer


def writer_of(salt: str, post: Post, *, ours: bool = False) -> str:
    """Who wrote a post, as it may be shown: ourselves and outlets (the host of a web page) in clear; "" is unknown."""
    author = post.author or ""
    if post.platform == "web":
        return host(post.url or "") or (author and pseudonym(salt, post.platform, author))
    return author if ours or not author else pseudonym(salt, post.platform, author)
