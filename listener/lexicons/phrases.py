"""The grammar of the phrase files, and finding a file's phrases in a folded text.

A line is a phrase: words that follow each other in one sentence.

    word        that word; `ö`, `ä` and `å` also without their marks, and a vowel also starred out (`h*ra`)
    stem*       with any ending; `*stem` with any beginning
    a|b_c       any of these; `_` is a space
    word?       may be left out
    ..          up to three other words
    {you}       the words or pattern that a line `{you} = dig er` defines, here or in the language's shared.txt
    not: …      a trap: where this phrase stands, nothing is found
    # …         a remark
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import product
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from listener.lexicons.spans import Span, joined, touches

LANGUAGES = ("sv", "en")
NAMES = ("threat", "insult", "incitement", "doxxing")
NEGATIONS = {
    "sv": "inte|aldrig|ingen|inga|knappast|icke|ej",
    "en": "not|never|no_one|nobody|dont|don't|won't|wont|didn't|didnt|isn't|aren't|wouldn't|hardly",
}
_SPACE = r"(?:[^\w.!?\n]|\.\.+){1,5}"
_GAP = rf"(?:\w+(?:['’]\w+)?{_SPACE}){{0,3}}"
_LETTERS = {letter: f"[{letter}*]" for letter in "aeiouy"} | {"ö": "[öo*]", "ä": "[äa*]", "å": "[åa*]", "'": "['’]?"}
_ANY = r"\w*"
_WORDS = re.compile(r"[\s|_]+")
_STARRED = re.compile(r"\w\*+\w")
_PLAIN = {"ö": "öo", "ä": "äa", "å": "åa"}


class Phrase(NamedTuple):
    """One line: what it looks for, letters of which one must be there, whether it is a trap or speaks of a "not"."""

    source: str
    anchors: tuple[str, ...]
    trap: bool
    negated: bool

    def finds(self, folded: str) -> list[Span]:
        return [found.span() for found in _compiled(self.source).finditer(folded)]


class Lexicon:
    """The phrases of one kind in one language."""

    def __init__(self, kind: str, language: str, phrases: tuple[Phrase, ...]) -> None:
        self.kind = kind
        self.language = language
        self.phrases = phrases
        owners: dict[str, list[int]] = {}
        for number, phrase in enumerate(phrases):
            for anchor in phrase.anchors:
                owners.setdefault(anchor, []).append(number)
        self._owners = list(owners.values())
        self._finder = AhoCorasick(list(owners), matchkind=MatchKind.Standard)
        negation = f"(?:{'|'.join(map(_spelled, NEGATIONS[language].split('|')))})"
        self._negation = re.compile(rf"(?<!\w){negation}(?!\w)")
        self._just_behind = re.compile(rf"\s+{negation}(?!\w)")
        self._just_before = re.compile(rf"(?<!\w){negation}{_SPACE}(?:\w+{_SPACE})?$")

    def find(self, folded: str) -> list[Span]:
        """Where in a folded text its phrases stand, traps and negations left out."""
        likely = self._likely(folded)
        if all(phrase.trap for phrase in likely):
            return []
        found = [(span, phrase) for phrase in likely if not phrase.trap for span in phrase.finds(folded)]
        traps = joined(span for phrase in likely if phrase.trap and found for span in phrase.finds(folded))
        return [
            span
            for span, phrase in found
            if not touches(span, traps) and (phrase.negated or not self._is_negated(folded, *span))
        ]

    def _likely(self, folded: str) -> list[Phrase]:
        if _STARRED.search(folded):
            return list(self.phrases)
        rows = {row for row, _start, _end in self._finder.find_matches_as_indexes(folded, overlapping=True)}
        return [self.phrases[number] for number in sorted({number for row in rows for number in self._owners[row]})]

    def _is_negated(self, folded: str, start: int, end: int) -> bool:
        around = self._just_behind.match(folded, end) or self._just_before.search(folded[max(0, start - 40) : start])
        return bool(around or self._negation.search(folded, start, end))


@cache  # most are never needed: compiling all of them would take a fifth of a second
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source)


@cache
def load_lexicons() -> tuple[Lexicon, ...]:
    """Every lexicon of the package. Raises ValueError when a line has no word that must be there."""
    return tuple(_load(kind, language) for kind in NAMES for language in LANGUAGES)


def _load(kind: str, language: str) -> Lexicon:
    folder = files("listener.lexicons") / language
    lines = [line for name in ("shared", kind) for line in _lines((folder / f"{name}.txt").read_text(encoding="utf-8"))]
    classes = dict(_class(line) for line in lines if line.startswith("{") and "} = " in line)
    rows = [line for line in lines if not (line.startswith("{") and "} = " in line)]
    return Lexicon(kind, language, tuple(read_phrase(line, classes, language) for line in rows))


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        kept = line.partition("#")[0].strip()
        if kept:
            yield kept


def _class(line: str) -> tuple[str, str]:
    name, _equals, body = line.partition("} = ")
    return name[1:], body if body.startswith("re:") else "|".join(body.split())


def read_phrase(line: str, classes: Mapping[str, str], language: str) -> Phrase:
    """One line of a phrase file. Raises ValueError when no word of it must be there, KeyError for an unknown class."""
    pattern, anchors = "", []
    for token in line.removeprefix("not:").split():
        if token == "..":
            pattern += _GAP
            continue
        needed, choices = not token.endswith("?"), _choices(token.removesuffix("?"), classes)
        pattern += f"(?:(?:{'|'.join(map(_spelled, choices))}){_SPACE})"
        pattern += "" if needed else "?"
        if needed and not any(choice.startswith("re:") for choice in choices):
            anchors.append(_anchors(choices))
    if not anchors:
        raise ValueError(f"no word of {line!r} must be there")
    last = pattern.rindex(_SPACE)  # behind the last word nothing is needed
    pattern = f"(?<!\\w){pattern[:last]}{pattern[last + len(_SPACE) :]}(?!\\w)"
    negated = bool(set(_WORDS.split(line)) & set(_WORDS.split(NEGATIONS[language])))
    best = max(anchors, key=lambda words: min(map(len, words)))
    return Phrase(pattern, best, line.startswith("not:"), negated)


def _choices(token: str, classes: Mapping[str, str]) -> list[str]:
    """The alternatives of one token, classes written out."""
    choices: list[str] = []
    for choice in token.split("|"):
        body = classes[choice[1:-1]] if choice.startswith("{") else choice
        choices += [body] if body.startswith("re:") else body.split("|")
    return choices


def _spelled(word: str) -> str:
    """One alternative as a pattern."""
    if word.startswith("re:"):
        return word.removeprefix("re:")
    body = "".join(_SPACE if char == "_" else _LETTERS.get(char, re.escape(char)) for char in word.strip("*"))
    return f"{_ANY if word.startswith('*') else ''}{body}{_ANY if word.endswith('*') else ''}"


def _anchors(choices: Sequence[str]) -> tuple[str, ...]:
    """The letters that each alternative cannot do without, in every spelling without marks."""
    longest = [max(re.split("[_']", word.strip("*")), key=len) for word in choices]
    return tuple(
        sorted({"".join(way) for word in longest for way in product(*(_PLAIN.get(char, char) for char in word))})
    )
