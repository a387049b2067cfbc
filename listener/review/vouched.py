"""People whom somebody else vouches for: let in with the role their groups give them, or told that they have none."""

from __future__ import annotations

import re
from collections.abc import Iterable

from flask import after_this_request, g, request
from werkzeug.wrappers import Response

from listener.doors import HeaderLogIn
from listener.language import _
from listener.review.login import cookie_name, note, with_session
from listener.review.proxy import UNHEEDED
from listener.review.shown import page
from listener.store.log_ins import Outcome, lately
from listener.store.people import Login, current_login, end_session, outsider, welcome

PROXY = "proxy"  # the issuer of those whom a trusted proxy names
LONGEST = 200  # letters of a name, of a subject
MOST_GROUPS = 2_000


def admitted(issuer: str, subject: str, shown: str, role: str, how: str) -> str | None:
    """The name somebody signs with here; None when no role is theirs, or they are closed. Either way it is noted."""
    if not role:
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
    """Who asks, as the trusted proxy says; its word goes before any session. Called before anything is shown."""
    subject = request.headers.get(told.person, "").strip()
    if not subject:
        if login and login.how == "proxy":
            end_session(g.store, request.cookies.get(cookie_name(), ""))
            return None
        return login
    if "," in subject or len(subject) > LONGEST or not subject.isprintable():
        return no_role()  # two proxies, or a client and a proxy, each said one
    role = told.roles.of(groups_in(request.headers.get(told.groups, "")))
    if login and login.how == "proxy" and (login.person, login.role) == (outsider(g.store, PROXY, subject), role):
        return login
    shown = request.headers.get(told.name, "").strip() if told.name else ""
    person = admitted(PROXY, subject, shown or subject, role, "proxy")
    if person is None:
        return no_role()
    carrier = with_session(Response(), person, role, "proxy")
    cookies = carrier.headers.getlist("Set-Cookie")
    after_this_request(lambda answer: with_cookies(answer, cookies))
    token = re.match(r"[^=]+=([^;]+)", cookies[0])
    return current_login(g.store, token[1] if token else "", g.now, g.doors.session, g.doors.idle)


def with_cookies(answer: Response, cookies: Iterable[str]) -> Response:
    for cookie in cookies:
        answer.headers.add("Set-Cookie", cookie)
    return answer


def groups_in(text: str) -> list[str]:
    """The groups of a header; a directory's own names hold commas, so semicolons go first."""
    mark = ";" if ";" in text else ","
    return [name.strip() for name in text.split(mark)[:MOST_GROUPS] if name.strip()]


def note_unheeded() -> None:
    """Somebody who is no proxy of ours said who asks: it counts for nothing, and is noted once an hour a place."""
    if UNHEEDED in request.environ and not lately(g.store, request.remote_addr or "", Outcome.UNHEEDED, g.now):
        note("", "proxy", Outcome.UNHEEDED)
