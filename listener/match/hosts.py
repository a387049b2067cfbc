"""Host names read as people see them, what was registered of them, and our own names as they stand in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

from listener.match.marks import cores
from listener.models import Status
from listener.organisation import Organisation
from listener.registry import Registry
from listener.text.fold import audible, compact, fold, forms, unmarked
from listener.text.skeleton import describe, odd_characters, skeleton, visual
from listener.urls import host, is_ip, registrable_domain

SHORTEST = 4  # letters of a name that is looked for; "gc" is inside everything
UNIT_SHORTEST = 8  # letters of a unit's name
LONGEST, LONGEST_LABEL, MOST_LABELS = 253, 63, 8  # RFC 1035; of more labels the last are read


class Own(NamedTuple):
    """One of our names as it stands in host names, in compact letters.

    `domain` is the domain of ours that it comes from, if any. `firm`: others do not bear it. `place`: it is a place's
    name, and so stands in the names of many others. `core`: the place in the label, or the whole label; beside it
    `kommun` tells nothing. `joined`: a whole domain without its dots, `almbyexample`. `eye`: what `visual` makes of it.
    """

    label: str
    domain: str = ""
    firm: bool = True
    place: bool = False
    core: str = ""
    eye: str = ""
    joined: bool = False


class Label(NamedTuple):
    """One label: as people see it, its letters as they look, its pieces between hyphens, and what is odd about it.

    `typed` are the letters with å, ä and ö kept, which are keys of their own; `eye` is what `visual` makes of them.
    """

    shown: str
    letters: str
    typed: str
    eye: str
    pieces: tuple[str, ...]
    odd: str


class Host(NamedTuple):
    """A host name read. `main` is the place in `labels` of what someone registered; what follows it is `suffix`."""

    text: str
    shown: str
    labels: tuple[Label, ...]
    main: int
    suffix: str

    @property
    def registrable(self) -> str:
        """The registrable domain, in the letters of the name as written."""
        kept = self.suffix.count(".") + 2 if self.suffix else 1
        return ".".join(self.text.split(".")[-kept:])


def plain_host(text: str) -> str:
    """A name as written brought to lower case, without silent characters, a final dot or the star of a wildcard."""
    plain = audible(text[: 4 * LONGEST]).strip().lower().strip(".")[:LONGEST]
    return plain.removeprefix("*.")


def read_host(text: str, spelled: frozenset[str]) -> Host:
    """The host name `text`, cut by the public-suffix list; `spelled` are our names with å, ä and ö: never odd."""
    plain = plain_host(text)
    suffix = "" if is_ip(plain) else registrable_domain(plain).partition(".")[2]
    whole = plain.removesuffix(f".{suffix}").split(".")[-MOST_LABELS:]
    labels = tuple(read_label(label, spelled) for label in whole)
    shown = ".".join([*(label.shown for label in labels), *([suffix] if suffix else [])])
    return Host(plain, shown, labels, len(labels) - 1, suffix)


def read_label(label: str, spelled: frozenset[str]) -> Label:
    """One label read: `xn--rebro-lua` as `örebro`, with letters `orebro`."""
    shown, seen = decoded(label), as_seen(label)
    letters = seen.replace("-", "")
    pieces = tuple(piece for piece in seen.split("-") if piece)
    if shown.isascii():
        return Label(shown, letters, letters, visual(letters), pieces, "")
    typed = "".join(char if char in "åäö" else skeleton(char).lower() for char in shown if char not in "-_")
    odd = "" if shown.replace("-", "") in spelled else _odd(shown)
    return Label(shown, letters, typed if len(typed) == len(letters) else letters, visual(letters), pieces, odd)


def as_seen(label: str) -> str:
    """A label in the lower-case ASCII letters it is read as, with its hyphens."""
    return skeleton(decoded(label)).lower().replace("_", "-")


def decoded(label: str) -> str:
    """What a browser may show of a label: Punycode decoded; a broken one stays as it is."""
    if not label.startswith("xn--") or len(label) > LONGEST_LABEL:
        return label
    try:
        return label[4:].encode("ascii").decode("punycode").casefold()
    except (UnicodeError, ValueError, OverflowError):
        return label


def _odd(shown: str) -> str:
    """What is odd about a label that is not ASCII: code points read as others, or marks on letters."""
    swaps = odd_characters(shown)
    if swaps:
        return describe(swaps)
    return ", ".join(f"{char!r} for {unmarked(char)!r}" for char in dict.fromkeys(shown) if not char.isascii())


def runs(pieces: tuple[str, ...]) -> Iterable[str]:
    """Every run of neighbouring pieces, joined: `my`, `myalmby`, `myalmbylogin`, `almby`, …"""
    return (text for start in range(len(pieces)) for text in accumulate(pieces[start:]))


def own_names(organisation: Organisation) -> tuple[Own, ...]:
    """Our domains, names and places as host names may hold them, the longest first, each once."""
    places = frozenset(form for name in cores(organisation) for form in forms(name))
    found: dict[str, Own] = {}

    def add(own: Own) -> None:
        if len(own.label) >= SHORTEST:
            core = max((place for place in places if place in own.label), key=len, default=own.label)
            found.setdefault(own.label, own._replace(place=own.label in places, core=core, eye=visual(own.label)))

    for domain in organisation.domains:
        add(Own(compact(decoded(registrable_domain(domain).partition(".")[0])), domain))
    for name in organisation.names:
        for form in forms(name):
            add(Own(form))
    for label in places:
        add(Own(label, firm=False))
    for domain in organisation.domains:
        add(Own(compact(registrable_domain(domain)), domain, joined=True))
    return tuple(sorted(found.values(), key=lambda own: (-len(own.label), own.label)))


def unit_names(organisation: Organisation) -> Iterator[tuple[str, str]]:
    """The names of our units as host names may hold them, each with the name as written."""
    for unit in organisation.units:
        for name in (unit.name, *unit.aliases):
            yield from ((form, name) for form in forms(name) if len(form) >= UNIT_SHORTEST)


def known_sites(registry: Registry) -> tuple[str, ...]:
    """The hosts of the web sites in the register, without `www.`: whosever they are, but not a confirmed impostor's."""
    sites = (entry for entry in registry.entries if entry.platform == "web")
    hosts = (host(entry.url) for entry in sites if entry.status is not Status.IMPOSTOR_CONFIRMED)
    return tuple(dict.fromkeys(name.removeprefix("www.") for name in hosts if name))


def spelled_names(organisation: Organisation) -> frozenset[str]:
    """Our names run together with å, ä and ö kept, as an honest label may spell them."""
    return frozenset(fold(name).replace(" ", "") for name in (*organisation.names, *organisation.places))
