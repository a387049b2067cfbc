"""The review page in a real browser by keyboard alone, without its script, and with two people at one case."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from review_seen import NARROW, moved
from review_served import PASSWORD, Shown

from scripts.stopwatch import clear, summary, take_back

pytestmark = pytest.mark.realserver
Open = Callable[..., Any]
ROOT = Path(__file__).resolve().parents[2]
BUTTON = "#decision button.main"
SAID = """new Promise(done => {
    const look = () => window.said.length ? done(window.said) : setTimeout(look, 20);
    look();
})"""


def tab_to(page: Any, selector: str) -> None:
    """Press Tab until the focus is there, as somebody does who has no mouse."""
    for _press in range(120):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never leads to {selector}")


def cases_of(page: Any) -> list[int]:
    return page.eval_on_selector_all("a.open", "all => all.map(each => Number(each.href.match(/case.(\\d+)/)[1]))")


def head_of(picture: Path) -> tuple[int, ...]:
    """Width and height of a PNG in pixels."""
    return struct.unpack(">II", picture.read_bytes()[16:24])


@pytest.mark.parametrize(("name", "height"), [("queue.png", 760), ("case.png", 1075)])
def test_the_pictures_of_the_documentation_are_of_the_page_as_it_is(
    opened: Open, tmp_path: Path, name: str, height: int
) -> None:
    """Taken with each run; PICTURES=docs/images keeps them, which is done when the page looks different."""
    taken = Path(os.environ.get("PICTURES", tmp_path)) / name
    page = opened(size={"width": 1152, "height": 760})
    if name == "case.png":
        page.locator("li.impostor a.open").first.click()
        page.locator("#decision input[value=confirmed]").check()
        page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=taken, full_page=True, clip={"x": 0, "y": 0, "width": 1152, "height": height})
    kept = ROOT / "docs" / "images" / name
    assert head_of(kept) == head_of(taken) == (1152, height)
    assert 10_000 < kept.stat().st_size < 250_000
    for document in ("README.md", "docs/how-to/review.md"):
        assert f"images/{name})" in (ROOT / document).read_text(encoding="utf-8")


@pytest.fixture
def choose_keys(opened: Open, shown: Shown) -> Iterator[Callable[..., None]]:
    """choose_keys(on, next="w") by keyboard, at the settings; as they were when the test is over."""

    def choose(on: bool = True, **chosen: str) -> None:
        page = opened()
        page.goto(f"{shown.address}/settings")
        tab_to(page, "input[name=on]")
        if page.is_checked("input[name=on]") != on:
            page.keyboard.press("Space")
        for name, key in chosen.items():
            tab_to(page, f"#key-{name}")
            page.keyboard.press("Control+a")
            page.keyboard.type(key)
        tab_to(page, "main button.main")
        page.keyboard.press("Enter")
        page.locator("#told:not(:empty)").wait_for()

    yield choose
    choose(next="j", dismissed="d", undo="u")


@pytest.mark.parametrize("keys", [{}, {"next": "w", "dismissed": "z", "undo": "b"}], ids=["as they come", "remapped"])
def test_a_case_is_decided_by_keyboard_and_taken_back(
    opened: Open, shown: Shown, choose_keys: Callable[..., None], keys: dict[str, str]
) -> None:
    if keys:
        choose_keys(**keys)
    page = opened()
    first, second = cases_of(page)[:2]
    before = shown.trail(first)
    page.keyboard.press(keys.get("next", "j"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/case/{first}")
    pictures = page.locator(".beside .ours img, .beside .theirs img")
    alts = pictures.evaluate_all("all => all.filter(each => each.naturalWidth).map(each => each.alt)")
    assert "Det flaggade kontots profilbild" in alts
    assert "Vår logotyp" in alts
    page.keyboard.press(keys.get("dismissed", "d"))
    assert page.evaluate("document.activeElement.name") == "reason-dismissed"
    tab_to(page, BUTTON)
    page.keyboard.press("Enter")
    page.locator("[role=alert]").wait_for()
    assert (shown.state(first), shown.trail(first)) == ("new", before), "a decision without its reason is none"
    page.keyboard.type("namne")  # the focus is at what is lacking; a list takes the first entry that begins so
    tab_to(page, BUTTON)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/case/{second}")
    assert shown.state(first) == "dismissed"
    assert page.evaluate(SAID) == [f"Ärende {first}: avskrivet"]
    assert page.locator("#told").get_attribute("aria-live") == "polite"
    assert page.evaluate("document.activeElement.textContent").startswith(f"Ärende {second}:")
    page.keyboard.press(keys.get("undo", "u"))
    page.wait_for_url(f"**/case/{first}")
    assert shown.state(first) == "new"
    assert shown.trail(first) == [*before, "decision", "undo"], "nothing is ever deleted"
    page.goto(f"{shown.address}/trail")
    told = page.locator("#events + ol li", has_text=f"Ärende {first}").all_text_contents()
    assert "namne" in told[1]
    assert "anna" in told[0]
    assert [text for text in page.troubles if "422" not in text] == []


def test_with_the_keys_off_letters_do_nothing_and_tab_and_enter_do_all(
    opened: Open, choose_keys: Callable[..., None], shown: Shown
) -> None:
    choose_keys(on=False)
    page = opened()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    case = cases_of(page)[0]
    tab_to(page, "a.open")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/case/{case}")
    page.keyboard.press("d")
    assert page.locator("input[name=to]:checked").count() == 0
    tab_to(page, "input[name=to]")
    page.keyboard.press("ArrowRight")
    assert page.locator("input[name=to]:checked").get_attribute("value") == "dismissed"
    tab_to(page, "[name=reason-dismissed]")
    page.keyboard.type("namne")
    tab_to(page, BUTTON)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: not address.endswith(f"/case/{case}"))
    assert shown.state(case) == "dismissed"
    tab_to(page, "[data-does=undo]")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/case/{case}")
    assert shown.state(case) == "new"


def test_a_decision_without_its_reason_leads_to_what_it_lacks(opened: Open) -> None:
    page = opened()
    page.locator("a.open").first.click()
    page.wait_for_load_state()
    assert page.locator("select[name^=reason]:visible").count() == 0, "only a chosen decision asks for its reason"
    page.locator("input[name=to][value=dismissed]").check()
    page.locator(BUTTON).click()
    page.wait_for_selector("[role=alert]")
    lacking = page.evaluate(
        """(() => { const at = document.activeElement;
            const why = document.getElementById(at.getAttribute("aria-describedby"));
            return [at.name, at.getAttribute("aria-invalid"), why.textContent]; })()"""
    )
    assert lacking[:2] == ["reason-dismissed", "true"]
    assert lacking[2] in page.locator("[role=alert]").text_content()
    assert page.locator("select[name^=reason]:visible").count() == 1


def test_the_first_tab_skips_to_the_content(opened: Open) -> None:
    page = opened()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").first.bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"


def test_of_two_who_decide_the_same_case_the_second_sees_the_first_and_chooses(opened: Open, shown: Shown) -> None:
    one, other = opened(who="anna"), opened(who="kim")
    case = int(one.locator("li.unapproved_unit a.open").first.get_attribute("href").rpartition("/")[2])
    before = shown.trail(case)
    for page in (one, other):
        page.goto(f"{shown.address}/case/{case}")
    once_more = {"to": "dismissed", "reason-dismissed": "namesake"}
    once_more |= {name: one.locator(f"#decision [name={name}]").input_value() for name in ("form", "seen")}
    choose(one, "dismissed", "namesake")
    one.wait_for_url(lambda address: not address.endswith(f"/case/{case}"))
    choose(other, "confirmed", "unapproved_unit")
    other.locator("[role=alert]").wait_for()
    assert "anna" in other.locator("#history + ol li").last.text_content()
    assert (shown.state(case), shown.trail(case)) == ("dismissed", [*before, "decision"])
    assert other.locator("[name=reason-confirmed]").input_value() == "unapproved_unit", "what was chosen is still there"
    other.locator("input[name=anyway]").check()
    other.locator(BUTTON).click()
    other.wait_for_url(lambda address: not address.endswith(f"/case/{case}/decide"))
    assert (shown.state(case), shown.trail(case)) == ("confirmed", [*before, "decision", "decision"])
    assert one.request.post(f"{shown.address}/case/{case}/decide", form=once_more).status == 409, "pressed twice"
    assert shown.trail(case) == [*before, "decision", "decision"]
    for _times in range(2):
        other.goto(f"{shown.address}/case/{case}")
        other.locator("[data-does=undo]").first.click()
        other.locator("#told:not(:empty)").wait_for()
    assert shown.state(case) == "new"


def choose(page: Any, to: str, reason: str) -> None:
    page.locator(f"input[name=to][value={to}]").check()
    page.locator(f"[name=reason-{to}]").select_option(reason)
    page.locator(BUTTON).click()


def test_without_its_script_the_page_does_all_it_does(opened: Open, shown: Shown) -> None:
    page = opened(role="", java_script_enabled=False)
    page.fill("#name", "anna")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.locator("ol.cases").wait_for()
    first, second, third = (int(box.split(".")[0]) for box in boxes(page)[:3])
    page.locator(f"a.open[href='/case/{first}']").click()
    choose(page, "dismissed", "namesake")
    page.wait_for_url(f"**/case/{second}")
    assert f"Ärende {first}: avskrivet" in page.locator("#told").text_content()
    page.locator("[data-does=undo]").first.click()
    page.wait_for_url(f"**/case/{first}")
    assert shown.state(first) == "new"
    page.locator("input[name=to][value=watching]").check()
    page.fill("#words", "Väntar på svar")
    page.fill("#note", "Ringde biblioteket")
    page.locator("button[formaction$='/note#notes']").click()
    page.get_by_text("Ringde biblioteket", exact=True).wait_for()
    assert page.locator("input[name=to][value=watching]").is_checked(), "what was half decided is there"
    assert (page.input_value("#words"), page.input_value("#note")) == ("Väntar på svar", "")
    page.locator("a.back").click()
    for case in (second, third):
        page.locator(f"input[name=case][value^='{case}.']").check()
    page.locator("#what").select_option("dismissed:namesake")
    page.locator("fieldset.together button").click()
    assert shown.state(second) == "new", "it is looked through first"
    page.locator("main button.main").click()
    page.locator("ol.cases[start]").wait_for()
    assert {shown.state(second), shown.state(third)} == {"dismissed"}
    for case in (second, third):
        page.goto(f"{shown.address}/case/{case}")
        page.locator("[data-does=undo]").first.click()
        page.wait_for_url(f"**/case/{case}")
        assert shown.state(case) == "new"
    page.locator("button[name=language]").click()
    assert page.locator("html").get_attribute("lang") == "en"
    page.locator("form[action='/log-out'] button").click()
    page.wait_for_url("**/log-in")
    page.goto(f"{shown.address}/queue")
    assert "/log-in" in page.url


def boxes(page: Any) -> list[str]:
    return [each.get_attribute("value") for each in page.locator("input[name=case]").all()]


def test_pictures_that_come_late_move_nothing(opened: Open, shown: Shown) -> None:
    page = opened(size=NARROW)
    late: list[str] = []

    def hold(route: Any) -> None:
        late.append(route.request.url)
        page.wait_for_timeout(150)  # the text is long there when the picture comes
        route.continue_()

    page.route("**/logo/**", hold)
    page.route("**/picture/**", hold)
    for path in ("/queue", f"/case/{cases_of(page)[0]}"):
        page.goto(shown.address + path)
        assert moved(page) == [], path
    assert len(late) > 1


def test_on_paper_there_is_what_was_found_and_no_button(opened: Open, shown: Shown) -> None:
    page = opened()
    page.emulate_media(media="print", color_scheme="dark")
    for path in ("/queue", f"/case/{cases_of(page)[0]}"):
        page.goto(shown.address + path)
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)", path
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
        assert page.locator("button:visible, select:visible, nav:visible").count() == 0, path
        assert page.locator("h1:visible").count() == 1


def test_the_stopwatch_clears_cases_by_keyboard_and_counts_the_seconds(opened: Open, shown: Shown) -> None:
    page, queue = opened(), f"{shown.address}/queue?verdict=unapproved_unit"
    page.goto(queue)
    first = cases_of(page)[:3]
    cleared = clear(page, queue, 3)
    spent = list(cleared.values())
    assert [shown.state(case) for case in first] == ["dismissed"] * 3
    assert summary(spent).startswith(f"3 cases by keyboard in {sum(spent):.1f} s: {sum(spent) / 3:.2f} s a case")
    take_back(page, list(cleared))
    assert [shown.state(case) for case in first] == ["new"] * 3
