"""How a candidate is compared with us: the whole policy as one table, one line a feature."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from listener.match import activity, handles, links, logos, names, roles, served, wording
from listener.match.claims import Hit
from listener.match.view import View
from listener.models import Asks, Signal


class Feature(NamedTuple):
    """A question put to a candidate, and how much a full answer weighs (0..1)."""

    look: Callable[[View], Hit | None]
    asks: Asks
    weight: float

    @property
    def name(self) -> str:
        return self.look.__name__


CLAIMS, OURS, POSES, SPARES = Asks.CLAIMS, Asks.OURS, Asks.POSES, Asks.SPARES

# What a name or handle claims. Weights from the figures in docs/explanation/matching.md.
NAMING: tuple[Feature, ...] = (
    Feature(names.name_equal, CLAIMS, 0.95),
    Feature(names.name_looks, CLAIMS, 0.95),
    Feature(names.name_near, CLAIMS, 0.62),
    Feature(names.name_holds, CLAIMS, 0.90),
    Feature(names.name_authority, CLAIMS, 0.88),
    Feature(names.name_unit_place, CLAIMS, 0.85),
    Feature(names.name_unit, CLAIMS, 0.75),
    Feature(names.name_house, CLAIMS, 0.60),
    Feature(names.name_own_word, CLAIMS, 0.55),
    Feature(names.name_place, CLAIMS, 0.30),
    Feature(names.words_shared, CLAIMS, 0.85),
    Feature(names.house_phrase, CLAIMS, 0.80),
    Feature(handles.handle_equal, CLAIMS, 0.92),
    Feature(handles.handle_looks, CLAIMS, 0.95),
    Feature(handles.handle_near, CLAIMS, 0.62),
    Feature(handles.handle_holds, CLAIMS, 0.85),
    Feature(handles.handle_authority, CLAIMS, 0.85),
    Feature(handles.handle_unit_place, CLAIMS, 0.80),
    Feature(handles.handle_unit, CLAIMS, 0.65),
    Feature(handles.handle_house, CLAIMS, 0.60),
    Feature(handles.handle_own_word, CLAIMS, 0.55),
    Feature(handles.handle_domain, CLAIMS, 0.85),
    Feature(handles.handle_place, CLAIMS, 0.25),
)
# What the rest of the account says. Asked only when something claims our name.
TELLING: tuple[Feature, ...] = (
    Feature(wording.text_names_us, CLAIMS, 0.30),
    Feature(wording.text_hints_us, CLAIMS, 0.25),
    Feature(wording.text_official, CLAIMS, 0.45),
    Feature(wording.text_contact, CLAIMS, 0.50),
    Feature(links.links_to_us, CLAIMS, 0.40),
    Feature(logos.avatar_carries_logo, CLAIMS, 0.70),
    Feature(served.site_loads_ours, CLAIMS, 0.50),
    Feature(roles.employee, CLAIMS, 0.65),
    Feature(roles.office, CLAIMS, 0.55),
    Feature(roles.text_part, CLAIMS, 0.55),
    Feature(roles.campaign, CLAIMS, 0.50),
    Feature(roles.seeks_office, CLAIMS, 0.40),
    Feature(links.official_link, OURS, 0.98),
    Feature(links.verified_link, OURS, 0.98),
    Feature(links.official_handle, OURS, 0.98),
    Feature(activity.government_badge, OURS, 0.90),
    Feature(names.name_odd_characters, POSES, 0.98),
    Feature(handles.handle_odd_characters, POSES, 0.98),
    Feature(handles.handle_looks, POSES, 0.95),
    Feature(names.name_looks, POSES, 0.95),
    Feature(names.name_copied, POSES, 0.80),
    Feature(logos.avatar_copied, POSES, 0.80),
    Feature(handles.handle_taken, POSES, 0.60),
    Feature(handles.handle_elsewhere, POSES, 0.60),
    Feature(wording.fraud_wording, POSES, 0.85),
    Feature(served.site_asks_secrets, POSES, 0.90),
    Feature(served.site_copied, POSES, 0.90),
    Feature(links.links_to_lookalike, POSES, 0.60),
    Feature(wording.freemail, POSES, 0.50),
    Feature(activity.platform_warns, POSES, 0.85),
    Feature(activity.younger, POSES, 0.40),
    Feature(activity.badge_imitated, POSES, 0.40),
    Feature(activity.platform_outside, POSES, 0.30),
    Feature(wording.parody, SPARES, 0.95),
    Feature(wording.unofficial, SPARES, 0.85),
    Feature(wording.fan_wording, SPARES, 0.80),
    Feature(wording.group_address, SPARES, 0.60),
    Feature(wording.auto_place, SPARES, 0.90),
    Feature(wording.sibling_name, SPARES, 0.92),
    Feature(links.sibling_link, SPARES, 0.85),
    Feature(wording.third_party, SPARES, 0.70),
    Feature(roles.own_views, SPARES, 0.80),
)
FEATURES: tuple[Feature, ...] = NAMING + TELLING
# Those of NAMING that look at one reading alone, by the module they stand in; a silent one makes none of them fire.
_BOTH = (names.words_shared, names.house_phrase, handles.handle_domain)
_NAMING_OF: dict[tuple[bool, bool], tuple[Feature, ...]] = {
    (name, handle): tuple(
        feature
        for feature in NAMING
        if feature.look in _BOTH or not (name if feature.look.__module__ == names.__name__ else handle)
    )
    for name in (False, True)
    for handle in (False, True)
}


def compare(view: View, features: Iterable[Feature] = FEATURES) -> tuple[Signal, ...]:
    """Every feature that fires, as a signal, in the table's order."""
    signals = []
    for look, asks, weight in features:
        hit = look(view)
        if hit is not None and hit.strength > 0:
            score = round(min(1.0, weight * hit.strength), 4)
            signals.append(Signal(feature=look.__name__, asks=asks, score=score, detail=hit.detail))
    return tuple(signals)


def naming(view: View) -> tuple[Signal, ...]:
    """What the name and the handle claim, as `compare` with NAMING tells; one that holds nothing of ours is not asked
    what of ours it holds.
    """
    name, handle = view.name.silent, view.handle.silent
    return compare(view, _NAMING_OF[name, handle])


def strength(signals: Iterable[Signal], asks: Asks) -> float:
    """How strongly the signals answer one question, 0..1."""
    return added([signal.score for signal in signals if signal.asks is asks])


def added(scores: list[float]) -> float:
    """Scores that answer one question: the strongest, and a share of what the others add, 0..1."""
    if not scores:
        return 0.0
    strongest, *others = sorted(scores, reverse=True)
    rest = 1.0
    for score in others:
        rest *= 1.0 - 0.5 * score
    return strongest + (1.0 - strongest) * (1.0 - rest)
