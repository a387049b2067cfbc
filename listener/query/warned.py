"""What the linter says, and where in a query each part of its tree was typed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from listener.models import Record
from listener.query import Query
from listener.query.lexer import Lexer, Token
from listener.query.tree import Node, leaves


class Warned(Record, frozen=True):
    """What to look at again. `code` is for programs, `column` counts from 1, `text` and `hint` are for people."""

    code: str
    column: int
    text: str
    hint: str


class Typed:
    """A query with its tokens, and the column of every leaf of its tree."""

    def __init__(self, query: Query) -> None:
        self.text = query.text
        self.tree = query.tree
        self.tokens: Sequence[Token] = tuple(Lexer(query.text, datetime.now(UTC)).tokens())
        starts = [token.start for token in self.tokens if token.leaf for _leaf in leaves(token.leaf)]
        self._columns = {id(leaf): start + 1 for leaf, start in zip(leaves(query.tree), starts, strict=False)}

    def column(self, node: Node) -> int:
        """Where the first leaf of a part begins; 1 for what an option added."""
        return next((self._columns[id(leaf)] for leaf in leaves(node) if id(leaf) in self._columns), 1)

    def run(self, token: Token) -> str:
        """What was typed from the token to the next space."""
        return self.text[token.start :].split(maxsplit=1)[0]
