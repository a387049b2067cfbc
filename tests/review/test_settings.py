"""Single keys: on or off, and which does what, for each person."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable

import pytest

from listener.review.keys import DOES

from .conftest import PASSWORD, Browser

Open = Callable[..., Browser]


def keys(one: Browser) -> dict[str, str]:
    """What the page's script is told: key and what it does."""
    found = re.search(r'data-keys="([^"]*)"', one.get("/queue").text)
    assert found
    told: dict[str, str] = json.loads(html.unescape(found[1]))
    return told


def test_keys_can_be_turned_off_and_chosen_by_each_person(browser: Open) -> None:
    anna, bo = browser("decider"), browser("reviewer")
    assert keys(anna)["d"] == "dismissed"
    chosen = {f"key-{name}": key for name, (key, _told) in DOES.items()} | {"key-dismissed": "z"}
    assert anna.post("/settings", on="yes", **chosen).status_code == 302
    assert keys(anna)["z"] == "dismissed"
    assert "d" not in keys(anna)
    assert keys(bo)["d"] == "dismissed"
    assert anna.post("/settings", **chosen).status_code == 302
    assert keys(anna) == {}
    assert browser("decider").get("/settings").text.count("checked") == 0, "it is kept with the person"


def test_one_key_cannot_do_two_things(browser: Open) -> None:
    one = browser("decider")
    answer = one.post("/settings", on="yes", **{"key-confirmed": "d"})
    assert answer.status_code == 422
    assert "confirm (d), dismiss (d)" in answer.text
    assert answer.text.count('aria-invalid="true"') == 2
    assert keys(one)["d"] == "dismissed"


@pytest.mark.parametrize("emptied", ["", " "])
def test_a_key_can_be_taken_away_from_what_it_does(browser: Open, emptied: str) -> None:
    one = browser("decider")
    assert one.post("/settings", on="yes", **{"key-undo": emptied}).status_code == 302
    assert "undo" not in keys(one).values()
    assert keys(one)["d"] == "dismissed"
    page = one.get("/settings").text
    assert 'name="key-undo" maxlength="1" value=""' in page
    assert "<dd>take the last decision back</dd>" not in page, "the list of keys says what works"


@pytest.mark.parametrize("key", ["ab", "\x00", "<script>", "\u202e"])
def test_what_is_no_key_leaves_it_as_it_was(browser: Open, key: str) -> None:
    one = browser("decider")
    assert one.post("/settings", on="yes", **{"key-undo": key}).status_code == 302
    assert keys(one)["u"] == "undo"


def test_the_language_follows_the_person(browser: Open) -> None:
    one = browser("decider")
    assert one.post("/language", language="sv").status_code == 302
    assert "Inställningar" in browser("decider", "en").get("/settings").text
    assert "Settings" in browser("reviewer", "en").get("/settings").text


def test_somebody_changes_their_own_password(browser: Open) -> None:
    one, elsewhere = browser("reader"), browser("reader")
    one.get("/settings")
    new = "ett-annat-långt-lösenord"
    for old, first, again, code in (
        ("fel", new, new, 422), (PASSWORD, new, f"{new}x", 422), (PASSWORD, "kort", "kort", 422),
    ):  # fmt: skip
        assert one.post("/settings/password", old=old, new=first, again=again).status_code == code
    assert one.post("/settings/password", old=PASSWORD, new=new, again=new).status_code == 302
    assert one.get("/queue").status_code == 200
    assert elsewhere.get("/queue").status_code == 302, "logged out everywhere else"
    visitor = browser()
    assert visitor.post("/log-in", name="reader", password=PASSWORD).status_code == 401
    assert visitor.post("/log-in", name="reader", password=new).status_code == 302


def test_somebody_logs_out_everywhere(browser: Open) -> None:
    one, elsewhere, other = browser("reader"), browser("reader"), browser("decider")
    one.get("/settings")
    assert one.post("/settings/sessions").status_code == 302
    assert [each.get("/queue").status_code for each in (one, elsewhere, other)] == [302, 302, 200]
