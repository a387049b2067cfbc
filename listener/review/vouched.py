"""People whom somebody else vouches for: let in with the role their groups give them, or told that they have none."""

from __future__ import annotations

import hmac

from flask import current_app, g, request

from listener.doors import HeaderLogIn
from listener.language import _
from listener.review.login import note
from listener.review.proxy import UNHEEDED
from listener.review.shown import page
from listener.store.log_ins import Outcome, lately
from listener.store.people import Login, end_sessions, outsider, welcome

PROXY = "proxy"  # the issuer of those whom a trusted proxy names
LONGEST = 200  # letters of a name, of a subject
MOST_GROUPS = 2_000


def admitted(issuer: str, subject: str, shown: str, role: str, how: str) -> str | None:
    """The name somebody signs with here; None when no role is theirs, or they are closed. Either way it is noted."""
    if not role:
        known = outsider(g.store, issuer, subject)
        if known:
            end_sessions(g.store, known.person)
        note(shown, how, Outcome.NO_ROLE)
        return None
    person = welcome(g.store, issuer, subject, shown, role, g.now)
    if person is None:
        note(shown, how, Outcome.CLOSED)
    return person


def no_role() -> tuple[str, int]:
    """The page for somebody who is known and has no business here."""
    told = _("You are known, but none of your groups has a role here. Ask whoever looks after this page.")
    return page("door.html", told=told), 403


def by_header(told: HeaderLogIn, login: Login | None) -> Login | tuple[str, int] | None:
    """Who asks, as the trusted proxy says; its word goes before any session. Called before anything is shown.

    The proxy says it with every request, so that no session of ours is needed: what has no cookies leaves no rows.
    """
    subject = written(request.headers.get(told.person, ""))
    if not subject:
        return login
    if "," in subject or len(subject) > LONGEST or not subject.isprintable():
        return no_role()  # two proxies, or a client and a proxy, each said one
    role = told.roles.of(groups_in(written(request.headers.get(told.groups, ""))))
    known = outsider(g.store, PROXY, subject)
    if known and known.role == role and g.now - known.last_at < g.doors.idle / 2:
        return Login(person=known.person, role=role, form=form_of(known.person), how="proxy")
    shown = written(request.headers.get(told.name, "")) if told.name else ""
    person = admitted(PROXY, subject, shown or subject, role, "proxy")
    if person is None:
        return no_role()
    if not known or g.now - known.last_at >= g.doors.idle:
        note(person, "proxy", Outcome.LOGGED_IN)
    return Login(person=person, role=role, form=form_of(person), how="proxy")


def form_of(person: str) -> str:
    """What the forms of this person in this browser must carry: nobody else can make it, nor use another's."""
    key = str(current_app.secret_key).encode()
    return hmac.new(key, f"{g.visitor}\0{person}".encode(), "sha256").hexdigest()


def written(header: str) -> str:
    """A header as it was written: proxies send UTF-8, and WSGI hands it on as if it were Latin-1."""
    try:
        return header.encode("latin-1").decode("utf-8").strip()
    except (UnicodeEncodeError, UnicodeDecodeError):
        return header.strip()


def groups_in(text: str) -> list[str]:
    """The groups of a header; a directory's own names hold commas, so semicolons go first."""
    mark = ";" if ";" in text else ","
    return [name.strip() for name in text.split(mark)[:MOST_GROUPS] if name.strip()]


def note_unheeded() -> None:
    """Somebody who is no proxy of ours said who asks: it counts for nothing, and is noted once an hour a place."""
    if UNHEEDED in request.environ and not lately(g.store, request.remote_addr or "", Outcome.UNHEEDED, g.now):
        note("", "proxy", Outcome.UNHEEDED)
