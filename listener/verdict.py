"""The verdict on one candidate: the whole policy, from the register to the last doubt."""

from __future__ import annotations

from typing import NamedTuple

from listener.match import NAMING, TELLING, added, compare, links, logos, wording
from listener.match.marks import MarkKind
from listener.match.reading import Reading
from listener.match.view import View
from listener.match.vocabulary import Kind
from listener.models import FLAGGED, Account, Asks, Finding, Nearest, Signal, UnitKind, Verdict
from listener.organisation import Organisation
from listener.registered import judge_registered
from listener.registry import Registry
from listener.rulings import Rule
from listener.screen.index import Index
from listener.sites import judge_site
from listener.thresholds import Thresholds

_NAMING = frozenset(feature.name for feature in NAMING)

_SLIPS = frozenset({"name_near", "handle_near"})  # a name a letter off may be anyone's
_PLAINLY = _NAMING - _SLIPS

_SPARING = {
    "parody": Verdict.PARODY,
    "unofficial": Verdict.FAN_OR_CITIZEN_GROUP,
    "fan_wording": Verdict.FAN_OR_CITIZEN_GROUP,
    "group_address": Verdict.FAN_OR_CITIZEN_GROUP,
    "auto_place": Verdict.AUTO_PLACE_PAGE,
    "sibling_name": Verdict.NAMESAKE,
    "sibling_link": Verdict.NAMESAKE,
    "third_party": Verdict.NAMESAKE,
    "own_views": Verdict.UNRELATED,
}


def judge(account: Account, organisation: Organisation, registry: Registry, shortlist: Index | None = None) -> Finding:
    """The verdict with every reason for it.

    `shortlist` is the index of our names; judging many, build it once (`listener.screen.bulk.screen` does). Nothing in
    an account makes this raise.
    """
    known = judge_registered(account, organisation, registry)
    if known is not None:
        return known
    index = shortlist or Index(organisation, registry)
    view = index.look(account)
    if account.platform == "web":
        return judge_site(account, view, index.sites)
    claimed = () if view.silent else compare(view, NAMING)
    if not claimed and not _speaks_of_us(view):
        return Finding(account=account, verdict=Verdict.UNRELATED, score=0.0)
    return weigh(view, claimed + compare(view, TELLING))


def _speaks_of_us(view: View) -> bool:
    """Whether an account whose names say nothing is worth reading closely."""
    account = view.account
    if account.official_links or account.verified_links or view.name.sibling or view.handle.sibling:
        return True
    return bool(wording.named(view) or wording.text_contact(view) or links.links_to_us(view) or logos.shows_logo(view))


class Evidence(NamedTuple):
    """All that the policy asks of an unregistered account: how strong each answer is, 0..1, and what its names are."""

    claims: float
    ours: float
    poses: float
    spares: float
    naming: float  # the strongest thing that its name or its handle claims by itself, slips aside
    outside: bool  # it is on a platform that we do not use
    person: bool  # a person who speaks for us under a handle of their own
    unit: bool  # it bears a unit's name or a unit word
    sparing: Verdict | None  # what the strongest thing that spares it makes it
    bears_our_place: bool
    others: bool  # named as a club, party or firm, and vouched for by no more than a link from one of our pages
    baits: bool  # our place and no other's name, over a text that is after money or logins

    @property
    def score(self) -> float:
        """How strongly it speaks under our name; pretence brings it up to half of the way to 1."""
        return self.claims + (1.0 - self.claims) * 0.5 * self.poses * self.claims


class Ruling(NamedTuple):
    """The verdict on the evidence, the rule that decided, and the score it leaves."""

    verdict: Verdict
    score: float
    rule: Rule


def weigh(view: View, signals: tuple[Signal, ...]) -> Finding:
    """The verdict that the signals of an unregistered account add up to."""
    return _finding(view, rule(gather(view, signals), view.organisation.thresholds), signals)


def gather(view: View, signals: tuple[Signal, ...]) -> Evidence:
    """What the signals come to, beside what the account's names were read as."""
    fired = {signal.feature for signal in signals}
    strongest = max((s for s in signals if s.asks is Asks.SPARES), key=lambda signal: signal.score, default=None)
    naming = max((s.score for s in signals if s.asks is Asks.CLAIMS and s.feature in _PLAINLY), default=0.0)
    scores: dict[Asks, list[float]] = {asks: [] for asks in Asks}
    for signal in signals:
        scores[signal.asks].append(signal.score)
    return Evidence(
        claims=added(scores[Asks.CLAIMS]),
        ours=added(scores[Asks.OURS]),
        poses=added(scores[Asks.POSES]),
        spares=added(scores[Asks.SPARES]),
        naming=naming,
        outside="platform_outside" in fired,
        person=("employee" in fired or ("office" in fired and "text_part" not in fired)) and not view.name.equal,
        unit=_is_unit(view, naming, fired),
        sparing=_sparing(strongest, signals),
        bears_our_place=view.bears_our_place,
        others=_is_others(view, signals),
        baits="fraud_wording" in fired and any(map(_place_alone, (view.name, view.handle))),
    )


def _is_others(view: View, signals: tuple[Signal, ...]) -> bool:
    """Whether we only link to it, as to the clubs of our town; companies that we may own aside."""
    vouched = {signal.feature for signal in signals if signal.asks is Asks.OURS}
    named = any(signal.feature == "third_party" for signal in signals)
    return vouched == {"official_link"} and named and not (view.name.company or view.handle.company)


def _place_alone(reading: Reading) -> bool:
    """Whether a name is our place and nothing that tells whose else: `Almby kontakt`, no stranger's name."""
    if not reading.of(Kind.CORE) or reading.sibling or reading.of(Kind.THIRD_PARTY):
        return False
    return all(piece.isdigit() for piece in reading.unknown)


def _sparing(strongest: Signal | None, signals: tuple[Signal, ...]) -> Verdict | None:
    """What the strongest of the spares makes of the account; one whose name is but a slip from ours is not about us."""
    if strongest is None:
        return None
    verdict = _SPARING[strongest.feature]
    slips = all(signal.feature in _SLIPS for signal in signals if signal.asks is Asks.CLAIMS)
    return Verdict.UNRELATED if slips and verdict is not Verdict.NAMESAKE else verdict


def rule(evidence: Evidence, thresholds: Thresholds) -> Ruling:
    """The first rule that fits, in this order."""
    score, flag = evidence.score, thresholds.flag
    if evidence.others and evidence.ours >= thresholds.certain and evidence.poses < thresholds.certain:
        return _spared(evidence, Verdict.NAMESAKE, thresholds)
    if evidence.ours >= thresholds.certain and evidence.claims >= thresholds.worth_asking:
        return Ruling(Verdict.UNAPPROVED_UNIT, max(flag, 0.8 * score), Rule.OURS_UNLISTED)
    if evidence.ours >= thresholds.certain:
        return Ruling(Verdict.UNRELATED, 0.1 * score, Rule.OURS_QUIET)
    if evidence.sparing and evidence.spares >= thresholds.spared and evidence.poses < thresholds.certain:
        return _spared(evidence, evidence.sparing, thresholds)
    outside = evidence.outside and evidence.naming >= thresholds.outside
    if score < flag and evidence.baits:
        return Ruling(Verdict.UNCLEAR, flag, Rule.UNCLEAR)
    if score < flag and not outside:
        return Ruling(Verdict.UNRELATED, score, Rule.BELOW_FLAG)
    verdict, decided = _flagged(evidence, thresholds, outside)
    return Ruling(verdict, max(flag, score), decided)


def _flagged(evidence: Evidence, thresholds: Thresholds, outside: bool) -> tuple[Verdict, Rule]:
    if evidence.poses >= thresholds.posing:
        return Verdict.IMPOSTOR, Rule.POSES
    if evidence.person:
        return Verdict.EMPLOYEE_OFFICIAL, Rule.PERSON
    if outside:
        return Verdict.UNAPPROVED_UNIT, Rule.OUTSIDE
    if evidence.unit:
        return Verdict.UNAPPROVED_UNIT, Rule.UNIT
    if evidence.naming >= thresholds.plain:
        return Verdict.UNAPPROVED_UNIT, Rule.PLAIN_NAME
    return Verdict.UNCLEAR, Rule.UNCLEAR


def _spared(evidence: Evidence, sparing: Verdict, thresholds: Thresholds) -> Ruling:
    score = evidence.score
    namesake = sparing is Verdict.NAMESAKE and evidence.bears_our_place
    verdict = sparing if score >= thresholds.worth_asking or namesake else Verdict.UNRELATED
    return Ruling(verdict, min(thresholds.flag - 0.01, score * (1.0 - 0.85 * evidence.spares)), Rule.SPARED)


def _is_unit(view: View, naming: float, fired: set[str]) -> bool:
    """Whether its text, a unit's name, or our name beside a text or link of ours says that it is a part of us."""
    if "text_part" in fired:
        return True
    if naming <= 0:
        return False
    mark = view.mark
    if mark is not None and mark.kind is MarkKind.UNIT:
        return True
    if any(reading.of(Kind.UNIT, Kind.UNIT_WORD) for reading in (view.name, view.handle)):
        return True
    return bool(fired & {"links_to_us", "text_names_us"})


def _unit_kind(view: View) -> UnitKind | None:
    """The kind that the unit word in the name or the unit's own row tells; None when nothing does."""
    for reading in (view.name, view.handle):
        kinds = [word.unit_kind for word in reading.of(Kind.UNIT, Kind.UNIT_WORD) if word.unit_kind]
        if kinds:
            return kinds[-1]
    mark = view.mark
    return mark.unit_kind if mark else None


def _finding(view: View, ruling: Ruling, signals: tuple[Signal, ...]) -> Finding:
    mark, verdict = view.mark, ruling.verdict
    entry = (mark.entry if mark else None) or (view.registered_on[0] if view.registered_on else None)
    nearest = None
    if entry is not None:
        nearest = Nearest(platform=entry.platform, handle=entry.handle, url=entry.url, unit=entry.unit)
    return Finding(
        account=view.candidate,
        verdict=verdict,
        score=round(min(0.999, max(0.0, ruling.score)), 4),
        signals=tuple(sorted(signals, key=lambda signal: -signal.score)),
        unit=mark.unit if mark and (verdict in FLAGGED or verdict is Verdict.NAMESAKE) else None,
        unit_kind=_unit_kind(view) if verdict is Verdict.UNAPPROVED_UNIT else None,
        nearest=nearest,
        rule=ruling.rule,
    )
