"""How a candidate is compared with us: the whole policy as one table, one line a feature."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from listener.match import activity, handles, links, logos, names, needs, roles, served, wording
from listener.match.claims import Hit
from listener.match.needs import HANDLE, NAME
from listener.match.view import View
from listener.models import Asks, Signal


class Feature(NamedTuple):
    """A question put to a candidate, how much a full answer weighs (0..1), and what one must hold to be asked."""

    look: Callable[[View], Hit | None]
    asks: Asks
    weight: float
    needs: int = 0

    @property
    def name(self) -> str:
        return self.look.__name__


CLAIMS, OURS, POSES, SPARES = Asks.CLAIMS, Asks.OURS, Asks.POSES, Asks.SPARES

# What a name or handle claims. Weights from the figures in docs/explanation/matching.md.
NAMING: tuple[Feature, ...] = (
    Feature(names.name_equal, CLAIMS, 0.95, NAME * needs.EQUAL),
    Feature(names.name_looks, CLAIMS, 0.95, NAME * needs.LOOKS),
    Feature(names.name_near, CLAIMS, 0.62, NAME * needs.NEAR),
    Feature(names.name_holds, CLAIMS, 0.90, NAME * needs.NAMED),
    Feature(names.name_authority, CLAIMS, 0.88, NAME * needs.AUTHORITY),
    Feature(names.name_unit_place, CLAIMS, 0.85, NAME * (needs.OURS | needs.PART)),
    Feature(names.name_unit, CLAIMS, 0.75, NAME * needs.UNIT),
    Feature(names.name_house, CLAIMS, 0.60, NAME * needs.HABIT),
    Feature(names.name_own_word, CLAIMS, 0.55, NAME * needs.OWN_WORD),
    Feature(names.name_place, CLAIMS, 0.30, NAME * needs.CORE),
    Feature(names.words_shared, CLAIMS, 0.85, needs.OVERLAP),
    Feature(names.house_phrase, CLAIMS, 0.80, needs.PHRASE),
    Feature(handles.handle_equal, CLAIMS, 0.92, HANDLE * needs.EQUAL),
    Feature(handles.handle_looks, CLAIMS, 0.95, HANDLE * needs.LOOKS),
    Feature(handles.handle_near, CLAIMS, 0.62, HANDLE * needs.NEAR),
    Feature(handles.handle_holds, CLAIMS, 0.85, HANDLE * needs.NAMED),
    Feature(handles.handle_authority, CLAIMS, 0.85, HANDLE * needs.AUTHORITY),
    Feature(handles.handle_unit_place, CLAIMS, 0.80, HANDLE * (needs.OURS | needs.PART)),
    Feature(handles.handle_unit, CLAIMS, 0.65, HANDLE * needs.UNIT),
    Feature(handles.handle_house, CLAIMS, 0.60, HANDLE * needs.HABIT),
    Feature(handles.handle_own_word, CLAIMS, 0.55, HANDLE * needs.OWN_WORD),
    Feature(handles.handle_domain, CLAIMS, 0.85),
    Feature(handles.handle_place, CLAIMS, 0.25, HANDLE * needs.CORE),
)
# What the rest of the account says. Asked only when something claims our name.
TELLING: tuple[Feature, ...] = (
    Feature(wording.text_names_us, CLAIMS, 0.30, needs.TEXT),
    Feature(wording.text_hints_us, CLAIMS, 0.25, needs.TEXT),
    Feature(wording.text_official, CLAIMS, 0.45, needs.OFFICIAL),
    Feature(wording.text_contact, CLAIMS, 0.50, needs.TEXT),
    Feature(links.links_to_us, CLAIMS, 0.40, needs.LINKS),
    Feature(logos.avatar_carries_logo, CLAIMS, 0.70, needs.PICTURE),
    Feature(served.site_loads_ours, CLAIMS, 0.50, needs.LABELS),
    Feature(roles.employee, CLAIMS, 0.65),
    Feature(roles.office, CLAIMS, 0.55),
    Feature(roles.text_part, CLAIMS, 0.55, needs.TEXT),
    Feature(roles.campaign, CLAIMS, 0.50, needs.OVERLAP),
    Feature(roles.seeks_office, CLAIMS, 0.40),
    Feature(links.official_link, OURS, 0.98, needs.OUR_PAGES),
    Feature(links.verified_link, OURS, 0.98, needs.PROVEN),
    Feature(links.official_handle, OURS, 0.98),
    Feature(activity.government_badge, OURS, 0.90, needs.BADGE),
    Feature(names.name_odd_characters, POSES, 0.98, NAME * needs.ODD),
    Feature(handles.handle_odd_characters, POSES, 0.98, HANDLE * needs.ODD),
    Feature(handles.handle_looks, POSES, 0.95, HANDLE * needs.LOOKS),
    Feature(names.name_looks, POSES, 0.95, NAME * needs.LOOKS),
    Feature(names.name_copied, POSES, 0.80, needs.REGISTERED),
    Feature(logos.avatar_copied, POSES, 0.80, needs.PICTURE),
    Feature(handles.handle_taken, POSES, 0.60, HANDLE * needs.WHOLE),
    Feature(handles.handle_elsewhere, POSES, 0.60, HANDLE * needs.EQUAL | needs.REGISTERED),
    Feature(wording.fraud_wording, POSES, 0.85, needs.FRAUD),
    Feature(served.site_asks_secrets, POSES, 0.90, needs.LABELS),
    Feature(served.site_copied, POSES, 0.90, needs.LABELS),
    Feature(links.links_to_lookalike, POSES, 0.60, needs.LINKS),
    Feature(wording.freemail, POSES, 0.50, needs.TEXT),
    Feature(activity.platform_warns, POSES, 0.85, needs.LABELS),
    Feature(activity.younger, POSES, 0.40, needs.MADE),
    Feature(activity.badge_imitated, POSES, 0.40, NAME * needs.ODD),
    Feature(activity.platform_outside, POSES, 0.30),
    Feature(wording.parody, SPARES, 0.95, needs.PARODY),
    Feature(wording.unofficial, SPARES, 0.85, needs.UNOFFICIAL),
    Feature(wording.fan_wording, SPARES, 0.80),
    Feature(wording.group_address, SPARES, 0.60),
    Feature(wording.auto_place, SPARES, 0.90),
    Feature(wording.sibling_name, SPARES, 0.92),
    Feature(links.sibling_link, SPARES, 0.85, needs.LINKS),
    Feature(wording.third_party, SPARES, 0.70, needs.OTHERS),
    Feature(roles.own_views, SPARES, 0.80, needs.PRIVATE),
)
FEATURES: tuple[Feature, ...] = NAMING + TELLING


def compare(view: View, features: Iterable[Feature] = FEATURES) -> tuple[Signal, ...]:
    """Every feature that fires, as a signal, in the table's order."""
    signals = []
    lacked = ~needs.held(view)
    for look, asks, weight, needed in features:
        if needed & lacked:
            continue
        hit = look(view)
        if hit is not None and hit.strength > 0:
            score = round(min(1.0, weight * hit.strength), 4)
            signals.append(Signal(feature=look.__name__, asks=asks, score=score, detail=hit.detail))
    return tuple(signals)


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
