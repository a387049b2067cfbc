"""What somebody may decide, with the reasons each decision takes."""

from __future__ import annotations

from typing import NamedTuple

from listener.cli.case_text import reason_label
from listener.models import State
from listener.report import labels
from listener.review.roles import may, right_to, states_for
from listener.store.barred import CHILD_ABUSE
from listener.store.cases import REASONS


class Choice(NamedTuple):
    """A state that can be decided, and the reasons it takes: key and what it is called."""

    state: State
    name: str
    reasons: tuple[tuple[str, str], ...]


def choices(role: str) -> tuple[Choice, ...]:
    """What somebody of this role may decide."""
    return tuple(
        Choice(
            state,
            labels.state_label(state),
            named(tuple(reason for reason in REASONS[state] if may(role, right_to(state, reason)))),
        )
        for state in states_for(role)
    )


def bulk_choices(role: str) -> tuple[Choice, ...]:
    """The same for many cases at once: without the reason that destroys evidence, which is looked at one by one."""
    return tuple(
        choice._replace(reasons=tuple(reason for reason in choice.reasons if reason[0] != CHILD_ABUSE))
        for choice in choices(role)
    )


def named(reasons: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Reasons with what they are called."""
    return tuple((reason, reason_label(reason)) for reason in reasons)
