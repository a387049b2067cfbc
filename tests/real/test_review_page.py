"""The review page in a real browser: by keyboard alone, checked by axe at two widths, light and dark, enlarged."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from town import NOW, Town

from listener.clock import read_time
from listener.config import load_config
from listener.demo import load_world, start
from listener.evidence.screenshot import NAMES
from listener.review import create_app
from listener.review.passwords import make_hash
from listener.store import open_store
from listener.store.cases import history, load_case
from listener.store.people import add_person

pytestmark = [
    pytest.mark.realserver,
    pytest.mark.skipif(
        not any(map(shutil.which, NAMES)),
        reason="NO BROWSER HERE, SO THE REVIEW PAGE WAS NOT TRIED BY KEYBOARD: install chromium (apt-get install chromium)",
    ),
]
PASSWORD = "tio hästar i regn"
WIDE, NARROW = (1280, 900), (320, 640)


class Shown:
    """The page over an audited demo town, at an address."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder, self.address = folder, address

    def trail(self, case: int) -> list[str]:
        with open_store(self.folder / "listener.db") as store:
            return [event.kind for event in history(store, case)]

    def state(self, case: int) -> str:
        with open_store(self.folder / "listener.db") as store:
            return load_case(store, case).state.value


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    from waitress import create_server

    folder = tmp_path_factory.mktemp("almby")
    with start(load_world(read_time(NOW))) as served:
        town = Town(served, folder)
        assert town.listen("audit").returncode == 0
    with open_store(folder / "listener.db") as store:
        add_person(store, "anna", "decider", make_hash(PASSWORD), read_time(NOW))
    app = create_app(load_config(folder / "listener.toml", {"LISTEN_NOW": NOW}))
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield Shown(folder, f"http://127.0.0.1:{server.effective_port}")
    server.close()
    thread.join(5)


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
    """opened(width, scheme): somebody logged in, in a window of that size."""
    contexts = []

    def open_one(size: tuple[int, int] = WIDE, scheme: str = "light", zoom: float = 1.0) -> Any:
        context = chromium.new_context(
            viewport={"width": int(size[0] / zoom), "height": int(size[1] / zoom)},
            device_scale_factor=zoom, color_scheme=scheme, locale="sv-SE",
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: page.troubles.append(said.text) if said.type == "error" else None)
        page.troubles = []
        page.goto(f"{shown.address}/queue")
        page.fill("#name", "anna")
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address: address.startswith(f"{shown.address}/queue"))
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
    page.wait_for_function("document.getElementById('told').textContent.includes('avskrive')")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    page.goto(f"{shown.address}/case/{first}")
    page.keyboard.press("u")
    page.wait_for_function("document.getElementById('told').textContent.trim() !== ''")
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("size", "zoom"), [(WIDE, 1.0), (NARROW, 1.0), (WIDE, 2.0)], ids=["wide", "narrow", "200 %"])
def test_axe_finds_nothing_grave_and_nothing_is_cut_off(
    opened: Open, shown: Shown, size: tuple[int, int], zoom: float, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(size, scheme, zoom)
    first = page.locator("a.open").first.get_attribute("href")
    for path in ("/queue", first, "/settings", "/case/999999"):
        page.goto(shown.address + path)
        found = Axe().run(page).response["violations"]
        grave = [each["id"] for each in found if each["impact"] in ("serious", "critical")]
        assert grave == [], (path, [node["html"] for each in found for node in each["nodes"]][:3])
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{path} scrolls sideways"
    assert [text for text in page.troubles if "404" not in text and "409" not in text] == []
