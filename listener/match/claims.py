"""How strongly one reading, of a name or of a handle, speaks under our name; the same scale for both."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from listener.match.marks import Mark, MarkKind, plain_words
from listener.match.reading import LINKING, Reading
from listener.match.vocabulary import Kind
from listener.text.fold import spelled, stem
from listener.text.skeleton import Swap


class Hit(NamedTuple):
    """How strongly a feature fired, 0..1, and the sentence that says why, with both values in it."""

    strength: float
    detail: str


# What an equal name tells, by the kind of name it equals: the place alone is borne by many.
EQUAL = {
    MarkKind.NAME: 1.0,
    MarkKind.HANDLE: 0.95,
    MarkKind.UNIT: 0.9,
    MarkKind.DISPLAY: 0.95,
    MarkKind.CORE: 0.3,
    MarkKind.INITIALS: 0.35,
}
LONE_UNIT_WORD = 0.5  # every town has a "Stadsbiblioteket"


def purity(reading: Reading) -> float:
    """Share of the letters that are known and not someone else's, 0..1; unknown letters count half against it."""
    size = len(reading.key.letters) or 1
    foreign = sum(len(word.text) for word in reading.of(Kind.THIRD_PARTY, Kind.SIBLING))
    unknown = sum(len(piece) for piece in reading.unknown if not piece.isdigit())
    return max(0.0, 1.0 - (foreign + 0.5 * unknown) / size)


def equals(reading: Reading, label: str) -> Hit | None:
    """Equal to one of our names, case, marks, space and punctuation aside."""
    if not reading.equal or reading.sibling:
        return None
    mark = best_equal(reading)
    strength = EQUAL[mark.kind]
    if mark.kind is MarkKind.UNIT and len(mark.words) == 1 and reading.of(Kind.UNIT_WORD):
        strength = LONE_UNIT_WORD
    if len(reading.key.letters) <= 2:
        strength = 0.3
    verb = "has the initials of" if mark.kind is MarkKind.INITIALS else "equals"
    if odd_beside(reading, mark):
        verb = "reads as"  # equal to the eye alone
    return Hit(strength, f"{label} {reading.key.text!r} {verb} our {mark.text!r}")


def best_equal(reading: Reading) -> Mark:
    """The most telling of the names that a reading equals."""
    return max(reading.equal, key=lambda mark: EQUAL[mark.kind])


def odd_beside(reading: Reading, mark: Mark) -> tuple[Swap, ...]:
    """The characters of a reading that are not what they seem and that `mark` does not itself have."""
    return tuple(swap for swap in reading.key.odd if swap.char not in mark.text)


DISGUISED = 0.9  # a swapped character in our place or name, or in the word beside it: nobody writes so by chance


def looks(reading: Reading, label: str) -> Hit | None:
    """Equal only to the eye: digits for letters, l for i, rn for m."""
    mark = reading.looks
    if mark is None or reading.sibling or len(reading.key.letters) < 4:
        return None
    swap = reading.swaps or swapped(reading.key.letters, mark)
    strength = max(EQUAL[mark.kind], DISGUISED if reading.swaps else 0.0)
    return Hit(strength, f"{label} {reading.key.text!r} reads like {mark.text!r}: {swap}")


def swapped(letters: str, mark: Mark) -> str:
    """Which characters stand for which: "'0' for 'o'"; letter pairs as a whole."""
    for form in mark.letters:
        if len(form) == len(letters):
            pairs = dict.fromkeys((a, b) for a, b in zip(letters, form, strict=True) if a != b)
            return ", ".join(f"{a!r} for {b!r}" for a, b in pairs)
    return f"{letters!r} for {mark.letters[0]!r}"


def _length(form: str) -> float:
    """A letter off in a long name is no other word: up to two fifths more from eight letters on."""
    return 1.0 + min(0.4, 0.05 * max(0, len(form) - 8))


OTHER_START = 0.6  # a word is known by how it begins: `trevia` is not read as `brevia`
PASSES = 0.92  # a letter dropped, doubled or swapped: read over
TWO_READINGS = 6  # letters
# Beside a word of authority or for a part of an organisation the place counts with its letters swapped or doubled;
# with one dropped or put in it is most often another place.
CORE_IN_COMPANY = 0.8
LONG = 8  # letters
SHORT_CORE = 0.6  # what sets the name apart from our others is so short that a letter makes it another word
TWO_EDITS = 10  # letters of a name of which two may differ


def near(reading: Reading, label: str) -> Hit | None:
    """One letter from a name of five letters, two from one of ten; a letter dropped, doubled or swapped tells most."""
    if reading.near is None or reading.sibling:
        return None
    mark, distance, letters = reading.near
    form = min(mark.letters, key=lambda text: abs(len(text) - len(letters)))
    passes = slip(letters, form)
    told = EQUAL[mark.kind]
    if mark.kind is MarkKind.CORE and _twisted(letters, form) and reading.of(Kind.AUTHORITY, Kind.UNIT_WORD):
        told = CORE_IN_COMPANY
    if letters != reading.key.letters and len(form) < LONG and not _twisted(letters, form):
        told *= SHORT_CORE
    strength = told * passes * (1.0 if distance == 1 else 0.85) * _length(form)
    own = len(form) - sum(len(word.text) for word in reading.of(Kind.CORE, Kind.AUTHORITY))
    if passes < PASSES and mark.kind in (MarkKind.HANDLE, MarkKind.UNIT):
        strength *= SHORT_CORE if 0 < own <= TWO_READINGS else 1.0
    spelled = letters.strip("0123456789")
    if distance > 1 and mark.kind is MarkKind.NAME and reading.of(Kind.AUTHORITY) and not _twisted(spelled, form):
        strength *= SHORT_CORE if 0 < own < TWO_EDITS else 1.0  # two letters of a short place make it another place
    detail = f"{label} {reading.key.text!r} is {distance} letter{'s' * (distance > 1)} from {mark.text!r}"
    return Hit(strength, detail)


# How often squatters and how often honest neighbours differ so, on labelled names that are all a letter or two from
# another one (docs/explanation/matching.md): swaps and doubled letters are squatters', numbers, endings and first
# letters neighbours'.
SWAPPED, DOUBLED, DROPPED, PUT_IN, ENDING, ANOTHER, FIRST, NUMBER = 0.95, 0.92, 0.92, 0.85, 0.8, 0.8, 0.65, 0.5
BENT = 0.91  # the same word in another form: `verk` for `verket`


def slip(letters: str, form: str) -> float:
    """How well the difference passes for ours: what is read over passes, another number, ending or start does not."""
    if sorted(letters) == sorted(form):
        return SWAPPED
    if _undoubled(letters) == _undoubled(form):
        return DOUBLED
    if letters.strip("0123456789") == form.strip("0123456789"):
        return NUMBER
    if letters[1:] == form[1:] or letters[1:] == form or letters == form[1:]:
        return FIRST
    if letters.startswith(form) or form.startswith(letters):
        return BENT if len(form) >= LONG and stem(letters) == stem(form) else ENDING
    if len(letters) == len(form):
        return ANOTHER
    return DROPPED if len(letters) < len(form) else PUT_IN


def _twisted(letters: str, form: str) -> bool:
    return sorted(letters) == sorted(form) or _undoubled(letters) == _undoubled(form)


def _undoubled(letters: str) -> str:
    return "".join(a for a, b in zip(letters, letters[1:] + " ", strict=True) if a != b)


def holds_name(reading: Reading, label: str) -> Hit | None:
    """Our whole name among other words."""
    words = reading.of(Kind.NAME)
    if not words or reading.equal or (reading.sibling and not reading.of(Kind.AUTHORITY)):
        return None
    word = max(words, key=lambda found: len(found.text))
    if len(word.text) < 4:
        return Hit(0.35 * purity(reading), f"{label} {reading.key.text!r} holds our short name {called(word.mark)!r}")
    return Hit(purity(reading), f"{label} {reading.key.text!r} holds our name {called(word.mark)!r}")


INITIALS_IN_COMPANY = 0.7  # "msi official": others have these initials too


def place_authority(reading: Reading, label: str) -> Hit | None:
    """Our place beside a word of authority: `orebro` and `official`."""
    cores = reading.of(Kind.CORE)
    short = [word for word in reading.of(Kind.INITIALS) if not word.unit_kind]
    authority = reading.of(Kind.AUTHORITY)
    if not (cores or short) or not authority or reading.sibling or reading.equal:
        return None
    said, ours = spelled(reading.key.text, authority[0].text), called((cores or short)[0].mark)
    detail = f"{label} {reading.key.text!r} puts {said!r} beside our {ours!r}"
    return Hit(purity(reading) * (1.0 if cores else INITIALS_IN_COMPANY), detail)


def unit_place(reading: Reading, label: str) -> Hit | None:
    """Our place or name beside a word for a part of an organisation, or one of our units' names: `orebro bibliotek`."""
    ours = reading.of(Kind.CORE, Kind.NAME)
    units = reading.of(Kind.UNIT, Kind.UNIT_WORD) or [w for w in reading.of(Kind.INITIALS) if w.unit_kind]
    if not ours or not units or reading.sibling or reading.equal:
        return None
    said = spelled(reading.key.text, units[0].text)
    detail = f"{label} {reading.key.text!r} puts the unit word {said!r} beside our {called(ours[0].mark)!r}"
    return Hit(purity(reading), detail)


def holds_unit(reading: Reading, label: str) -> Hit | None:
    """One of our units' names among other words."""
    words = reading.of(Kind.UNIT)
    if not words or reading.sibling or reading.equal:
        return None
    word = max(words, key=lambda found: len(found.text))
    return Hit(
        purity(reading) * min(1.0, len(word.text) / 10),
        f"{label} {reading.key.text!r} holds our unit {called(word.mark)!r}",
    )


AFFIXES = {"official", "officiell", "officiella", "real", "help", "support", "kundtjanst", "kundservice"}


def affixed(reading: Reading) -> bool:
    """Whether a name is our whole name and only words like `official` and `support`, which pretenders add."""
    rest = [found.word.text for found in reading.words if found.word.kind is not Kind.NAME]
    return bool(rest and reading.of(Kind.NAME)) and not reading.unknown and AFFIXES.issuperset(rest)


def in_other_order(reading: Reading, names: tuple[str, ...]) -> bool:
    """Whether a name is all the words of one of `names`, and only they, turned round or in another form.

    Such are `Kommun Almby`, `Almbys kommun` and `Kommunen i Almby` of Almby kommun.
    """
    held = [found.word for found in reading.words if found.word.text not in LINKING]
    if {word.kind for word in held} != {Kind.CORE, Kind.AUTHORITY} or not LINKING.issuperset(reading.unknown):
        return False
    said = _roots(text for word in held for text in (word.mark.words if word.mark else (word.text,)))
    return any(said == _roots(plain_words(name)) for name in names)


def _roots(words: Iterable[str]) -> list[str]:
    """The words without their endings, `kommunen` as `kommun`, in alphabetical order."""
    return sorted(stem(stem(word)) for word in words if word not in LINKING)


def called(mark: Mark | None) -> str:
    """One of our names as written."""
    return mark.text if mark else ""
