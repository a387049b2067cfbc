"""From the text people type to a tree: OR binds loosest, then AND (a space), then NOT (a minus)."""

from __future__ import annotations

from datetime import UTC, datetime

from listener.language import _
from listener.query.lexer import MOST_CHAINED, Lexer, Token, refuse
from listener.query.tree import And, Inside, Near, Node, Not, Or, Wild, Words, joined, widen

LONGEST = 20_000
DEEPEST = 20  # the index reads at most about 30 levels


def read_tree(query: str, now: datetime | None = None) -> Node:
    """The tree of an NFC query. Raises QueryError with a caret under what cannot be read.

    A query that names nothing to look for (only exclusions, or only fields) is refused: it would match nearly all
    that is written anywhere.
    """
    if len(query) > LONGEST:
        refuse(
            query,
            LONGEST,
            _("the query is longer than {most} characters").format(most=LONGEST),
            _("Split it into several queries."),
        )
    return _Parser(query, now or datetime.now(UTC)).whole()


class _Parser:
    def __init__(self, query: str, now: datetime) -> None:
        self.query = query
        self.tokens = list(Lexer(query, now).tokens())
        self.next = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.next]

    def whole(self) -> Node:
        if self.token.kind == "end":
            refuse(self.query, 0, _("the query is empty"), _('Write a word, or a "phrase" in quotation marks.'))
        tree = self._any()
        if self.token.kind == ")":
            refuse(
                self.query,
                self.token.start,
                _("a parenthesis that was never opened"),
                _("Remove it, or open one before it."),
            )
        if widen(tree, _says_words) is None:
            self._refuse_boundless()
        return tree

    def _any(self) -> Node:
        parts = [self._all()]
        while self._take("OR"):
            parts.append(self._all())
        return joined(Or, parts)

    def _all(self) -> Node:
        parts = [self._chain()]
        while self.token.kind not in ("OR", ")", "end"):
            if self._take("ANDNOT"):
                parts.append(_negated(self._chain()))
                continue
            self._take("AND")
            parts.append(self._chain())
        return joined(And, parts)

    def _chain(self) -> Node:
        """One part, or several with NEAR between them."""
        first, part = self.token, self._one()
        near = self.token
        if near.kind != "NEAR":
            return part
        parts = [self._side(first, part)]
        while self.token.kind == "NEAR":
            self._refuse_mixed(near)
            if len(parts) == MOST_CHAINED:
                self._refuse_chain()
            self.next += 1
            first = self.token
            parts.append(self._side(first, self._one()))
        return Near(parts=tuple(parts), within=near.within, ordered=near.ordered)

    def _side(self, token: Token, part: Node) -> Node:
        """What may stand beside NEAR. Of -a NEAR b nobody could say what is excluded."""
        if token.kind == "NOT" and self.token.kind == "NEAR":
            self._refuse_exclusion(token)
        ways = part.parts if isinstance(part, Or) else (part,)
        if not all(isinstance(way, Words | Wild) for way in ways):
            refuse(
                self.query,
                token.start,
                _("NEAR can only stand between words"),
                _("Write a word, a phrase, or words with OR between them in parentheses on each side of NEAR."),
            )
        return part

    def _refuse_exclusion(self, token: Token) -> None:
        refuse(
            self.query,
            token.start,
            _("it is not clear what is excluded before NEAR"),
            _("Put what stands near each other in parentheses: -(badhus NEAR/3 stängt)"),
        )

    def _refuse_chain(self) -> None:
        refuse(
            self.query,
            self.token.start,
            _("more than {most} words with NEAR between them").format(most=MOST_CHAINED),
            _("Use AND for words anywhere in the post."),
        )

    def _refuse_mixed(self, near: Token) -> None:
        if (self.token.within, self.token.ordered) != (near.within, near.ordered):
            refuse(
                self.query,
                self.token.start,
                _("{operator} after {other}").format(operator=self.token.typed, other=near.typed),
                _("Use one distance in a row, or AND between two pairs: (a NEAR/3 b) AND (b ONEAR/5 c)"),
            )

    def _one(self) -> Node:
        token = self.token
        if token.leaf is not None:
            self.next += 1
            return token.leaf
        if token.kind not in ("NOT", "("):
            self._refuse_missing(token)
        self.next += 1
        self.depth += 1
        if self.depth > DEEPEST:
            refuse(self.query, token.start, _("nested too deep"), _("Split it into several queries."))
        part = _negated(self._one()) if token.kind == "NOT" else self._parenthesis(token)
        self.depth -= 1
        return part

    def _parenthesis(self, opening: Token) -> Node:
        inside = self._any()
        if not self._take(")"):
            refuse(self.query, opening.start, _("a parenthesis that is never closed"), _("Add ) after its last word."))
        return inside

    def _take(self, kind: str) -> bool:
        taken = self.token.kind == kind
        self.next += taken
        return taken

    def _refuse_missing(self, token: Token) -> None:
        what = {
            "end": _("something is missing at the end"),
            ")": _("something is missing before )"),
        }.get(token.kind, _("{operator} stands where a word is expected").format(operator=token.typed))
        hint = _(
            "Write a word on both sides of AND, OR, ANDNOT and NEAR, and one after NOT. "
            "To look for the word itself, put it in quotation marks."
        )
        refuse(self.query, token.start, what, hint)

    def _refuse_boundless(self) -> None:
        nots = [token.start for token in self.tokens if token.kind in ("NOT", "ANDNOT")]
        if nots:
            refuse(
                self.query,
                nots[0],
                _("only what is not wanted: this would match nearly everything"),
                _("Add a word to look for, outside OR: kommun -simskola"),
            )
        refuse(
            self.query,
            0,
            _("no word to look for: this would match nearly everything"),
            _("Add a word to look for, outside OR: kommun source:bluesky"),
        )


def _says_words(node: Node) -> bool:
    return isinstance(node, Words | Wild | Near | Inside)


def _negated(node: Node) -> Node:
    return node.part if isinstance(node, Not) else Not(part=node)
