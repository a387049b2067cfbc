"""What of a query each platform's own search can be asked: never less than the whole finds.

All of it is looked at again by `found.spans`, so a platform may find too much but must not find too little. So no NOT
is ever sent: one that looks at word stems would leave out posts that the query wants.
"""

from __future__ import annotations

from listener.query.tree import STAR, And, Node, Or, Wild, Words, loosened, widen
from listener.text.words import nfc, words

PHRASES = frozenset({"bluesky", "gdelt", "googlenews", "mastodon", "websearch"})  # whose search reads quotation marks
MOST_SEARCHES = 12
MOST_COMPARED = 200  # searches that are held against each other


def patterns(part: Words | Wild) -> tuple[str, ...]:
    """Its folded words, a star where one may go on."""
    if isinstance(part, Wild):
        return part.patterns
    return (*part.folded[:-1], part.folded[-1] + STAR * part.prefix)


def literal(part: Words | Wild) -> Words:
    """As whole words: of a word with stars the longest piece, which may be no word at all."""
    if isinstance(part, Words):
        return part
    pieces = [max(pattern.split(STAR), key=len) for pattern in part.patterns]
    text = " ".join(word.folded for word in words(nfc(" ".join(pieces))))
    return Words(text=text, folded=tuple(text.split()))


def narrowed(tree: Node) -> bool:
    """True when a platform, which knows no stars (kommun*, *skola), must be asked for less than the query means."""
    return widen(loosened(tree), whole_word) is None


def searches(tree: Node) -> list[tuple[Words, ...]]:
    """The words of each search to make on a platform that can only say "all of these"; together they find the whole.

    A word with a star is left out where other words stand beside it, and else asked for as a word (`narrowed`). ORs are
    multiplied out while that makes at most MOST_SEARCHES; beyond that the part with most ways is looked at here only.
    What another search finds anyway is not searched for: "Almby" finds "Almby kommun" too.
    """
    loose = loosened(tree)
    left = widen(loose, whole_word) or widen(loose, lambda node: isinstance(node, Words | Wild))
    return _widest(list(dict.fromkeys(_ways(left)))) if left else []


def _widest(ways: list[tuple[Words, ...]]) -> list[tuple[Words, ...]]:
    """Without what another way, or a longer phrase of the same way, says already."""
    if len(ways) > MOST_COMPARED:
        return ways
    unlike: dict[frozenset[tuple[str, ...]], tuple[Words, ...]] = {}
    for way in ways:
        bare = {leaf.folded: leaf for leaf in reversed(way) if not _within(leaf, way)}
        unlike.setdefault(frozenset(bare), tuple(reversed(bare.values())))
    distinct = list(unlike.values())
    return [way for way in distinct if not any(other is not way and _covers(other, way) for other in distinct)]


def _within(leaf: Words, way: tuple[Words, ...]) -> bool:
    return any(len(other.folded) > len(leaf.folded) and _holds(other, leaf) for other in way)


def _covers(other: tuple[Words, ...], way: tuple[Words, ...]) -> bool:
    """Does whoever searches for `other` find all that `way` finds?"""
    return all(any(_holds(leaf, wanted) for leaf in way) for wanted in other)


def _holds(leaf: Words, wanted: Words) -> bool:
    """Are all the words of `wanted` in a row in `leaf`?"""
    return f" {' '.join(wanted.folded)} " in f" {' '.join(leaf.folded)} "


def to_platform(asked: tuple[Words, ...], name: str) -> str:
    """One search as `name` reads it: phrases in quotation marks where it knows them, else bare words."""
    return " ".join(dict.fromkeys(_asked(part, name in PHRASES) for part in asked))


def whole_word(node: Node) -> bool:
    return isinstance(node, Words) and not node.prefix


def _ways(node: Node) -> list[tuple[Words, ...]]:
    if isinstance(node, Words | Wild):
        return [(literal(node),)]
    if isinstance(node, Or):
        return [way for part in node.parts for way in _ways(part)]
    if not isinstance(node, And):
        raise TypeError(f"no platform can be asked for {type(node).__name__}")
    choices = sorted((_ways(part) for part in node.parts), key=len)
    ways = choices[0]
    for choice in choices[1:]:
        if len(ways) * len(choice) > MOST_SEARCHES:
            break
        ways = [one + other for one in ways for other in choice]
    return ways


def _asked(part: Words, phrases: bool) -> str:
    letters = " ".join(part.text[word.start : word.end] for word in words(part.text))
    return f'"{letters}"' if phrases and len(part.folded) > 1 else letters
