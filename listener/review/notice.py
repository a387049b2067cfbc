"""A report to the platform, prepared from a case: its text to copy, proposed to a second person, never sent here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from flask import abort, flash, g, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from listener.language import LANGUAGES, _
from listener.models import Case, Decision, State
from listener.organisation import load_organisation
from listener.records import four_eyes
from listener.records.notice import GROUNDS, Given, check_given, notice_text
from listener.report.wording import Words
from listener.review.registering import register
from listener.review.roles import may, right_to
from listener.review.shown import page
from listener.store import StoreError
from listener.store.barred import barred
from listener.store.cases import load_case
from listener.store.events import Event, history
from listener.store.prepared import PREPARED, prepared, save_prepared
from listener.store.proposals import open_proposal
from listener.store.snapshots import load_snapshots

REPORT = "platform_report"  # the reason of the decision
LONGEST = 10_000  # letters of the explanation
LETTERS = 200
Answer = str | Response | tuple[str, int]


def show(case_id: int) -> str:
    """The form, with the text as far as it can be made."""
    case = open_case(case_id)
    return render(case, Given(reporter=g.login.person, mail=g.config.contact))


def prepare(case_id: int) -> Answer:
    """Make the text anew from the form; with `keep` it is kept in the trail, and the report proposed by who may."""
    case, given = open_case(case_id), read_given(request.form)
    if "keep" not in request.form:
        return render(case, given)
    try:
        check_given(given)
        with g.store.transaction():
            if request.form.get("seen") != str(history(g.store, case_id)[-1].id):
                told = _("Somebody has decided something about this case since you opened it: see its history below.")
                return render(case, given, told), 409
            number = save_prepared(g.store, case_id, given.ground, text_of(case, given), g.login.person, g.now)
            if may(g.login.role, right_to(State.ACTION)):
                words = _("Report prepared as event {number}: {why}").format(number=number, why=given.why)
                wanted = Decision(case_id=case_id, who=g.login.person, to=State.ACTION, reason=REPORT, text=words)
                four_eyes.settle(g.config, g.store, wanted, g.now)
    except StoreError as wrong:
        return render(case, given, str(wrong)), 422
    flash(_("Case {case}: the text of the report is kept; nothing was sent").format(case=case_id))
    return redirect(url_for("case_notice_kept", case_id=case_id, event=number))


def kept(case_id: int, event: int) -> str:
    """A text that was kept, to copy, and whether it may be sent yet."""
    case, made = found(case_id, event)
    return page(
        "case_notice_kept.html",
        case=case,
        event=made,
        sha256=hashlib.sha256((made.text or "").encode()).hexdigest(),
        waiting=open_proposal(g.store, case_id),
        decided=decided_after(case_id, made),
    )


def download(case_id: int, event: int) -> Response:
    """The same as a file of plain text."""
    _case, made = found(case_id, event)
    answer = make_response(made.text or "")
    answer.headers["Content-Type"] = "text/plain; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="case-{case_id}-report-{event}.txt"'
    return answer


def open_case(case_id: int) -> Case:
    """The case; 403 for one of child abuse: that is a matter for the police alone, and none of its text is made."""
    case = load_case(g.store, case_id)
    if barred(g.store, case_id):
        abort(403)
    return case


def found(case_id: int, number: int) -> tuple[Case, Event]:
    """The case and the event that holds the text; 404 without one."""
    case, made = open_case(case_id), prepared(g.store, case_id, number)
    if made is None:
        abort(404)
    return case, made


def decided_after(case_id: int, made: Event) -> Event | None:
    """The decision that the report is made, when one was taken since and stands."""
    later = [event for event in history(g.store, case_id) if event.id > made.id]
    undone = {event.undoes for event in later}
    decisions = (event for event in later if event.kind == "decision" and event.reason == REPORT)
    return next((event for event in decisions if event.id not in undone), None)


def read_given(form: Mapping[str, str]) -> Given:
    return Given(
        ground=form.get("ground", "")[:LETTERS],
        why=form.get("why", "").strip()[:LONGEST],
        reporter=" ".join(form.get("reporter", "").split())[:LETTERS],
        mail=form.get("mail", "").strip()[:LETTERS],
        good_faith=form.get("good_faith") == "yes",
    )


def language() -> str:
    """The language of the report: as asked for, else the reader's."""
    wanted = request.values.get("language", "")
    return wanted if wanted in LANGUAGES else str(g.language)


def text_of(case: Case, given: Given) -> str:
    organisation = load_organisation(g.config).name
    kept_files = load_snapshots(g.store, case.id)
    return notice_text(case, given, organisation, register().entries, kept_files, Words(language()))


def render(case: Case, given: Given, told: str = "") -> str:
    events = history(g.store, case.id)
    return page(
        "case_notice.html",
        case=case,
        given=given,
        text=text_of(case, given),
        grounds=GROUNDS,
        language=language(),
        languages=LANGUAGES,
        latest=events[-1].id,
        earlier=[event for event in events if event.kind == PREPARED],
        four_eyes=four_eyes.is_on(g.config),
        may_propose=may(g.login.role, right_to(State.ACTION)),
        told=told,
    )
