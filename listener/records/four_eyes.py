"""Decisions that take two people: which those are, and how a second person makes them stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from listener.config import Config
from listener.language import _
from listener.models import Case, Decision, State, Verdict
from listener.store import Store
from listener.store.barred import CHILD_ABUSE
from listener.store.cases import ACTS, save_decision
from listener.store.database import StoreError
from listener.store.events import Event, standing
from listener.store.proposals import APPROVED, Proposal, close, moved_on

# Reports to others, and a named employee held to have spoken for us. Child abuse is not among them: what must not be
# kept is destroyed at once.
REASONS = frozenset({"platform_report", "police_report", Verdict.EMPLOYEE_OFFICIAL.value})
HELD = frozenset({State.CONFIRMED, State.ACTION})  # what an employee is not held to by one person alone
COOLING = timedelta(hours=24)  # where one person decides alone, so long nothing should be sent


def is_on(config: Config) -> bool:
    """Whether [review] asks for four eyes; it does unless it says otherwise."""
    return bool(config.table("review").get("four_eyes", True))


def takes_two(case: Case, to: State, reason: str) -> bool:
    """Whether a decision is of those that one person may not take alone."""
    if reason == CHILD_ABUSE:
        return False
    return reason in REASONS or (case.finding.verdict is Verdict.EMPLOYEE_OFFICIAL and to in HELD)


def approve(store: Store, proposal: Proposal, who: str, now: datetime) -> Case:
    """Make a proposal stand by a second person's word. Raises StoreError when it is the same, or the case moved on."""
    if who == proposal.who:
        same = _("case {case}: you proposed it yourself: another person approves it")
        raise StoreError(same.format(case=proposal.case_id))
    with store.transaction():
        if moved_on(store, proposal):
            moved = _("case {case}: it has become something else since: refuse the proposal, and propose anew")
            raise StoreError(moved.format(case=proposal.case_id))
        close(store, proposal, APPROVED, who, now)
        decision = Decision(
            case_id=proposal.case_id,
            who=who,
            to=proposal.to,
            reason=proposal.reason,
            text=proposal.text,
            until=proposal.until,
            assignee=proposal.assignee,
        )
        return save_decision(store, decision, now)


def cooling_until(case: Case, events: Sequence[Event], now: datetime) -> datetime | None:
    """Until when nothing should be sent, for one person has decided alone what takes two; None when that is over."""
    decided = [event for event in standing(list(events), *ACTS) if event.kind == "decision"]
    last = decided[-1] if decided else None
    if last is None or last.to_state is not case.state or not takes_two(case, last.to_state, last.reason):
        return None
    until = last.at + COOLING
    return until if until > now else None
