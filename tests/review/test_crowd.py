"""Many decide at once beside a run that saves: nothing is lost or doubled, and nobody is shown a lock."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from listener.store import Store, database, open_store
from listener.store.accounts import save_findings
from listener.store.cases import history, verify_chain
from listener.store.people import begin_session
from listener.store.runs import start_run

from .conftest import NOW, Browser, finding

REVIEWERS, TURNS, CASES = 20, 1, 6


@pytest.fixture
def reviewers(app: Flask, store: Store) -> list[Browser]:
    """Twenty people, each with a session of their own."""
    made = []
    for number in range(REVIEWERS):
        one = Browser(app.test_client())
        one.client.set_cookie("listen", begin_session(store, f"person{number}", "decider", NOW))
        one.client.set_cookie("listen-language", "en")
        made.append(one)
    return made


def test_of_twenty_who_decide_at_once_each_is_saved_once_or_shown_what_came_between(
    reviewers: list[Browser], flagged: Callable[..., None], folder: Path, store: Store
) -> None:
    flagged(*map(finding, range(1, CASES + 1)))
    together, done = threading.Barrier(REVIEWERS), threading.Event()

    def review(number: int) -> list[tuple[str, int]]:
        one, answers = reviewers[number], []
        for turn in range(TURNS):
            case, mark = (number + turn) % CASES + 1, f"mark {number} {turn}"
            shown = one.get(f"/case/{case}").text
            seen = re.search(r'name="seen" value="(\d+)"', shown)
            together.wait(30)  # all have seen the case before anybody decides
            sent = {"seen": seen[1] if seen else "", "to": "dismissed", "reason-dismissed": "namesake", "text": mark}
            answer = one.post(f"/case/{case}/decide", **sent)
            assert "locked" not in answer.text.casefold()
            answers.append((mark, answer.status_code))
        return answers

    def audit() -> int:
        with open_store(folder / "listener.db") as own:
            run, times = start_run(own, "audit", NOW, ["x"]), 0
            while not done.wait(0.05):  # a run reads before it saves
                save_findings(own, run, "x", [finding(100 + times), *map(finding, range(1, CASES + 1))], NOW)
                times += 1
        return times

    with ThreadPoolExecutor(REVIEWERS + 1) as pool:
        running = pool.submit(audit)
        try:
            answers = dict(pair for each in pool.map(review, range(REVIEWERS)) for pair in each)
        finally:
            done.set()
        saved = running.result()
    assert set(answers.values()) == {302, 409}
    trail = Counter(event.text for case in range(1, CASES + 1) for event in history(store, case) if event.text)
    assert trail == Counter(mark for mark, status in answers.items() if status == 302)
    assert verify_chain(store) is None
    assert saved
    assert len(store.rows("SELECT id FROM cases")) == CASES + saved


def test_who_cannot_be_served_in_time_is_told_to_try_again_and_nothing_was_changed(
    browser: Callable[..., Browser],
    flagged: Callable[..., None],
    folder: Path,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    flagged(finding(1))
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)

    def whole_visit() -> Any:
        one = browser("decider")  # in a thread of its own, which opens the store anew
        shown = one.get("/case/1").text
        seen = re.search(r'name="seen" value="(\d+)"', shown)
        sent = {"seen": seen[1] if seen else "", "to": "dismissed", "reason-dismissed": "namesake"}
        with open_store(folder / "listener.db") as audit, audit.transaction():
            refused = one.post("/case/1/decide", **sent)
            still = one.get("/case/1")
        return refused, still, one.post("/case/1/decide", **sent)

    with ThreadPoolExecutor(1) as pool:
        refused, still, later = pool.submit(whole_visit).result()
    assert refused.status_code == 503
    assert "try again" in refused.text
    assert "locked" not in refused.text.casefold()
    assert still.status_code == 200
    assert still.text.count('<li id="event-') == 1
    assert later.status_code == 302
    assert [event.kind for event in history(store, 1)] == ["opened", "decision"]
