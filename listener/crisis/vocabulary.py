"""The words of a post that tell what it is about: no filler, no handle, no address, nobody's name."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from functools import lru_cache

from listener.models import Record
from listener.words.filler import FILLER

SHORTEST = 3
LONGEST_TEXT = 5000  # characters of a post that are read
LONGEST_SHOWN = 30  # letters of a word; few that people write are longer
NAMED = 0.5  # a word that stands with a capital inside a sentence at least this often is a name
MORE_THAN_ONE = 2  # writers who must use a word before it is shown

_LEFT_OUT = re.compile(  # bounded, so that nothing is read twice for long
    r"https?://\S+|www\.\S+|[\w.+-]{1,64}@[\w.-]{1,64}|@[\w.:-]+"
    r"|\b[\w-]{1,63}\.(?:se|nu|com|org|net|example|social)\b"
)
_WORD = re.compile(r"#?[^\W\d_]+(?:-[^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?:…\n\"”»(]\s*$")
# Stripped so that `taket` and `tak`, `skolor` and `skolorna` count as one word; only ever compared, never shown.
_ENDINGS = (
    "arnas", "ernas", "ornas", "arna", "erna", "orna", "anden", "ande", "ens", "ets", "ans", "ing", "ade", "are",
    "en", "et", "ar", "er", "or", "an", "na", "ad", "at", "es", "ed", "s", "t", "a", "e", "n",
)  # fmt: skip
_STEM, _SHORT_STEM = 4, 3
_DEFINITE = frozenset({"en", "et"})


class Vocabulary(Record):
    """What the words of some posts are: how often each stands in how many posts, and how it may be shown.

    `posts` counts the posts behind `counts`; `shown` maps a stem to the form most people write, for those stems that
    may be shown to others at all.
    """

    posts: int
    counts: dict[str, int]
    shown: dict[str, str]


def words(text: str) -> list[tuple[str, bool]]:
    """The words of a text in lower case, each with whether it stands as a name does: a capital inside a sentence."""
    cut = _LEFT_OUT.sub(lambda found: " " * len(found[0]), unicodedata.normalize("NFC", text[:LONGEST_TEXT]))
    found = []
    for match in _WORD.finditer(cut):
        word = match[0].lstrip("#")
        inside = bool(cut[: match.start()].strip()) and not _SENTENCE_END.search(cut[: match.start()][-4:])
        found.append((word.casefold(), inside and word[:1].isupper() and not match[0].startswith("#")))
    return found


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """What the inflections of a word share, roughly; good enough to put posts together."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= (_SHORT_STEM if ending in _DEFINITE else _STEM):
            return word[: -len(ending)]
    return word


def stems(text: str, without: Collection[str] = ()) -> frozenset[str]:
    """The stems a post is compared by; `without` are stems that every post has, such as those of the query."""
    kept = (stem(word) for word, _named in words(text) if len(word) >= SHORTEST and word not in FILLER)
    return frozenset(kept) - frozenset(without)


def read_vocabulary(texts: Iterable[tuple[str, str]], without: Collection[str] = ()) -> Vocabulary:
    """The vocabulary of (text, writer) pairs.

    A stem may be shown when several writers use it and it is not written as a name: topics name no person.
    """
    counts: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    named: Counter[str] = Counter()
    writers: dict[str, set[str]] = defaultdict(set)
    posts = 0
    for text, writer in texts:
        posts += 1
        seen = set()
        for word, as_name in words(text):
            root = stem(word)
            if len(word) < SHORTEST or word in FILLER or root in without:
                continue
            forms[root][word] += 1
            named[root] += as_name
            writers[root].add(writer)
            seen.add(root)
        counts.update(seen)
    shown = {
        root: _cut(max(sorted(spelt), key=lambda form: (spelt[form], -len(form))))
        for root, spelt in forms.items()
        if named[root] < NAMED * spelt.total() and len(writers[root]) >= MORE_THAN_ONE
    }
    return Vocabulary(posts=posts, counts=dict(counts), shown=shown)


def _cut(word: str) -> str:
    return word if len(word) <= LONGEST_SHOWN else word[: LONGEST_SHOWN - 1] + "…"


def common_stems(names: Iterable[str]) -> frozenset[str]:
    """The stems of what every post holds: our names, the words of the query."""
    return frozenset(stem(word) for name in names for word, _named in words(name))
