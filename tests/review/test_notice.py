"""A report to the platform: its text made from the case, kept in the trail, decided by two, sent by nobody."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from listener.models import State
from listener.store import Store
from listener.store.cases import history, load_case, verify_chain
from listener.store.people import add_person
from listener.store.proposals import open_proposal
from listener.store.snapshots import Kept, add_snapshots

from .conftest import HASH, NOW, Browser, finding

Open = Callable[..., Browser]
Flag = Callable[..., None]
WHOLE = {
    "ground": "authority",
    "why": "Kontot ber invånare att betala en avgift med Swish.\n<script>alert(1)</script>",
    "reporter": "Anna Berg, kommunikatör",
    "mail": "anna@almby.example",
    "good_faith": "yes",
    "language": "sv",
}


@pytest.fixture
def folder(folder: Path) -> Path:
    with (folder / "registry.csv").open("a", encoding="utf-8") as register:
        register.write("x,https://x.com/almbykommun,Almby kommun,approved,info@almby.example\n")
    return folder


def prepare(one: Browser, **changed: str) -> Any:
    page = one.get("/case/1/notice").text.partition("<main")[2]
    seen = re.search(r'name="seen" value="(\d+)"', page)
    return one.post("/case/1/notice", **({"seen": seen[1] if seen else "", "keep": "yes"} | WHOLE | changed))


def test_the_text_holds_all_that_a_platform_asks_and_two_decide_it(browser: Open, flagged: Flag, store: Store) -> None:
    flagged(finding(1))
    file = Kept(kind="answer", suffix=".warc.gz", sha256="ab" * 32, size=9, url="https://api.x.example/1", at=NOW)
    add_snapshots(store, [file], case_id=1, run_id=None, tool="listen", who="listen")
    add_person(store, "second", "decider", HASH, NOW)
    one = browser("decider", "sv")
    assert "/case/1/notice" in one.get("/case/1").text
    assert prepare(one).status_code == 302
    made = next(event for event in history(store, 1) if event.kind == "prepared")
    text = made.text or ""
    for piece in (
        "https://x.com/almbykommun1", "plattforms-id: 1", "föregivande av allmän ställning", "en avgift med Swish",
        "https://x.com/almbykommun\n", "sha256:" + "ab" * 32, "2026-11-20T06:00:00+00:00", "Anna Berg, kommunikatör",
        "anna@almby.example", "god tro",
    ):  # fmt: skip
        assert piece in text
    assert load_case(store, 1).state is State.NEW
    waiting = open_proposal(store, 1)
    assert waiting is not None
    assert (waiting.reason, waiting.to) == ("platform_report", "action")
    page = one.get(f"/case/1/notice/{made.id}").text
    assert "Skicka inget ännu: det väntar på ännu en person." in page
    assert "<script>alert" not in page
    other = browser("second", "sv")
    shown = other.get("/case/1").text
    assert f"/case/1/notice/{made.id}" in shown
    seen = re.search(r'name="seen" value="(\d+)"', shown.partition("<main")[2])
    sent = {"seen": seen[1] if seen else "", "proposal": str(waiting.id)}
    assert other.post("/case/1/answer", answer="approve", **sent).status_code == 302
    assert load_case(store, 1).state is State.ACTION
    assert "Beslutad av second" in one.get(f"/case/1/notice/{made.id}").text
    taken = one.client.get(f"/case/1/notice/{made.id}.txt")
    assert (taken.text, taken.mimetype) == (text, "text/plain")
    assert verify_chain(store) is None


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("ground", "", "the ground"),
        ("ground", "because", "the ground"),
        ("why", "Falskt.", "the explanation"),
        ("reporter", " ", "who reports"),
        ("mail", "anna", "the e-mail address"),
        ("good_faith", "no", "the statement of good faith"),
    ],
)
def test_a_report_that_lacks_something_says_what_and_nothing_is_kept(
    browser: Open, flagged: Flag, store: Store, field: str, value: str, told: str
) -> None:
    flagged(finding(1))
    refused = prepare(browser("decider"), **{field: value})
    assert refused.status_code == 422
    assert f"The report is not whole: {told}" in refused.text
    assert "betala en avgift med Swish" in refused.text or field == "why", "what was written stands in the form"
    assert len(history(store, 1)) == 1


def test_who_may_not_decide_keeps_the_text_for_who_may(browser: Open, flagged: Flag, store: Store) -> None:
    flagged(finding(1))
    assert browser("reader").get("/case/1/notice").status_code == 403
    one = browser("reviewer")
    assert "Keep the text, for somebody who may decide" in one.get("/case/1/notice").text
    assert prepare(one).status_code == 302
    assert [event.kind for event in history(store, 1)] == ["opened", "prepared"]
    assert open_proposal(store, 1) is None
    number = history(store, 1)[-1].id
    assert "nobody has decided the report" in one.get(f"/case/1/notice/{number}").text
    assert one.get(f"/case/1/notice/{number + 1}").status_code == 404
    assert browser("reader").get(f"/case/1/notice/{number}").status_code == 403


def test_the_text_is_written_anew_without_being_kept_and_in_the_language_asked_for(
    browser: Open, flagged: Flag, store: Store
) -> None:
    flagged(finding(1))
    one = browser("decider", "sv")
    one.get("/case/1/notice")
    page = one.post("/case/1/notice", **(WHOLE | {"language": "en", "good_faith": "no"}))
    assert page.status_code == 200
    assert "Report to X (Twitter): an account that speaks in the name of Almby kommun" in page.text
    assert len(history(store, 1)) == 1


def test_somebody_else_was_there_first(browser: Open, flagged: Flag, store: Store) -> None:
    flagged(finding(1))
    assert prepare(browser("decider"), seen="0").status_code == 409
    assert len(history(store, 1)) == 1
