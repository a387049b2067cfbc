"""What else stands in a label that holds our name, and what that makes of it."""

from __future__ import annotations

from functools import lru_cache

from listener.match.hosts import SHORTEST, Label, Own, runs
from listener.match.vocabulary import sibling_names
from listener.organisation import Organisation
from listener.text.fold import compact, forms
from listener.words.claims import AUTHORITY, NOISE, THIRD_PARTY
from listener.words.everyday import EVERYDAY
from listener.words.lures import ENDINGS, LURES, OF_A_PLACE, SOFT
from listener.words.units import unit_words

_TITLES = ("kommun", "kommuns", "skommun", "stad", "sstad")
DISTINCT = 7  # letters from which a name stands out inside other words
TELLING = 4  # letters of a word that is known where no hyphen bounds it: `komvux`, not `e`
KNOWN = 0.95  # beside nothing but words that lure, claim authority or say nothing
BOUNDED = 0.92  # between hyphens, beside anything
CLAIMED = 0.78  # a place's name beside a word that lures or claims, and more
ANOTHER = 0.5  # our name runs on into another word, `novacart` for novacar, or is an everyday word itself
TRADE, PEOPLE, PLACE_BOUNDED, PLACE_RUN_ON = 0.3, 0.15, 0.5, 0.4  # a place's name in the names of others


class Beside:
    """The words that may stand beside our names in host names; built once."""

    def __init__(self, organisation: Organisation, ours: frozenset[str]) -> None:
        units = unit_words(organisation.languages, organisation.unit_words)
        self.claiming = frozenset({*AUTHORITY, *LURES, *map(compact, units)}) - ours
        self._known = self.claiming | NOISE | ENDINGS
        others = {form for name in sibling_names(organisation) for form in forms(name) if len(form) >= SHORTEST} - ours
        self._others = frozenset(others | {form + title for form in others for title in _TITLES}) - ours
        trades = frozenset(map(compact, THIRD_PARTY)) - AUTHORITY
        self._hard = self.claiming - SOFT - trades
        self._telling = tuple(word for word in self._hard if len(word) > TELLING)
        self._trades = tuple(word for word in trades - self._hard if len(word) >= TELLING)

    def firmly(self, label: Label, own: Own) -> float:
        """0..1, for a label that holds the name among other letters; 0 when it stands in another word."""
        left, _own, right = label.letters.partition(own.label)
        rest = [text for text in (left, right) if text]
        known = all(cut(text, self._known) for text in rest)
        bounded = own.label in runs(label.pieces)
        if own.place:
            inside = bool(left and right) and len(own.label) < DISTINCT - 1
            return 0.0 if inside and not (known or bounded) else self._place(rest, known, bounded)
        if own.joined:
            return 0.9 if bounded or (not left and right.isdigit()) else 0.0
        if known or bounded:
            return KNOWN if known else BOUNDED
        if any(own.label in piece and piece in EVERYDAY for piece in label.pieces):
            return 0.0
        if own.label in EVERYDAY or (len(left + right) < 3 and self.another_word(label.letters, own.label)):
            return ANOTHER
        return _run_on(len(own.label), left, right)

    def _place(self, rest: list[str], known: bool, bounded: bool) -> float:
        """A place's name is in the names of its people, clubs and shops; beside what claims authority it is ours."""
        if all(cut(text, self._hard) for text in rest):
            return KNOWN
        if any(text.startswith(self._trades) or text.endswith(self._trades) for text in rest):
            return TRADE
        if not bounded and all(cut(text, OF_A_PLACE) for text in rest):
            return PEOPLE
        if any(text.startswith(self._telling) or text.endswith(self._telling) for text in rest):
            return KNOWN if known else CLAIMED
        return PLACE_BOUNDED if bounded else PLACE_RUN_ON

    def core(self, letters: str) -> tuple[str, ...]:
        """A label without the known words at its left, its right and both ends; those that leave a name's length."""
        left = next((n for n in range(len(letters) - SHORTEST, 1, -1) if letters[:n] in self._known), 0)
        right = next((n for n in range(left + SHORTEST, len(letters) - 1) if letters[n:] in self._known), len(letters))
        found = (letters[left:], letters[:right], letters[left:right])
        return tuple(text for text in dict.fromkeys(found) if text != letters)

    def of_another(self, letters: str, own: Own) -> bool:
        """Whether a label bears the name of someone we know of, who is not us: `lysekilkommun`, beside our `kil`."""
        sizes = range(SHORTEST, len(letters) + 1)
        held = {letters[n : n + size] for size in sizes for n in range(len(letters) - size + 1)} & self._others
        alone = own.label not in letters
        return any(own.label in name or (alone and len(name) >= len(own.core)) for name in held)

    def is_name(self, text: str) -> bool:
        """Whether a text is more than words that everyone may use: `tallbackaskolan`, not `stadsbiblioteket`."""
        return not (text in self._known or cut(text, self._known) or _is_word(text))

    def another_word(self, text: str, ours: str) -> bool:
        """Whether a slip of our name is a word: `novapark` beside `novabark`, or one we know."""
        if text in self._known or _is_word(text):
            return True
        for size in range(2, min(len(text), len(ours)) - 2):
            if text[:size] == ours[:size] and _is_word(text[size:]) and _is_word(ours[size:]):
                return True
            if text[-size:] == ours[-size:] and _is_word(text[:-size]) and _is_word(ours[:-size]):
                return True
        return False


def _is_word(text: str) -> bool:
    """Whether a text is an everyday word, or the English plural of one."""
    return (
        text in EVERYDAY or text.removesuffix("s") in EVERYDAY or (text.endswith("ies") and text[:-3] + "y" in EVERYDAY)
    )


def _run_on(size: int, left: str, right: str) -> float:
    """A name that runs on into unknown letters: at an edge it is read, inside only when it is long."""
    if left and right:
        return 0.8 if size >= DISTINCT else 0.6 if size > SHORTEST else 0.0
    if size > SHORTEST:
        return 0.88 if size >= DISTINCT else 0.8
    return 0.72 if len(left + right) > 2 else 0.5


@lru_cache(maxsize=8192)
def cut(text: str, words: frozenset[str]) -> bool:
    """Whether a text is nothing but words of two letters or more, and digits."""
    reached = [True]
    for end in range(1, len(text) + 1):
        starts = (start for start in range(max(0, end - 16), end) if reached[start])
        reached.append(any(_fits(text[start:end], words) for start in starts))
    return reached[-1]


def _fits(piece: str, words: frozenset[str]) -> bool:
    return (len(piece) > 1 and piece in words) or piece.isdigit()
