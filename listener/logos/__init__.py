"""Which of an organisation's logos a picture carries, and how sure that is; only logos are compared, no faces."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from listener.errors import ListenerError

if TYPE_CHECKING:
    from listener.logos.references import References


class LogoError(ListenerError):
    """A picture cannot be read as a picture; the message names it and says why."""


@dataclass(frozen=True)
class Likeness:
    """The logo that a picture resembles most.

    `reference` is the name given to `load_references`, None when nothing resembles; `score` runs from 0 to 1; `how`
    says in one word how the logo is carried: whole, part, pasted, recoloured, rotated, mirrored.
    """

    reference: str | None
    score: float
    how: str | None


@dataclass(frozen=True)
class Look:
    """What a picture looks like, to meet its copies: 32 bytes of its lines, 48 of its colours (see looks.py)."""

    lines: bytes
    colours: bytes


def load_references(paths: Iterable[str | Path]) -> References:
    """Fingerprints of the logos in these files, computed once; LogoError names a file that cannot be read."""
    from listener.logos.references import References

    return References.load(paths)
