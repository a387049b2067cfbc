"""One case: the suspect beside the official account, what differs in words, reasons for and against, the trail."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from listener.cli.case_text import ASKS, KINDS, proposal_line, reason_label
from listener.errors import ListenerError
from listener.language import _
from listener.models import Case
from listener.organisation import load_organisation
from listener.records import four_eyes
from listener.records.harmless import closing_reason
from listener.report import labels
from listener.review import pictures
from listener.review.choices import choices
from listener.review.copied import Piece, copied, own_marks, own_texts
from listener.review.odd import odd_letters
from listener.review.queue import a_year_on, address, read_asked
from listener.review.related import related
from listener.review.roles import may, right_to
from listener.review.shown import page
from listener.review.why import index, steps
from listener.store.cases import history, load_case
from listener.store.database import StoreError
from listener.store.events import MACHINE, Event, standing
from listener.store.notes import add_note, notes_of
from listener.store.proposals import asked_for, open_proposal
from listener.store.snapshots import counted

HISTORY = 200  # events that are shown; of very many the last
DECIDES = ("to", "reason", "until", "owner", "text")  # what a decision's fields begin with


def show(case_id: int) -> str:
    """The whole case, with the decisions that whoever asks may take."""
    return render(load_case(g.store, case_id))


def note(case_id: int) -> str | Response | tuple[str, int]:
    """Add a note; it moves nothing, so nothing that others did stands in its way.

    A decision that is half typed is sent along: it comes back as it was, on the case as it was seen.
    """
    case, sent = load_case(g.store, case_id), dict(request.form)
    text = sent.pop("note", "")
    try:
        if not just_added(case_id, text):  # the answer is a page that may be loaded again
            add_note(g.store, case_id, g.login.person, text, g.now)
    except StoreError as wrong:
        return render(case, str(wrong), dict(request.form)), 422
    flash(_("Case {case}: the note is kept").format(case=case_id))
    if half_decided(sent):
        return render(case, sent=sent)
    query = request.query_string.decode("ascii", "replace")
    return redirect(url_for("case", case_id=case_id) + (f"?{query}" if query else "") + "#notes")


def just_added(case_id: int, text: str) -> bool:
    """Whether the last note is the same, by whoever asks."""
    last = notes_of(g.store, case_id, 1)
    return bool(last) and (last[0].who, last[0].text) == (g.login.person, text.strip())


def half_decided(sent: dict[str, str]) -> bool:
    """Whether the form of a decision holds anything that it did not hold when it was shown."""
    typed = {name: value.strip() for name, value in sent.items() if name.partition("-")[0] in DECIDES}
    return any(value for name, value in typed.items() if (name, value) != ("until-dismissed", a_year_on()))


def render(case: Case, told: str = "", sent: dict[str, str] | None = None, moved: bool = False) -> str:
    """The page of a case; `told` is what was wrong with a decision, `sent` what its form held, `moved` whether
    something had happened to the case since it was seen.
    """
    events = history(g.store, case.id)
    latest = events[-1].id if events else 0
    logos, official = pictures.ours(case.finding.nearest)
    return page(
        "case.html",
        case=case,
        moved=moved,
        events=events[-HISTORY:],
        latest=latest,
        seen=latest if moved or not sent else sent.get("seen", latest),  # what happened since stays unseen
        machine=MACHINE,
        kinds=KINDS,
        asks=ASKS,
        label=lambda table, key: labels.label(table, key, g.words.say),
        reason_label=reason_label,
        proposal_line=proposal_line,
        odd=odd_letters(case),
        choices=choices(g.login.role),
        kept=counted(g.store, case.id),
        logos=logos,
        official=official,
        picture=pictures.theirs(case),
        parts=steps(case.finding),
        text=marked_text(case),
        related=related(case),
        notes=notes_of(g.store, case.id),
        asked_for=asked_for(g.store, case.id),
        a_year_on=a_year_on(),
        harmless=closing_reason(case),
        back=address(read_asked(request.args)),
        query=request.query_string.decode("ascii", "replace"),
        told=told,
        sent=sent or {},
        **standing_of(case, events),
    )


def standing_of(case: Case, events: list[Event]) -> dict[str, Any]:
    """What waits for a second person, what cools off, and whether the last decision may be taken back."""
    from listener.review.deciding import right_to_undo

    waiting, last = open_proposal(g.store, case.id), four_eyes.undoable(events)
    alone = not four_eyes.is_on(g.config)
    returned = [event for event in standing(events, "decision", "snooze") if event.who != MACHINE]
    return {
        "undoable": last is not None and may(g.login.role, right_to_undo(last)),
        "proposal": waiting,
        "outdated": waiting is not None and four_eyes.outdated(g.store, waiting, events),
        "may_answer": waiting is not None and may(g.login.role, right_to(waiting.to)),
        "cooling": four_eyes.cooling_until(case, events, g.now) if alone else None,
        "decided": returned[-1] if case.state == "regressed" and returned else None,
    }


def marked_text(case: Case) -> list[Piece]:
    """The account's own text, with what it has taken from ours marked."""
    text = case.account.description or ""
    organisation = load_organisation(g.config)
    try:
        texts = own_texts(organisation, index().registry)
    except ListenerError:
        texts = ()
    return copied(text, texts, own_marks(organisation))
