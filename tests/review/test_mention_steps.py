"""The steps of an incoming post, taken on its page: what comes next, what is refused, what is kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from listener.store import Store
from listener.store.answers import load_steps

from .conftest import NOW, Browser
from .test_mentions import QUERIES
from .test_mentions import say as _say

Open = Callable[..., Browser]
Say = Callable[..., None]
say = _say


@pytest.fixture
def folder(folder: Path) -> Path:
    path = folder / "listener.toml"
    unit = '[[organisation.units]]\nname = "Badhuset"\nkind = "local_office"\n'
    path.write_text(path.read_text(encoding="utf-8") + unit + QUERIES, encoding="utf-8")
    return folder


def send(one: Browser, step: str, answer: str, text: str = "", **fields: str) -> Any:
    """The form of a step as the page has it, filled in."""
    page = one.get("/mention/1").text.partition('id="answer"')[2]
    seen = re.search(r'name="seen" value="(\d+)"', page)
    sent = {"seen": seen[1] if seen else "", "step": step, "answer": answer, "text": text} | fields
    return one.post("/mention/1/step", **sent)


def asked(page: str) -> str:
    """The step that is asked for next."""
    found = re.search(r'<h3>.*?</h3>.*?name="step" value="(\w+)"', page, re.DOTALL)
    return found[1] if found else ""


def test_a_post_goes_the_whole_way_on_its_page(browser: Open, say: Say, store: Store) -> None:
    say("När öppnar Almby badhus?")
    one = browser("reviewer", "sv")
    way = [
        ("public", "yes"), ("case", "no"), ("remove", "no"), ("answerable", "yes"), ("mine", "no"),
        ("forward", "badhuset"), ("same_platform", "yes"), ("told", "yes"), ("follow_up", "24/12"),
    ]  # fmt: skip
    for step, given in way:
        page = one.get("/mention/1?taken=x").text
        assert asked(page) == step
        assert len(re.findall(r" autofocus\b", page)) == 1, "what is asked next has the focus"
        if step == "told":
            assert re.search(r"<textarea[^>]* readonly>[^<]*Badhuset", page), "words for the sender are ready"
        answer = send(one, step, given)
        assert answer.status_code == 302, answer.text
        assert answer.headers["Location"].endswith("#answer")
    page = one.get("/mention/1").text
    assert "vidarebefordrad" in page
    assert "2026-12-24" in page
    assert "“<bdi>Badhuset</bdi>”" in page
    assert asked(page) == ""
    kept = [(row.step, row.answer, row.who) for row in load_steps(store, NOW.replace(year=2027), 1)]
    assert kept[5] == ("forward", "done", "reviewer")
    assert kept[-1] == ("follow_up", "2026-12-24", "reviewer")
    assert send(one, "follow_up", "done").status_code == 302, "it was answered after all"
    assert "besvarad" in one.get("/mention/1").text


@pytest.mark.parametrize(
    ("step", "answer", "text", "told"),
    [
        ("no_answer", "other", "", "Another reason needs words"),
        ("no_answer", "because", "", "Choose an answer"),
        ("forward", "nobody", "", "Name a unit of yours"),
        ("forward", "", "", "Name a unit of yours"),
        ("remove", "threat", "", "does not come yet"),
        ("public", "perhaps", "", "Choose an answer"),
        ("follow_up", "2026-11-20", "", "does not come yet|that is past"),
    ],
)
def test_an_answer_that_is_none_is_refused_and_stands_in_the_form(
    browser: Open, say: Say, store: Store, step: str, answer: str, text: str, told: str
) -> None:
    say("När öppnar Almby badhus?")
    refused = send(browser("reviewer"), step, answer, text)
    assert refused.status_code == 422
    assert re.search(told, refused.text)
    assert load_steps(store, NOW.replace(year=2027), 1) == []


def test_two_at_once_the_second_sees_the_first(browser: Open, say: Say, store: Store) -> None:
    say("När öppnar Almby badhus?")
    one, other = browser("reviewer"), browser("decider")
    assert send(one, "answer", "yes").status_code == 302
    late = send(other, "no_answer", "opinion", seen="0")
    assert late.status_code == 422
    assert "Somebody has taken a step" in late.text
    assert len(load_steps(store, NOW.replace(year=2027), 1)) == 1


def test_a_step_is_taken_back_by_a_new_entry(browser: Open, say: Say, store: Store) -> None:
    say("När öppnar Almby badhus?")
    one = browser("reviewer")
    send(one, "public", "no")
    send(one, "case", "yes")
    seen = str(load_steps(store, NOW.replace(year=2027), 1)[-1].id)
    assert one.post("/mention/1/back", seen=seen, step="public").status_code == 302
    assert asked(one.get("/mention/1").text) == "public"
    assert [row.step for row in load_steps(store, NOW.replace(year=2027), 1)] == ["public", "case", "back"]
    assert one.post("/mention/1/back", seen=str(int(seen) + 1), step="case").status_code == 422
    assert one.post("/mention/1/back", seen=seen, step="back").status_code == 400
    assert one.post("/mention/1/step", seen=seen, step="dance", answer="yes").status_code == 400


def test_of_child_abuse_no_words_are_kept_and_nothing_is_shown(browser: Open, say: Say, store: Store) -> None:
    say("badhus")
    one = browser("reviewer")
    send(one, "public", "yes")
    send(one, "case", "no")
    assert "leave the words out" in send(one, "remove", "child_abuse", "vad jag såg").text
    assert send(one, "remove", "child_abuse").status_code == 302
    page = one.get("/mention/1").text
    assert "badhus" not in page.partition('id="words"')[2].partition("</section>")[0]
    assert asked(page) == "own_channel", "the flow goes on"
    assert "leave the words out" in send(one, "own_channel", "yes", "ord").text


def test_who_only_reads_sees_what_comes_next_and_takes_no_step(browser: Open, say: Say) -> None:
    say("När öppnar Almby badhus?")
    one = browser("reader")
    page = one.get("/mention/1").text
    assert "Can anybody read the post?" in page
    assert "/mention/1/step" not in page
    assert one.post("/mention/1/step", seen="0", step="public", answer="yes").status_code == 403
    assert one.post("/mention/1/back", seen="0", step="public").status_code == 403
    assert browser("reviewer").post("/mention/99/step", seen="0", step="public", answer="yes").status_code == 404
