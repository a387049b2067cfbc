"""Features of the display name."""

from __future__ import annotations

from listener.match import claims, habits
from listener.match.claims import Hit
from listener.match.marks import MarkKind
from listener.match.view import View
from listener.match.vocabulary import Kind
from listener.text.fold import genitive, spelled
from listener.text.skeleton import describe

LABEL = "display name"
OWN_HANDLE = 0.6  # a copied name over a handle that is ours elsewhere is as likely a unit's second account
LONE_LETTERS, DOUBT = 4, 0.6  # a name that is one word of three letters, or another form of it, is others' too
SHARED = 0.12  # of a name's weight in shared words; below it two names have a first name or "service" in common


def name_equal(view: View) -> Hit | None:
    """The display name equals our name, a unit's name or a registered display name."""
    return claims.equals(view.name, LABEL)


def name_looks(view: View) -> Hit | None:
    """The display name equals ours to the eye: 0 for o, l for I."""
    return claims.looks(view.name, LABEL)


def name_near(view: View) -> Hit | None:
    """The display name is a letter or two from ours."""
    return claims.near(view.name, LABEL)


def name_holds(view: View) -> Hit | None:
    """The display name holds our whole name among other words."""
    return claims.holds_name(view.name, LABEL)


def name_authority(view: View) -> Hit | None:
    """The display name puts a word of authority beside our place."""
    return claims.place_authority(view.name, LABEL)


def name_unit_place(view: View) -> Hit | None:
    """The display name puts a unit word beside our place or name."""
    return claims.unit_place(view.name, LABEL)


def name_unit(view: View) -> Hit | None:
    """The display name holds the name of one of our units."""
    return claims.holds_unit(view.name, LABEL)


def name_house(view: View) -> Hit | None:
    """The display name begins or ends as our registered handles do."""
    return habits.house_style(view.name, LABEL)


def name_own_word(view: View) -> Hit | None:
    """The display name holds a unit word that listener.toml adds, without our place."""
    return habits.own_word(view.name, LABEL, bool(view.organisation.places))


def name_place(view: View) -> Hit | None:
    """The display name holds the place and claims nothing."""
    return habits.place_only(view.name, LABEL)


def name_odd_characters(view: View) -> Hit | None:
    """The display name is ours only because other code points are read as its letters, or some cannot be seen."""
    reading = view.name
    near = reading.near[0] if reading.near else None
    held = [mark for mark in (*reading.equal, reading.looks, near, *(f.word.mark for f in reading.words)) if mark]
    if not held or reading.sibling:
        return None
    mark = min(held, key=lambda one: (one.kind is MarkKind.HANDLE, one.kind))
    odd = claims.odd_beside(reading, mark)
    if not odd or (mark.kind is MarkKind.CORE and not reading.of(Kind.AUTHORITY, Kind.UNIT_WORD)):
        return None
    return Hit(1.0, f"display name {reading.key.text!r} reads like {mark.text!r}: {describe(odd)}")


def name_copied(view: View) -> Hit | None:
    """The display name is our name or a registered account's, and that unit has another account on the platform."""
    equal = [mark for mark in view.name.equal if mark.kind in (MarkKind.NAME, MarkKind.DISPLAY)]
    affixed = not equal and (claims.affixed(view.name) or claims.in_other_order(view.name, view.organisation.names))
    if not (equal or affixed) or view.name.sibling or not view.registered_on:
        return None
    strength = (
        OWN_HANDLE
        if any(not mark.entry or mark.entry.platform != view.account.platform for mark in view.handle.equal)
        else 1.0
    )
    entry = view.registered_on[0]
    ours = f"@{entry.handle}" if entry.handle else entry.url
    verb = "reads as" if affixed or all(claims.odd_beside(view.name, mark) for mark in equal) else "is"
    name = view.account.display_name
    return Hit(strength, f"display name {name!r} {verb} that of our registered {ours} on {entry.platform}")


def words_shared(view: View) -> Hit | None:
    """Name and handle share the telling words of a unit's or a registered account's name."""
    overlap = view.overlap
    if overlap is None or overlap.score < SHARED or view.name.sibling:
        return None
    places = {word.text for reading in (view.name, view.handle) for word in reading.of(Kind.CORE)}
    if len(overlap.shared) > 1 and all(len(word) < 3 or word in places for word in overlap.shared):
        return None
    size = len(view.name.key.letters)
    extra = max(0, size - sum(map(len, overlap.shared)))
    called = view.account.display_name or view.account.handle or ""
    shared = ", ".join(repr(spelled(called, word)) for word in overlap.shared)
    detail = f"{called!r} shares {shared} with our {overlap.mark.text!r}"
    lone = overlap.mark.words[0] if len(overlap.mark.words) == 1 else ""
    doubtful = lone and (len(lone) < LONE_LETTERS or overlap.shared[0] not in (lone, genitive(lone)))
    return Hit(overlap.score**1.5 * (1.0 - 0.5 * extra / (size or 1)) * (DOUBT if doubtful else 1.0), detail)


def house_phrase(view: View) -> Hit | None:
    """The display name holds a phrase that several of our registered display names hold: `embassy of`."""
    if view.phrase is None or view.name.sibling:
        return None
    phrase, count = view.phrase
    detail = f"display name {view.account.display_name!r} says {phrase!r}, as {count} of our registered names do"
    return Hit(min(1.0, 0.4 + 0.1 * count**0.5 + 0.1 * phrase.count(" ")), detail)
