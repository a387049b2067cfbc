"""One case: the suspect beside the official account, what differs in words, reasons for and against, the trail."""

from __future__ import annotations

from typing import NamedTuple

from flask import g, request

from listener.cli.case_text import ASKS, KINDS, reason_label
from listener.models import Case, State
from listener.report import labels
from listener.review.odd import odd_letters
from listener.review.queue import address, read_asked
from listener.review.roles import states_for
from listener.review.shown import page
from listener.store.cases import REASONS, history, load_case
from listener.store.events import MACHINE, standing
from listener.store.snapshots import counted


class Choice(NamedTuple):
    """A state that can be decided, and the reasons it takes: key and what it is called."""

    state: State
    name: str
    reasons: tuple[tuple[str, str], ...]


def show(case_id: int) -> str:
    """The whole case, with the decisions that whoever asks may take."""
    return render(load_case(g.store, case_id))


def render(case: Case, told: str = "", sent: dict[str, str] | None = None) -> str:
    """The page of a case; `told` is what was wrong with a decision, `sent` what its form held."""
    events = history(g.store, case.id)
    last = events[-1].id if events else 0
    return page(
        "case.html",
        case=case,
        events=events,
        latest=last,
        machine=MACHINE,
        kinds=KINDS,
        asks=ASKS,
        label=lambda table, key: labels.label(table, key, g.words.say),
        reason_label=reason_label,
        odd=odd_letters(case),
        choices=choices(g.login.role),
        undoable=any(event.who != MACHINE for event in standing(events, "decision", "snooze", "assign")),
        kept=counted(g.store, case.id),
        back=address(read_asked(request.values)),
        query=request.query_string.decode("ascii", "replace"),
        told=told,
        sent=sent or {},
    )


def choices(role: str) -> tuple[Choice, ...]:
    """What somebody of this role may decide."""
    return tuple(
        Choice(state, labels.state_label(state), tuple((reason, reason_label(reason)) for reason in REASONS[state]))
        for state in states_for(role)
    )
