"""Decisions: each with a reason, by somebody who may, on the case as it was seen; taken back by a new event."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time

from flask import abort, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from listener.clock import HOME
from listener.language import _
from listener.models import Case, Decision, State
from listener.records.decisions import decide as save
from listener.report import labels
from listener.review.case import render
from listener.review.queue import address, read_asked
from listener.review.roles import may, right_to
from listener.store import cases
from listener.store.database import StoreError
from listener.store.events import history
from listener.store.queue_page import next_case

LONGEST = 5_000  # letters of a note
Answer = str | Response | tuple[str, int]


def decide(case_id: int) -> Answer:
    """What the form says, then the next case of the queue; the form again, with why, when it is no whole decision."""
    form = request.form
    if form.get("to") not in list(State):
        abort(400)
    to = State(form["to"])
    if not may(g.login.role, right_to(to)):
        abort(403)
    decision = Decision(
        case_id=case_id,
        who=g.login.person,
        to=to,
        reason=form.get(f"reason-{to}", ""),
        text=form.get("text", "").strip()[:LONGEST],
        until=date_of(form.get("until", "")),
    )
    return act(case_id, lambda: save(g.config, g.store, decision, g.now))


def undo(case_id: int) -> Answer:
    """Take back the last thing that a person did with the case."""
    return act(case_id, lambda: cases.undo(g.store, case_id, g.login.person, g.now), onward=False)


def assign(case_id: int) -> Answer:
    """Give the case to somebody, or to whoever asks."""
    to = request.form.get("assignee", "").strip()[:200] or g.login.person
    return act(case_id, lambda: cases.assign(g.store, case_id, to, g.login.person, g.now), onward=False)


def act(case_id: int, work: Callable[[], Case], onward: bool = True) -> Answer:
    """Do it, unless somebody has done something with the case since it was shown: then whoever asks sees that first."""
    case = cases.load_case(g.store, case_id)
    seen = request.form.get("seen", "")
    try:
        with g.store.transaction():
            latest = history(g.store, case_id)[-1].id
            if seen != str(latest) and request.form.get("anyway") != str(latest):
                told = _("Somebody has decided something about this case since you opened it: see its history below.")
                return render(cases.load_case(g.store, case_id), told, dict(request.form)), 409
            case = work()
    except StoreError as wrong:
        return render(case, str(wrong), dict(request.form)), 422
    flash(_("Case {case}: {state}").format(case=case_id, state=labels.state_label(case.state)))
    asked = read_asked(request.args)
    following = next_case(g.store, asked, g.now, case_id) if onward else case_id
    if following is None:
        return redirect(address(asked))
    return redirect(f"{url_for('case', case_id=following)}{query_of()}")


def query_of() -> str:
    """The filters of the queue, as the address had them."""
    sent = request.query_string.decode("ascii", "replace")
    return f"?{sent}" if sent else ""


def date_of(text: str) -> datetime | None:
    """The beginning of a Swedish day; None when there is none."""
    try:
        return datetime.combine(datetime.fromisoformat(text).date(), time(), HOME) if text else None
    except ValueError:
        return None
