"""The verdict on one candidate: the whole policy, from the register to the last doubt."""

from __future__ import annotations

from listener.match import NAMING, TELLING, compare, links, strength, wording
from listener.match.marks import MarkKind
from listener.match.view import View
from listener.match.vocabulary import Kind
from listener.models import FLAGGED, Account, Asks, Finding, Nearest, Signal, UnitKind, Verdict
from listener.organisation import Organisation
from listener.registered import judge_registered
from listener.registry import Registry
from listener.screen.index import Index
from listener.sites import judge_site

# A candidate at or above this score is flagged. Set so that at most two strangers in a hundred are, over the labelled
# sets of docs/explanation/matching.md: our name in full (0.8 and up) stands far above it, a bare place (0.3) far below.
FLAG = 0.5
POSING = 0.55  # POSES at or above this makes a claim an impostor's
SPARED = 0.5  # SPARES at or above this is believed unless the account also poses
CERTAIN = 0.9  # OURS, or POSES, at or above this outweighs everything but the register
WORTH_ASKING = 0.12  # a claim below this is not worth saying whose name it is instead
OUTSIDE = 0.35  # a naming claim at or above this is unauthorised on a platform we do not use, whatever the score
PLAIN = 0.7  # a naming claim at or above this is our name; without anything that poses, an account nobody approved

_NAMING = frozenset(feature.name for feature in NAMING)

_SPARING = {
    "parody": Verdict.PARODY,
    "unofficial": Verdict.FAN_OR_CITIZEN_GROUP,
    "fan_wording": Verdict.FAN_OR_CITIZEN_GROUP,
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
    naming = () if view.silent else compare(view, NAMING)
    if not naming and not _speaks_of_us(view):
        return Finding(account=account, verdict=Verdict.UNRELATED, score=0.0)
    return weigh(view, naming + compare(view, TELLING))


def _speaks_of_us(view: View) -> bool:
    """Whether an account whose names say nothing is worth reading closely."""
    account = view.account
    if account.official_links or account.verified_links or view.name.sibling or view.handle.sibling:
        return True
    return bool(
        wording.text_names_us(view)
        or wording.text_hints_us(view)
        or wording.text_contact(view)
        or links.links_to_us(view)
    )


def weigh(view: View, signals: tuple[Signal, ...]) -> Finding:
    """The verdict that the signals of an unregistered account add up to."""
    claims, poses = strength(signals, Asks.CLAIMS), strength(signals, Asks.POSES)
    ours, spares = strength(signals, Asks.OURS), strength(signals, Asks.SPARES)
    score = claims + (1.0 - claims) * 0.5 * poses * claims
    if ours >= CERTAIN and claims >= WORTH_ASKING:
        return _finding(view, Verdict.UNAPPROVED_UNIT, max(FLAG, 0.8 * score), signals)
    if ours >= CERTAIN:
        return _finding(view, Verdict.UNRELATED, 0.1 * score, signals)
    if spares >= SPARED and poses < CERTAIN:
        return _spared(view, signals, score, spares)
    naming = max((s.score for s in signals if s.asks is Asks.CLAIMS and s.feature in _NAMING), default=0.0)
    outside = naming >= OUTSIDE and any(signal.feature == "platform_outside" for signal in signals)
    if score < FLAG and not outside:
        return _finding(view, Verdict.UNRELATED, score, signals)
    return _finding(view, _flagged(view, signals, poses, naming, outside), max(FLAG, score), signals)


def _flagged(view: View, signals: tuple[Signal, ...], poses: float, naming: float, outside: bool) -> Verdict:
    fired = {signal.feature for signal in signals}
    if "employee" in fired and not view.name.equal and not any(feature.startswith("handle_") for feature in fired):
        return Verdict.EMPLOYEE_OFFICIAL
    if poses >= POSING:
        return Verdict.IMPOSTOR
    if outside or _is_unit(view) or naming >= PLAIN:
        return Verdict.UNAPPROVED_UNIT
    return Verdict.UNCLEAR


def _spared(view: View, signals: tuple[Signal, ...], score: float, spares: float) -> Finding:
    strongest = max((s for s in signals if s.asks is Asks.SPARES), key=lambda signal: signal.score)
    near = score >= WORTH_ASKING or (_SPARING[strongest.feature] is Verdict.NAMESAKE and view.bears_our_place)
    verdict = _SPARING[strongest.feature] if near else Verdict.UNRELATED
    return _finding(view, verdict, min(FLAG - 0.01, score * (1.0 - 0.85 * spares)), signals)


def _is_unit(view: View) -> bool:
    mark = view.mark
    if mark is not None and mark.kind is MarkKind.UNIT:
        return True
    return any(reading.of(Kind.UNIT, Kind.UNIT_WORD) for reading in (view.name, view.handle))


def _unit_kind(view: View) -> UnitKind:
    """The kind that the unit's own row or the unit word in the name tells; a department when nothing does."""
    for reading in (view.name, view.handle):
        kinds = [word.unit_kind for word in reading.of(Kind.UNIT, Kind.UNIT_WORD) if word.unit_kind]
        if kinds:
            return kinds[-1]
    mark = view.mark
    return mark.unit_kind if mark and mark.unit_kind else UnitKind.DEPARTMENT


def _finding(view: View, verdict: Verdict, score: float, signals: tuple[Signal, ...]) -> Finding:
    mark = view.mark
    entry = (mark.entry if mark else None) or (view.registered_on[0] if view.registered_on else None)
    nearest = None
    if entry is not None:
        nearest = Nearest(platform=entry.platform, handle=entry.handle, url=entry.url, unit=entry.unit)
    return Finding(
        account=view.account,
        verdict=verdict,
        score=round(min(0.999, max(0.0, score)), 4),
        signals=tuple(sorted(signals, key=lambda signal: -signal.score)),
        unit=mark.unit if mark and (verdict in FLAGGED or verdict is Verdict.NAMESAKE) else None,
        unit_kind=_unit_kind(view) if verdict is Verdict.UNAPPROVED_UNIT else None,
        nearest=nearest,
    )
