"""What to search for: the organisation's names as people write them, its units, and the handles it is known by."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from listener.models import Term
from listener.organisation import Organisation
from listener.registry import Registry

LIMIT = 300  # terms a run; a search costs a request or more, and a municipality has a few hundred units
_LONG = str.maketrans({"å": "aa", "ä": "ae", "ö": "oe"})


def terms(
    organisation: Organisation, registry: Registry, brought: Iterable[Term] = (), limit: int = LIMIT
) -> tuple[Term, ...]:
    """Distinct terms, the most telling first: names, the places, registered handles, likely handles, units.

    `brought` are those that sources know of, such as schools; they come last.
    """
    found: dict[str, Term] = {}
    for term in (*_all(organisation, registry), *brought):
        text = " ".join(term.text.split())
        if len(text) >= 3:
            found.setdefault(text.casefold(), Term(text=text, kind=term.kind))
    return tuple(found.values())[:limit]


def _all(organisation: Organisation, registry: Registry) -> Iterator[Term]:
    names = organisation.names
    yield from _named(names, "name")
    yield from _named(organisation.places, "name")
    for entry in registry.entries:
        if entry.handle and entry.platform != "web":
            yield Term(text=entry.handle, kind="handle")
    for name in names:
        yield from (Term(text=handle, kind="handle") for handle in likely_handles(name))
    for unit in organisation.units:
        yield from _named((unit.name, *unit.aliases), "unit")


def _named(names: Iterable[str], kind: str) -> Iterator[Term]:
    for name in names:
        yield Term(text=name, kind=kind)
        if (plain := ascii_form(name)) != name:
            yield Term(text=plain, kind=kind)


def ascii_form(text: str) -> str:
    """`Örebro kommun` as `Orebro kommun`: what searches that know no å, ä, ö are asked."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def likely_handles(name: str) -> tuple[str, ...]:
    """`Örebro kommun` as `orebrokommun` and `oerebrokommun`, the two ways such names become handles."""
    folded = unicodedata.normalize("NFC", name).casefold()
    forms = (ascii_form(folded), ascii_form(folded.translate(_LONG)))
    return tuple(dict.fromkeys("".join(c for c in form if c.isalnum()) for form in forms))
