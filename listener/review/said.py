"""A logged post as everybody may see it: its writer a pseudonym, what threatens masked, what matched marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from flask import g

from listener.cli.mention_output import named
from listener.lexicons import mask
from listener.posts import Post
from listener.review.roles import Right, may
from listener.store.mention_page import Fold
from listener.store.restricted import NEVER, Eyes, restricted
from listener.store.talk import Logged

ROOM = 320  # letters of an excerpt
AROUND = 200  # letters beside it that are read along: a phrase may begin before the excerpt
WHOLE = 5_000  # letters of a text on its own page


class Piece(NamedTuple):
    """A stretch of a text, and whether it is what was searched for."""

    text: str
    found: bool


class Said(NamedTuple):
    """A post as shown. `closed` is why its text is not: only some may read it (`secrecy`) or nobody (`child_abuse`).

    Of what whoever looks may not read only source and time are told.
    """

    id: int
    at: datetime
    dated: bool
    source: str
    lang: str
    writer: str
    pieces: tuple[Piece, ...]
    unit: str
    tags: tuple[str, ...]
    ours: bool
    copies: int
    cluster: int
    closed: str


def said_folds(folds: Sequence[Fold]) -> list[Said]:
    """Mentions of a list, each an excerpt around what was found."""
    closed = restricted(g.store, [fold.found.id for fold in folds if fold.found.id])
    return [said_fold(fold, closed.get(fold.found.id or 0, "")) for fold in folds]


def said_fold(fold: Fold, closed: str) -> Said:
    found = fold.found
    post = found.mention.post
    said = Said(
        id=found.id or 0,
        at=found.at,
        dated=post.published_at is not None,
        source=post.source or post.platform,
        lang=post.lang or "",
        writer=named(found.writer),
        pieces=() if closed else excerpt(post, found.mention.spans),
        unit=fold.unit or "",
        tags=fold.tags,
        ours=found.direction == "out",
        copies=fold.copies,
        cluster=found.cluster or found.id or 0,
        closed=closed,
    )
    return bare(said) if hidden(closed) else said


def said_posts(posts: Iterable[Logged], room: int = ROOM) -> list[Said]:
    """Posts of the log, of each its first `room` letters."""
    listed = list(posts)
    closed = restricted(g.store, [logged.id for logged in listed])
    return [said_post(logged, closed.get(logged.id, ""), room) for logged in listed]


def said_post(logged: Logged, closed: str, room: int = ROOM) -> Said:
    said = Said(
        id=logged.id,
        at=logged.at,
        dated=logged.post.published_at is not None,
        source=logged.post.source or logged.post.platform,
        lang=logged.post.lang or "",
        writer=named(logged.writer),
        pieces=() if closed else excerpt(logged.post, (), room),
        unit=logged.unit or "",
        tags=logged.tags,
        ours=logged.direction == "out",
        copies=0,
        cluster=logged.cluster,
        closed=closed,
    )
    return bare(said) if hidden(closed) else said


def bare(said: Said) -> Said:
    """That there is a post, where and when, and nothing of it."""
    return said._replace(writer="", lang="", unit="", tags=(), ours=False, copies=0, pieces=())


def excerpt(post: Post, spans: Sequence[tuple[int, int]], room: int = ROOM) -> tuple[Piece, ...]:
    """`room` letters of the text, from a little before what was found on, masked and cut where it was found."""
    text, first = post.text, spans[0][0] if spans else 0
    start = max(0, first - room // 3) if len(text) > room else 0
    if start:
        start = min(first, text.find(" ", start, first) + 1 or first)
    low, end = max(0, start - AROUND), min(len(text), start + room)
    masked = mask(text[low : end + AROUND])
    pieces = cut(masked[start - low : end - low], [(begin - start, stop - start) for begin, stop in spans])
    before, after = [Piece("… ", False)] if start else [], [Piece(" …", False)] if end < len(text) else []
    return (*before, *pieces, *after)


def cut(text: str, spans: Sequence[tuple[int, int]]) -> list[Piece]:
    """A text in pieces, those within the spans marked; spans beyond its ends are cut."""
    pieces, at = [], 0
    for begin, stop in sorted(spans):
        begin, stop = max(begin, at), min(stop, len(text))
        if begin < stop:
            pieces += [Piece(text[at:begin], False)] if begin > at else []
            pieces.append(Piece(text[begin:stop], True))
            at = stop
    return [*pieces, Piece(text[at:], False)] if at < len(text) else pieces


def whole(post: Post) -> str:
    """The text in clear, as much of it as a page shows."""
    return post.text if len(post.text) <= WHOLE else post.text[:WHOLE] + " …"


def readable(closed: str) -> bool:
    """Whether those who review may have the text shown."""
    return closed != NEVER


def eyes() -> Eyes:
    """What whoever asks may read, and so search, count and list by what it says."""
    return "secret" if may(g.login.role, Right.REVIEW) else "open"


def hidden(closed: str) -> bool:
    """Whether whoever asks may not read a post that is closed on this ground."""
    return bool(closed) and (eyes() == "open" or not readable(closed))
