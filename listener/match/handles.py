"""Features of the handle, which most platforms keep to ASCII: look for digits, doubling, separators and added words."""

from __future__ import annotations

from functools import lru_cache

from listener.match import claims, habits
from listener.match.claims import Hit
from listener.match.marks import MarkKind
from listener.match.view import View, once
from listener.text.fold import compact
from listener.text.skeleton import describe
from listener.text.tokens import proper_handle

LABEL = "handle"
TWO_OFF = 0.8  # two letters from one of ours, under another display name, may be the next unit's
SLIP = 0.6  # a handle that is less near than this is another's name


def handle_equal(view: View) -> Hit | None:
    """The handle equals our name, a unit's name or a registered handle, separators aside."""
    return claims.equals(view.handle, LABEL)


def handle_looks(view: View) -> Hit | None:
    """The handle equals ours to the eye: 0rebro for orebro."""
    return claims.looks(view.handle, LABEL)


def handle_near(view: View) -> Hit | None:
    """The handle is a letter or two from ours, words like `kommun` aside."""
    return _near(view)


@once
def _near(view: View) -> Hit | None:
    return claims.near(view.handle, LABEL)


def handle_holds(view: View) -> Hit | None:
    """The handle holds our whole name among other words."""
    return claims.holds_name(view.handle, LABEL)


def handle_authority(view: View) -> Hit | None:
    """The handle puts a word of authority beside our place."""
    return claims.place_authority(view.handle, LABEL)


def handle_unit_place(view: View) -> Hit | None:
    """The handle puts a unit word beside our place or name."""
    return claims.unit_place(view.handle, LABEL)


def handle_unit(view: View) -> Hit | None:
    """The handle holds the name of one of our units."""
    return claims.holds_unit(view.handle, LABEL)


def handle_house(view: View) -> Hit | None:
    """The handle begins or ends as our registered handles do."""
    return habits.house_style(view.handle, LABEL)


def handle_own_word(view: View) -> Hit | None:
    """The handle holds a unit word that listener.toml adds, without our place."""
    return habits.own_word(view.handle, LABEL, bool(view.organisation.places))


def handle_place(view: View) -> Hit | None:
    """The handle holds the place and claims nothing."""
    return habits.place_only(view.handle, LABEL)


def handle_odd_characters(view: View) -> Hit | None:
    """The handle holds characters that are read as other ones."""
    reading = view.handle
    if not reading.key.odd or not (reading.equal or reading.looks) or view.mark is None:
        return None
    return Hit(1.0, f"handle {reading.key.text!r} reads like {view.mark.text!r}: {describe(reading.key.odd)}")


def handle_taken(view: View) -> Hit | None:
    """The handle is our registered one here but for separators or a letter or two, or our name and `official`."""
    reading = view.handle
    if claims.affixed(reading) and view.registered_on:
        first = view.registered_on[0]
        called, ours = reading.key.text, first.handle or first.url
        return Hit(1.0, f"handle {called!r} stands beside our registered {ours!r} on {first.platform}")
    near = _near(view)
    if near is not None and near.strength < SLIP:
        return None
    marks = reading.equal or ((reading.looks,) if reading.looks else ()) or (reading.near[:1] if reading.near else ())
    letters = {form for mark in marks for form in mark.letters}
    for entry in (*(mark.entry for mark in marks), *view.registered_on):
        here = entry is not None and entry.platform == view.account.platform
        if entry is not None and here and compact(proper_handle(entry.handle or "")) in letters:
            detail = f"handle {reading.key.text!r} stands beside our registered {entry.handle!r} on {entry.platform}"
            two_off = near is not None and reading.near is not None and reading.near[1] > 1
            another = bool(view.name.key.letters) and not (view.name.equal or view.name.near or view.name.looks)
            return Hit(TWO_OFF if two_off and another else 1.0, detail)
    return None


def handle_elsewhere(view: View) -> Hit | None:
    """The handle, more than a plain name, is ours on another platform, and on this one we are another account."""
    account, equal = view.account, view.handle.equal
    if not account.platform_id or any(mark.kind is not MarkKind.HANDLE for mark in equal):
        return None
    here = [entry for entry in view.registered_on if entry.platform_id]
    elsewhere = [mark.entry for mark in equal if mark.entry and mark.entry.platform != account.platform]
    if (
        not (elsewhere and here)
        or len(elsewhere) < len(equal)
        or account.platform_id in {entry.platform_id for entry in here}
    ):
        return None
    name, ours = view.handle.key.text, here[0].handle
    detail = f"handle {name!r} is ours on {elsewhere[0].platform}; on {account.platform} ours is {ours!r}"
    return Hit(1.0, detail)


_without_dots = lru_cache(maxsize=64)(compact)


def handle_domain(view: View) -> Hit | None:
    """The handle is our domain, its dots aside: `almbyse` for almby.se."""
    letters = view.handle.key.letters
    for domain in view.organisation.domains if len(letters) >= 6 else ():
        if letters == _without_dots(domain):
            return Hit(1.0, f"handle {view.handle.key.text!r} is our domain {domain!r} without its dots")
    return None
