"""Decisions: each with a reason, by somebody who may, on the case as it was seen; taken back by a new event."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import abort, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from listener.cli.case_text import KINDS, reason_label
from listener.language import _
from listener.models import Case, Decision, State
from listener.records import four_eyes
from listener.records.days import read_time_to_come
from listener.records.decisions import finish
from listener.report import labels
from listener.review.case import render
from listener.review.queue import address, read_asked
from listener.review.registering import register
from listener.review.roles import Right, may, right_to
from listener.store import cases
from listener.store.barred import CHILD_ABUSE
from listener.store.database import StoreError
from listener.store.events import MACHINE, Event, history
from listener.store.notes import add_note
from listener.store.proposals import PROPOSED, REFUSED, UNDO_PROPOSED, WITHDRAWN, load_proposal, turn_down
from listener.store.queue_page import next_case
from listener.store.sightings import REGISTERED_BY_REGISTER
from listener.terminal import plain

LONGEST = 5_000  # letters of a note
Answer = str | Response | tuple[str, int]


def decide(case_id: int) -> Answer:
    """What the form says, then the next case of the queue; the form again, with why, when it is no whole decision.

    A note that was typed beside it is kept with it, but with a decision that destroys what is kept.
    """
    try:
        decision = read_decision(case_id, request.form)
    except StoreError as wrong:
        return again(case_id, str(wrong))
    if lacks := unsure(decision, request.form.get("destroy") == "yes"):
        return again(case_id, lacks)
    typed = request.form.get("note", "").strip()
    note = "" if decision.reason == CHILD_ABUSE else typed

    def settle() -> Case:
        case = four_eyes.settle(g.config, g.store, decision, g.now)
        if note:
            add_note(g.store, case_id, g.login.person, note, g.now)
        return case

    def finished() -> None:
        finish(g.config, g.store, decision)
        if note:
            flash(_("Case {case}: the note is kept").format(case=case_id))
        elif typed:
            flash(_("case {case}: of child abuse nothing but address, id and time is kept").format(case=case_id))

    return act(case_id, settle, done=finished)


def read_decision(case_id: int, form: Mapping[str, str]) -> Decision:
    """The decision of a form; 400 when it names no state, 403 when that is not for whoever asks to decide.

    Raises StoreError for a day that is none, or is past.
    """
    if form.get("to") not in list(State):
        abort(400)
    to = State(form["to"])
    reason = form.get(f"reason-{to}", "")
    if not may(g.login.role, right_to(to, reason)):
        abort(403)
    day = form.get(f"until-{to}", "").strip()
    owner = form.get("owner", "").strip()[:200] if to is State.DISMISSED else ""
    return Decision(
        case_id=case_id,
        who=g.login.person,
        to=to,
        reason=reason,
        text=form.get("text", "").strip()[:LONGEST],
        until=read_time_to_come(day, g.now) if day else None,
        assignee=owner or None,
    )


def unsure(decision: Decision, meant: bool) -> str:
    """What must be done first where a decision does more than it looks like, or less; empty when nothing must.

    `meant`: whoever decides has said that what is kept is to be destroyed.
    """
    if len(request.form.get("text", "").strip()) > LONGEST:
        return _("The words are longer than {most} letters: shorten them.").format(most=g.words.number(LONGEST))
    if decision.reason == CHILD_ABUSE and not meant:
        return _("What is kept of this account is destroyed at once, and for good: mark below that it is meant.")
    if decision.to is State.REGISTERED and decision.reason == REGISTERED_BY_REGISTER:
        account = cases.load_case(g.store, decision.case_id).account
        if register().find(account) is None:
            return _("The register has no row for this account: add it first, by “Register this account”.")
    return ""


def again(case_id: int, told: str, code: int = 422) -> Answer:
    """The case once more with what was typed, and why it was not saved."""
    return render(cases.load_case(g.store, case_id), told, dict(request.form), moved=code == 409), code


def undo(case_id: int) -> Answer:
    """Take back the last thing that a person did with the case, if it is for whoever asks to decide such things."""
    last = four_eyes.undoable(history(g.store, case_id))
    if last is not None and not may(g.login.role, right_to_undo(last)):
        abort(403)
    who = g.login.person

    def row_stays() -> None:
        if last is not None and last.to_state is State.REGISTERED:
            flash(_("The row still stands in the register: take it out there, or the account counts as ours."))

    return act(
        case_id, lambda: four_eyes.take_back(g.config, g.store, case_id, who, g.now), onward=False, done=row_stays
    )


def right_to_undo(event: Event) -> Right:
    """What it takes to take a decision back: what it took to take it."""
    return Right.REVIEW if event.kind == "assign" else right_to(event.to_state, event.reason)


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
            return four_eyes.approve(g.store, proposal, g.login.person, g.now, text)
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
            latest = history(g.store, case_id)[-1]
            if seen != str(latest.id) and request.form.get("anyway") != str(latest.id):
                told = _("Something has happened to this case since you opened it: {event}.")
                return again(case_id, told.format(event=event_line(latest)), 409)
            case = work()
            last = history(g.store, case_id)[-1]
    except StoreError as wrong:
        return again(case_id, reworded(wrong))
    done()
    flash(told_of(case, last))
    if onward and last.kind in cases.ACTS:
        flash(f"{case_id}.{last.id}", "decided")  # the next page can take it back
    asked = read_asked(request.args)
    following = next_case(g.store, asked, g.now, case_id) if onward else case_id
    if following is None:
        return redirect(address(asked))
    return redirect(f"{url_for('case', case_id=following)}{query_of()}")


def reworded(wrong: StoreError) -> str:
    """Why it was not saved, in the words of this page."""
    if isinstance(wrong, cases.NotWhole):
        return _("Choose a reason.") if wrong.lacks == "reason" else _("Another reason needs words: write them.")
    return str(wrong)


def event_line(event: Event) -> str:
    """What happened, by whom and when, in one line."""
    who = _("automatic") if event.who == MACHINE else plain(event.who)[:60]
    what = [labels.label(KINDS, event.kind), labels.state_label(event.to_state)]
    what += [reason_label(event.reason)] if event.reason else []
    return f"{who}, {g.words.moment(event.at)}: {' · '.join(what)}"


def told_of(case: Case, last: Event) -> str:
    """What was done, in one line."""
    if last.kind in (PROPOSED, UNDO_PROPOSED):
        return _("Case {case}: proposed; it stands when a second person approves it").format(case=case.id)
    if last.kind in (REFUSED, WITHDRAWN):
        return _("Case {case}: the proposal stands no longer").format(case=case.id)
    if last.kind == "assign":
        return _("Case {case}: assigned to {who}").format(case=case.id, who=plain(case.assignee or "")[:60])
    return _("Case {case}: {state}").format(case=case.id, state=labels.state_label(case.state))


def query_of() -> str:
    """The filters of the queue, as the address had them."""
    sent = request.query_string.decode("ascii", "replace")
    return f"?{sent}" if sent else ""
