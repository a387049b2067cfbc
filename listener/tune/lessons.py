"""What the reviewers' decisions teach: each decided case with its evidence as it was stored, and what it turned out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from listener.match import FEATURES
from listener.models import Case, Record, State, Verdict
from listener.screen.index import Index
from listener.store.decided import Decided
from listener.store.events import Event
from listener.verdict import Evidence, gather


class Truth(StrEnum):
    """What a case turned out to be."""

    IMPOSTOR = "impostor"
    UNIT = "unit"  # a unit's, or an employee's: rightly found, and no impostor
    FOUND = "found"  # rightly found; nobody said which of the two
    HARMLESS = "harmless"  # dismissed: the look at it was in vain


# What a decision says, by its reason. `duplicate` and `other` say nothing about the match.
TRUTHS = {
    (State.CONFIRMED, "impostor"): Truth.IMPOSTOR,
    (State.CONFIRMED, "unapproved_unit"): Truth.UNIT,
    (State.CONFIRMED, "employee_official"): Truth.UNIT,
    (State.CONFIRMED, "other"): Truth.FOUND,
    (State.ACTION, "platform_report"): Truth.IMPOSTOR,
    (State.ACTION, "police_report"): Truth.IMPOSTOR,
    (State.ACTION, "internal_contact"): Truth.UNIT,
    (State.ACTION, "other"): Truth.FOUND,
    (State.RESOLVED, "removed"): Truth.FOUND,
    (State.RESOLVED, "renamed"): Truth.FOUND,
    (State.RESOLVED, "registered"): Truth.UNIT,
    (State.RESOLVED, "handed_over"): Truth.FOUND,
    (State.REGISTERED, "other"): Truth.UNIT,
    (State.DISMISSED, "namesake"): Truth.HARMLESS,
    (State.DISMISSED, "parody"): Truth.HARMLESS,
    (State.DISMISSED, "fan_group"): Truth.HARMLESS,
    (State.DISMISSED, "employee_private"): Truth.HARMLESS,
    (State.DISMISSED, "third_party"): Truth.HARMLESS,
    (State.DISMISSED, "not_ours_harmless"): Truth.HARMLESS,
    (State.DISMISSED, "wrong_match"): Truth.HARMLESS,
}
SETTLED = frozenset({State.CONFIRMED, State.ACTION, State.RESOLVED, State.REGISTERED, State.DISMISSED})
KNOWN = frozenset(feature.name for feature in FEATURES)
BY_OTHERS = frozenset({"registered", "handle_reused", "own_site"})  # signals of the register, which no threshold moves


class Lesson(Record):
    """One case: its evidence as stored when it was decided, and what it turned out to be, None while undecided."""

    case: int
    name: str
    opened_at: datetime
    evidence: Evidence
    truth: Truth | None
    reason: str = ""


class Lessons(Record):
    """The lessons, and how many cases were left out, by why: `register`, `site`, `older`, `undecided`, `says_nothing`.

    The undecided and the silent ones stand among the lessons, without a truth: they count in the queue.
    """

    lessons: tuple[Lesson, ...]
    left_out: dict[str, int]


def read_lessons(history: Iterable[Decided], index: Index) -> Lessons:
    """The cases that thresholds decide, with what people said of them; signals are the stored ones, not made anew."""
    lessons, left_out = [], Counter[str]()
    for told in history:
        why = elsewhere(told.case)
        if why:
            left_out[why] += 1
            continue
        truth, reason = learned(told)
        if truth is None:
            left_out["says_nothing" if reason else "undecided"] += 1
        lessons.append(lesson(told.case, index, truth, reason))
    return Lessons(lessons=tuple(lessons), left_out=dict(left_out))


def elsewhere(case: Case) -> str:
    """Why thresholds do not decide this case; empty when they do."""
    fired = {signal.feature for signal in case.finding.signals}
    if case.finding.verdict is Verdict.OFFICIAL or BY_OTHERS & fired:
        return "register"
    if case.account.platform == "web":
        return "site"
    return "" if fired <= KNOWN else "older"


def learned(told: Decided) -> tuple[Truth | None, str]:
    """What people made of the case, and the reason they gave. Undecided, or come back since: nothing and no reason.

    An impostor that was confirmed, reported and removed is an impostor: the first decision that names it counts.
    """
    if told.case.state not in SETTLED or not told.decisions:
        return None, ""
    last = told.decisions[-1]
    if last.to_state is State.DISMISSED:
        return TRUTHS.get(_key(last)), last.reason
    said = [(TRUTHS.get(_key(event)), event.reason) for event in told.decisions]
    found = [(truth, reason) for truth, reason in said if truth not in (None, Truth.HARMLESS)]
    named = [(truth, reason) for truth, reason in found if truth is not Truth.FOUND]
    return (named or found or [(None, last.reason)])[0]


def _key(event: Event) -> tuple[State, str]:
    return event.to_state, event.reason


def lesson(case: Case, index: Index, truth: Truth | None, reason: str) -> Lesson:
    account = case.finding.account
    return Lesson(
        case=case.id,
        name=account.display_name or account.handle or account.url or "",
        opened_at=case.opened_at,
        evidence=gather(index.look(account), case.finding.signals),
        truth=truth,
        reason=reason,
    )
