"""Logging in with a local account, logging out, and the language of the page."""

from __future__ import annotations

from flask import abort, current_app, g, make_response, redirect, request, session, url_for
from werkzeug.wrappers import Response

from listener.language import LANGUAGES, _
from listener.review.passwords import fits
from listener.review.safety import inside
from listener.review.shown import page
from listener.store.log_ins import LogIn, Outcome, flooded, note_log_in
from listener.store.people import LANGUAGE, begin_session, end_session, find_person, save_choice
from listener.store.tries import forgive, take_try

COOKIE = "listen"
A_YEAR = 365 * 24 * 3600
MOST = 1_000  # letters of a name that are read


def cookie_name(what: str = "") -> str:
    """What a cookie is called; with the prefix that lets no other host set it, where all of ours are Secure."""
    prefix = "__Host-" if current_app.config["DOORS"].secure_cookies else ""
    return f"{prefix}{COOKIE}{what}"


def set_cookie(answer: Response, name: str, value: str, seconds: int) -> None:
    """For this site alone, out of reach of scripts, and encrypted on its way where that is possible."""
    secure = current_app.config["DOORS"].secure_cookies or request.is_secure
    answer.set_cookie(name, value, max_age=seconds, httponly=True, samesite="Lax", secure=secure)


def log_in() -> str | Response | tuple[str, int]:
    """The form, or what came of it: a session, a refusal, or a wait after too many of them."""
    target = inside(request.values.get("next"), url_for("queue"))
    if request.method == "GET":
        return redirect(target) if g.login else form(target)
    if not g.doors.local_accounts:
        abort(403)
    name, place = request.form.get("name", "").strip()[:MOST], request.remote_addr or ""
    attempt = take_try(g.store, name, place, g.now)
    if attempt is None:
        note(name, "local", Outcome.WAITS)
        told = _("Too many attempts were refused: wait a quarter of an hour, and try again.")
        return form(target, told, name), 429
    person = find_person(g.store, name)
    if not fits(person.password if person else None, request.form.get("password", "")) or person is None:
        note(name, "local", Outcome.REFUSED)
        told = _("The name or the password is wrong.")
        return form(target, told, name), 401
    forgive(g.store, attempt)
    return with_session(redirect(target), person.name, person.role, "local")


def form(target: str, told: str = "", name: str = "") -> str:
    """The ways in that there are."""
    return page("log_in.html", target=target, told=told, name=name, doors=g.doors)


def with_session(answer: Response, person: str, role: str, how: str) -> Response:
    """The answer, with the cookie of a new session; what the browser had before is nobody's any more."""
    end_session(g.store, request.cookies.get(cookie_name(), ""))
    session.clear()
    token = begin_session(g.store, person, role, g.now, how, g.doors.session)
    note(person, how, Outcome.LOGGED_IN)
    set_cookie(answer, cookie_name(), token, int(g.doors.session.total_seconds()))
    return answer


def note(person: str, how: str, outcome: Outcome) -> None:
    """Keep who came, or who was refused, from where; of a flood of refusals the first thousand an hour.

    A proxy vouches anew with every request, also for those who have no business here.
    """
    told = LogIn(at=g.now, person=person, how=how, place=request.remote_addr or "", outcome=outcome)
    refused = outcome is Outcome.REFUSED and how != "local"
    free = refused or outcome in (Outcome.WAITS, Outcome.NO_ROLE, Outcome.CLOSED)  # none costs anybody a try
    if free and flooded(g.store, g.now):
        return
    note_log_in(g.store, told, g.doors.log_days)


def log_out() -> str | Response:
    """End the session; who came by a provider is told where to end that one too."""
    end_session(g.store, request.cookies.get(cookie_name(), ""))
    note(g.login.person, g.login.how, Outcome.LOGGED_OUT)
    session.clear()
    how, g.login = g.login.how, None
    if how == "local":
        answer: Response = redirect(url_for("log_in"))
    else:
        provider = current_app.extensions.get("oidc")
        address = provider.log_out_address(url_for("log_in", _external=True)) if provider and how == "oidc" else ""
        answer = make_response(page("logged_out.html", address=address))
    answer.delete_cookie(cookie_name(), secure=current_app.config["DOORS"].secure_cookies, httponly=True)
    return answer


def choose_language() -> Response:
    """Keep the language that was chosen, and go back to where that was."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        abort(400)
    if g.login:
        save_choice(g.store, g.login.person, LANGUAGE, chosen)
    answer = make_response(redirect(inside(request.form.get("next"), url_for("queue"))))
    set_cookie(answer, cookie_name("-language"), chosen, A_YEAR)
    return answer
