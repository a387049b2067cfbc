"""A query cut into tokens, and the message that shows where one cannot be read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple, NoReturn

from listener.errors import QueryError
from listener.language import _
from listener.query.tree import Field, Node, When, Words
from listener.query.when import read_when
from listener.text.words import words
from listener.urls import host

OPERATORS = ("AND", "OR", "NOT", "ANDNOT")
LATER = re.compile(r"O?NEAR(/\d+)?")
FIELDS = ("since", "until", "source", "lang", "author", "site")
QUOTES = '"“”„«»'
_FIELD = re.compile(r"([^\W\d_]+):(?!//)")
_RUN = re.compile(rf"[^\s(){QUOTES}]+")
_MINUS = "-–−"  # word processors turn the first into the others
SHORTEST_STEM = 2
SHOWN = 100


class Token(NamedTuple):
    """`kind` is an operator, a parenthesis, `leaf` or `end`; `start` its place in the query."""

    kind: str
    start: int
    leaf: Node | None = None


def refuse(query: str, column: int, what: str, hint: str) -> NoReturn:
    """Raise QueryError: what is wrong, the query with a caret under `column` (counted from 0), and what to write."""
    first = max(0, column - SHOWN // 2)
    shown = "".join(char if char.isprintable() else " " for char in query[first : first + SHOWN])
    gap = "".join(" " * _width(char) for char in shown[: column - first])
    place = _("query, column {column}: {what}").format(column=column + 1, what=what)
    raise QueryError(f"{place}\n  {shown}\n  {gap}^\n{hint}")


def _width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _plain_value(name: str, value: str) -> str:
    """The value as posts are compared with it: a language without its region, a site as its host."""
    match name:
        case "lang":
            return value.partition("-")[0]
        case "site":
            return host(value) or value
        case "author":
            return value.removeprefix("@")
    return value


class Lexer:
    """Reads `query` (NFC) from left to right."""

    def __init__(self, query: str, now: datetime) -> None:
        self.query = query
        self.now = now
        self.at = 0

    def tokens(self) -> Iterator[Token]:
        while True:
            self._skip_space()
            start = self.at
            if start == len(self.query):
                yield Token("end", start)
                return
            yield self._token(start)

    def _token(self, start: int) -> Token:
        char = self.query[start]
        if char in "()":
            self.at += 1
            return Token(char, start)
        if char in _MINUS:
            self.at += 1
            if self._peek() in ("", ")") or self._peek().isspace():
                self._refuse(
                    start,
                    _("a minus that excludes nothing"),
                    _("Write -word without a space, or put text with a dash in quotation marks."),
                )
            return Token("NOT", start)
        if char == "!" and (self._peek(1) in QUOTES or _RUN.match(self.query, start + 1)) and self._peek(1):
            self.at += 1
            return Token("leaf", start, self._words(start + 1, exact=True))
        field = _FIELD.match(self.query, start)
        if field:
            return Token("leaf", start, self._field(field[1], start, field.end()))
        return self._operator(start) or Token("leaf", start, self._words(start))

    def _operator(self, start: int) -> Token | None:
        run = _RUN.match(self.query, start)
        if run and run[0] in OPERATORS:
            self.at = run.end()
            return Token(run[0], start)
        if run and LATER.fullmatch(run[0]):
            self._refuse(
                start,
                _("{operator} is not understood").format(operator=run[0]),
                _("Use AND for words anywhere in the post, or quotation marks for words side by side."),
            )
        return None

    def _field(self, name: str, start: int, value_at: int) -> Node:
        if name.casefold() not in FIELDS:
            self._refuse(
                start,
                _("there is no field {name}:").format(name=name),
                _("The fields are {fields}. Text with a colon goes in quotation marks.").format(
                    fields=", ".join(f"{field}:" for field in FIELDS)
                ),
            )
        self.at = value_at
        value = self._quoted() if self._peek() and self._peek() in QUOTES else self._run()
        if not value.strip():
            self._refuse(
                start,
                _("nothing stands after {name}:").format(name=name),
                _("Write the value right after the colon, without a space."),
            )
        return self._field_of(name.casefold(), value.strip(), value_at)

    def _field_of(self, name: str, value: str, column: int) -> Node:
        if name not in ("since", "until"):
            return Field(name=name, value=_plain_value(name, value.casefold()))
        try:
            return When(name=name, at=read_when(value, self.now, end=name == "until"))
        except ValueError as wrong:
            self._refuse(column, _("this is no time"), str(wrong))

    def _words(self, start: int, *, exact: bool = False) -> Words:
        self.at = start
        quoted = self._peek() in QUOTES
        text = self._quoted() if quoted else self._run()
        if quoted and self._peek() == "~":
            self._refuse(self.at, _("a distance (~) is not understood"), _("Use AND for words anywhere in the post."))
        inside = start + quoted
        stem = text.rstrip().removesuffix("*")
        if "*" in stem:
            self._refuse(
                inside + stem.index("*"),
                _("* stands inside or before a word"),
                _("* can only end a word: kommun* finds kommunen and kommunal."),
            )
        found = tuple(word.folded for word in words(stem))
        prefix = stem != text.rstrip()
        if not found:
            self._refuse(
                start,
                _("there is no letter or digit to look for"),
                _("Write a word. The operators are AND, OR, NOT, ANDNOT, -word and ( )."),
            )
        if prefix and len(found[-1]) < SHORTEST_STEM:
            self._refuse(inside + len(stem), _("* after a single letter"), _("Write at least two letters before *."))
        return Words(text=stem, folded=found, prefix=prefix, exact=exact)

    def _quoted(self) -> str:
        opened = self.at
        closed = next((at for at in range(opened + 1, len(self.query)) if self.query[at] in QUOTES), None)
        if closed is None:
            self._refuse(
                opened,
                _("a quotation mark that is never closed"),
                _("Add one at the end of the phrase, or remove this one."),
            )
        self.at = closed + 1
        return self.query[opened + 1 : closed]

    def _run(self) -> str:
        run = _RUN.match(self.query, self.at)
        self.at = run.end() if run else self.at
        return run[0] if run else ""

    def _peek(self, ahead: int = 0) -> str:
        return self.query[self.at + ahead : self.at + ahead + 1]

    def _skip_space(self) -> None:
        while self._peek().isspace():
            self.at += 1

    def _refuse(self, column: int, what: str, hint: str) -> NoReturn:
        refuse(self.query, column, what, hint)
