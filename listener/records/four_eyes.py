"""Decisions that take two people: which those are, and how a second person makes them stand.

Page, interface for systems and command decide through `settle`, `take_back` and `approve` alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from listener.config import Config
from listener.language import _
from listener.models import Case, Decision, State, Verdict
from listener.report.labels import state_label
from listener.store import Store
from listener.store.barred import CHILD_ABUSE
from listener.store.cases import ACTS, load_case, save_decision, undo
from listener.store.database import StoreError
from listener.store.events import MACHINE, Event, history, standing
from listener.store.proposals import APPROVED, Proposal, close, moved_on, propose, propose_undo, same_person

# Reports to others, and a named employee held to have spoken for us. Child abuse is not among them: what must not be
# kept is destroyed at once.
REASONS = frozenset({"platform_report", "police_report", Verdict.EMPLOYEE_OFFICIAL.value})
HELD = frozenset({State.CONFIRMED, State.ACTION})  # what an employee is not held to by one person alone
COOLING = timedelta(hours=24)  # where one person decides alone, so long nothing should be sent


def is_on(config: Config) -> bool:
    """Whether [review] asks for four eyes; it does unless it says otherwise."""
    return bool(config.table("review").get("four_eyes", True))


def takes_two(verdict: Verdict, to: State, reason: str) -> bool:
    """Whether a decision on a case of this verdict is of those that one person may not take alone."""
    if reason == CHILD_ABUSE:
        return False
    return reason in REASONS or (verdict is Verdict.EMPLOYEE_OFFICIAL and to in HELD)


def settle(config: Config, store: Store, decision: Decision, now: datetime) -> Case:
    """Save a decision, or put it before a second person where it takes two: then the case stands as it did.

    Raises StoreError when it is no whole decision, or a proposal waits already.
    """
    case = load_case(store, decision.case_id)
    if decision.reason == "until_date" and decision.until is None:
        raise StoreError(_("{state}: give the date until when").format(state=state_label(decision.to)))
    if is_on(config) and takes_two(case.finding.verdict, decision.to, decision.reason):
        propose(store, decision, now)
        return case
    return save_decision(store, decision, now)


def take_back(config: Config, store: Store, case_id: int, who: str, now: datetime) -> Case:
    """Take back the last thing a person did with a case, or propose to, where that had taken two.

    Raises StoreError when there is nothing to take back, or a proposal waits already.
    """
    last = undoable(history(store, case_id))
    if last is not None and is_on(config) and took_two(last):
        propose_undo(store, case_id, last, who, now)
        return load_case(store, case_id)
    return undo(store, case_id, who, now)


def undoable(events: Sequence[Event]) -> Event | None:
    """What would be taken back: the last that a person did and nobody took back; None when there is nothing."""
    done = [event for event in standing(list(events), *ACTS) if event.who != MACHINE]
    return done[-1] if done else None


def took_two(event: Event) -> bool:
    """Whether it is a decision that took two."""
    return event.kind == "decision" and takes_two(event.verdict, event.to_state, event.reason)


def approve(store: Store, proposal: Proposal, who: str, now: datetime, text: str = "") -> Case:
    """Make a proposal stand by a second person's word; `text` is what this one adds, else the proposer's words stand.

    Raises StoreError when it is the same person, or the case has become something else.
    """
    if same_person(who, proposal.who):
        same = _("case {case}: you proposed it yourself: another person approves it")
        raise StoreError(same.format(case=proposal.case_id))
    with store.transaction():
        if outdated(store, proposal, history(store, proposal.case_id)):
            moved = _("case {case}: it has become something else since: refuse the proposal, and propose anew")
            raise StoreError(moved.format(case=proposal.case_id))
        close(store, proposal, APPROVED, who, now)
        if proposal.undoes is not None:
            return undo(store, proposal.case_id, who, now)
        decision = Decision(
            case_id=proposal.case_id,
            who=who,
            to=proposal.to,
            reason=proposal.reason,
            text=text or proposal.text,
            until=proposal.until,
            assignee=proposal.assignee,
        )
        return save_decision(store, decision, now, again=True)


def outdated(store: Store, proposal: Proposal, events: Sequence[Event]) -> bool:
    """Whether the case has become something else since, or what was to be taken back is no longer the last.

    `events` are all of the case.
    """
    if moved_on(store, proposal, events):
        return True
    last = undoable(events)
    return proposal.undoes is not None and (last is None or last.id != proposal.undoes)


def cooling_until(case: Case, events: Sequence[Event], now: datetime) -> datetime | None:
    """Until when nothing should be sent, for one person has decided alone what takes two; None when that is over."""
    decided = [event for event in standing(list(events), *ACTS) if event.kind == "decision"]
    last = decided[-1] if decided else None
    if last is None or last.to_state is not case.state:
        return None
    until = last.at + COOLING
    return until if until > now and takes_two(case.finding.verdict, last.to_state, last.reason) else None
