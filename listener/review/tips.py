"""Tips from anybody: a form without a log-in, an address and words, looked at by people and by the next audit."""

from __future__ import annotations

import os
import re
import threading
from collections import OrderedDict
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from flask import abort, current_app, flash, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from listener.clock import read_time, rfc3339
from listener.config import Config
from listener.errors import Changed, ConfigError
from listener.language import _
from listener.profiles import platform_name, profile_url
from listener.review.roles import Right
from listener.review.shown import page
from listener.sources.tips import read_account
from listener.store import Store
from listener.store.tips import MOST_OPEN, add_tip, close_tip, open_tips, sent_since
from listener.store.tries import area

FILE = "tips-from-the-page.ndjson"  # what the source `tips` reads of them
BEGAN = "tip"  # in the visitor's cookie: when the form was shown
LONGEST_ADDRESS, LONGEST_WORDS = 500, 2_000
SOONEST, LATEST = timedelta(seconds=3), timedelta(hours=12)  # between the form and its answer, when a person writes
AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
MOST_OF_A_PLACE, MOST_OF_A_DAY = 5, 500  # an hour; a day
MOST_PLACES = 10_000
A_PAGE = 100
WITHOUT_SCHEME = re.compile(r"(?:[\w-]+\.)+[^\W\d]{2,}(?:[/?#]\S*)?")
ON_A_PLATFORM = re.compile(r"@?(?P<handle>[\w.-]{1,60})(?:,| på| i| on| at)? +(?P<platform>[\w ()]{1,30})")
Answer = str | Response | tuple[str, int]


class Turns:
    """How often each place sent something in the last hour; kept in memory alone, so that nothing tells who it was."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sent: OrderedDict[str, list[datetime]] = OrderedDict()

    def take(self, place: str, now: datetime) -> bool:
        """Count one more, unless the place has had its turns."""
        with self._lock:
            lately = [at for at in self._sent.pop(place, []) if now - at < AN_HOUR]
            self._sent[place] = lately
            if len(lately) >= MOST_OF_A_PLACE:
                return False
            lately.append(now)
            while len(self._sent) > MOST_PLACES:
                self._sent.popitem(last=False)
            return True


def open_box(config: Config, store: Store) -> Turns:
    """Make the file that audits read. Raises ConfigError when the source does not read it."""
    if FILE not in config.source("tips").get("files", []):
        raise ConfigError(
            f'{config.path}: [review] tips needs [sources.tips] files = ["{FILE}"], or no audit sees them'
        )
    write_file(config, store)
    return Turns()


def write_file(config: Config, store: Store) -> None:
    """The tips that wait, as the source reads them: whole, or as it was."""
    path = config.folder / FILE
    made = path.with_name(f".{FILE}.{os.getpid()}.{threading.get_ident()}")
    with store.transaction():  # one at a time
        lines = [msgspec.json.encode({"url": tip.address}) + b"\n" for tip in open_tips(store)]
        write_private(made, b"".join(lines))
        os.replace(made, path)


def write_private(path: Path, content: bytes) -> None:
    """A file that only its owner reads."""
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)


def tip() -> Answer:
    """The form, or thanks for what was sent in. Nothing that a tip names is fetched."""
    if not g.doors.tips:
        abort(404)
    if request.method == "GET":
        return form()
    address = as_address(request.form.get("address", "").strip())
    words = request.form.get("words", "").strip()
    began = session.get(BEGAN, "")
    told = what_lacks(address, words, began)
    if told:
        session[BEGAN] = began or rfc3339(g.now)
        return form(told, address, words), 422
    if request.form.get("website"):  # nobody sees that field: a machine filled it in
        return page("tip_sent.html")
    if not room_for_more():
        told = _("There are so many tips that no more can be taken just now: try again later.")
        return form(told, address, words), 429
    add_tip(g.store, address, words, g.now)
    write_file(g.config, g.store)
    session.pop(BEGAN, None)
    return page("tip_sent.html")


def form(told: str = "", address: str = "", words: str = "") -> str:
    """The form with what was sent, and what it lacks."""
    session.setdefault(BEGAN, rfc3339(g.now))
    return page("tip.html", told=told, address=address, words=words)


def what_lacks(address: str, words: str, began: str) -> str:
    """What to do before it can be taken; empty when it can be."""
    if len(address) > LONGEST_ADDRESS or len(words) > LONGEST_WORDS:
        return _("That is too long: shorten it.")
    if not named(address):
        return _("Write the address of the account or page, such as https://example.org/name, or its name and where.")
    age = g.now - read_time(began) if began else timedelta(0)
    if age > LATEST:
        session.pop(BEGAN)
        return _("The page was open for long: send it once more.")
    return _("That was quick: look it over and send it once more.") if age < SOONEST else ""


def named(address: str) -> bool:
    """Whether this names an account or a page."""
    if "://" not in address or not address.isprintable():
        return False
    try:
        read_account({"url": address})
    except Changed:
        return False
    return True


def as_address(said: str) -> str:
    """What people write as an address: `instagram.com/x`, or `@x på Instagram`; what is neither stays as it is."""
    if found := ON_A_PLATFORM.fullmatch(said):
        return profile_url(platform_name(found["platform"]) or "", found["handle"]) or said
    return f"https://{said}" if WITHOUT_SCHEME.fullmatch(said) else said


def room_for_more() -> bool:
    """Whether this place, and all together, have sent so little that one more is taken."""
    turns: Turns = current_app.extensions["tips"]
    if len(open_tips(g.store)) >= MOST_OPEN or sent_since(g.store, g.now - A_DAY) >= MOST_OF_A_DAY:
        return False
    return turns.take(area(request.remote_addr or ""), g.now)


def received() -> str:
    """Tips that wait for somebody to look at them."""
    if not g.doors.tips:
        abort(404)
    waiting = open_tips(g.store)
    return page("tips_received.html", tips=waiting[:A_PAGE], found=len(waiting))


def put_away(number: int) -> Response:
    """Somebody has looked at a tip."""
    if not g.doors.tips or not close_tip(g.store, number, g.login.person, g.now):
        abort(404)
    write_file(g.config, g.store)
    flash(_("The tip is put away."))
    return redirect(url_for("tips_received"))


TIP_ROUTES = (
    ("/tips", "tip", tip, Right.LOG_IN, ("GET", "POST")),
    ("/tips/received", "tips_received", received, Right.READ, ("GET",)),
    ("/tips/received/<int:number>", "tip_away", put_away, Right.REVIEW, ("POST",)),
)
