"""One's own local account: another password, and an end to every session of one's own."""

from __future__ import annotations

from flask import abort, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from listener.language import _
from listener.review.keys import keys_of
from listener.review.login import with_session
from listener.review.passwords import LONGEST, SHORTEST, fits, make_hash
from listener.review.settings import render
from listener.store.people import end_sessions, find_person, set_password
from listener.store.tries import forgive, take_try


def change() -> Response | tuple[str, int]:
    """A new password, by whoever knows the old one; other sessions end, this one goes on."""
    person = find_person(g.store, g.login.person) if g.login.how == "local" else None
    if person is None:
        abort(403)
    attempt = take_try(g.store, person.name, request.remote_addr or "", g.now)
    if attempt is None:
        return refused(_("Too many attempts were refused: wait a quarter of an hour, and try again."), 429)
    if not fits(person.password, request.form.get("old", "")):
        return refused(_("The old password is another one."))
    forgive(g.store, attempt)
    new = request.form.get("new", "")
    if new != request.form.get("again", ""):
        return refused(_("The new password was written in two ways."))
    if not SHORTEST <= len(new) <= LONGEST:
        return refused(_("A password has {least} to {most} letters.").format(least=SHORTEST, most=LONGEST))
    set_password(g.store, person.name, make_hash(new))
    flash(_("The password is changed; you are logged out everywhere else."))
    return with_session(redirect(url_for("settings")), person.name, person.role, "local")


def leave_everywhere() -> Response:
    """End every session of one's own, this one too."""
    end_sessions(g.store, g.login.person)
    return redirect(url_for("log_in"))


def refused(told: str, code: int = 422) -> tuple[str, int]:
    """The settings once more, with why the password stands as it did."""
    return render(keys_of(g.store, g.login.person), told), code
