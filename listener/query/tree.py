"""A query as a tree: what its parts find in a post, and what is left of it for one who can do less."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property

from listener.models import Record
from listener.posts import Post
from listener.text.words import Word, nfc, words
from listener.urls import on_site

Span = tuple[int, int]


class Words(Record, frozen=True):
    """One word, or several that follow each other. `prefix`: the last one may go on; `exact`: letter case counts."""

    text: str
    folded: tuple[str, ...]
    prefix: bool = False
    exact: bool = False


class Field(Record, frozen=True):
    """What a post must be rather than say: source, lang, author, site."""

    name: str
    value: str


class When(Record, frozen=True):
    """`since` (at or after) or `until` (before) a moment. A post without a time is never left out by it."""

    name: str
    at: datetime


class Not(Record, frozen=True):
    part: Node


class And(Record, frozen=True):
    parts: tuple[Node, ...]


class Or(Record, frozen=True):
    parts: tuple[Node, ...]


Node = Words | Field | When | Not | And | Or


class Text:
    """A text taken apart once, for every part of a query, and every query, to look into."""

    def __init__(self, text: str) -> None:
        self.text = nfc(text)
        self.words = words(self.text)

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Where in `words` each folded word stands, in order."""
        found: dict[str, list[int]] = {}
        for at, word in enumerate(self.words):
            found.setdefault(word.folded, []).append(at)
        return found


def spans(node: Node, text: Text, post: Post) -> list[Span] | None:
    """Where the positive parts stand, or None when the post does not match."""
    match node:
        case Words():
            return list(_found(node, text)) or None
        case Field():
            return [] if _is(node, post) else None
        case When():
            return [] if _falls(node, post.published_at) else None
        case Not():
            return [] if spans(node.part, text, post) is None else None
        case And():
            every = [spans(part, text, post) for part in node.parts]
            return None if None in every else [span for found in every for span in found or ()]
        case Or():
            some = [found for part in node.parts if (found := spans(part, text, post)) is not None]
            return [span for found in some for span in found] if some else None


def _found(node: Words, text: Text) -> Iterator[Span]:
    last = len(node.folded) - 1
    for at in _begins(node, text):
        run = text.words[at : at + last + 1]
        whole = len(run) > last and all(
            word.folded == wanted for word, wanted in zip(run[:last], node.folded, strict=False)
        )
        if whole and _ends(node, run[last].folded) and (not node.exact or _case(node, run, text.text)):
            yield run[0].start, run[last].end


def _begins(node: Words, text: Text) -> Iterable[int]:
    """Where its first word stands; of one that may go on every word is looked at."""
    if len(node.folded) == 1 and node.prefix:
        return range(len(text.words))
    return text.places.get(node.folded[0], ())


def _ends(node: Words, folded: str) -> bool:
    return folded.startswith(node.folded[-1]) if node.prefix else folded == node.folded[-1]


def _case(node: Words, run: list[Word], text: str) -> bool:
    wanted = [node.text[word.start : word.end] for word in words(node.text)]
    return all(
        text[word.start : word.start + len(letters)] == letters for word, letters in zip(run, wanted, strict=True)
    )


def _is(field: Field, post: Post) -> bool:
    match field.name:
        case "source":
            return field.value in ((post.source or "").casefold(), post.platform.casefold())
        case "lang":
            return (post.lang or "").casefold().partition("-")[0] == field.value
        case "author":
            return (post.author or "").removeprefix("@").casefold() == field.value
        case "site":
            return any(on_site(url, [field.value]) for url in (post.url, *post.links) if url)
    raise ValueError(f"no field {field.name!r}")


def _falls(when: When, published: datetime | None) -> bool:
    if published is None:
        return True
    return published >= when.at if when.name == "since" else published < when.at


def widen(node: Node, can: Callable[[Node], bool]) -> Node | None:
    """The tree without what `can` denies, such that it finds all that the whole finds and perhaps more.

    None when nothing is left to ask for. A NOT is kept only when all inside it is.
    """
    match node:
        case And():
            kept = [left for part in node.parts if (left := widen(part, can)) is not None]
            return joined(And, kept) if kept else None
        case Or():
            ways = [widen(part, can) for part in node.parts]
            return None if None in ways else joined(Or, [way for way in ways if way is not None])
        case Not():
            return node if can(node) and widen(node.part, can) == node.part else None
        case _:
            return node if can(node) else None


def joined(kind: type[And] | type[Or], parts: Sequence[Node]) -> Node:
    """Several parts as one, those of the same kind laid open."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, kind) else (part,))]
    return flat[0] if len(flat) == 1 else kind(parts=tuple(flat))


def leaves(node: Node, *, positive: bool = False) -> Iterator[Words | Field | When]:
    """What the tree is made of, left to right; with `positive`, what stands under no NOT."""
    match node:
        case And() | Or():
            for part in node.parts:
                yield from leaves(part, positive=positive)
        case Not():
            if not positive:
                yield from leaves(node.part)
        case _:
            yield node
