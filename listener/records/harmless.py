"""Open cases whose account is no longer flagged: the machine says so, and a person closes them."""

from __future__ import annotations

from listener.models import OPEN_STATES, Case, Verdict

# Why a case of this verdict is dismissed.
REASONS = {
    Verdict.PARODY: "parody",
    Verdict.FAN_OR_CITIZEN_GROUP: "fan_group",
    Verdict.NAMESAKE: "namesake",
    Verdict.AUTO_PLACE_PAGE: "not_ours_harmless",
    Verdict.UNRELATED: "wrong_match",
}


def closing_reason(case: Case) -> str:
    """The reason by which an open case that is judged harmless by now is dismissed; empty when it is not."""
    return REASONS.get(case.finding.verdict, "") if case.state in OPEN_STATES else ""
