"""What every request is held to, and every answer carries: hosts, sizes, forms, and what a browser may load."""

from __future__ import annotations

import hmac
import re
from collections.abc import Collection

from flask import Flask, Request, Response, abort, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import IntegerConverter, Map

from listener.language import _

MOST_BYTES = 200_000  # of a form
MOST_NUMBER = 10**15
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
HSTS = "max-age=31536000"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FORM_FIELD = "form"
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(?::[0-9]{1,5})?", re.ASCII)


class Number(IntegerConverter):
    """A number in an address, in one way of writing it; one that the store could not hold leads nowhere."""

    regex = "[0-9]{1,16}"

    def __init__(self, url_map: Map, fixed_digits: int = 0) -> None:
        super().__init__(url_map, fixed_digits, max=MOST_NUMBER)


def install(app: Flask, hosts: Collection[str]) -> None:
    """Hold every request of the app to it; `hosts` are the names that the page answers to, without a port."""
    app.config.update(MAX_CONTENT_LENGTH=MOST_BYTES, MAX_FORM_MEMORY_SIZE=MOST_BYTES, MAX_FORM_PARTS=2_000)
    known = frozenset(host.casefold() for host in hosts)

    def check_host() -> None:
        if host_of(request) not in known:
            abort(400, _("Whoever runs this page has not named it that: `listen serve --name` or [review] hosts does."))

    app.before_request(check_host)
    app.after_request(add_headers)


def host_of(asked: Request) -> str:
    """The host that a request names, without its port; empty when it names none as a browser does."""
    found = _HOST.fullmatch(asked.headers.get("Host", ""))
    return found[1].casefold() if found else ""


def add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", HSTS)
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response


def beside(wrong: HTTPException) -> dict[str, str]:
    """The headers that belong to a refusal: how else a page may be asked (RFC 9110, 15.5.6)."""
    methods = wrong.valid_methods if isinstance(wrong, MethodNotAllowed) else None
    return {"Allow": ", ".join(sorted(methods))} if methods else {}


def check_form() -> None:
    """Refuse a change whose form is not of this session: another site may have sent it (CSRF)."""
    if request.method in SAFE:
        return
    too_old = _("The form is too old, or of another page: go back, load the page again, and try once more.")
    if not from_here(request):
        abort(403, too_old)
    sent = request.form.get(FORM_FIELD, "") or request.headers.get("X-Form", "")
    wanted = g.login.form if g.login else g.visitor
    if not wanted or not hmac.compare_digest(sent.encode("utf-8", "replace"), wanted.encode()):
        abort(403, too_old)


def from_here(asked: Request) -> bool:
    """Whether the browser says that a page of ours sent this; browsers that say nothing are judged by the form."""
    site, origin = asked.headers.get("Sec-Fetch-Site"), asked.headers.get("Origin", asked.headers.get("Referer"))
    if site not in (None, "same-origin", "none"):
        return False
    if origin is None:
        return True
    if origin == "null":
        return site == "same-origin"
    scheme, _mark, rest = origin.partition("://")
    place = rest.partition("/")[0]
    return place.casefold() == asked.host.casefold() and (scheme == "https" or not asked.is_secure)


def inside(target: str | None, otherwise: str) -> str:
    """Where to go next: a path of ours, never another site."""
    ours = target and target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    return target if ours and target else otherwise
