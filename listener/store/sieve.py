"""What SQL can tell of a query beside the index: its times, and letters in the text.

All of it only leaves out rows that `query.matches` would refuse: what cannot be told here is left to that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from listener.query.tree import And, Node, Not, Or, When, Wild, Words
from listener.text.words import words

STANDS = "(instr(m.text, ?) OR instr(m.title, ?))"
# LIKE reads no further than a NUL.
LIKE = "(m.text LIKE ? OR m.title LIKE ? OR instr(m.text, char(0)) OR instr(m.title, char(0)))"
SECOND, RESOLUTION = timedelta(seconds=1), timedelta(microseconds=1)
LEAST = 2  # letters of a piece that is worth looking for
TOLD = ("text", "title")
MOST = 400  # values that are looked for: SQLite takes an expression 1,000 deep
# Small letters that LIKE finds in either case, and that no other sign is folded into (the Kelvin sign is a k).
_PIECE = re.compile(r"[a-jl-z]+")
_HELD = re.compile(r"\*([a-z]+)\*")  # letters that may stand anywhere in a word


def times(tree: Node) -> tuple[datetime | None, datetime | None]:
    """From when and before when every match was published, as far as the query says so for all of it.

    In whole seconds, as places count: a moment within one ends after it.
    """
    told = [when for part in demanded(tree) if (when := _when(part))]
    since = max((part.at for part in told if part.name == "since"), default=None)
    until = min((part.at for part in told if part.name == "until"), default=None)
    return since, until and (until + SECOND - RESOLUTION).replace(microsecond=0)


def _when(part: Node) -> When | None:
    """What must hold of the time, where it says so: not until a moment is since that moment."""
    if isinstance(part, Not) and isinstance(part.part, When):
        return When(name="until" if part.part.name == "since" else "since", at=part.part.at)
    return part if isinstance(part, When) else None


def letters(tree: Node) -> tuple[str, list[str]]:
    """A condition that every match meets, on the letters of its text, and its values; empty when there is none.

    It tells letter case, and what stands behind a star, which the index cannot. Parts beyond MOST pieces are left out.
    """
    asked: list[tuple[str, list[str]]] = []
    left = MOST
    for part in demanded(tree):
        found = _asked(part)
        if found and len(found[1]) <= left:
            asked.append(found)
            left -= len(found[1])
    return " AND ".join(sql for sql, _values in asked), [value for _sql, values in asked for value in values]


def demanded(tree: Node) -> tuple[Node, ...]:
    """The parts that must all hold."""
    return tree.parts if isinstance(tree, And) else (tree,)


def _asked(part: Node) -> tuple[str, list[str]] | None:
    if isinstance(part, Not):
        surely = _said_if(part.part)
        return ("m.text NOT LIKE ?", [surely]) if surely else None
    if isinstance(part, Or):
        ways = [_asked(way) for way in part.parts]
        if not all(ways):
            return None
        known = [way for way in ways if way]
        return f"({' OR '.join(sql for sql, _values in known)})", [value for _sql, values in known for value in values]
    sought = list(_pieces(part))
    if not sought:
        return None
    return f"({' AND '.join(sql for sql, _value in sought)})", [value for _sql, value in sought for _column in TOLD]


def _pieces(part: Node) -> Iterator[tuple[str, str]]:
    """One condition for each word that SQL can look for."""
    if isinstance(part, Words) and part.exact:
        for word in words(part.text):
            yield STANDS, part.text[word.start : word.end]
    elif isinstance(part, Wild):
        for pattern in part.patterns:
            longest = max(_PIECE.findall(pattern), key=len, default="")
            if "*" in pattern and len(longest) >= LEAST:
                yield LIKE, f"%{longest}%"


def _said_if(part: Node) -> str | None:
    """What LIKE finds only in texts that say this: letters anywhere in a word. The index knows some such words only."""
    held = isinstance(part, Wild) and not part.exact and len(part.patterns) == 1 and _HELD.fullmatch(part.patterns[0])
    return f"%{held[1]}%" if held else None
