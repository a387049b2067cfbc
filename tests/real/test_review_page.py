"""The review page in a real browser: by keyboard alone, checked by axe at two widths, light and dark, enlarged."""

from __future__ import annotations

import html
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from town import NOW, Town
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from listener.clock import read_time
from listener.config import load_config
from listener.demo import load_world, start
from listener.evidence.screenshot import NAMES
from listener.models import Account, Asks, Finding, Signal, Verdict
from listener.posts import Mention, Post
from listener.review import create_app
from listener.review.passwords import make_hash
from listener.store import Store, open_store
from listener.store.accounts import save_findings
from listener.store.cases import history, load_case
from listener.store.mentions import save_mentions
from listener.store.people import add_person
from listener.store.runs import start_run

pytestmark = [
    pytest.mark.realserver,
    pytest.mark.skipif(
        not any(map(shutil.which, NAMES)),
        reason="NO BROWSER HERE, SO THE REVIEW PAGE WAS NOT TRIED BY KEYBOARD: apt-get install chromium",
    ),
]
PASSWORD = "tio hästar i regn"
WIDE, NARROW = (1280, 900), (320, 640)
PICTURES = 200_000  # bytes that a picture in the documentation may take
# How far what is seen moved while the page was built, as Chromium counts it.
SHIFTS = """window.moved = 0;
    new PerformanceObserver(list => { for (const each of list.getEntries()) window.moved += each.value; })
        .observe({type: "layout-shift", buffered: true});"""
# What sticks out of the window or is cut by its own box, as a reader would see it.
CUT = """[...document.querySelectorAll("main *, header *")].filter(each => {
    const box = each.getBoundingClientRect();
    if (!box.width || each.closest(".unseen")) return false;
    const scrolls = each.matches("input, select, textarea, svg, svg *");
    const hides = getComputedStyle(each).overflowX !== "visible" && !scrolls;
    return box.right > innerWidth + 1 || (hides && each.scrollWidth > each.clientWidth + 1);
}).map(each => each.outerHTML.slice(0, 120))"""


class Shown:
    """The page over a store, at an address."""

    def __init__(self, folder: Path, address: str, routes: MapAdapter) -> None:
        self.folder, self.address, self.routes = folder, address, routes
        self.kinds: dict[str, str] = {}  # what links lead to: kind of page → an address
        self.visit: Any = None  # somebody's cookies

    def trail(self, case: int) -> list[str]:
        with open_store(self.folder / "listener.db") as store:
            return [event.kind for event in history(store, case)]

    def state(self, case: int) -> str:
        with open_store(self.folder / "listener.db") as store:
            return load_case(store, case).state.value

    def everywhere(self, page: Any) -> list[str]:
        """An address of each kind of page that links lead to from here, and of one that is not there."""
        kinds = self.kinds
        waiting = [] if kinds else ["/queue"]
        while waiting:
            path = waiting.pop(0)
            kind = self.kind(path)
            if not kind or kind in kinds:
                continue
            kinds[kind] = path
            answer = page.request.get(self.address + path)
            if "html" in answer.headers["content-type"]:
                waiting += map(html.unescape, re.findall(r'<a [^>]*href="(/[^"]*)"', answer.text()))
            else:
                kinds[kind] = ""
        return [*filter(None, kinds.values()), "/case/999999"]

    def kind(self, path: str) -> str:
        try:
            return str(self.routes.match(urlsplit(path).path, method="GET")[0])
        except HTTPException:  # somewhere else
            return ""


@contextmanager
def serving(folder: Path) -> Iterator[Shown]:
    """The page over a folder's store; anna may log in."""
    from waitress import create_server

    with open_store(folder / "listener.db") as store:
        add_person(store, "anna", "decider", make_hash(PASSWORD), read_time(NOW))
    app = create_app(load_config(folder / "listener.toml", {"LISTEN_NOW": NOW}))
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield Shown(folder, f"http://127.0.0.1:{server.effective_port}", app.url_map.bind("127.0.0.1"))
    server.close()
    thread.join(5)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    folder = tmp_path_factory.mktemp("almby")
    with start(load_world(read_time(NOW))) as served:
        town = Town(served, folder)
        assert town.listen("audit").returncode == 0
    with serving(folder) as page:
        yield page


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, NAMES)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


Open = Callable[..., Any]


@pytest.fixture
def opened(shown: Shown, chromium: Any) -> Iterator[Open]:
    """opened(width, scheme): somebody logged in, in a window of that size; by `on` at another page than the town's."""
    contexts = []

    def open_one(size: tuple[int, int] = WIDE, scheme: str = "light", zoom: float = 1.0, on: Shown = shown) -> Any:
        context = chromium.new_context(
            viewport={"width": int(size[0] / zoom), "height": int(size[1] / zoom)},
            device_scale_factor=zoom, color_scheme=scheme, locale="sv-SE", storage_state=on.visit,
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: page.troubles.append(said.text) if said.type == "error" else None)
        page.on("dialog", lambda dialog: (page.troubles.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda asked: page.asked.add(asked.url))
        page.troubles, page.asked = [], set()
        page.add_init_script(SHIFTS)
        page.goto(f"{on.address}/queue")
        if on.visit is None:
            page.fill("#name", "anna")
            page.fill("#password", PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_url(lambda address: address.startswith(f"{on.address}/queue"))
            on.visit = context.storage_state()
        return page

    yield open_one
    for context in contexts:
        context.close()


def test_a_case_is_decided_by_keyboard_and_taken_back(opened: Open, shown: Shown) -> None:
    page = opened()
    page.keyboard.press("j")
    first = int(page.evaluate("document.activeElement.getAttribute('href').match(/\\d+/)[0]"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/case/{first}**")
    assert page.locator(".beside .ours").is_visible()
    assert page.locator(".beside .theirs").is_visible()
    page.keyboard.press("d")
    page.keyboard.press("Tab")
    page.locator("button.main").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector('[role="alert"]')
    assert shown.state(first) == "new", "a decision without its reason is none"
    page.keyboard.press("d")
    page.keyboard.type("namne")  # a list takes the first entry that begins so
    page.locator("button.main").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: f"/case/{first}" not in address)
    assert shown.state(first) == "dismissed"
    page.locator("#told", has_text="avskrive").wait_for()
    assert page.evaluate("document.activeElement.tagName") == "H1"
    page.goto(f"{shown.address}/case/{first}")
    page.keyboard.press("u")
    page.locator("#told:not(:empty)").wait_for()
    assert shown.trail(first) == ["opened", "decision", "undo"]
    assert shown.state(first) == "new"
    assert [text for text in page.troubles if "422" not in text] == []


def test_with_the_keys_off_letters_do_nothing_and_tab_and_enter_do_all(opened: Open) -> None:
    page = opened()
    page.goto(page.url.replace("/queue", "/settings"))
    page.uncheck("input[name=on]")
    page.locator("button.main").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#told:not(:empty)")
    page.goto(page.url.replace("/settings", "/queue"))
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    page.locator("a.open").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/case/**")
    page.keyboard.press("d")
    assert page.locator("input[name=to]:checked").count() == 0
    page.goto(page.url.split("/case")[0] + "/settings")
    page.check("input[name=on]")
    page.locator("button.main").click()


def test_a_decision_without_its_reason_leads_to_what_it_lacks(opened: Open) -> None:
    page = opened()
    page.locator("a.open").first.click()
    assert page.locator("select[name^=reason]:visible").count() == 0, "only a chosen decision asks for its reason"
    page.locator("input[name=to][value=dismissed]").check()
    page.locator("#decision button.main").click()
    page.wait_for_selector("[role=alert]")
    lacking = page.evaluate(
        """(() => { const at = document.activeElement;
            const why = document.getElementById(at.getAttribute("aria-describedby"));
            return [at.name, at.getAttribute("aria-invalid"), why.textContent]; })()"""
    )
    assert lacking[:2] == ["reason-dismissed", "true"]
    assert lacking[2] in page.locator("[role=alert]").text_content()
    assert page.locator("select[name^=reason]:visible").count() == 1


def test_the_first_tab_skips_to_the_content_and_headings_come_in_order(opened: Open, shown: Shown) -> None:
    page = opened()
    for path in ("/queue", "/settings", page.locator("a.open").first.get_attribute("href")):
        page.goto(shown.address + path)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("location.hash") == "#main"
        levels = page.eval_on_selector_all("h1, h2, h3, h4", "all => all.map(each => Number(each.tagName[1]))")
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


@pytest.mark.parametrize(
    ("size", "zoom", "scheme", "everything"),
    [
        (WIDE, 1.0, "light", True), (NARROW, 1.0, "dark", True),
        (WIDE, 1.0, "dark", False), (NARROW, 1.0, "light", False),
        (WIDE, 2.0, "light", False),
    ],
)  # fmt: skip
def test_axe_finds_nothing_grave_and_nothing_is_cut_off(
    opened: Open, shown: Shown, size: tuple[int, int], zoom: float, scheme: str, everything: bool
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(size, scheme, zoom)
    first = page.locator("a.open").first.get_attribute("href")
    for path in shown.everywhere(page) if everything else ("/queue", first, "/settings"):
        page.goto(shown.address + path)
        found = Axe().run(page).response["violations"]
        grave = {each["id"]: each["nodes"][0]["html"] for each in found if each["impact"] in ("serious", "critical")}
        assert grave == {}, path
        assert page.evaluate(CUT) == [], path
        assert page.evaluate("window.moved") < 0.02, f"{path} moves while it is read"
        assert page.locator("html[lang=sv] head title").count() == 1
    assert [text for text in page.troubles if "404" not in text and "409" not in text] == []


SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
HOSTILE = {
    "script": SCRIPT,
    "drawing": "<svg onload=alert(3)><use href='data:image/svg+xml,<svg/>'/></svg>",
    "quotes": "\" onmouseover=alert(4) x=' autofocus onfocus=alert(5)",
    "template": "{{ 7 * 7 }} {% include '/etc/passwd' %} ${alert(6)}",
    "backwards": "Almby \u202enummok\u202c \u2066kommun",
    "long": "Almbykommun" * 1_000,
    "emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467" * 800,
    "marks": "A" + "\u0336\u0489\u030a" * 1_500,
    "wide": "\ufdfd" * 200,
    "nul": "Almby\x00\x1b[31m kommun\r\n",
}


def hostile_finding(number: int, name: str) -> Finding:
    account = Account(
        platform="x", platform_id=str(number), handle=name, display_name=name, description=f"{name} {SCRIPT}",
        url=f"javascript:alert('{name[:200]}')", source="x", labels=(name[:300],), avatar="https://evil.example/a.svg",
        links=("javascript:alert(8)", "data:text/html,<script>alert(9)</script>", f"https://evil.example/{name}"),
    )  # fmt: skip
    why = Signal(feature="name", asks=Asks.POSES, score=0.9, detail=f"display name {name!r} equals our 'Almby kommun'")
    return Finding(account=account, verdict=Verdict.IMPOSTOR, score=0.9, signals=(why,))


def fill_hostile(store: Store) -> None:
    """Cases and posts whose every word was written to hurt."""
    now = read_time(NOW)
    run = start_run(store, "audit", now, ["x"])
    save_findings(store, run, "x", [hostile_finding(*pair) for pair in enumerate(HOSTILE.values(), 1)], now)
    posts = [
        Post(
            platform="x", id=str(number), text=f"almby {name}", url="javascript:alert(7)", author=name, published_at=now
        )
        for number, name in enumerate(HOSTILE.values())
    ]
    save_mentions(store, run, "almby", "x", [Mention(post=post, query="almby", spans=((0, 5),)) for post in posts], now)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "listener.toml").write_text('[organisation]\nname = "Almby kommun"\ndomains = ["almby.example"]\n')
    (folder / "registry.csv").write_text("platform,url,unit,status,owner_email\n")
    with open_store(folder / "listener.db") as store:
        fill_hostile(store)
    with serving(folder) as page:
        yield page


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_what_was_written_to_hurt_is_shown_harmless(opened: Open, hostile: Shown, size: tuple[int, int]) -> None:
    page = opened(size, on=hostile)
    for path in [*hostile.everywhere(page), *(f"/case/{number}" for number in range(1, len(HOSTILE) + 1))]:
        page.goto(hostile.address + path)
        assert page.evaluate(CUT) == [], path
        assert page.evaluate("window.moved") < 0.02, f"{path} moves while it is read"
        assert page.evaluate("document.documentElement.scrollHeight") < 60 * size[1], f"{path} is a wall"
        leads = page.eval_on_selector_all("a[href], form[action]", "all => all.map(each => each.href || each.action)")
        assert [each for each in leads if not each.startswith((hostile.address, "mailto:?"))] == [], path
    assert [text for text in page.troubles if "404" not in text and "409" not in text] == []
    assert {url for url in page.asked if not url.startswith(hostile.address)} == set()


def test_the_pictures_of_the_documentation_are_of_the_page_as_it_is(opened: Open, tmp_path: Path) -> None:
    """Taken with each run; kept where PICTURES says, which is docs/images when the page looks different."""
    folder = Path(os.environ.get("PICTURES", tmp_path))
    page = opened()
    page.set_viewport_size({"width": 1120, "height": 760})
    page.screenshot(path=folder / "queue.png")
    page.locator("li.impostor a.open").first.click()
    page.locator("#decision input[value=confirmed]").check()
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=folder / "case.png", full_page=True, clip={"x": 0, "y": 0, "width": 1120, "height": 1075})
    assert [name for name in ("queue.png", "case.png") if not 10_000 < (folder / name).stat().st_size <= PICTURES] == []
