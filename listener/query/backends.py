"""What of a query the full-text index and each platform's own search can be asked: never less than the whole finds.

All of it is looked at again by `tree.spans`, so a back end may find too much but must not find too little. So no NOT
is ever sent: a platform that looks at word stems would leave out posts that the query wants.
"""

from __future__ import annotations

import unicodedata

from listener.query.tree import And, Node, Or, Words, widen
from listener.text.words import words

PHRASES = frozenset({"bluesky", "gdelt", "googlenews", "mastodon", "websearch"})  # whose search reads quotation marks
MOST_SEARCHES = 12
_OLD = unicodedata.ucd_3_2_0


def to_fts(tree: Node) -> str | None:
    """The FTS5 MATCH expression, or None when the index can tell nothing and every post must be looked at."""
    left = widen(tree, _indexed)
    return None if left is None else _fts(left)


def _indexed(node: Node) -> bool:
    """Does the index hold a word of it? Scripts younger than SQLite's tables may be left out of it."""
    return isinstance(node, Words) and any(_OLD.category(char)[0] in "LN" for word in node.folded for char in word)


def _fts(node: Node) -> str:
    if isinstance(node, Words):
        return f'"{" ".join(node.folded)}"' + ("*" if node.prefix else "")
    if isinstance(node, And | Or):
        operator = " AND " if isinstance(node, And) else " OR "
        return f"({operator.join(_fts(part) for part in node.parts)})"
    raise TypeError(f"the index cannot be asked for {type(node).__name__}")


def narrowed(tree: Node) -> bool:
    """True when a platform, which knows no beginnings (kommun*), must be asked for less than the query means."""
    return widen(tree, whole_word) is None


def searches(tree: Node) -> list[tuple[Words, ...]]:
    """The words of each search to make on a platform that can only say "all of these"; together they find the whole.

    A beginning is left out where other words stand beside it, and else asked for as a word (`narrowed`). ORs are
    multiplied out while that makes at most MOST_SEARCHES; beyond that the part with most ways is looked at here only.
    """
    left = widen(tree, whole_word) or widen(tree, lambda node: isinstance(node, Words))
    return list(dict.fromkeys(_ways(left))) if left else []


def to_platform(asked: tuple[Words, ...], name: str) -> str:
    """One search as `name` reads it: phrases in quotation marks where it knows them, else bare words."""
    return " ".join(dict.fromkeys(_asked(part, name in PHRASES) for part in asked))


def whole_word(node: Node) -> bool:
    return isinstance(node, Words) and not node.prefix


def _ways(node: Node) -> list[tuple[Words, ...]]:
    if isinstance(node, Words):
        return [(node,)]
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
