"""Decisions: each with a reason, by somebody who may, on the case as it was seen; taken back by a new event."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import abort, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from listener.language import _
from listener.models import Case, Decision, State
from listener.records import four_eyes
from listener.records.days import read_time_to_come
from listener.records.decisions import finish
from listener.report import labels
from listener.review.case import render
from listener.review.queue import address, read_asked
from listener.review.roles import Right, may, right_to
from listener.store import cases
from listener.store.database import StoreError
from listener.store.events import Event, history
from listener.store.proposals import PROPOSED, REFUSED, UNDO_PROPOSED, WITHDRAWN, load_proposal, turn_down
from listener.store.queue_page import next_case

LONGEST = 5_000  # letters of a note
Answer = str | Response | tuple[str, int]


def decide(case_id: int) -> Answer:
    """What the form says, then the next case of the queue; the form again, with why, when it is no whole decision."""
    try:
        decision = read_decision(case_id, request.form)
    except StoreError as wrong:
        return render(cases.load_case(g.store, case_id), str(wrong), dict(request.form)), 422
    return act(
        case_id,
        lambda: four_eyes.settle(g.config, g.store, decision, g.now),
        done=lambda: finish(g.config, g.store, decision),
    )


def read_decision(case_id: int, form: Mapping[str, str]) -> Decision:
    """The decision of a form; 400 when it names no state, 403 when that is not for whoever asks to decide.

    Raises StoreError for a day that is none, or is past.
    """
    if form.get("to") not in list(State):
        abort(400)
    to = State(form["to"])
    if not may(g.login.role, right_to(to)):
        abort(403)
    day = form.get(f"until-{to}", "").strip()
    owner = form.get("owner", "").strip()[:200] if to is State.DISMISSED else ""
    return Decision(
        case_id=case_id,
        who=g.login.person,
        to=to,
        reason=form.get(f"reason-{to}", ""),
        text=form.get("text", "").strip()[:LONGEST],
        until=read_time_to_come(day, g.now) if day else None,
        assignee=owner or None,
    )


def undo(case_id: int) -> Answer:
    """Take back the last thing that a person did with the case, if it is for whoever asks to decide such things."""
    last = four_eyes.undoable(history(g.store, case_id))
    if last is not None and not may(g.login.role, right_to_undo(last)):
        abort(403)
    who = g.login.person
    return act(case_id, lambda: four_eyes.take_back(g.config, g.store, case_id, who, g.now), onward=False)


def right_to_undo(event: Event) -> Right:
    """What it takes to take a decision back: what it took to take it."""
    return Right.REVIEW if event.kind == "assign" else right_to(event.to_state)


def assign(case_id: int) -> Answer:
    """Give the case to somebody, or to whoever asks."""
    to = request.form.get("assignee", "").strip()[:200] or g.login.person
    return act(case_id, lambda: cases.assign(g.store, case_id, to, g.login.person, g.now), onward=False)


def answer_proposal(case_id: int) -> Answer:
    """Approve or refuse what somebody else has proposed; one's own can be taken back."""
    number = request.form.get("proposal", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19) or "answer" not in request.form:
        abort(400)
    text = request.form.get("text", "").strip()[:LONGEST]

    def work() -> Case:
        proposal = load_proposal(g.store, case_id, int(number))
        if not may(g.login.role, right_to(proposal.to)):
            abort(403)
        if request.form["answer"] == "approve":
            return four_eyes.approve(g.store, proposal, g.login.person, g.now)
        turn_down(g.store, proposal, g.login.person, text, g.now)
        return cases.load_case(g.store, case_id)

    return act(case_id, work, onward=False)


def act(case_id: int, work: Callable[[], Case], onward: bool = True, done: Callable[[], None] = lambda: None) -> Answer:
    """Do it, unless somebody has done something with the case since it was shown: then whoever asks sees that first.

    `done` is what is to be done after it is saved.
    """
    case = cases.load_case(g.store, case_id)
    seen = request.form.get("seen", "")
    try:
        with g.store.transaction():
            latest = history(g.store, case_id)[-1].id
            if seen != str(latest) and request.form.get("anyway") != str(latest):
                told = _("Somebody has decided something about this case since you opened it: see its history below.")
                return render(cases.load_case(g.store, case_id), told, dict(request.form)), 409
            case = work()
            last = history(g.store, case_id)[-1]
    except StoreError as wrong:
        return render(case, str(wrong), dict(request.form)), 422
    done()
    flash(told_of(case, last))
    if onward and last.kind in cases.ACTS:
        flash(f"{case_id}.{last.id}", "decided")  # the next page can take it back
    asked = read_asked(request.args)
    following = next_case(g.store, asked, g.now, case_id) if onward else case_id
    if following is None:
        return redirect(address(asked))
    return redirect(f"{url_for('case', case_id=following)}{query_of()}")


def told_of(case: Case, last: Event) -> str:
    """What was done, in one line."""
    if last.kind in (PROPOSED, UNDO_PROPOSED):
        return _("Case {case}: proposed; it stands when a second person approves it").format(case=case.id)
    if last.kind in (REFUSED, WITHDRAWN):
        return _("Case {case}: the proposal stands no longer").format(case=case.id)
    return _("Case {case}: {state}").format(case=case.id, state=labels.state_label(case.state))


def query_of() -> str:
    """The filters of the queue, as the address had them."""
    sent = request.query_string.decode("ascii", "replace")
    return f"?{sent}" if sent else ""
