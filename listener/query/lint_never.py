"""Parts of a query that contradict each other, and parts that add nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from listener.language import _
from listener.query.tree import And, Field, Inside, Near, Node, Not, Or, When, Wild, Words
from listener.query.warned import Typed, Warned

ONE_VALUE = frozenset({"lang", "author", "is"})  # a post has one of each
MOST_COMPARED = 300  # parts beside each other that are held against each other


def contradictions(typed: Typed) -> Iterator[Warned]:
    """Every AND that no post can meet."""
    for node in _inner(typed.tree):
        parts = node.parts if isinstance(node, And) else ()
        for part in _impossible(parts):
            yield Warned(
                code="never",
                column=typed.column(part),
                text=_("this can never match: it contradicts what stands beside it"),
                hint=_("Remove one of the two, or put OR between what may hold one at a time."),
            )


def needless(typed: Typed) -> Iterator[Warned]:
    """Parts that stand twice, and words that another part finds anyway."""
    for node in _inner(typed.tree):
        parts = node.parts if isinstance(node, And | Or) else ()
        for part, other in _said_twice(parts, either=isinstance(node, Or)):
            same = _bare(part) == _bare(other)
            yield Warned(
                code="duplicate" if same else "needless",
                column=typed.column(part),
                text=_("this stands here twice") if same else _("this adds nothing to what stands beside it"),
                hint=_("Remove it."),
            )


def _inner(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from _inner(part)
    elif isinstance(node, Not):
        yield from _inner(node.part)


def _impossible(parts: Sequence[Node]) -> Iterator[Node]:
    wanted = [part for part in parts if not isinstance(part, Not)]
    for part in parts:
        if isinstance(part, Not) and any(implies(one, part.part) for one in wanted[:MOST_COMPARED]):
            yield part
    since = [part for part in wanted if isinstance(part, When) and part.name == "since"]
    until = [part for part in wanted if isinstance(part, When) and part.name == "until"]
    if since and until and max(map(_moment, since)) >= min(map(_moment, until)):
        yield until[-1]
    values: dict[str, str] = {}
    for part in wanted:
        if (
            isinstance(part, Field)
            and part.name in ONE_VALUE
            and values.setdefault(part.name, part.value) != part.value
        ):
            yield part


def _moment(when: When) -> datetime:
    return when.at


def implies(node: Node, other: Node) -> bool:
    """Does every post that matches `node` match `other`? False when it cannot be told."""
    if _bare(node) == _bare(other):
        return True
    if isinstance(node, Or):
        return all(implies(part, other) for part in node.parts)
    if isinstance(other, Or):
        return any(implies(node, way) for way in other.parts)
    match node:
        case And() | Near():
            return any(implies(part, other) for part in node.parts)
        case Words():
            return isinstance(other, Words) and _holds(node, other)
    return False


def _holds(node: Words, other: Words) -> bool:
    """Do the words stand in a row in the phrase?"""
    if other.exact or len(other.folded) > len(node.folded):
        return False
    known = node.folded[:-1] if node.prefix and not other.prefix else node.folded
    if other.prefix and len(other.folded) == 1:
        return any(word.startswith(other.folded[0]) for word in known)
    return not other.prefix and f" {' '.join(other.folded)} " in f" {' '.join(known)} "


def _bare(node: Node) -> object:
    """A part without how it was typed."""
    match node:
        case Words():
            letters = node.text if node.exact else ""
            return "words", node.folded, node.prefix, letters
        case Wild():
            return "wild", node.patterns, node.text if node.exact else ""
        case Inside():
            return "inside", node.name, _bare(node.sought)
        case And() | Or():
            return type(node).__name__, frozenset(map(_bare, node.parts))
        case Near():
            return "near", tuple(map(_bare, node.parts)), node.within, node.ordered
        case Not():
            return "not", _bare(node.part)
        case _:
            return node


def _said_twice(parts: Sequence[Node], *, either: bool) -> Iterator[tuple[Node, Node]]:
    """Each part that another makes needless: in an OR the narrower one of two, in an AND the wider one."""
    first: dict[object, Node] = {}
    for part in parts:
        if first.setdefault(_bare(part), part) is not part:
            yield part, first[_bare(part)]
    distinct = list(first.values())
    if len(distinct) > MOST_COMPARED:
        return
    for part in distinct:
        others = (other for other in distinct if other is not part and not isinstance(part, Not))
        wider = next((other for other in others if _narrower(part, other, either)), None)
        if wider is not None:
            yield part, wider


def _narrower(part: Node, other: Node, either: bool) -> bool:
    return implies(part, other) if either else implies(other, part)
