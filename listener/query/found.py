"""Where the words of a query stand in a post, and whether the post is what its fields ask for."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from listener.posts import Post
from listener.query.fields import fits, is_so
from listener.query.tree import (
    STAR,
    And,
    Field,
    Inside,
    Near,
    Node,
    Not,
    Or,
    Span,
    Text,
    When,
    Wild,
    Words,
    starred,
)
from listener.text.words import begins_with, nfc, words

Run = tuple[int, int]  # words [first, last) of a Text
_SOME_WORD = re.compile(r"[^\W_]+")
INTRO = 60  # words after the headline that count as the first paragraph at most


def spans(node: Node, text: Text, post: Post) -> list[Span] | None:
    """Where the positive parts stand, or None when the post does not match."""
    match node:
        case Words() | Wild() | Near():
            return [_span(run, text) for run in runs(node, text)] or None
        case Inside():
            return _inside(node, text, post)
        case Field():
            return [] if is_so(node, post) else None
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


def runs(node: Node, text: Text) -> Iterable[Run]:
    """The words of the text that Words, Wild, Near or an Or of them finds."""
    match node:
        case Words():
            return _words(node, text)
        case Wild():
            return _wild(node, text)
        case Or():
            return (run for part in node.parts for run in runs(part, text))
        case Near():
            return _near(node, text)
    raise TypeError(f"{type(node).__name__} stands nowhere in a text")


def _span(run: Run, text: Text) -> Span:
    return text.words[run[0]].start, text.words[run[1] - 1].end


def _words(node: Words, text: Text) -> Iterator[Run]:
    size = len(node.folded)
    if size == 1 and not node.exact:
        yield from ((at, at + 1) for at in _begins(node, text))
        return
    for at in _begins(node, text):
        run = [word.folded for word in text.words[at : at + size]]
        whole = len(run) == size and all(one == wanted for one, wanted in zip(run[:-1], node.folded, strict=False))
        if whole and _ends(node, run[-1]) and (not node.exact or _case(node, at, text)):
            yield at, at + size


def _begins(node: Words, text: Text) -> Iterable[int]:
    """Where it may begin, told by the rarest of its words; a lone word that may go on, by each that begins so."""
    first, places = node.folded[0], text.places
    if len(node.folded) == 1:
        if not node.prefix:
            return places.get(first, ())
        return sorted(at for word, found in places.items() if word.startswith(first) for at in found)
    known = enumerate(node.folded[:-1] if node.prefix else node.folded)
    found, ahead = min(((places.get(word, ()), number) for number, word in known), key=lambda one: len(one[0]))
    return [at - ahead for at in found if at >= ahead]


def _ends(node: Words, folded: str) -> bool:
    return folded.startswith(node.folded[-1]) if node.prefix else folded == node.folded[-1]


def _case(node: Words, at: int, text: Text) -> bool:
    return all(
        text.text[word.start : word.start + len(letters)] == letters
        for word, letters in zip(text.words[at : at + len(node.folded)], _letters(node.text), strict=True)
    )


@lru_cache(maxsize=1024)
def _letters(typed: str) -> tuple[str, ...]:
    """The words of a text as typed."""
    return tuple(typed[word.start : word.end] for word in words(typed))


def _wild(node: Wild, text: Text) -> Iterator[Run]:
    size, first = len(node.patterns), node.patterns[0]
    if STAR in first:
        begins = sorted(at for word, places in text.places.items() if fits(first, word) for at in places)
    else:
        begins = text.places.get(first, [])
    for at in begins:
        run = text.words[at : at + size]
        whole = len(run) == size and all(
            fits(pattern, word.folded) for pattern, word in zip(node.patterns, run, strict=True)
        )
        if whole and (not node.exact or _wild_case(node, at, text)):
            yield at, at + size


def _wild_case(node: Wild, at: int, text: Text) -> bool:
    return all(
        fits(pattern, text.text[word.start : word.end])
        for pattern, word in zip(_patterns(node.text), text.words[at : at + len(node.patterns)], strict=True)
    )


@lru_cache(maxsize=1024)
def _patterns(typed: str) -> tuple[str, ...]:
    return tuple(typed[word.start : word.end] for word in starred(typed))


def _near(node: Near, text: Text) -> list[Run]:
    """The runs that stand in a chain: narrowed from the first part on, then from the last one back."""
    chain: list[list[Run]] = []
    for part in node.parts:
        here = sorted(set(runs(part, text)))
        if chain:
            here = _near_of(here, chain[-1], node, ahead=False)
        if not here:
            return []
        chain.append(here)
    for at in range(len(chain) - 2, -1, -1):
        chain[at] = _near_of(chain[at], chain[at + 1], node, ahead=True)
    return [run for here in chain for run in here]


def _near_of(here: Sequence[Run], others: Sequence[Run], node: Near, *, ahead: bool) -> list[Run]:
    """Those that have one of the `others` at most so many words behind them, or with `ahead` before them.

    Without an order the other side will do as well. Whole lists are compared by sorted ends: a text may say one word
    a hundred thousand times.
    """
    begins, ends = sorted(first for first, _last in others), sorted(last for _first, last in others)
    after = [_any(begins, last, last + node.within) for _first, last in here]
    before = [_any(ends, first - node.within, first) for first, _last in here]
    kept = [one or (other and not node.ordered) for one, other in zip(*_sides(after, before, ahead), strict=True)]
    return [run for run, near in zip(here, kept, strict=True) if near]


def _sides(after: list[bool], before: list[bool], ahead: bool) -> tuple[list[bool], list[bool]]:
    return (after, before) if ahead else (before, after)


def _any(places: Sequence[int], low: int, high: int) -> bool:
    """Does a sorted place lie in [low, high]?"""
    at = bisect_left(places, low)
    return at < len(places) and places[at] <= high


def _inside(node: Inside, text: Text, post: Post) -> list[Span] | None:
    """Found in the headline, or for `intros` in the first paragraph too; in place when the text begins with it."""
    title = nfc(post.title or "").strip()
    begins = begins_with(text.text, title)
    found: list[Span] | None = None
    if title:
        own = Text(title)
        found = [_span(run, own) for run in runs(node.sought, own)] or None
    if node.name == "intros":
        end = _intro_end(text, len(title) if begins else 0)
        whole = [span for run in runs(node.sought, text) if (span := _span(run, text))[1] <= end]
        return whole or (None if found is None else found if begins else [])
    return found if begins or found is None else []


def is_all_intro(text: str, title: str) -> bool:
    """Is a text surely its own first paragraph? Of an NFC text and its headline; a longer one may be too."""
    body = text[len(title) :] if begins_with(text, title) else text
    return "\n" not in body.strip() and len(_SOME_WORD.findall(text)) <= INTRO


def _intro_end(text: Text, head: int) -> int:
    """Where the first paragraph after the headline ends: at the end of its line, after INTRO words at most."""
    body = text.text[head:]
    line = text.text.find("\n", head + len(body) - len(body.lstrip()))
    end = line if line >= 0 else len(text.text)
    last = bisect_left(text.words, head, key=lambda word: word.start) + INTRO
    return min(end, text.words[last].start) if last < len(text.words) else end


def _falls(when: When, published: datetime | None) -> bool:
    if published is None:
        return True
    return published >= when.at if when.name == "since" else published < when.at
