"""One candidate as the features see it: its readings, its texts folded once, and who it is compared with."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, Generic, TypeVar

import msgspec

from listener.logos import Likeness
from listener.logos.avatars import Avatars
from listener.match.marks import Mark, MarkKind
from listener.match.reading import Overlap, Reading
from listener.models import Account, Entry
from listener.organisation import Organisation
from listener.text.fold import compact, fold

T = TypeVar("T")
NO_AVATARS = Avatars()  # where pictures are not looked at


LONGEST_NAME = 300  # characters; every platform allows fewer, and a reason that quotes more is no longer a sentence


def quotable(account: Account) -> Account:
    """The account with handle and display name cut to what a reason can quote; they are compared by fewer letters."""
    handle, name = account.handle, account.display_name
    if len(handle or "") <= LONGEST_NAME and len(name or "") <= LONGEST_NAME:
        return account
    short = {"handle": handle and handle[:LONGEST_NAME], "display_name": name and name[:LONGEST_NAME]}
    return msgspec.structs.replace(account, **short)


class asked_once(Generic[T]):  # noqa: N801
    """`functools.cached_property` without the lock that Python 3.11 takes at every first look: a view has one user."""

    def __init__(self, look: Callable[[Any], T]) -> None:
        self._look, self._name = look, look.__name__
        self.__doc__ = look.__doc__

    def __get__(self, view: Any, _owner: type[Any]) -> T:
        """The answer, which then stands in the view itself."""
        answer = self._look(view)
        view.__dict__[self._name] = answer
        return answer


class View:
    """What every feature is given; nothing here changes after it is made, and texts are folded when first asked for.

    `candidate` is the account as it came; `account` the same with names that a reason can quote.
    """

    def __init__(
        self,
        account: Account,
        organisation: Organisation,
        name: Reading,
        handle: Reading,
        overlap: Overlap | None = None,
        phrase: tuple[str, int] | None = None,
    ) -> None:
        self.candidate, self.account, self.organisation = account, quotable(account), organisation
        self.name, self.handle, self.overlap, self.phrase = name, handle, overlap, phrase
        self.registered_on: tuple[Entry, ...] = ()  # our accounts on the same platform under the mark's unit
        self.avatars = NO_AVATARS
        self.answers: dict[object, object] = {}  # what `once` remembers

    @property
    def silent(self) -> bool:
        """Whether neither name nor handle holds anything of ours."""
        if self.overlap is not None or self.phrase is not None:
            return False
        return self.name.silent and self.handle.silent

    @property
    def bears_our_place(self) -> bool:
        """Whether name or handle holds the letters of one of our places, if only inside another's name."""
        places = _compact(self.organisation.places)
        return any(place in reading.key.letters for reading in (self.name, self.handle) for place in places)

    @asked_once
    def text(self) -> str:
        """Description and location, folded."""
        return fold(f"{self.account.description or ''} {self.account.location or ''}")

    @asked_once
    def called(self) -> str:
        """Display name, folded."""
        return fold(self.account.display_name or "")

    @asked_once
    def said(self) -> str:
        """Display name, description and location, folded."""
        return f"{self.called} {self.text}".strip()

    @asked_once
    def likeness(self) -> Likeness | None:
        """Which of our logos the profile picture resembles, and how much; None when that is unknown."""
        return self.avatars.likeness(self.account.avatar)

    @property
    def links(self) -> tuple[str, ...]:
        """What the account links to; empty when none or unknown."""
        return self.account.links or ()

    @asked_once
    def mark(self) -> Mark | None:
        """The one of our names that the candidate is most likely about."""
        for reading in (self.name, self.handle):
            if reading.equal:
                return self._best(reading.equal)
        for reading in (self.name, self.handle):
            if reading.looks:
                return reading.looks
        if self.overlap and self.overlap.score >= 0.6:
            return self.overlap.mark
        for reading in (self.name, self.handle):
            held = [word.mark for word in (found.word for found in reading.words) if word.mark]
            if held:
                return min(held, key=lambda mark: mark.kind)
            if reading.near:
                return reading.near[0]
        return self.overlap.mark if self.overlap else None

    def _best(self, marks: tuple[Mark, ...]) -> Mark:
        """Of marks that are equal: the registered one on this platform, else a unit, else the first."""
        platform = self.account.platform
        here = [mark for mark in marks if mark.entry and mark.entry.platform == platform]
        units = [mark for mark in marks if mark.kind is MarkKind.UNIT]
        return (here or units or list(marks))[0]


@lru_cache(maxsize=16)
def _compact(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(compact, names))


def once(look: Callable[[View], T]) -> Callable[[View], T]:
    """`look`, asked once of each view: what several features build on."""

    @wraps(look)
    def asked(view: View) -> T:
        answers: dict[object, T] = view.answers  # type: ignore[assignment]
        if look not in answers:
            answers[look] = look(view)
        return answers[look]

    return asked
