"""A query as a tree: its parts, and what is left of it for one who can do less."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import cached_property

from listener.models import Record
from listener.text.words import Word, nfc, words

Span = tuple[int, int]
STAR = "*"


class Words(Record, frozen=True):
    """One word, or several that follow each other. `prefix`: the last one may go on; `exact`: letter case counts."""

    text: str
    folded: tuple[str, ...]
    prefix: bool = False
    exact: bool = False


class Wild(Record, frozen=True):
    """As Words, with a star elsewhere than at the end of the last: `patterns` are the folded words, stars and all.

    A star stands for any number of letters of the word, or none.
    """

    text: str
    patterns: tuple[str, ...]
    exact: bool = False


class Near(Record, frozen=True):
    """Parts (Words, Wild, or an Or of them) with at most `within` words between each and the one written before it.

    `ordered`: each stands after the one written before it. They never overlap.
    """

    parts: tuple[Node, ...]
    within: int
    ordered: bool = False


class Inside(Record, frozen=True):
    """Words in one part of a post: its `headline`, or its `intros` (the headline and the first paragraph)."""

    name: str
    sought: Words | Wild


class Field(Record, frozen=True):
    """What a post must be rather than say: source, srcname, lang, author, site, link, is."""

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


Leaf = Words | Wild | Inside | Field | When
Node = Leaf | Near | Not | And | Or


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


def starred(text: str) -> list[Word]:
    """The words of an NFC text in which each star counts as a letter: their places, and the folded words with it."""
    if STAR not in text:
        return words(text)
    bare = text.replace(STAR, "x")
    return [Word(word.start, word.end, _with_stars(word, text)) for word in words(bare)]


def _with_stars(word: Word, text: str) -> str:
    typed = text[word.start : word.end]
    return "".join(STAR if char == STAR else low for char, low in zip(typed, word.folded, strict=True))


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


def loosened(node: Node) -> Node:
    """The same without distances and parts of the post: it finds all that the whole finds, and perhaps more.

    Under a NOT nothing is changed, for there it would find less.
    """
    match node:
        case Near():
            return joined(And, node.parts)
        case And() | Or():
            return joined(type(node), [loosened(part) for part in node.parts])
        case _:
            return anywhere(node)


def anywhere(node: Node) -> Node:
    """The same with the words of a headline looked for anywhere; under a NOT nothing is changed."""
    match node:
        case Inside():
            return node.sought
        case And() | Or():
            return joined(type(node), [anywhere(part) for part in node.parts])
        case _:
            return node


def joined(kind: type[And] | type[Or], parts: Sequence[Node]) -> Node:
    """Several parts as one, those of the same kind laid open."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, kind) else (part,))]
    return flat[0] if len(flat) == 1 else kind(parts=tuple(flat))


def leaves(node: Node, *, positive: bool = False) -> Iterator[Leaf]:
    """What the tree is made of, left to right; with `positive`, what stands under no NOT."""
    match node:
        case And() | Or() | Near():
            for part in node.parts:
                yield from leaves(part, positive=positive)
        case Not():
            if not positive:
                yield from leaves(node.part)
        case _:
            yield node


def sought(node: Node, *, positive: bool = False) -> Iterator[Words | Wild]:
    """The words of the tree, those of a headline among them."""
    for leaf in leaves(node, positive=positive):
        if isinstance(leaf, Inside):
            yield leaf.sought
        elif isinstance(leaf, Words | Wild):
            yield leaf
