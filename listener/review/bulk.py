"""Several cases at once: what was marked is shown with a reason each, and only then decided, each by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from flask import abort, flash, g, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from listener.errors import LockedError
from listener.language import _, ngettext
from listener.models import Case, Decision, State
from listener.records import four_eyes
from listener.records.decisions import finish
from listener.report import labels
from listener.review.choices import bulk_choices
from listener.review.deciding import event_line, read_decision, reworded, unsure
from listener.review.queue import a_year_on, address, read_asked
from listener.review.roles import may, right_to
from listener.review.shown import page
from listener.store import cases
from listener.store.barred import CHILD_ABUSE
from listener.store.database import StoreError
from listener.store.events import history
from listener.store.queue_page import latest_events, load_cases

MOST = 100  # cases at once
ASSIGN = "assign"
_MARKED = re.compile(r"(\d{1,15})\.(\d{1,15})")  # a case, and the last that had happened to it when it was shown


class Marked(NamedTuple):
    """One case that was marked: as it is now, what had happened when it was seen, and what is wrong with it."""

    case: Case
    seen: int
    latest: int
    reason: str
    told: str = ""
    takes_two: bool = False

    @property
    def moved(self) -> bool:
        """Whether something has happened to it since it was seen."""
        return self.seen != self.latest


def preview() -> str | tuple[str, int]:
    """What would be decided about which cases, with a reason for each to change."""
    to = wanted(request.form)
    found = marked(request.form, to)
    if not found:
        return render(to, found, _("Mark at least one case in the queue.")), 422
    return render(to, found)


def carry_out() -> str | Response | tuple[str, int]:
    """Decide what the preview showed, each case by itself; those that could not be are shown again, with why."""
    to = wanted(request.form)
    left, done = [], []
    for row in marked(request.form, to):
        if request.form.get(f"leave-{row.case.id}"):
            continue
        told = one(row, to)
        if told:
            left.append(row._replace(told=told, latest=latest_events(g.store, [row.case.id])[row.case.id]))
        else:
            done.append(row)
    for line in lines_of(done, to):
        flash(line)
    if left:
        return render(to, left, _("These cases were not decided: see why at each.")), 409
    return redirect(address(read_asked(request.args)))


def lines_of(done: Sequence[Marked], to: str) -> Iterator[str]:
    """How many cases were decided, and how many only proposed or assigned."""
    if to == ASSIGN and done:
        yield ngettext("{count} case assigned", "{count} cases assigned", len(done)).format(count=len(done))
        return
    proposed = sum(row.takes_two for row in done)
    if decided := len(done) - proposed:
        yield ngettext("{count} case decided", "{count} cases decided", decided).format(count=decided)
    if proposed:
        waits = ngettext(
            "{count} case proposed: it stands when a second person approves it",
            "{count} cases proposed: they stand when a second person approves them",
            proposed,
        )
        yield waits.format(count=proposed)


def one(row: Marked, to: str) -> str:
    """Do it with one case; returns why not, or nothing."""
    number = row.case.id
    form = {**request.form.to_dict(), f"reason-{to}": row.reason}
    try:
        with g.store.transaction():
            latest = latest_events(g.store, [number])[number]
            if row.seen != latest and request.form.get(f"anyway-{number}") != str(latest):
                return happened(number)
            if to == ASSIGN:
                cases.assign(g.store, number, assignee(request.form), g.login.person, g.now)
                return ""
            decision = read_decision(number, form)
            if told := too_much(decision):
                return told
            four_eyes.settle(g.config, g.store, decision, g.now)
    except StoreError as wrong:
        return reworded(wrong)
    except LockedError:
        return _("Another run is writing just now: this case stands as it did. Try again in a moment.")
    finish(g.config, g.store, decision)
    return ""


def too_much(decision: Decision) -> str:
    """Why this is decided one case at a time; empty when it need not be."""
    if decision.reason == CHILD_ABUSE:
        return _("This is decided one case at a time: open the case.")
    return unsure(decision, request.form.get("destroy") == "yes")


def happened(case_id: int) -> str:
    """The last that happened to a case, as whoever decides is told of it."""
    told = _("Something has happened to this case since you saw it: {event}.")
    return told.format(event=event_line(history(g.store, case_id)[-1]))


def wanted(form: Mapping[str, str]) -> str:
    """What is to be done: `assign` or a state; refused when it is neither, or not for whoever asks.

    The queue says it together with the reason for all, as in `dismissed:namesake`.
    """
    to = form.get("to") or form.get("what", "").partition(":")[0]
    if to != ASSIGN and to not in list(State):
        abort(400)
    if to != ASSIGN and not may(g.login.role, right_to(State(to))):
        abort(403)
    return to


def assignee(form: Mapping[str, str]) -> str:
    """Who is to have the cases: whoever is named, else whoever asks."""
    return form.get("assignee", "").strip()[:200] or str(g.login.person)


def marked(form: MultiDict[str, str], to: str) -> list[Marked]:
    """The cases that were marked, in order, at most MOST; each with its own reason, else the one for all."""
    seen = {int(found[1]): int(found[2]) for text in form.getlist("case")[:MOST] if (found := _MARKED.fullmatch(text))}
    latest, for_all = latest_events(g.store, seen), form.get("what", "").partition(":")[2]
    return [
        Marked(
            case=case,
            seen=seen[case.id],
            latest=latest.get(case.id, 0),
            reason=(reason := form.get(f"reason-{case.id}", for_all)),
            takes_two=to != ASSIGN and takes_two(case, State(to), reason),
        )
        for case in load_cases(g.store, seen)
    ]


def takes_two(case: Case, to: State, reason: str) -> bool:
    """Whether the decision would be proposed only."""
    return four_eyes.is_on(g.config) and four_eyes.takes_two(case.finding.verdict, to, reason)


def render(to: str, found: list[Marked], told: str = "") -> str:
    name = _("assign") if to == ASSIGN else labels.state_label(to)
    reasons = next((choice.reasons for choice in bulk_choices(g.login.role) if choice.state == to), ())
    return page(
        "bulk.html",
        to=to,
        name=name,
        found=found,
        reasons=reasons,
        told=told,
        sent=request.form.to_dict(),
        assignee=assignee(request.form),
        a_year_on=a_year_on(),
        back=address(read_asked(request.args)),
        happened=happened,
        query=request.query_string.decode("ascii", "replace"),
    )
