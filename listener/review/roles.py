"""What each role may do: the one place where that stands."""

from __future__ import annotations

from enum import StrEnum

from listener.doors import Role as Role
from listener.language import N_
from listener.models import State
from listener.store.barred import CHILD_ABUSE


class Right(StrEnum):
    """What a request wants to do."""

    LOG_IN = "log_in"  # everybody, also who is not logged in
    READ = "read"
    REVIEW = "review"  # assign, take back, and the decisions of REVIEWED
    DECIDE = "decide"  # every decision
    REGISTER = "register"
    OPERATE = "operate"  # people, sources


ROLES = {
    Role.READER: N_("reader: sees everything, changes nothing"),
    Role.REVIEWER: N_("reviewer: looks into cases, confirms, dismisses, watches"),
    Role.DECIDER: N_("decider: as a reviewer, and decides what is done"),
    Role.REGISTRAR: N_("registrar: as a reviewer, and keeps the register"),
    Role.OPERATOR: N_("operator: sees everything, looks after people and sources"),
}
RIGHTS: dict[Role, frozenset[Right]] = {
    Role.READER: frozenset({Right.READ}),
    Role.REVIEWER: frozenset({Right.READ, Right.REVIEW}),
    Role.DECIDER: frozenset({Right.READ, Right.REVIEW, Right.DECIDE}),
    Role.REGISTRAR: frozenset({Right.READ, Right.REVIEW, Right.REGISTER}),
    Role.OPERATOR: frozenset({Right.READ, Right.OPERATE}),
}
REVIEWED = frozenset({State.TRIAGE, State.CONFIRMED, State.DISMISSED, State.WATCHING})


def may(role: str, right: Right) -> bool:
    """Whether somebody of this role may; an unknown role may nothing but log in."""
    if right is Right.LOG_IN:
        return True
    return role in list(Role) and right in RIGHTS[Role(role)]


def right_to(state: State, reason: str = "") -> Right:
    """What it takes to decide that a case is in this state, for that reason: one of them destroys evidence."""
    if state is State.REGISTERED:
        return Right.REGISTER
    if reason == CHILD_ABUSE:
        return Right.DECIDE
    return Right.REVIEW if state in REVIEWED else Right.DECIDE


def states_for(role: str) -> tuple[State, ...]:
    """The states that somebody of this role may put a case into, in the order they are offered."""
    offered = (State.CONFIRMED, State.DISMISSED, State.TRIAGE, State.WATCHING, State.ACTION, State.RESOLVED)
    return tuple(state for state in (*offered, State.REGISTERED) if may(role, right_to(state)))
