"""Forward a case to a unit: a message ready to send from one's own mail, and a line in the trail that it was."""

from __future__ import annotations

from urllib.parse import quote

from flask import flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from listener.language import LANGUAGES, N_, _
from listener.models import Case
from listener.organisation import load_organisation
from listener.records.registering import owner_of
from listener.report import labels
from listener.report.defang import defang, plain
from listener.report.wording import Words
from listener.review.registering import register
from listener.review.shown import page
from listener.store.barred import barred
from listener.store.cases import load_case
from listener.store.database import StoreError
from listener.store.forwarded import LONGEST, note_forwarded

SUBJECT = N_("Case {case}: {verdict} on {platform}")
BODY = N_(
    "Hello,\n\nWe have found an account that concerns {unit}, and need your help to tell what it is.\n\n"
    "Name: {name}\nPlatform: {platform}\nAddress (written so that it cannot be clicked): {address}\n"
    "What we think so far: {verdict}\n\n"
    "Is it yours? Then answer with who looks after it, and we help you to register it. If it is not, tell us; you need "
    "not write to the account.\n\nThe case (log-in needed): {page}\n\nKind regards\n{who}, {organisation}"
)


def show(case_id: int) -> str:
    """The message for a unit, in the language that is asked for."""
    return render(load_case(g.store, case_id), request.args.get("to", "").strip()[:LONGEST])


def forward(case_id: int) -> str | Response | tuple[str, int]:
    """Note in the trail whom the case was forwarded to; nothing is sent."""
    case = load_case(g.store, case_id)
    to = request.form.get("to", "").strip()[:LONGEST]
    try:
        note_forwarded(g.store, case_id, to, g.login.person, g.now)
    except StoreError as wrong:
        return render(case, to, str(wrong)), 422
    flash(_("Case {case}: noted as forwarded to {unit}").format(case=case_id, unit=plain(to)))
    return redirect(url_for("case", case_id=case_id))


def render(case: Case, to: str, told: str = "") -> str:
    written = request.values.get("language", "")
    language = written if written in LANGUAGES else g.language
    unit = plain(to or case.finding.unit or (case.finding.nearest.unit if case.finding.nearest else ""))
    mailbox = owner_of(case.finding, register().entries)
    subject, body = message(case, unit, language)
    return page(
        "case_forward.html",
        case=case,
        unit=unit,
        subject=subject,
        body=body,
        mailto=f"mailto:{quote(mailbox, safe='@')}?subject={quote(subject)}&body={quote(body)}",
        mailbox=mailbox,
        language=language,
        languages=LANGUAGES,
        told=told,
    )


def message(case: Case, unit: str, language: str) -> tuple[str, str]:
    """Subject and body; what strangers wrote in it is cut and cannot be clicked."""
    words, account, shut = Words(language), case.account, barred(g.store, case.id)
    say = words.say
    organisation = load_organisation(g.config).name
    told = {
        "case": case.id,
        "unit": unit or organisation,
        "verdict": labels.verdict_label(case.finding.verdict, say),
        "platform": labels.platform_label(account.platform, say),
        "name": "–" if shut else plain((account.display_name or account.handle or "–")[:200]),
        "address": defang(account.url) if account.url and not shut else "–",
        "page": url_for("case", case_id=case.id, _external=True),
        "who": g.login.person,
        "organisation": organisation,
    }
    return say(SUBJECT).format(**told), say(BODY).format(**told)
