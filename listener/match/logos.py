"""Features of the profile picture: whether it carries one of our logos."""

from __future__ import annotations

from pathlib import Path

from listener.match import wording
from listener.match.claims import Hit
from listener.match.marks import MarkKind
from listener.match.reading import Reading
from listener.match.view import View
from listener.match.vocabulary import Kind

# A likeness at or above this carries the logo. Of 1,510 pictures of other logos and coats of arms, one or two came so
# near to one of six logos (two draws of four shields and two marks); against 386 logos at once that happens at 0.9.
CARRIED = 0.8
# A likeness below this is another picture for certain enough to tell the unit so: the copies of those six, cut, turned,
# recoloured and pasted, came to 0.85 and more, and one foreign picture in twenty reaches 0.5.
ABSENT = 0.5
_WHOLE_NAMES = frozenset({MarkKind.NAME, MarkKind.HANDLE, MarkKind.DISPLAY})
_TOLD = {
    "part": "the profile picture holds our logo {!r}",
    "pasted": "the profile picture holds our logo {!r}",
    "recoloured": "the profile picture is our logo {!r} in other colours",
    "rotated": "the profile picture is our logo {!r}, turned",
    "mirrored": "the profile picture is our logo {!r}, mirrored",
}


def avatar_carries_logo(view: View) -> Hit | None:
    """The profile picture is, or holds, one of our logos: whole, cut, in other colours, turned or mirrored."""
    likeness = view.likeness
    if likeness is None or likeness.reference is None or likeness.score < CARRIED:
        return None
    told = _TOLD.get(likeness.how or "", "the profile picture is our logo {!r}")
    return Hit(1.0, told.format(Path(likeness.reference).name))


def avatar_copied(view: View) -> Hit | None:
    """Our logo over our own name, or a registered account's: units have names of their own."""
    mark = view.mark
    if not view.account.avatar or mark is None or mark.kind not in _WHOLE_NAMES:
        return None
    if view.name.sibling or view.handle.sibling:
        return None
    if not (_is_ours(view.name) or _is_ours(view.handle)) or _names_unit(view.name) or _names_unit(view.handle):
        return None
    carried = avatar_carries_logo(view)
    return Hit(1.0, f"bears our name {mark.text!r}, and {carried.detail}") if carried else None


def _is_ours(reading: Reading) -> bool:
    """Whether a name or a handle is as good as the whole of ours."""
    if any(mark.kind in _WHOLE_NAMES for mark in reading.equal):
        return True
    likes = [reading.looks, reading.near[0] if reading.near else None]
    return any(mark is not None and mark.kind in _WHOLE_NAMES for mark in likes)


def _names_unit(reading: Reading) -> bool:
    return bool(reading.of(Kind.UNIT, Kind.UNIT_WORD))


def shows_logo(view: View) -> bool:
    """Whether an account whose names say nothing carries our logo, as far as that is worth a look.

    A picture on this machine is. One that has to be fetched is when the account says where our place is.
    """
    avatars, avatar = view.avatars, view.account.avatar
    if not avatars.can_look(avatar):
        return False
    if not (avatars.at_hand(avatar) or wording.place(view) or view.bears_our_place):
        return False
    return avatar_carries_logo(view) is not None
