"""What is answered where nothing can be done: a plain page that says why, and leads on to where something can."""

from __future__ import annotations

from flask import current_app, g, redirect, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from listener.errors import ListenerError, LockedError
from listener.language import _
from listener.review import api
from listener.review.safety import beside, from_here
from listener.review.shown import page

WRITTEN = ("text", "note", "words")  # fields that hold what somebody wrote


def for_a_system() -> bool:
    """Whether this is no page for a browser."""
    return request.path.startswith(f"{api.PREFIX}/")


def refused(wrong: HTTPException) -> tuple[str, int, dict[str, str]] | HTTPException | Response:
    """A plain page that says what went wrong, with the right status; a redirect stays one."""
    if for_a_system():
        return api.refused(wrong)
    code = wrong.code or 500
    if code < 400:
        return wrong
    if code == 405 and request.method == "GET":  # somebody reloaded, or shared, the address of a form
        return redirect(page_of_form() or url_for("home"))
    return page("refused.html", code=code, told=why(wrong)), code, beside(wrong)


def why(wrong: HTTPException) -> str:
    """What we said ourselves with a refusal, or what is known of it; empty when its heading is all there is to say."""
    asked = request.view_args or {}
    if wrong.code == 404 and "case_id" in asked:
        return _("There is no case {number}.").format(number=asked["case_id"])
    if (
        wrong.code == 403
        and request.endpoint == "log_in"
        and not request.cookies.get(current_app.config["SESSION_COOKIE_NAME"])
    ):
        return _("Your browser sent no cookie back: let it keep those of this page, and open the page over https.")
    ours = wrong.code in (400, 403) and wrong.description != type(wrong).description
    return (wrong.description or "") if ours else ""


def troubled(wrong: ListenerError) -> tuple[str, int] | Response:
    """What the store would not do, as a page; busy is told as such, and nothing was changed."""
    if for_a_system():
        return api.refused(wrong)
    code = 503 if isinstance(wrong, LockedError) else 409
    told = str(wrong).replace(f"{g.config.folder}/", "")  # where it lies on the server is no visitor's matter
    return page("refused.html", code=code, told=told), code


def log_in_first() -> Response | tuple[str, int]:
    """The way in; what somebody wrote when their session had ended stands there to be copied, and is kept nowhere."""
    if request.method == "GET":
        return redirect(url_for("log_in", next=request.full_path))
    written = [request.form.get(name, "").strip() for name in WRITTEN] if from_here(request) else []
    told = _("You have been logged out, and nothing was saved. Log in, and do it once more.")
    shown = page(
        "log_in.html",
        target=page_of_form() or url_for("home"),
        told=told,
        name="",
        doors=g.doors,
        written="\n\n".join(filter(None, written)),
    )
    return shown, 401


def page_of_form() -> str:
    """The page above this address that a form is sent to, with the filters of both; empty when it is no form's."""
    address, path = current_app.url_map.bind(""), request.path
    if not address.test(path, method="POST"):
        return ""
    while path and not address.test(path, method="GET"):
        path = path.rpartition("/")[0]
    filters = request.query_string.decode("ascii", "replace")
    return f"{request.script_root}{path or '/'}" + (f"?{filters}" if filters else "")
