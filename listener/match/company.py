"""Companies that a municipality owns, told by the form of their names: neither we nor impostors."""

from __future__ import annotations

from collections.abc import Sequence

from listener.match.reading import Found
from listener.match.vocabulary import Kind
from listener.text.fold import compact
from listener.words.claims import BESIDE_UNITS
from listener.words.companies import ALONE, COMPANY, LIMITED

_COMPANY = frozenset(map(compact, COMPANY))


def company(words: Sequence[Found], unknown: Sequence[str]) -> str | None:
    """The word that makes a name a company's: `ab` of Almby Stads Parkerings AB, `energi` of Almby Energi.

    A unit that listener.toml or the register lists under such a name stays a unit.
    """
    kinds = {found.word.kind for found in words}
    if not kinds & {Kind.CORE, Kind.NAME} or kinds & {Kind.UNIT, Kind.SIBLING}:
        return None
    texts = [found.word.text for found in words]
    other = [found for found in words if found.word.kind not in (Kind.CORE, Kind.NAME, Kind.AUTHORITY)]
    limited = next((text for text in texts if text in LIMITED), None)
    if limited and (len(other) > 1 or any(len(piece) > 2 for piece in unknown)):
        return limited
    if Kind.NAME in kinds or Kind.AUTHORITY in kinds:
        return None
    if len(words) == 2 and not unknown and texts[1] in ALONE:
        return texts[1]
    ours = BESIDE_UNITS if Kind.UNIT_WORD in kinds else ()
    return next((text for text in texts if text in _COMPANY and text not in ours), None)
