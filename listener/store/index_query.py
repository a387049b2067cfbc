"""A query in the language of the full-text index: what every match has, without what only others have.

The index keeps three columns: the words of the text, those of the headline, and words of ours (`mention_rows.facets`).
It may find too much, never too little, for all of it is looked at again by `query.matches`. What it is told to leave
out must therefore be sure: posts in which it may see other words than `words` does are given ODD, and never left out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import product
from math import prod
from typing import Protocol

from listener.query.backends import patterns
from listener.query.tree import STAR, And, Field, Inside, Near, Node, Not, Or, Wild, Words
from listener.store import field_words
from listener.store.capitals import only_so
from listener.store.own_words import LONGER, ODD, held
from listener.text.words import alike_everywhere

SHORTEST_BEGINNING = 2  # of a term that the index is asked for
TWO = 2  # sides of a distance that the index tells exactly
MOST_NEAR = 12  # ways to choose one of each part that stand near each other
LONG = 2_000  # letters of an expression that is not said twice
MOST_LEFT_OUT = 60  # words that the index is told to leave out
_BUT_ODD = f" NOT {held(ODD)})"
_OLD = unicodedata.ucd_3_2_0


class Beside(Protocol):
    """What is known of words beside their letters, in the language of the index."""

    def with_it(self, part: Words | Wild) -> list[str]:
        """Conditions that hold wherever the words stand."""

    def like(self, pattern: str) -> list[str]:
        """Some words that are written so, the most used among them."""


class Asking:
    """Turns the tree of a query into one expression; None where the index can tell nothing."""

    def __init__(self, beside: Beside | None = None) -> None:
        self._beside = beside
        self._left = MOST_LEFT_OUT
        self._needed: dict[tuple[Node, str | None], str | None] = {}  # each part is looked at with and without a base
        self._enough: dict[Node, str | None] = {}

    def needed(self, node: Node, base: str | None = None) -> str | None:
        """What every match has. `base` is what every match has anyway: some of that is what is not something else."""
        if (node, base) not in self._needed:
            self._needed[node, base] = self._all_have(node, base)
        return self._needed[node, base]

    def _all_have(self, node: Node, base: str | None) -> str | None:
        match node:
            case Words() | Wild():
                return both([*phrases(node), *self._with_it(node)])
            case Near():
                return self._near(node)
            case Inside():
                return self._inside(node)
            case Field():
                return field_words.needed(node)
            case And():
                return self._every(node, base)
            case Not():
                gone = self._left_out(node) if base else None
                return without(base, [gone]) if gone else None
            case Or():
                return any_of([self.needed(part, base) for part in node.parts])
        return None

    def enough(self, node: Node) -> str | None:
        """What only matches have."""
        match node:
            case Words() | Wild():
                return self._surely(node)
            case Near():
                return _surely_near(node)
            case Inside():
                return self._surely_inside(node)
            case Field():
                return field_words.enough(node)
            case Or():
                return any_of([told for part in node.parts if (told := self.enough(part))])
            case And():
                return self._surely_every(node)
        return None

    def _with_it(self, part: Words | Wild) -> list[str]:
        return self._beside.with_it(part) if self._beside else []

    def _every(self, node: And, base: str | None) -> str | None:
        """All the parts, without what the rest of them leave out."""
        parts = list(_apart(node))
        told = {part: self.needed(part) for part in parts if not isinstance(part, Not)}
        kept = both([one for one in told.values() if one]) or base
        if kept and len(kept) < LONG:
            choices = [one for part, known in told.items() if not known and (one := self.needed(part, kept))]
            kept = both([kept, *choices])
        leave = sorted((part for part in parts if isinstance(part, Not)), key=_is_open)
        return without(kept, [gone for part in leave if (gone := self._left_out(part))])

    def _left_out(self, node: Not) -> str | None:
        """Within what is left of MOST_LEFT_OUT: each row that is stepped over moves every word that is left out."""
        if node.part not in self._enough:
            told = self.enough(node.part) if self._left > 0 else None
            cost = told.count(":") if told else 0
            self._enough[node.part] = told if cost <= self._left else None
            self._left -= cost if cost <= self._left else 0
        return self._enough[node.part]

    def _surely_every(self, node: And) -> str | None:
        parts = list(_apart(node))
        kept = [self.enough(part) for part in parts if not isinstance(part, Not)]
        gone = [self.needed(part.part) for part in parts if isinstance(part, Not)]
        if None in kept or None in gone:
            return None
        return without(both([told for told in kept if told]), [told for told in gone if told])

    def _near(self, node: Near) -> str | None:
        """All of it, and as near as that; in odd texts the index may count more words than there are."""
        every = [told for part in node.parts if (told := self.needed(part))]
        ways = [part.parts if isinstance(part, Or) else (part,) for part in node.parts]
        if prod(map(len, ways)) > MOST_NEAR:
            return both(every)
        near = any_of([_side_by_side(way, node.within) for way in product(*ways)])
        if near and any(isinstance(part, Words) and part.exact for way in ways for part in way):
            near = both([near, *every])
        return any_of([near, both([*every, held(ODD)])]) if near else both(every)

    def _inside(self, node: Inside) -> str | None:
        if node.name != "headline":
            return self.needed(node.sought)
        said, beside = both(phrases(node.sought)), self._with_it(node.sought)
        if isinstance(node.sought, Wild):  # words, not letter case: they too stand in the headline
            beside = [f"title:({one})" for one in beside]
        return both([*([f"title:({said})"] if said else []), *beside])

    def _surely(self, part: Words | Wild, column: str = "text") -> str | None:
        return self._surely_like(part, column) if _is_open(part) else _surely_said(part, column)

    def _surely_inside(self, node: Inside) -> str | None:
        """In the headline; for the first paragraph also in a text that is all one."""
        headline, said = self._surely(node.sought, "title"), self._surely(node.sought)
        if node.name == "headline" or headline is None or said is None:
            return headline
        return any_of([headline, without(said, [held(LONGER)])])

    def _surely_like(self, part: Words | Wild, column: str) -> str | None:
        """Words that the log has and that are written so; with others before them, that follow those.

        Not the beginning of a word itself: the index gathers all places of one before it gives the first.
        """
        *before, last = patterns(part)
        if self._beside is None or part.exact or STAR in "".join(before) or not alike_everywhere("".join(before)):
            return None
        known = [word for word in self._beside.like(last) if alike_everywhere(word)]
        said = any_of([f'{column}:"{" ".join([*before, word])}"' for word in known])
        return without(said, [held(ODD)])


def _is_open(part: Node) -> bool:
    """Has it a star?"""
    inner = part.part if isinstance(part, Not) else part
    return isinstance(inner, Wild) or (isinstance(inner, Words) and inner.prefix)


def _apart(part: Node) -> Iterator[Node]:
    """The same as parts that must all hold: none of several is not this and not that, and what is not left out is in.

    Whether a post is original is said of replies: it is none.
    """
    match part:
        case Field(name="is", value="original"):
            yield Not(part=Field(name="is", value="reply"))
        case Not(part=Or() as ways):
            for way in ways.parts:
                yield from _apart(Not(part=way))
        case Not(part=Not() as inner):
            yield from _apart(inner.part)
        case Not(part=Field(name="is", value="original")):
            yield Field(name="is", value="reply")
        case And():
            for inside in part.parts:
                yield from _apart(inside)
        case _:
            yield part


def _side_by_side(parts: Sequence[Node], within: int) -> str | None:
    """These words at most so far from each other as a chain of them may be; None of what the index cannot be asked."""
    said = [found for part in parts if isinstance(part, Words) and len(found := phrases(part)) == 1]
    if len(said) < len(parts):
        return None
    lengths = sorted(len(one[0].split()) for one in said)
    return f"NEAR({' '.join(one[0] for one in said)}, {within * (len(said) - 1) + sum(lengths[2:])})"


def _surely_near(node: Near) -> str | None:
    """Two words or phrases, on either side of each other; of those that share a word nothing is sure."""
    sides = [part for part in node.parts if isinstance(part, Words) and not part.prefix and not part.exact]
    folded = [word for part in sides for word in part.folded]
    if node.ordered or len(node.parts) != TWO or len(sides) != TWO or len(set(folded)) < len(folded):
        return None
    said = _side_by_side(sides, node.within) if all(map(alike_everywhere, folded)) else None
    return without(f"text:{said}", [held(ODD)]) if said else None


def _surely_said(part: Words | Wild, column: str = "text") -> str | None:
    """The words in one column of a post that is not odd; where case counts, of one that has them in no other."""
    case = only_so(part) if isinstance(part, Words) and not part.prefix else None
    if case is None or isinstance(part, Wild) or not all(map(alike_everywhere, part.folded)):
        return None
    said = f'{column}:"{" ".join(part.folded)}"'
    return without(both([said, *case.held]), [held(ODD), *case.never])


def phrases(part: Words | Wild) -> list[str]:
    """Words as phrases of the index, those that it holds: scripts younger than SQLite's tables may not be in it."""
    terms: list[str] = []
    run: list[str] = []
    for pattern in patterns(part):
        stem, star, _rest = pattern.partition(STAR)
        known = _indexed(stem) and not (star and len(stem) < SHORTEST_BEGINNING)
        run += [stem] * known
        if run and (star or not known):
            terms.append(f'"{" ".join(run)}"{STAR * bool(star and known)}')
        if star or not known:
            run = []
    return [*terms, f'"{" ".join(run)}"'] if run else terms


def _indexed(word: str) -> bool:
    return any(_OLD.category(char)[0] in "LN" for char in word)


def both(conditions: Sequence[str]) -> str | None:
    """All of them; None of none."""
    return f"({' AND '.join(conditions)})" if len(conditions) > 1 else "".join(conditions) or None


def any_of(conditions: Sequence[str | None]) -> str | None:
    """One of them at least; None where one is None, or of none."""
    known = [told for told in conditions if told]
    if len(known) < max(len(conditions), 1):
        return None
    return f"({' OR '.join(known)})" if len(known) > 1 else known[0]


def without(kept: str | None, gone: Sequence[str]) -> str | None:
    """The first where none of the others holds; what is sure but in odd posts is gathered and that asked once."""
    sure = [one[1:].removesuffix(_BUT_ODD) for one in gone if one.endswith(_BUT_ODD)]
    if len(sure) > 1:
        gone = [*(one for one in gone if not one.endswith(_BUT_ODD)), f"({any_of(sure)}{_BUT_ODD}"]
    return f"({kept} NOT {any_of(gone)})" if kept and gone else kept
