"""Features of a host name: how it imitates one of our domains, or holds our name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from jellyfish import damerau_levenshtein_distance

from listener.match.claims import Hit, slip
from listener.match.marks import cores
from listener.organisation import Organisation
from listener.text.fold import compact, fold, forms, unmarked
from listener.text.skeleton import describe, odd_characters, skeleton, visual
from listener.urls import on_site, registrable_domain
from listener.words.claims import AUTHORITY, NOISE, words_in
from listener.words.units import unit_words

SHORTEST = 4  # letters of a name that is looked for; "gc" is inside everything
DISTINCT = 7  # letters from which a name is looked for inside other words too
LONGEST, LONGEST_LABEL = 253, 40
TWO_EDITS = 8  # letters of a name that may have two wrong
_SUFFIXES = frozenset(
    {"com", "org", "net", "info", "eu", "co", "io", "app", "online", "site", "xyz", "top", "nu", "se"}
)
_LURES = words_in(
    """
    login logga inloggning mypages minasidor mina sidor e tjanster etjanster tjanst bank bankid pay betala
    faktura avgift secure security verify wallet account konto update support help kundservice portal www web
    mail webmail my id auth sso claim bonus airdrop token swap exchange trade app official
    """
)
_AFFIXES = tuple(sorted((word for word in _LURES | AUTHORITY if len(word) >= 3), key=len, reverse=True))


class Own(NamedTuple):
    """One of our names as it stands in host names. `domain` may be empty; `firm` for whole names."""

    label: str
    domain: str
    firm: bool


class Host(NamedTuple):
    """A host name read: `shown` as people see it, `labels` its words, `odd` describes odd letters."""

    text: str
    shown: str
    labels: tuple[str, ...]
    odd: str


class Site(NamedTuple):
    """A host name beside the one of our names that it is about."""

    host: Host
    own: Own
    how: str  # odd, looks, suffix, hyphen, near, holds, subdomain
    strength: float


class Sites:
    """Our domains and names, arranged for host names; built once."""

    def __init__(self, organisation: Organisation) -> None:
        self.domains = organisation.domains
        self.names = _own_names(organisation)
        self._spelled = {fold(name).replace(" ", "") for name in (*organisation.names, *organisation.places)}
        words = unit_words(organisation.languages, organisation.unit_words)
        self._known = AUTHORITY | NOISE | _LURES | _SUFFIXES | {compact(word) for word in words}
        self._equal = {own.label: own for own in reversed(self.names)}
        self._looks = {visual(own.label): own for own in reversed(self.names)}
        self._near: dict[str, list[Own]] = defaultdict(list)
        for own in self.names:
            if len(own.label) > SHORTEST:
                for variant in _deletions(own.label):
                    self._near[variant].append(own)

    def read(self, text: str) -> Site | None:
        """How a host name is about us; None when it is not, or is ours."""
        if self.is_ours(text):
            return None
        plain = text[:LONGEST].strip().strip(".").lower()
        found: Site | None = None
        labels = plain.split(".")[:-1] or [plain]
        for label in labels[-6:]:
            candidate = self._label(plain, label)
            if candidate and (found is None or candidate.strength > found.strength):
                found = candidate
        return _placed(found) if found else None

    def is_ours(self, text: str) -> bool:
        """Whether a host is on one of our domains."""
        return any(text.endswith(domain) for domain in self.domains) and on_site(f"https://{text}/", self.domains)

    def _label(self, plain: str, label: str) -> Site | None:
        shown = _decoded(label)
        seen = skeleton(shown).lower()
        letters = seen.replace("-", "").replace("_", "")
        odd = "" if shown.isascii() or shown.replace("-", "") in self._spelled else _odd(shown)
        host = Host(plain, plain.replace(label, shown, 1), tuple(seen.split("-")), odd)
        own = self._equal.get(letters)
        if own is not None:
            return Site(host, own, "odd" if odd else "hyphen" if "-" in seen else "suffix", _firmness(own))
        looks = self._looks.get(visual(letters))
        if looks is not None:
            return Site(host, looks, "looks", _firmness(looks))
        return self._inside(host, letters) or self._close(host, letters)

    def _inside(self, host: Host, letters: str) -> Site | None:
        for own in self.names:
            if own.label in letters:
                strength = self._combined(host.labels, letters, own)
                if strength:
                    return Site(host, own, "odd" if host.odd else "holds", strength)
        seen = visual(letters)
        for own in self.names:
            if len(own.label) >= DISTINCT and visual(own.label) in seen:
                return Site(host, own, "holds", 0.8 * _firmness(own))
        return None

    def _combined(self, pieces: tuple[str, ...], letters: str, own: Own) -> float:
        """How firmly a label holds our name: between hyphens or known words, or long enough to stand out."""
        rest = [piece for piece in letters.split(own.label) if piece]
        if all(piece in self._known or piece.isdigit() for piece in rest):
            return 0.95 * _firmness(own)
        if own.label in pieces:
            return 0.9 * _firmness(own)
        at_edge = letters.startswith(own.label) or letters.endswith(own.label)
        if len(own.label) >= DISTINCT:
            return (0.88 if at_edge else 0.8) * _firmness(own)
        return 0.45 * _firmness(own) if at_edge and max(map(len, rest)) >= 4 else 0.0

    def _close(self, host: Host, letters: str) -> Site | None:
        core = _stripped(letters)
        found = [*self._within(host, letters, 1.0), *(self._within(host, core, 0.9) if core != letters else ())]
        return max(found, key=lambda site: site.strength, default=None)

    def _within(self, host: Host, letters: str, share: float) -> Iterator[Site]:
        if not SHORTEST < len(letters) <= LONGEST_LABEL:
            return
        near = {own for variant in _deletions(letters) for own in self._near.get(variant, ())}
        for own in near:
            distance = damerau_levenshtein_distance(letters, own.label)
            if 0 < distance <= (2 if len(own.label) >= TWO_EDITS else 1):
                yield Site(host, own, "near", share * _nearness(letters, own, distance))


def _nearness(letters: str, own: Own, distance: int) -> float:
    """A letter of thirteen says more than one of six; swapped and doubled letters more than another letter."""
    return (1.0 - 2.0 * distance / len(own.label)) * slip(letters, own.label) * (1.0 if own.firm else 0.85)


def _own_names(organisation: Organisation) -> tuple[Own, ...]:
    found: dict[str, Own] = {}
    for domain in organisation.domains:
        label = registrable_domain(domain).partition(".")[0]
        found.setdefault(label.replace("-", ""), Own(label.replace("-", ""), domain, True))
    for name in organisation.names:
        for form in forms(name):
            found.setdefault(form, Own(form, "", True))
    for name in cores(organisation):
        for form in forms(name):
            found.setdefault(form, Own(form, "", False))
    kept = (own for own in found.values() if len(own.label) >= SHORTEST)
    return tuple(sorted(kept, key=lambda own: -len(own.label)))


def _firmness(own: Own) -> float:
    """A long whole name can hardly be meant otherwise; a short one or a place can."""
    size = len(own.label)
    return (1.0 if size >= 8 else 0.9 if size >= 6 else 0.8) * (1.0 if own.firm else 0.85)


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode").casefold()
    except (UnicodeError, ValueError):
        return label


def _odd(shown: str) -> str:
    """What is odd about a label that is not ASCII: code points read as others, or marks on letters."""
    swaps = odd_characters(shown)
    if swaps:
        return describe(swaps)
    return ", ".join(f"{char!r} for {unmarked(char)!r}" for char in dict.fromkeys(shown) if not char.isascii())


def _stripped(letters: str) -> str:
    """A label without a lure or authority word at its ends."""
    for word in _AFFIXES:
        if len(letters) - len(word) > SHORTEST:
            if letters.endswith(word):
                return letters[: -len(word)]
            if letters.startswith(word):
                return letters[len(word) :]
    return letters


def _deletions(letters: str) -> list[str]:
    return [letters, *(letters[:n] + letters[n + 1 :] for n in range(len(letters)))]


def _placed(site: Site) -> Site:
    """The same site, told as a subdomain when our name stands below someone else's domain."""
    if site.how not in ("suffix", "holds"):
        return site
    label = registrable_domain(site.host.text).partition(".")[0]
    letters = skeleton(_decoded(label)).lower().replace("-", "")
    held = site.own.label in letters or visual(site.own.label) in visual(letters)
    return site if held else site._replace(how="subdomain")


_SENTENCES = {
    "odd": "{shown!r} reads like our {own!r}: {odd}",
    "looks": "{text!r} looks like our {own!r}",
    "suffix": "{text!r} is our {own!r} under another ending",
    "hyphen": "{text!r} is our {own!r} with other hyphens",
    "near": "{text!r} is a letter or two from our {own!r}",
    "holds": "{text!r} holds our {own!r} among other words",
    "subdomain": "{text!r} puts our {own!r} before someone else's domain",
}


def site_name(site: Site) -> Hit:
    """The host name is ours, or nearly, or holds ours."""
    sentence = _SENTENCES[site.how].format(
        text=site.host.text, shown=site.host.shown, own=site.own.domain or site.own.label, odd=site.host.odd
    )
    return Hit(site.strength, f"host {sentence}")


def site_homoglyph(site: Site) -> Hit | None:
    """The host name differs from ours only in characters that look alike."""
    return site_name(site) if site.how in ("odd", "looks") and site.own.firm else None
