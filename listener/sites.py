"""The verdict on a web site: by its host name, and by what else is known of it."""

from __future__ import annotations

from listener.match import FEATURES, TELLING, compare, strength
from listener.match.domains import Site, Sites, site_homoglyph, site_name
from listener.match.view import View
from listener.models import Account, Asks, Finding, Signal, Verdict
from listener.rulings import Rule

# A host name is no handle: only its own features read it, and the others what the site says of itself.
_SAID = tuple(feature for feature in FEATURES if not feature.name.startswith("handle_"))
_TOLD = frozenset(feature.name for feature in TELLING if feature in _SAID)
NAME_WEIGHT, HOMOGLYPH_WEIGHT = 0.85, 0.95
_SAYS_MORE = frozenset(
    {"fraud_wording", "text_official", "text_contact", "freemail", "name_odd_characters", "name_copied"}
)


def judge_site(account: Account, view: View, sites: Sites) -> Finding:
    """A name alone is `unclear` (0.2 % of look-alike names are phishing); a second signal or a homoglyph says more."""
    site = sites.read(account.handle or "")
    named, flag = compare(view, _SAID), view.organisation.thresholds.flag
    if site is None:
        score = 0.8 * strength(named, Asks.CLAIMS) * (1.0 - strength(named, Asks.SPARES))
        if not named or score < flag:
            score = round(min(score, flag - 0.01), 4)
            decided = Rule.SITE_QUIET if named else None
            return Finding(account=account, verdict=Verdict.UNRELATED, score=score, signals=named, rule=decided)
        return _finding(account, view, Verdict.UNCLEAR, score, named, Rule.SITE_NAME)
    signals = (
        *_signals(site),
        *(signal for signal in named if signal.feature in _TOLD),
        *(s for s in named if s.feature in ("name_equal", "name_holds")),
    )
    score = max(signal.score for signal in signals if signal.asks in (Asks.CLAIMS, Asks.POSES))
    sure = strength(signals, Asks.POSES) >= flag or any(signal.feature in _SAYS_MORE for signal in signals)
    if score < flag:
        return _finding(account, view, Verdict.UNRELATED, score, signals, Rule.SITE_QUIET)
    spares = strength(signals, Asks.SPARES)
    if spares >= flag and not sure and not site.own.firm:
        return _finding(account, view, Verdict.NAMESAKE, score * (1.0 - spares), signals, Rule.SITE_SPARED)
    if sure:
        return _finding(account, view, Verdict.LOOKALIKE_SITE, score, signals, Rule.SITE_MORE)
    return _finding(account, view, Verdict.UNCLEAR, score, signals, Rule.SITE_NAME)


def may_flag(site: Site | None, flag: float) -> bool:
    """Whether a site known by its name alone can be flagged at this threshold."""
    return site is not None and max(NAME_WEIGHT, HOMOGLYPH_WEIGHT) * site.strength >= flag


def _signals(site: Site) -> list[Signal]:
    hit = site_name(site)
    found = [
        Signal(feature="site_name", asks=Asks.CLAIMS, score=round(NAME_WEIGHT * hit.strength, 4), detail=hit.detail)
    ]
    odd = site_homoglyph(site)
    if odd is not None:
        score = round(HOMOGLYPH_WEIGHT * odd.strength, 4)
        found.append(Signal(feature="site_homoglyph", asks=Asks.POSES, score=score, detail=odd.detail))
    return found


def _finding(
    account: Account, view: View, verdict: Verdict, score: float, signals: tuple[Signal, ...], decided: Rule
) -> Finding:
    return Finding(account=account, verdict=verdict, score=round(min(score, 0.999), 4), signals=signals,
                   unit=view.organisation.name, rule=decided)  # fmt: skip
