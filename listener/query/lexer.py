"""A query cut into tokens, and the message that shows where one cannot be read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple, NoReturn

from listener.errors import QueryError
from listener.language import _
from listener.query.fields import FIELDS, KINDS, WORDED, plain_value
from listener.query.tree import STAR, Field, Inside, Near, Node, When, Wild, Words, starred
from listener.query.when import read_when
from listener.text.words import words

OPERATORS = ("AND", "OR", "NOT", "ANDNOT")
QUOTES = '"“”„«»'
DISTANCE = 4  # of NEAR, ONEAR and ~ without a number
FARTHEST = 99
MOST_CHAINED = 20  # words in a row with NEAR between them, or with one distance after them
SHORTEST_STEM = 2
SHOWN = 100
_FIELD = re.compile(r"([^\W\d_]+):(?!//)")
_RUN = re.compile(rf"[^\s(){QUOTES}]+")
_MINUS = "-–−"  # word processors turn the first into the others
_NEAR = re.compile(r"(O?)NEAR(?:/([0-9]{1,6}))?")
_NEARLY = re.compile(r"O?NEAR(?![^\W\d_]).*")
_TILDE = re.compile(r"~([0-9]{0,6})")
_FUZZY = re.compile(r"\w(~[0-9]*)$")


class Token(NamedTuple):
    """`kind` is an operator, a parenthesis, `leaf` or `end`; `start` its place in the query.

    `typed` is how an operator was written; `within` and `ordered` are those of a NEAR.
    """

    kind: str
    start: int
    leaf: Node | None = None
    typed: str = ""
    within: int = 0
    ordered: bool = False


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
        if run is None:
            return None
        near = _NEAR.fullmatch(run[0])
        if near is None and run[0] in OPERATORS:
            self.at = run.end()
            return Token(run[0], start, typed=run[0])
        if near is None and _NEARLY.fullmatch(run[0]):
            self._refuse(
                start,
                _("{operator} is not understood").format(operator=run[0]),
                _("Write NEAR/3 (at most three words between) or ONEAR/3 (and in this order)."),
            )
        if near is None:
            return None
        self.at = run.end()
        return Token("NEAR", start, None, run[0], self._distance(near[2], start), ordered=bool(near[1]))

    def _distance(self, typed: str | None, start: int) -> int:
        within = int(typed) if typed else DISTANCE
        if within > FARTHEST:
            self._refuse(
                start,
                _("a distance over {most} words").format(most=FARTHEST),
                _("Use AND for words anywhere in the post."),
            )
        return within

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
        if name.casefold() in WORDED and self._peek() and not self._peek().isspace() and self._peek() not in "()":
            return self._inside(name.casefold(), value_at)
        if self._peek() == "(":
            self._refuse(
                value_at,
                _("parentheses after {name}:").format(name=name),
                _("Write {name}: before each word of its own: ({name}:a OR {name}:b).").format(name=name),
            )
        value = self._quoted() if self._peek() and self._peek() in QUOTES else self._run()
        if not value.strip():
            self._refuse(
                start,
                _("nothing stands after {name}:").format(name=name),
                _("Write the value right after the colon, without a space."),
            )
        return self._field_of(name.casefold(), value.strip(), value_at)

    def _inside(self, name: str, value_at: int) -> Node:
        exact = self._peek() == "!"
        found = self._words(value_at + exact, exact=exact)
        if isinstance(found, Near):
            self._refuse(
                value_at,
                _("a distance (~) after {name}:").format(name=name),
                _('Write a word or a "phrase" after the colon.'),
            )
        return Inside(name=name, sought=found)

    def _field_of(self, name: str, value: str, column: int) -> Node:
        if name in ("since", "until"):
            try:
                return When(name=name, at=read_when(value, self.now, end=name == "until"))
            except ValueError as wrong:
                self._refuse(column, _("this is no time"), str(wrong))
        plain = plain_value(name, value.casefold())
        if plain is None:
            self._refuse(column, _("{name}: cannot be {value!r}").format(name=name, value=value), _hint(name))
        if STAR in plain and name != "srcname":
            self._refuse(
                column + max(value.find(STAR), 0),
                _("* in the value of {name}:").format(name=name),
                _("Write the whole value. A star can stand in words, headline:, intros: and srcname:."),
            )
        return Field(name=name, value=plain)

    def _words(self, start: int, *, exact: bool = False) -> Words | Wild | Near:
        self.at = start
        quoted = self._peek() in QUOTES
        text = self._quoted() if quoted else self._run()
        inside = start + quoted
        tilde = _TILDE.match(self.query, self.at) if quoted else None
        if tilde:
            return self._spread(text, inside, tilde, exact=exact)
        fuzzy = None if quoted else _FUZZY.search(text)
        if fuzzy:
            self._refuse(
                inside + fuzzy.start(1),
                _("a distance (~) after a single word"),
                _('Put two words or more in quotation marks before it: "badhus stängt"~4.'),
            )
        return self._phrase(text, inside, start, exact=exact)

    def _spread(self, text: str, start: int, tilde: re.Match[str], *, exact: bool) -> Near:
        """Words in quotation marks with a distance after them: each is looked for by itself."""
        within = self._distance(tilde[1], tilde.start())
        typed = [run for run in re.finditer(r"\S+", text) if words(run[0])]
        if len(typed) < 2:
            self._refuse(
                tilde.start(),
                _("a distance (~) after a single word"),
                _('Put two words or more in quotation marks before it: "badhus stängt"~4.'),
            )
        if len(typed) > MOST_CHAINED:
            self._refuse(
                tilde.start(),
                _("more than {most} words with NEAR between them").format(most=MOST_CHAINED),
                _("Use AND for words anywhere in the post."),
            )
        self.at = tilde.end()
        places = ((run[0], start + run.start()) for run in typed)
        parts = tuple(self._phrase(text, place, place, exact=exact) for text, place in places)
        return Near(parts=parts, within=within)

    def _phrase(self, text: str, start: int, column: int, *, exact: bool) -> Words | Wild:
        """The text, which stands at `start`, of a leaf that begins at `column`."""
        text = text.rstrip()
        found = [word for word in starred(text) if word.folded.strip(STAR)]
        if not found:
            self._refuse(
                column,
                _("there is no letter or digit to look for"),
                _("Write a word. The operators are AND, OR, NOT, ANDNOT, NEAR, -word and ( )."),
            )
        self._refuse_stars(text, start)
        folded = [re.sub(r"\*+", STAR, word.folded) for word in found]
        *first, last = folded
        if any(STAR in word for word in first) or STAR in last[:-1]:
            return Wild(text=text, patterns=tuple(folded), exact=exact)
        return Words(
            text=text.rstrip(STAR), folded=(*first, last.rstrip(STAR)), prefix=last.endswith(STAR), exact=exact
        )

    def _refuse_stars(self, text: str, start: int) -> None:
        """A star needs letters beside it, two of them side by side: one letter begins a tenth of all words."""
        for word in starred(text) if STAR in text else ():
            star = word.folded.find(STAR)
            letters = (len(piece.folded) for part in word.folded.split(STAR) for piece in words(part))
            if star < 0 or max(letters, default=0) >= SHORTEST_STEM:
                continue
            alone = not word.folded.strip(STAR)
            self._refuse(
                start + word.start + star,
                _("* without a word") if alone else _("* beside a single letter"),
                _("Write at least two letters together with *: ko*, *ko or k*mmun."),
            )

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


def _hint(name: str) -> str:
    if name == "is":
        return _("Write one of {values}.").format(values=", ".join(f"is:{kind}" for kind in KINDS))
    if name == "link":
        return _("Write an address, or the beginning of one: link:almby.example/badhus")
    return _("Write a name with letters or digits.")
