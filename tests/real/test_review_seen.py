"""Every page of the review page in Chromium: nothing grave for axe, cut off, too small or restless, whoever looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from review_seen import NARROW, WIDE, looked_at, moved
from review_served import API, LEADS_ELSEWHERE, Shown

from listener.review import ROUTES

pytestmark = pytest.mark.realserver
Open = Callable[..., Any]
STATUSES = ("401", "403", "404", "422")  # pages that say what is wrong, which Chromium tells in its console


def whole(told: dict[str, list[str]], page: Any) -> list[str]:
    """What is wrong, with where; and what the console told besides refusals."""
    console = [text for text in page.troubles if not any(code in text for code in STATUSES)]
    return [f"{where}: {each}" for where, wrong in told.items() for each in wrong] + console


@pytest.mark.parametrize(("role", "part"), [("decider", 0), ("decider", 1), ("operator", 0)])
def test_every_page_that_can_be_opened(opened: Open, shown: Shown, role: str, part: int) -> None:
    page = opened(role)
    pages = shown.everywhere(page)
    if role == "operator":
        pages = {kind: path for kind, path in pages.items() if kind == "readings"}
    else:
        known = {name for _path, name, _view, _right, methods in ROUTES if "GET" in methods}
        unseen = {name for name in known - set(pages) - LEADS_ELSEWHERE if not name.startswith(API)}
        assert unseen <= {"home", "log_in", "readings"}, "no link leads there, so nobody looks at it"
        pages = dict(sorted(pages.items())[part::2])
    wrong: dict[str, list[str]] = {}
    for path in filter(None, pages.values()):
        for size in (NARROW, WIDE):
            page.set_viewport_size(size)
            page.goto(shown.address + path)
            wrong[f"{path} at {size['width']}"] = moved(page)
        wrong[path] = looked_at(page)
    assert whole(wrong, page) == []
    assert {url for url in page.asked if not url.startswith(shown.address)} == set()


def refused(page: Any) -> None:
    page.locator("li.unapproved_unit a.open").first.click()
    page.locator("input[name=to][value=dismissed]").check()
    page.locator("#decision button.main").click()


def together(page: Any) -> None:
    page.locator("input[name=case]").nth(5).check()
    page.locator("input[name=case]").nth(6).check()
    page.locator("#what").select_option("dismissed:namesake")
    page.locator("fieldset.together button").click()


def read_in_clear(page: Any) -> None:
    page.goto(page.url.replace("/queue", "/mention/2"))
    page.locator("#reason").select_option("answer")
    page.locator("form[action$='/clear'] button").click()


def press(path: str, action: str) -> Callable[[Any], None]:
    def go(page: Any) -> None:
        page.goto(page.url.replace("/queue", path))
        page.locator(f"form[action$='{action}'] button").first.click()

    return go


def keys_that_clash(page: Any) -> None:
    page.goto(page.url.replace("/queue", "/settings"))
    page.fill("#key-next", "k")
    page.locator("main button.main").click()


# What a form answers with a page of its own, and how somebody gets there.
ANSWERS: dict[str, Callable[[Any], None]] = {
    "decide": refused, "bulk": together, "mention_clear": read_in_clear, "settings": keys_that_clash,
    "kept_check": press("/case/13/evidence", "/check"), "trail_check": press("/trail", "/trail/check"),
    "crisis_picture": press("/crisis", "/crisis/picture"),
}  # fmt: skip


def test_every_page_that_a_form_leads_to(opened: Open, shown: Shown) -> None:
    forms = {name for _path, name, _view, _right, methods in ROUTES if "POST" in methods and not name.startswith(API)}
    assert set(ANSWERS) <= forms
    page = opened()
    wrong = {}
    for name, lead in ANSWERS.items():
        page.goto(f"{shown.address}/queue")
        lead(page)
        page.wait_for_load_state()
        assert page.url != f"{shown.address}/queue"
        wrong[name] = looked_at(page)
    page.goto(f"{shown.address}/case/999999")
    wrong["nowhere"] = looked_at(page)
    assert whole(wrong, page) == []


def test_every_page_for_who_is_not_logged_in(opened: Open, shown: Shown) -> None:
    page = opened(role="")
    wrong = {"log_in": looked_at(page)}
    page.fill("#name", "anna")
    page.fill("#password", "inte det")
    page.locator("main button.main").click()
    page.locator("[role=alert]").wait_for()
    wrong["log_in refused"] = looked_at(page)
    page.goto(f"{shown.address}/tips")
    wrong["tip"] = looked_at(page)
    page.fill("#address", "ingen adress")
    page.locator("main button.main").click()
    page.locator("[role=alert]").wait_for()
    wrong["tip refused"] = looked_at(page)
    assert whole(wrong, page) == []
