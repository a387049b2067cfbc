"""The review page served over a folder's store, with something on every page, for real browsers."""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from review_seen import WATCH, WIDE
from town import NOW, Town
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from listener.clock import read_time
from listener.config import load_config
from listener.coordination.pattern import Pattern, Reason
from listener.models import Decision, State
from listener.records.notice import Given, notice_text
from listener.report.wording import Words
from listener.review import ROUTES, create_app
from listener.review.passwords import make_hash
from listener.review.tips import FILE
from listener.store import Store, cases, open_store
from listener.store.crises import begin_crisis
from listener.store.mention_looks import save_look
from listener.store.notes import add_note
from listener.store.patterns import save_pattern
from listener.store.people import add_person, begin_session
from listener.store.prepared import save_prepared
from listener.store.proposals import propose
from listener.store.searches import save_search
from listener.store.tips import add_tip

MOMENT = read_time(NOW)
PASSWORD = "tio hästar i regn"
LEADS_ELSEWHERE = {"oidc_start", "oidc_return"}
API = "api_"


class Shown:
    """The page over a store, at an address."""

    def __init__(self, folder: Path, address: str, routes: MapAdapter) -> None:
        self.folder, self.address, self.routes = folder, address, routes

    def store(self) -> Any:
        return open_store(self.folder / "listener.db")

    def trail(self, case: int) -> list[str]:
        with self.store() as store:
            return [event.kind for event in cases.history(store, case)]

    def state(self, case: int) -> str:
        with self.store() as store:
            return cases.load_case(store, case).state.value

    def session(self, who: str, role: str) -> dict[str, str]:
        """The cookie of somebody who has logged in just now."""
        with self.store() as store:
            return {"name": "listen", "value": begin_session(store, who, role, MOMENT), "url": self.address}

    def everywhere(self, page: Any) -> dict[str, str]:
        """A kind of page → an address of it: those of ROUTES that can be written down, then what links lead to."""
        found: dict[str, str] = {}
        waiting = ["/queue"] + [route[0] for route in ROUTES if "GET" in route[4] and "<" not in route[0]]
        seen = set()
        while waiting:
            path = waiting.pop(0)
            kind = self.kind(path)
            if not kind or kind in found or path in seen or kind in LEADS_ELSEWHERE or kind.startswith(API):
                continue
            seen.add(path)
            answer = page.request.get(self.address + path, max_redirects=0)
            if answer.status == 200:
                is_page = "html" in answer.headers["content-type"]
                found[kind] = path if is_page else ""
                waiting += map(html.unescape, re.findall(r'(?:href|src)="(/[^"]*)"', answer.text())) if is_page else ()
        return found

    def kind(self, path: str) -> str:
        """What ROUTES calls the page; empty where there is none."""
        try:
            return str(self.routes.match(urlsplit(path).path, method="GET")[0])
        except HTTPException:
            return ""


@contextmanager
def serving(folder: Path) -> Iterator[Shown]:
    """The page over a folder's store; anna may log in with PASSWORD."""
    from listener.review.serving import listening

    with open_store(folder / "listener.db") as store:
        add_person(store, "anna", "decider", make_hash(PASSWORD), MOMENT)
    app = create_app(load_config(folder / "listener.toml", {"LISTEN_NOW": NOW}))
    server = listening(app, "127.0.0.1", 0, {})
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield Shown(folder, f"http://127.0.0.1:{server.effective_port}", app.url_map.bind("127.0.0.1"))
    server.close()
    thread.join(5)


def furnish(town: Town, impostor: int, others: tuple[int, int, int]) -> None:
    """Something on every page: a proposal, the allow-list, notes, tips, a crisis, a pattern, readings, reports."""
    settings = town.folder / "listener.toml"
    text = settings.read_text(encoding="utf-8").replace('["tips.csv"]', f'["tips.csv", "{FILE}"]')
    settings.write_text(f"{text}\n[review]\ntips = true\n", encoding="utf-8")
    with open_store(town.folder / "listener.db") as store:
        propose(store, decision(others[0], State.ACTION, "platform_report"), MOMENT)
        decide(store, others[1], State.DISMISSED, "namesake", 300)
        decide(store, others[2], State.WATCHING, "until_date", 30)
        add_note(store, impostor, "kim", "Ringde biblioteket: de känner inte till kontot.", MOMENT)
        report(store, impostor)
        add_tip(store, "https://x.com/almby_support", "Ber om BankID i meddelanden", MOMENT)
        begin_crisis(store, "Vattenläckan", ("simhallen",), 4.0, "kim", MOMENT)
        save_pattern(store, MOMENT, "simhallen", MOMENT - timedelta(days=7), MOMENT, "pile_on", pattern())
        save_search(store, MOMENT, "simhallen OR badhus", "svar på frågor", None, None, "kim")
        save_look(store, 1, "kim", "threat", "inför anmälan", MOMENT)
    assert town.listen("report").returncode == 0


def report(store: Store, case: int) -> None:
    """The text of a report to the platform, kept as its form keeps it."""
    given = Given("impersonation", "Kontot utger sig för att vara oss.", "kim", "press@almby.example", good_faith=True)
    text = notice_text(cases.load_case(store, case), given, "Almby kommun", (), (), Words("sv"))
    save_prepared(store, case, given.ground, text, given.reporter, MOMENT)


def decide(store: Store, case: int, to: State, reason: str, days: int = 0) -> None:
    cases.save_decision(store, decision(case, to, reason, days), MOMENT)


def decision(case: int, to: State, reason: str, days: int = 0) -> Decision:
    until = MOMENT + timedelta(days=days) if days else None
    return Decision(case_id=case, who="kim", to=to, reason=reason, text="Talat med enheten", until=until)


def pattern() -> str:
    detail = "3 of 4 writers were never seen on this topic; usual: 1"
    reason = Reason(signal="new_writers", score=0.8, detail=detail, posts=(1, 2))
    made = Pattern(kind="pile_on", score=0.8, posts=4, writers=4, compared=60, reasons=(reason,))
    return msgspec.json.encode(made).decode()


@contextmanager
def windows(chromium: Any, shown: Shown) -> Iterator[Callable[..., Any]]:
    """open_one(role, who, size, **how): a window on the queue for somebody who is logged in, closed with the block.

    A page knows its `troubles` (errors told in the console, dialogs) and `asked`, the addresses it asked for.
    """
    contexts = []

    def open_one(role: str = "decider", who: str = "anna", size: dict[str, int] = WIDE, **how: Any) -> Any:
        context = chromium.new_context(viewport=size, locale="sv-SE", **how)
        contexts.append(context)
        if role:
            context.add_cookies([shown.session(who, role)])
        page = context.new_page()
        page.troubles, page.asked = [], set()
        page.on("console", lambda said: page.troubles.append(said.text) if said.type == "error" else None)
        page.on("dialog", lambda dialog: (page.troubles.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda asked: page.asked.add(asked.url))
        page.add_init_script(WATCH)
        page.goto(f"{shown.address}/queue")
        return page

    yield open_one
    for context in contexts:
        context.close()
