"""The grammar of the phrase files, and finding a file's phrases in a folded text.

A line is a phrase: words that follow each other in one sentence.

    word        that word; `ö`, `ä` and `å` also without their marks, and any letter also starred out (`h*ra`)
    stem*       with any ending; `*stem` with any beginning
    a|b_c       any of these; `_` is a space
    word?       may be left out
    ..          up to three other words, `...` up to eight
    {you}       the words or pattern that a line `{you} = dig er` defines, here or in the language's shared.txt
    not: …      a trap: where this phrase stands, nothing is found
    # …         a remark
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import product
from string import ascii_lowercase
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from listener.lexicons.spans import Span, joined, touches

LANGUAGES = ("sv", "en")
NAMES = ("threat", "insult", "incitement", "doxxing")
NEGATIONS = {
    "sv": "inte|aldrig|ingen|inga|knappast|icke|ej",
    "en": "not|never|no_one|nobody|dont|don't|won't|wont|didn't|didnt|isn't|aren't|wouldn't|hardly",
}
TELLING = 2  # letters; a shorter word stands in every text
_SPACE = r"(?:[^\w.!?\n]|\.\.+){1,5}"
_GAPS = {dots: rf"(?:\w+(?:['’]\w+)?{_SPACE}){{0,{most}}}" for dots, most in (("..", 3), ("...", 8))}
_LETTERS = {letter: f"[{letter}*]" for letter in ascii_lowercase} | {
    "ö": "[öo*]",
    "ä": "[äa*]",
    "å": "[åa*]",
    "'": "['’]?",
}
_ANY = r"\w*"
_WORDS = re.compile(r"[\s|_]+")
_STARRED = re.compile(r"\w\*+\w")
_PLAIN = {"ö": "öo", "ä": "äa", "å": "åa"}


class Phrase(NamedTuple):
    """One line of a file. Of each of `anchors` one stands in whatever `source` finds, the first in the fewest texts.

    `negated` when it has a "not" itself.
    """

    kind: str
    language: str
    source: str
    anchors: tuple[tuple[str, ...], ...]
    trap: bool
    negated: bool

    def finds(self, folded: str) -> list[Span]:
        return [found.span() for found in _compiled(self.source).finditer(folded)]


class Phrases:
    """Every phrase of every kind and language, looked for at once."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self._phrases = tuple(phrases)
        every = dict.fromkeys(anchor for phrase in phrases for group in phrase.anchors for anchor in group)
        row = {anchor: at for at, anchor in enumerate(every)}
        self._owners: list[list[int]] = [[] for _ in row]
        for number, phrase in enumerate(self._phrases):
            for anchor in phrase.anchors[0]:
                self._owners[row[anchor]].append(number)
        self._others = [[{row[anchor] for anchor in group} for group in phrase.anchors[1:]] for phrase in phrases]
        self._finder = AhoCorasick(list(every), matchkind=MatchKind.Standard)

    def find(self, folded: str) -> list[tuple[str, Span]]:
        """Kind and place of the phrases in a folded text, traps and negations left out.

        A trap keeps off the phrases of its own kind and language only.
        """
        likely: dict[tuple[str, str], list[Phrase]] = {}
        for number in self._likely(folded):
            phrase = self._phrases[number]
            likely.setdefault((phrase.kind, phrase.language), []).append(phrase)
        return [(kind, span) for (kind, _language), phrases in likely.items() for span in _standing(phrases, folded)]

    def _likely(self, folded: str) -> Iterable[int]:
        """Those phrases whose needed letters are all in the text; all of them when letters are starred out."""
        if _STARRED.search(folded):
            return range(len(self._phrases))
        rows = {row for row, _start, _end in self._finder.find_matches_as_indexes(folded, overlapping=True)}
        first = {number for row in rows for number in self._owners[row]}
        return sorted(number for number in first if not any(map(rows.isdisjoint, self._others[number])))


def _standing(phrases: Sequence[Phrase], folded: str) -> list[Span]:
    """Where phrases of one kind and language stand in the text, outside their traps and not negated."""
    if all(phrase.trap for phrase in phrases):
        return []
    found = [(span, phrase) for phrase in phrases if not phrase.trap for span in phrase.finds(folded)]
    traps = joined(span for phrase in phrases if phrase.trap and found for span in phrase.finds(folded))
    return [
        span
        for span, phrase in found
        if not touches(span, traps) and (phrase.negated or not _is_negated(phrase.language, folded, *span))
    ]


def _is_negated(language: str, folded: str, start: int, end: int) -> bool:
    inside, before, behind = _negations(language)
    return bool(
        behind.match(folded, end)
        or before.search(folded[max(0, start - 40) : start])
        or inside.search(folded, start, end)
    )


@cache
def _negations(language: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """A negation inside a phrase, up to one word before its start, right behind its end."""
    word = f"(?<!\\w)(?:{'|'.join(map(_spelled, NEGATIONS[language].split('|')))})(?!\\w)"
    return re.compile(word), re.compile(rf"{word}{_SPACE}(?:\w+{_SPACE})?$"), re.compile(rf"\s+{word}")


@cache  # most are never needed: compiling all of them would take a fifth of a second
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source)


@cache
def load_phrases() -> Phrases:
    """Every phrase of the package. Raises ValueError when a line has no word that must be there."""
    return Phrases([phrase for kind in NAMES for language in LANGUAGES for phrase in _load(kind, language)])


def _load(kind: str, language: str) -> Iterator[Phrase]:
    folder = files("listener.lexicons") / language
    lines = [line for name in ("shared", kind) for line in _lines((folder / f"{name}.txt").read_text(encoding="utf-8"))]
    classes = dict(_class(line) for line in lines if line.startswith("{") and "} = " in line)
    for line in lines:
        if not (line.startswith("{") and "} = " in line):
            yield read_phrase(line, classes, kind, language)


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        kept = line.partition("#")[0].strip()
        if kept:
            yield kept


def _class(line: str) -> tuple[str, str]:
    name, _equals, body = line.partition("} = ")
    return name[1:], body if body.startswith("re:") else "|".join(body.split())


def read_phrase(line: str, classes: Mapping[str, str], kind: str, language: str) -> Phrase:
    """One line of a phrase file. Raises ValueError when no word of it must be there, KeyError for an unknown class."""
    pattern, anchors = "", []
    for token in line.removeprefix("not:").split():
        if token in _GAPS:
            pattern += _GAPS[token]
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
    best, *others = sorted(anchors, key=lambda words: sum(8.0 ** -len(word) for word in words))
    needed_too = (words for words in others if min(map(len, words)) >= TELLING)
    return Phrase(kind, language, pattern, (best, *needed_too), line.startswith("not:"), negated)


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
