"""Text folded so that what looks and means the same compares equal."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import chain, product

# A display name has some 50 characters, a bio some 300; what lies beyond cannot be a name and costs time.
LIMIT = 2_000

# Control, format (zero width, bidi), surrogate, private-use and unassigned characters carry no reading.
_SILENT = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_MARKS = re.compile(r"[̀-ͯ]{4,}")  # more than three marks on a letter is decoration
_MARK = re.compile("[\u0300-\u036f]")
_LONG_FORMS = str.maketrans({"å": "aa", "ä": "ae", "ö": "oe", "æ": "ae", "ø": "oe", "é": "e", "ü": "ue"})
_LONG = re.compile(f"([{''.join(map(chr, _LONG_FORMS))}])")
_LETTERS = str.maketrans(
    {"æ": "ae", "ø": "o", "œ": "oe", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "þ": "th", "ı": "i", "ß": "ss", "Æ": "AE"}
    | {"Ø": "O", "Œ": "OE", "Đ": "D", "Ð": "D", "Ł": "L", "Ħ": "H", "Þ": "TH", "ẞ": "SS"}
    # Arabic script: the stretching stroke goes, and letters that Arabic and Persian write in two ways become one.
    | {"\u0640": "", "\u0629": "\u0647", "\u0649": "\u064a", "\u06cc": "\u064a", "\u06a9": "\u0643"}
)

_PLAIN = re.compile("[ -~åäöÅÄÖéÉüÜ]*")  # what lower case alone folds: nearly every text
_USUAL = str.maketrans("åäöÅÄÖéÉüÜ", "aaoAAOeEuU")


def fold(text: str) -> str:
    """Case, width, composition and space folded: NFKC, casefold, silent characters dropped, one space between words.

    At most LIMIT code points are read. `å`, `ä`, `ö` stay what they are: Habo and Håbo are two towns.
    """
    text = text[:LIMIT]
    if _PLAIN.fullmatch(text):
        return " ".join(text.lower().split())
    if not text.isprintable():
        text = audible(" ".join(text.split()))
    if not unicodedata.is_normalized("NFKC", text) or _MARK.search(text):  # no letter has four marks of its own
        text = unicodedata.normalize("NFKC", _MARKS.sub("", unicodedata.normalize("NFKD", text)))
    # Composed again: a small sharp s becomes two letters, the second of which takes the mark.
    return " ".join(unicodedata.normalize("NFKC", text.casefold()).split())


def audible(text: str) -> str:
    """`text` without the characters that show nothing; the white ones among them become a space."""
    if text.isprintable():
        return text
    kept = []
    for char in text:
        if char.isspace():
            kept.append(" ")
        elif unicodedata.category(char) not in _SILENT:
            kept.append(char)
    return "".join(kept)


def unmarked(text: str) -> str:
    """`text` without marks on its letters: `Örebro` as `Orebro`. Case and everything else stay."""
    if text.isascii():
        return text
    usual = text.translate(_USUAL)  # nearly every name with a mark has no other: six times as fast
    if usual.isascii():
        return usual
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_LETTERS)


def compact(text: str) -> str:
    """The letters and digits of folded, unmarked text run together: `Örebro kommun` as `orebrokommun`."""
    return _letters(fold(text))


def spelled(text: str, letters: str) -> str:
    """`letters` as `text` has them, lower-case with their marks: `förskola` for `forskola`; else as they are."""
    if text.isascii():
        return letters
    written = "".join(filter(str.isalnum, unicodedata.normalize("NFC", text).lower()))
    plain = unmarked(written)
    start = plain.find(letters) if len(plain) == len(written) else -1
    return written[start : start + len(letters)] if start >= 0 else letters


def _bare(folded: str) -> str:
    """The letters and digits of folded text, marks and all."""
    bare = folded.replace(" ", "").replace("_", "").replace(".", "").replace(",", "")
    return bare if bare.isalnum() else "".join(filter(str.isalnum, bare))


def _letters(folded: str) -> str:
    return folded if folded.isalnum() and folded.isascii() else _bare(unmarked(folded))


# The short and the long way to write a letter without its mark.
_WAYS = {chr(code): (_letters(chr(code)), long) for code, long in _LONG_FORMS.items()}
_MIXED = 4  # letters with dots or rings; beyond that a name is not written in every mixture of ways


@lru_cache(maxsize=8192)  # the built-in names of others are asked for by every index
def forms(text: str) -> tuple[str, ...]:
    """How a name is written without å, ä and ö, compact, the common way first: `orebro` and `oerebro`.

    A name with several such letters may mix the ways: `Örnsjö` as `ornsjo`, `oernsjoe`, `oernsjo` and `ornsjoe`.
    """
    return folded_forms(fold(text))


def folded_forms(folded: str) -> tuple[str, ...]:
    """`forms` of a text that is folded already."""
    if folded.isascii():
        return (_letters(folded),)
    usual = _PLAIN.fullmatch(folded)
    plain, *rest = _LONG.split(_bare(folded) if usual else folded)
    kept = [plain, *rest[1::2]] if usual else [_letters(piece) for piece in (plain, *rest[1::2])]
    ways = [_WAYS[char] for char in rest[::2]]
    if len(ways) == 1:
        (short, long), (before, after) = ways[0], kept
        return tuple(dict.fromkeys((f"{before}{short}{after}", f"{before}{long}{after}")))
    alike = zip(*ways, strict=True)  # the short way throughout, and the long one
    tried = product(*ways) if len(ways) <= _MIXED else ()
    found = ("".join(chain.from_iterable(zip(kept, (*way, ""), strict=True))) for way in (*alike, *tried))
    return tuple(dict.fromkeys(found)) if ways else (kept[0],)


ENDINGS = ("erna", "arna", "orna", "ets", "ens", "en", "et", "er", "ar", "or", "na", "ns", "n", "t", "a", "e", "s")


@lru_cache(maxsize=65_536)  # a register of 20,000 rows has the same few words over and over, and so have candidates
def stem(word: str) -> str:
    """A compact word without its Swedish or English ending, four letters at least: `verket` and `verk` as `verk`.

    An s before a Swedish article goes too, as it does at a word's end: `kulturhuset` and `kulturhus` as `kulturhu`.
    """
    for ending in ENDINGS if word.endswith(ENDINGS) else ():
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            bare = word[: len(word) - len(ending)]
            return bare[:-1] if ending in ("et", "ets") and len(bare) > 4 and bare.endswith("s") else bare
    return word


def genitive(word: str) -> str:
    """The Swedish genitive: an s, unless the word ends in a sibilant."""
    return word if word.endswith(("s", "x", "z")) else word + "s"
