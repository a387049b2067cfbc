"""How a query was read and who is asked for what, in lines a person can follow."""

from __future__ import annotations

from collections.abc import Iterator

from listener.clock import rfc3339
from listener.query import backends
from listener.query.tree import And, Field, Node, Not, Or, When, Words, widen


def written(node: Node) -> str:
    """A part of a query as one would type it."""
    match node:
        case Words():
            star, bang = "*" if node.prefix else "", "!" if node.exact else ""
            return f'{bang}"{node.text}{star}"' if len(node.folded) > 1 else f"{bang}{node.text}{star}"
        case Field():
            return f"{node.name}:{node.value}"
        case When():
            return f"{node.name}:{rfc3339(node.at)}"
        case Not():
            return f"NOT {written(node.part)}"
        case And():
            return f"({' AND '.join(written(part) for part in node.parts)})"
        case Or():
            return f"({' OR '.join(written(part) for part in node.parts)})"


def outline(node: Node, depth: int = 0) -> Iterator[str]:
    """The tree, one part a line, what belongs together indented alike."""
    gap = "  " * depth
    if isinstance(node, And | Or):
        yield gap + ("AND" if isinstance(node, And) else "OR")
        for part in node.parts:
            yield from outline(part, depth + 1)
    elif isinstance(node, Not) and isinstance(node.part, And | Or):
        yield gap + "NOT"
        yield from outline(node.part, depth + 1)
    else:
        yield gap + written(node)


def checked_here(tree: Node) -> tuple[str, ...]:
    """The parts that no platform is asked for and that are held against each post here instead."""
    parts = tree.parts if isinstance(tree, And) else (tree,)
    return tuple(written(part) for part in parts if widen(part, backends.whole_word) != part)
