"""Logging in with a local account, logging out, and the language of the page."""

from __future__ import annotations

from flask import abort, g, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from listener.language import LANGUAGES, _
from listener.review.passwords import fits
from listener.review.safety import inside
from listener.review.shown import page
from listener.store.people import LONGEST, begin_session, end_session, find_person, must_wait, note_refused

COOKIE = "listen"
A_YEAR = 365 * 24 * 3600


def log_in() -> str | Response | tuple[str, int]:
    """The form, or what came of it: a session, a refusal, or a wait after too many of them."""
    target = inside(request.values.get("next"), url_for("queue"))
    if request.method == "GET":
        return redirect(target) if g.login else page("log_in.html", target=target, told="", name="")
    name, place = request.form.get("name", "").strip(), request.remote_addr or ""
    if must_wait(g.store, name, place, g.now):
        told = _("Too many attempts were refused: wait a quarter of an hour, and try again.")
        return page("log_in.html", target=target, told=told, name=name), 429
    person = find_person(g.store, name)
    if not fits(person.password if person else None, request.form.get("password", "")) or person is None:
        note_refused(g.store, name, place, g.now)
        told = _("The name or the password is wrong.")
        return page("log_in.html", target=target, told=told, name=name), 401
    return with_session(redirect(target), begin_session(g.store, person.name, person.role, g.now))


def with_session(answer: Response, token: str) -> Response:
    """The answer, with the cookie of a session: for this site alone, out of reach of scripts."""
    answer.set_cookie(
        COOKIE, token, max_age=int(LONGEST.total_seconds()), httponly=True, samesite="Lax", secure=request.is_secure
    )
    return answer


def log_out() -> Response:
    end_session(g.store, request.cookies.get(COOKIE, ""))
    answer = redirect(url_for("log_in"))
    answer.delete_cookie(COOKIE)
    return answer


def choose_language() -> Response:
    """Keep the language that was chosen, and go back to where that was."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        abort(400)
    answer = make_response(redirect(inside(request.form.get("next"), url_for("queue"))))
    answer.set_cookie(
        f"{COOKIE}-language", chosen, max_age=A_YEAR, samesite="Lax", httponly=True, secure=request.is_secure
    )
    return answer
