"""The review page: the queue, its cases and their decisions in a browser, server-rendered, for those who may."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.sessions import SecureCookieSessionInterface
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from listener.config import Config
from listener.doors import read_doors
from listener.errors import ListenerError
from listener.language import LANGUAGES, speaking
from listener.report.wording import Words
from listener.review import api, login, oidc, own_password, settings
from listener.review.case_routes import CASE_ROUTES
from listener.review.login import COOKIE, cookie_name
from listener.review.openapi import API_ROUTES
from listener.review.pages import PAGES
from listener.review.provider import Provider
from listener.review.proxy import TrustedProxies
from listener.review.refusals import for_a_system, log_in_first, refused, troubled
from listener.review.roles import Right, may
from listener.review.safety import Number, check_form, install
from listener.review.shown import filters
from listener.review.tips import TIP_ROUTES, open_box
from listener.review.vouched import by_header, note_unheeded
from listener.store import Store, open_store
from listener.store.people import LANGUAGE, Login, choices_of, current_login

__all__ = ["create_app"]

View = Callable[..., str | Response | tuple[str, int]]
HOSTS = ("localhost", "127.0.0.1", "[::1]")
# What each page takes. A page that is not named here is nobody's.
ROUTES: tuple[tuple[str, str, View, Right, tuple[str, ...]], ...] = (
    ("/", "home", lambda: redirect(url_for("queue")), Right.READ, ("GET",)),
    ("/log-in", "log_in", login.log_in, Right.LOG_IN, ("GET", "POST")),
    ("/log-in/oidc", "oidc_start", oidc.start, Right.LOG_IN, ("GET",)),
    ("/log-in/callback", "oidc_return", oidc.come_back, Right.LOG_IN, ("GET",)),
    ("/log-out", "log_out", login.log_out, Right.READ, ("POST",)),
    ("/language", "language", login.choose_language, Right.LOG_IN, ("POST",)),
    ("/settings", "settings", settings.settings, Right.READ, ("GET", "POST")),
    ("/settings/password", "own_password", own_password.change, Right.READ, ("POST",)),
    ("/settings/sessions", "own_sessions", own_password.leave_everywhere, Right.READ, ("POST",)),
    *PAGES,
    *CASE_ROUTES,
    *TIP_ROUTES,
    *API_ROUTES,
)
RIGHT_OF = {name: right for _path, name, _view, right, _methods in ROUTES}


def create_app(config: Config, hosts: Sequence[str] = (), key: str = "") -> Flask:
    """The page over one organisation's store. `hosts` are names it answers to besides this machine's own; `key` signs
    the cookies of visitors, and sessions outlast a restart only when it does too.
    """
    app = Flask(__name__)
    app.session_interface = Visits()
    doors = read_doors(config.path, config.table("review"), config.allow_loopback)
    app.secret_key = key or secrets.token_hex(32)
    app.config.update(
        LISTEN=config,
        DOORS=doors,
        SESSION_COOKIE_NAME=f"{'__Host-' if doors.secure_cookies else ''}{COOKIE}-visit",
        SESSION_COOKIE_SECURE=doors.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        STORES=threading.local(),
    )
    app.before_request(speak)
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "extensions": ["jinja2.ext.i18n"]}
    app.url_map.converters["int"] = Number
    install(app, (*HOSTS, *hosts, *doors.hosts))
    app.wsgi_app = TrustedProxies(app.wsgi_app, doors.proxies, doors.headers)  # type: ignore[method-assign]
    if doors.oidc:
        app.extensions["oidc"] = Provider(doors.oidc, config.allow_loopback)
    if doors.tips:
        with open_store(config.store) as store:
            app.extensions["tips"] = open_box(config, store)
    app.before_request(enter)
    app.teardown_request(leave)
    app.register_error_handler(HTTPException, refused)
    app.register_error_handler(ListenerError, troubled)
    filters(app)
    for path, name, view, _right, methods in ROUTES:
        app.add_url_rule(path, name, view, methods=list(methods))
    return app


class Visits(SecureCookieSessionInterface):
    """The visitors' own cookie: encrypted on its way wherever the page is."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return bool(super().get_cookie_secure(app)) or request.is_secure


def store_here() -> Store:
    """The store as this thread has it open."""
    kept = current_app.config["STORES"]
    if not hasattr(kept, "store"):
        kept.store = open_store(current_app.config["LISTEN"].store)
    store: Store = kept.store
    return store


def speak() -> None:
    """In which language to answer, be it with a refusal."""
    config: Config = current_app.config["LISTEN"]
    g.config, g.now, g.doors = config, config.moment(), current_app.config["DOORS"]
    g.spoken = ExitStack()
    speak_in(language_of(config))


def speak_in(language: str) -> None:
    g.language = language
    g.words = Words(language)
    g.spoken.enter_context(speaking(language))


def enter() -> Response | tuple[str, int] | None:
    """Who asks, and whether that is theirs to ask."""
    if request.endpoint == "static":
        return None
    g.store = store_here()
    if for_a_system():
        api.enter()
        if request.endpoint is not None:  # else there is no such page, or not by this method: Flask says which
            api.allow(RIGHT_OF[request.endpoint])
        return None
    g.visitor = session.setdefault("form", secrets.token_urlsafe(32))
    note_unheeded()
    token = request.cookies.get(cookie_name(), "")
    g.login = still_open(current_login(g.store, token, g.now, g.doors.session, g.doors.idle))
    if g.doors.headers:
        vouched = by_header(g.doors.headers, g.login)
        if isinstance(vouched, tuple):
            return vouched
        g.login = vouched
    if g.login and (chosen := choices_of(g.store, g.login.person).get(LANGUAGE, "")) in LANGUAGES:
        speak_in(chosen)
    if request.endpoint is None:
        return None  # there is no such page, or not by this method: Flask says which
    right = RIGHT_OF.get(request.endpoint)
    if right is None:
        abort(404)
    if right is not Right.LOG_IN and g.login is None:
        return log_in_first()
    if not may(g.login.role if g.login else "", right):
        abort(403)
    check_form()
    case_id = (request.view_args or {}).get("case_id")
    if case_id is not None and g.store.row("SELECT 1 FROM cases WHERE id = ?", (case_id,)) is None:
        abort(404)
    return None


def still_open(found: Login | None) -> Login | None:
    """A session, unless its door was shut since, or whoever vouches says it anew with each request."""
    doors = {"local": g.doors.local_accounts, "oidc": g.doors.oidc is not None}
    return found if found and doors.get(found.how, False) else None


def leave(_raised: BaseException | None) -> None:
    if "spoken" in g:
        g.spoken.close()


def language_of(config: Config) -> str:
    """The one that was chosen, else the first that the browser likes, else the organisation's."""
    chosen = request.cookies.get(cookie_name("-language"), "")
    if chosen in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(LANGUAGES) or config.language
