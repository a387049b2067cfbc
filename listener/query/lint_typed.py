"""Signs and letters in a query that are read otherwise than they look."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from listener.language import _
from listener.query.lexer import OPERATORS, QUOTES
from listener.query.warned import Typed, Warned
from listener.text.words import words

MEANT = {
    "or": "OR", "eller": "OR", "and": "AND", "och": "AND", "not": "NOT", "inte": "NOT", "ej": "NOT",
    "andnot": "ANDNOT", "utan": "ANDNOT", "near": "NEAR", "onear": "ONEAR", "nära": "NEAR",
}  # fmt: skip
_NEAR = re.compile(r"o?near/\d+", re.IGNORECASE)
_SINGLE = "'‘’‚‛`´"
_JOINERS = "\u200c\u200d"


def lower_operators(typed: Typed) -> Iterator[Warned]:
    """An operator in small letters, or in Swedish, between two parts: it is looked for as a word."""
    for number, token in enumerate(typed.tokens[:-2]):
        run = typed.run(token) if token.leaf is not None else ""
        meant = run.upper() if _NEAR.fullmatch(run) else MEANT.get(run.casefold())
        if not meant or run in OPERATORS or (number == 0 and meant != "NOT"):
            continue
        yield Warned(
            code="operator-as-word",
            column=token.start + 1,
            text=_("{word} is read as a word to look for").format(word=run),
            hint=_('Write {operator} if that is meant, else "{word}" in quotation marks.').format(
                operator=meant, word=run
            ),
        )


def odd_signs(typed: Typed) -> Iterator[Warned]:
    """Signs that other search engines read and this one does not, and a dash that excludes."""
    for token in typed.tokens:
        if token.kind == "NOT" and typed.text[token.start] in "–−":
            yield Warned(
                code="dash",
                column=token.start + 1,
                text=_("a long dash before a word excludes it"),
                hint=_("Write - or NOT if that is meant, else put the text in quotation marks."),
            )
        if token.leaf is None or typed.text[token.start] in QUOTES:
            continue
        run = typed.run(token)
        sign = next((char for char in run if char in "|&"), "") or run[0] * (run[0] in "+" + _SINGLE)
        if sign:
            yield Warned(
                code="sign",
                column=token.start + 1,
                text=_("{sign} is not read").format(sign=sign),
                hint=_('Use AND, OR and "quotation marks"; words that are joined by a sign are looked for in a row.'),
            )


def odd_letters(typed: Typed) -> Iterator[Warned]:
    """Letters that look like others: the word as most people type it is not found."""
    for at, char in enumerate(typed.text):
        if unicodedata.category(char) == "Cf" and char not in _JOINERS:
            yield Warned(
                code="invisible",
                column=at + 1,
                text=_("an invisible character, {name}").format(name=f"U+{ord(char):04X}"),
                hint=_("Type the word anew instead of pasting it."),
            )
    for word in words(typed.text):
        letters = typed.text[word.start : word.end]
        scripts = {
            name.partition(" ")[0] for char in letters if (name := unicodedata.name(char, "")) and char.isalpha()
        }
        mixed = len(scripts & {"LATIN", "CYRILLIC", "GREEK"}) > 1
        if mixed or unicodedata.normalize("NFKC", letters) != letters:
            yield Warned(
                code="letters",
                column=word.start + 1,
                text=_("{word} holds letters that look like others").format(word=letters),
                hint=_("Type the word anew instead of pasting it."),
            )
