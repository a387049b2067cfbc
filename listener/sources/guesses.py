"""Handles that an account in our name might bear: the name as a handle in every spelling, and with common additions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from listener.context import Context
from listener.models import Term

NAMES = 3  # of ours that handles are made of, the most telling first: each makes up to fifteen
JOINTS = ("", ".", "_", "-")
# {} is the name in one word; from what people add when the plain handle is taken, ours or not
ADDED = (
    "{}official", "{}_official", "{}officiell", "{}_", "_{}", "{}1", "{}se", "{}.se", "{}info", "{}support",
    "{}kundtjanst", "{}nyheter",
)  # fmt: skip
_MARKS = str.maketrans({"æ": "a", "ø": "o", "ð": "d", "þ": "th", "ß": "ss"})


def guesses(ctx: Context) -> list[Term]:
    """Handles made of our names, those that are terms already left out: to be looked up where nobody can search."""
    told = {term.text.casefold().lstrip("@") for term in ctx.terms if term.kind == "handle"}
    words = dict.fromkeys(tuple(_words(term.text)) for term in ctx.terms if term.kind == "name")
    found = dict.fromkeys(handle for name in list(words)[:NAMES] for handle in _handles(name))
    return [Term(text=handle, kind="handle") for handle in found if handle not in told]


def _words(name: str) -> Iterator[str]:
    """The words of a name in plain ASCII letters and digits: `Örebro kommun` as orebro, kommun."""
    folded = unicodedata.normalize("NFKD", name.casefold().translate(_MARKS)).encode("ascii", "ignore").decode()
    yield from re.findall(r"[a-z0-9]+", folded)


def _handles(words: tuple[str, ...]) -> Iterator[str]:
    """The spellings of a name as a handle; none of one that is all in another script."""
    whole = "".join(words)
    if len(whole) < 4:
        return
    yield from (joint.join(words) for joint in JOINTS)
    yield from (added.format(whole) for added in ADDED)
