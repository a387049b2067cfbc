"""Features of a host name: how it imitates one of our domains, or holds our name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rapidfuzz.distance import OSA

from listener.match.beside import DISTINCT, KNOWN, Beside
from listener.match.claims import Hit
from listener.match.hosts import (
    LONGEST_LABEL,
    Host,
    Label,
    Own,
    decoded,
    own_names,
    plain_host,
    read_host,
    runs,
    spelled_names,
    unit_names,
)
from listener.match.slips import Kind, Slips, read_slips, told
from listener.organisation import Organisation
from listener.urls import on_site, registrable_domain
from listener.words.lures import CHEAP, ENDINGS

TWO_BESIDE = 12  # letters of a name of which two slips are read beside other words too
# How much of what slips cost a name of so many letters bears before it is another word, and how much is left then.
BUDGET = {4: 0.5, 5: 0.62, 6: 0.75, 7: 0.9, 8: 1.0, 9: 1.4, 10: 1.7, 11: 1.9}
BUDGET_LONG, SPENT = 2.2, 0.45
WORSE_AS_A_WORD = 1.7  # a slip that spells another word is most often that word
ODD_SLIP = 0.6  # a slip beside a letter of another alphabet is no word of this one
BESIDE_WORDS = 0.95  # what is near between other words is so by chance a little oftener
RUN_ON = 0.85
CHEAP_ADDS = 0.05
OF_A_UNIT = 0.8  # others may have a unit of that name
BELOW, PLACE_BELOW = 0.97, 0.5  # a name below someone else's domain; a place is there as the name of a branch


Parts = tuple[str, tuple[str, ...], tuple[str, ...]]  # a label's letters, its pieces joined, and its cores


class Site(NamedTuple):
    """A host name beside the one of our names that it is about; `how` is a key of SENTENCES."""

    host: Host
    own: Own
    how: str
    strength: float
    why: str = ""


class Sites:
    """Our domains and names, arranged for host names; built once. `allowed` are domains that need no look."""

    def __init__(self, organisation: Organisation, allowed: Iterable[str] = ()) -> None:
        siblings = (domain for sibling in organisation.siblings for domain in sibling.domains)
        self.allowed = tuple(dict.fromkeys((*organisation.domains, *siblings, *allowed)))
        self.names = own_names(organisation)
        self._suffixes = frozenset(registrable_domain(domain).partition(".")[2] for domain in organisation.domains)
        self.spelled = spelled_names(organisation)
        self._ours = frozenset(own.label for own in self.names)
        self._words = Beside(organisation, self._ours)
        self.units = {
            form: name
            for form, name in unit_names(organisation)
            if form not in self._ours and self._words.is_name(form)
        }

    def read(self, text: str) -> Site | None:
        """How a host name is about us; None when it is not, or is allowed."""
        host = read_host(text, self.spelled)
        if self.is_allowed(host.text):
            return None
        found = max(self._sites(host), key=lambda site: site.strength, default=None)
        if found is not None and host.suffix.rpartition(".")[2] in CHEAP:
            return found._replace(strength=min(1.0, found.strength + CHEAP_ADDS))
        return found

    def is_allowed(self, text: str) -> bool:
        """Whether a host is on one of our domains, or on one that the register or a sibling names."""
        text = plain_host(text)
        return any(text.endswith(domain) for domain in self.allowed) and on_site(f"https://{text}/", self.allowed)

    def _sites(self, host: Host) -> Iterator[Site]:
        for place, label in enumerate(host.labels):
            for site in self._about(host, label):
                yield site if place == host.main else self._below(site, label)
        yield from self._parted(host)
        yield from self._unit(host)

    def _unit(self, host: Host) -> Iterator[Site]:
        """A unit's whole name as what someone registered, alone or between hyphens; below a domain it is a branch."""
        main = host.labels[host.main]
        texts = (main.letters, *runs(main.pieces)) if self.units and len(main.letters) <= LONGEST_LABEL else ()
        held = next((text for text in texts if text in self.units), None)
        if held:
            yield Site(host, Own(held, firm=False, core=held), "unit", OF_A_UNIT, self.units[held])

    def _about(self, host: Host, label: Label) -> Iterator[Site]:
        joined = tuple(runs(label.pieces)) if len(label.pieces) > 1 and len(label.letters) <= LONGEST_LABEL else ()
        parts = label.letters, joined, self._words.core(label.letters)
        for own in self.names:
            whole = self._equal(host, label, own) or self._held(host, label, own)
            yield from (site for site in (whole, self._near(host, label, own, parts)) if site is not None)

    def _equal(self, host: Host, label: Label, own: Own) -> Site | None:
        if label.letters == own.label:
            if label.odd:
                return Site(host, own, "odd", _firmness(own), label.odd)
            return Site(host, own, *self._differs(host, label, own))
        if label.eye == own.eye:
            return Site(host, own, "looks", _firmness(own), label.odd or told(read_slips(label.letters, own.label)))
        return None

    def _differs(self, host: Host, label: Label, own: Own) -> tuple[str, float, str]:
        """How a label with the letters of one of our names is not our domain, how firmly, and what tells."""
        firmness = _firmness(own)
        if own.joined or len(label.pieces) > 1:
            return "hyphens" if len(label.pieces) > 1 else "joined", firmness, ""
        if host.suffix not in self._suffixes:
            return "ending", firmness, f".{host.suffix}"
        name, _dot, suffix = registrable_domain(own.domain).partition(".") if own.domain else ("", "", "")
        if suffix != host.suffix:
            return ("ending", firmness, f".{host.suffix}") if own.domain else ("own", firmness, "")
        swaps = _swaps(label.shown, decoded(name))
        return ("letters", firmness, swaps) if swaps else ("hyphens", firmness, "")

    def _held(self, host: Host, label: Label, own: Own) -> Site | None:
        """Our name among other words, in letters or to the eye."""
        if own.label in label.letters:
            if self._words.of_another(label.letters, own):
                return None
            share = self._words.firmly(label, own)
            how = "lures" if share == KNOWN else "holds"
            return Site(host, own, how, share * _firmness(own)) if share else None
        if len(own.label) < DISTINCT or own.joined or own.eye not in label.eye:
            return None
        return Site(host, own, "holds", (0.5 if own.place else 0.9) * _firmness(own))

    def _near(self, host: Host, label: Label, own: Own, parts: Parts) -> Site | None:
        """Our name with a slip or two, alone or beside other words; the cheapest reading of it."""
        if own.joined or not len(own.label) - 2 <= len(label.letters) <= LONGEST_LABEL:
            return None
        best: tuple[float, Slips] | None = None
        for text, share in _readings(own, *parts):
            slips = self._slips(text, label, own)
            budget = _budget(own, host, own.core in text)
            strength = share * (1.0 - SPENT * slips.cost / budget) * (1.0 if own.firm else 0.9)
            if slips.found and not _ending_of(own, text, slips) and strength > (best[0] if best else 0.0):
                best = strength, slips
        if best is None or self._spelled_otherwise(label, own) or self._words.of_another(label.letters, own):
            return None
        return Site(host, own, "slips", best[0], told(best[1]))

    def _spelled_otherwise(self, label: Label, own: Own) -> bool:
        """Whether our name stands there as it is, in another spelling of it: `almby` beside `aalmby`."""
        size = len(own.label)
        return any(name in label.letters for name in self._ours if size - 2 <= len(name) and name != own.label)

    def _slips(self, text: str, label: Label, own: Own) -> Slips:
        slips = read_slips(label.typed if text == label.letters else text, own.label)
        if label.odd:
            return slips._replace(cost=slips.cost * ODD_SLIP)
        if self._words.another_word(text, own.label):
            return slips._replace(cost=slips.cost * WORSE_AS_A_WORD)
        return slips

    def _parted(self, host: Host) -> Iterator[Site]:
        """Our domain before someone else's, and our name with dots put in: `vart.almby.example`, `alm.by`."""
        for own in self.names:
            if own.domain and not own.joined and f".{own.domain}." in f".{host.text}":
                yield Site(host, own, "subdomain", 0.95)
        for start in range(host.main + 1):
            joined = "".join(label.letters for label in host.labels[start:])
            ended = joined + host.suffix.replace(".", "")
            for own in self.names:
                if (own.label == joined and start < host.main) or (own.label == ended and not own.joined):
                    yield Site(host, own, "parted", 0.9 * _firmness(own))

    def _below(self, site: Site, label: Label) -> Site:
        """The same site, told as standing before someone else's domain, where a branch names its place too."""
        how = site.how if site.how in ("odd", "looks", "slips") else "subdomain"
        beside = (text for other in site.host.labels if other is not label for text in (other.letters, *other.pieces))
        claimed = any(text in self._words.claiming and text != "www" for text in beside)
        share = PLACE_BELOW if site.own.place and not claimed and how == "subdomain" else BELOW
        return site._replace(how=how, strength=share * site.strength)


def _readings(own: Own, letters: str, joined: tuple[str, ...], cores: tuple[str, ...]) -> Iterator[tuple[str, float]]:
    """The parts of a label that may be our name with slips in it, and how much each tells; within OSA 2 (1)."""
    size = len(own.label)
    texts = dict.fromkeys((letters, *joined), BESIDE_WORDS)
    if len(letters) > size + 2:
        texts |= dict.fromkeys(cores, BESIDE_WORDS)
        if size >= DISTINCT and not own.place and own.core == own.label:
            for width in (size - 1, size, size + 1):
                texts.setdefault(letters[:width], RUN_ON)
                texts.setdefault(letters[-width:], RUN_ON)
    for text, share in texts.items():
        telling = size if own.core in text else len(own.core)
        far = 2 if telling >= (DISTINCT if text == letters else TWO_BESIDE) else 1
        if abs(len(text) - size) <= far and OSA.distance(text, own.label, score_cutoff=far) <= far:
            yield text, 1.0 if text == letters else share


def _swaps(shown: str, ours: str) -> str:
    """Which letters of a label stand for which of ours, hyphens aside: `'å' for 'a'`; empty when no letter differs."""
    pairs = dict.fromkeys(zip(shown.replace("-", ""), ours.replace("-", ""), strict=False))
    return ", ".join(f"{theirs!r} for {our!r}" for theirs, our in pairs if theirs != our)


def _firmness(own: Own) -> float:
    """A long whole name can hardly be meant otherwise; a short one or a place can."""
    size = len(own.label)
    return (1.0 if size >= 8 else 0.92 if size >= 6 else 0.82) * (1.0 if own.firm else 0.85)


def _ending_of(own: Own, text: str, slips: Slips) -> bool:
    """Whether a text is our name and an ending, `almbys`, or with more around it; a doubled letter is neither."""
    if own.label not in text or (not own.place and len(text) == len(own.label) + 1):
        return False
    return any(slip.kind is not Kind.DOUBLED for slip in slips.found)


def _budget(own: Own, host: Host, whole: bool) -> float:
    """By the letters that tell: those of the place alone when it is not `whole`; a rare ending of ours is one too."""
    telling = own.domain.endswith(f".{host.suffix}") and host.suffix not in ENDINGS
    size = len(own.label) if whole else len(own.core)
    return BUDGET.get(size + telling * len(host.suffix), BUDGET_LONG)


SENTENCES = {
    "odd": "{shown!r} reads like our {own!r}: {why}",
    "looks": "{text!r} looks like our {own!r}: {why}",
    "ending": "{text!r} is our {own!r} under {why!r}",
    "letters": "{shown!r} is our {own!r} with other letters: {why}",
    "own": "{text!r} is our name {own!r} as a domain of its own",
    "joined": "{text!r} is our {own!r} without its dots",
    "hyphens": "{text!r} is our {own!r} with other hyphens",
    "slips": "{text!r} is our {own!r} with slips: {why}",
    "lures": "{text!r} puts words that lure or claim beside our {own!r}",
    "holds": "{text!r} holds our {own!r} among other words",
    "unit": "{text!r} holds the name of our unit {why!r}",
    "parted": "{text!r} is our {own!r} with dots put in",
    "subdomain": "{text!r} puts our {own!r} before someone else's domain",
}


def site_name(site: Site) -> Hit:
    """The host name is ours, or nearly, or holds ours."""
    sentence = SENTENCES[site.how].format(
        text=site.host.text, shown=site.host.shown, own=site.own.domain or site.own.label, why=site.why
    )
    return Hit(site.strength, f"host {sentence}")


def site_homoglyph(site: Site) -> Hit | None:
    """The host name differs from ours only in characters that look alike."""
    return site_name(site) if site.how in ("odd", "looks") and site.own.firm else None
