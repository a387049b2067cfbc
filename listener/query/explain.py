"""How a query was read and who is asked for what, in lines a person can follow."""

from __future__ import annotations

from collections.abc import Iterator

from listener.clock import local
from listener.models import Record
from listener.query import backends
from listener.query.lexer import OPERATORS
from listener.query.tree import And, Field, Inside, Near, Node, Not, Or, When, Wild, Words, widen


class Asked(Record, frozen=True):
    """What one source is asked for: its searches (none: all that is new), and the parts that are held against each
    post here. `whole_words_only`: it cannot be asked for all of it, and some may be missed."""

    searches: tuple[str, ...]
    checked_here: tuple[str, ...]
    whole_words_only: bool = False


def asked_of(tree: Node, source: str, *, searchable: bool) -> Asked:
    """What the query becomes at a source. One that cannot be searched gives all it has, and all is looked at here."""
    if not searchable:
        return Asked(searches=(), checked_here=tuple(written(part) for part in _parts(tree)))
    ways = backends.searches(tree)
    told = frozenset(leaf.folded for way in ways for leaf in way)
    here = tuple(written(part) for part in _parts(tree) if not _sent(part, source, told))
    return Asked(
        searches=tuple(dict.fromkeys(backends.to_platform(way, source) for way in ways)),
        checked_here=here,
        whole_words_only=backends.narrowed(tree),
    )


def _sent(part: Node, source: str, told: frozenset[tuple[str, ...]]) -> bool:
    """Is the source asked for just this: no letter case, and no phrase where it knows none, is left to us?"""
    match part:
        case Words():
            phrase = len(part.folded) == 1 or source in backends.PHRASES
            return not (part.prefix or part.exact) and phrase and part.folded in told
        case And() | Or():
            return all(_sent(inner, source, told) for inner in part.parts)
        case _:
            return False


def _parts(tree: Node) -> tuple[Node, ...]:
    return tree.parts if isinstance(tree, And) else (tree,)


def written(node: Node) -> str:
    """A part of a query as one would type it."""
    match node:
        case Words():
            return _worded(f"{node.text}{'*' if node.prefix else ''}", len(node.folded), exact=node.exact)
        case Wild():
            return _worded(node.text, len(node.patterns), exact=node.exact)
        case Near():
            operator = f" {'ONEAR' if node.ordered else 'NEAR'}/{node.within} "
            return f"({operator.join(written(part) for part in node.parts)})"
        case Inside():
            return f"{node.name}:{written(node.sought)}"
        case Field():
            return f"{node.name}:{_quoted(node.value)}"
        case When():
            return f"{node.name}:{local(node.at).isoformat()}"
        case Not():
            return f"NOT {written(node.part)}"
        case And():
            return f"({' AND '.join(written(part) for part in node.parts)})"
        case Or():
            return f"({' OR '.join(written(part) for part in node.parts)})"


def _worded(typed: str, count: int, *, exact: bool) -> str:
    quoted = count > 1 or typed in OPERATORS or any(char.isspace() or char in "()" for char in typed)
    return f'{"!" * exact}"{typed}"' if quoted else f"{'!' * exact}{typed}"


def _quoted(value: str) -> str:
    return f'"{value}"' if any(char.isspace() or char in "()" for char in value) else value


def outline(node: Node, depth: int = 0) -> Iterator[str]:
    """The tree, one part a line, what belongs together indented alike."""
    gap = "  " * depth
    if isinstance(node, And | Or | Near):
        yield gap + _operator(node)
        for part in node.parts:
            yield from outline(part, depth + 1)
    elif isinstance(node, Not) and isinstance(node.part, And | Or | Near):
        yield gap + "NOT"
        yield from outline(node.part, depth + 1)
    else:
        yield gap + written(node)


def _operator(node: And | Or | Near) -> str:
    if isinstance(node, Near):
        return f"{'ONEAR' if node.ordered else 'NEAR'}/{node.within}"
    return "AND" if isinstance(node, And) else "OR"


def checked_here(tree: Node) -> tuple[str, ...]:
    """The parts that no platform is asked for and that are held against each post here instead."""
    return tuple(written(part) for part in _parts(tree) if widen(part, backends.whole_word) != part)
