"""Profile pictures compared with our logos: of each only the likeness is kept, and what cannot be seen is unknown."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from listener.logos import Likeness, LogoError, Look, load_references

if TYPE_CHECKING:
    from listener.logos.references import References

REMEMBERED = 20_000  # pictures whose likeness is kept, so that one that many accounts bear is opened once

Fetch = Callable[[str], bytes | None]  # an address -> the picture's bytes, None when it could not be looked at


class Avatars:
    """Compares accounts' pictures with `logos`, the paths of our own.

    With a `fetch` only addresses are looked at, since what strangers write is no name of a file of ours; without one,
    in a filter, only files on this machine. Without logos, or without the extra `logos`, every picture is unknown.
    """

    def __init__(self, logos: Iterable[str] = (), fetch: Fetch | None = None) -> None:
        self.logos = tuple(logos)
        self._fetch = fetch
        self._known: dict[str, Likeness | None] = {}
        self.hashes: dict[str, str] = {}  # SHA-256 of what was fetched, by address: the picture itself is thrown away
        self.looks: dict[str, Look | None] = {}  # what it looks like, by address
        self.trouble = ""  # why our own logos could not be read

    @cached_property
    def references(self) -> References | None:
        """Our logos, ready to compare with; None when there are none, or `trouble` says why they cannot be read."""
        if not self.logos:
            return None
        try:
            return load_references(self.logos)
        except LogoError as wrong:
            self.trouble = str(wrong)
        except ImportError:
            from listener.logos.drawing import MISSING

            self.trouble = MISSING
        return None

    @property
    def looked(self) -> tuple[int, int]:
        """How many pictures were compared, and how many could not be opened."""
        seen = sum(likeness is not None for likeness in self._known.values())
        return seen, len(self._known) - seen

    def can_look(self, avatar: str | None) -> bool:
        """Whether there is a picture, something to compare it with, and a way to open it."""
        if not avatar or not self.logos:
            return False
        return self.at_hand(avatar) or (self._fetch is not None and "://" in avatar)

    def at_hand(self, avatar: str | None) -> bool:
        """Whether a look costs no request: a file on this machine, or a picture that was seen before."""
        return bool(avatar) and (avatar in self._known or (self._fetch is None and "://" not in str(avatar)))

    def likeness(self, avatar: str | None) -> Likeness | None:
        """Which of our logos the picture resembles most, and how much; None when that cannot be known."""
        if not avatar or self.references is None:
            return None
        if avatar not in self._known:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
                self.hashes.clear()
                self.looks.clear()
            self._known[avatar] = self._look(avatar, self.references)
        return self._known[avatar]

    def _look(self, avatar: str, references: References) -> Likeness | None:
        from listener.logos.looks import look_of
        from listener.logos.opening import open_picture

        source: Path | bytes | None = None
        if self._fetch is None:
            source = Path(avatar) if "://" not in avatar else None
        elif "://" in avatar:
            source = self._fetch(avatar)
            if isinstance(source, bytes):
                self.hashes[avatar] = hashlib.sha256(source).hexdigest()
        if source is None:
            return None
        try:
            picture = open_picture(source, avatar[:200])
            if avatar in self.hashes:
                self.looks[avatar] = look_of(picture)
            return references.compare(picture)
        except LogoError:  # a stranger's broken picture says nothing
            return None


def trouble_with(logo: str) -> str:
    """Why this file cannot be compared with; empty when it can."""
    from listener.logos.opening import open_picture

    try:
        open_picture(Path(logo))
    except LogoError as wrong:
        return str(wrong)
    return ""
