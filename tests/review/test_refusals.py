"""What is answered where nothing can be done: in plain words, and with a way on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from listener.models import Decision, State
from listener.review import ROUTES
from listener.review.api import PREFIX
from listener.store import Store
from listener.store.cases import save_decision

from .conftest import NOW, Browser, finding

Open = Callable[..., Browser]
Flag = Callable[..., None]


@pytest.mark.parametrize("rest", ["", "/why", "/changes", "/outside", "/evidence", "/evidence.zip", "/forward"])
def test_a_case_that_is_not_there_is_said_to_be_not_there(browser: Open, rest: str) -> None:
    answer = browser("decider").get(f"/case/9999{rest}")
    assert answer.status_code == 404
    assert "There is no case 9999." in answer.text
    assert "listen " not in answer.text.split("<main")[1], "nothing to type in a shell"


def test_the_address_of_a_form_leads_to_its_page(browser: Open, flagged: Flag, app: Flask) -> None:
    flagged(finding(1))
    one = browser("operator")
    shown = {path for path, _name, _view, _right, methods in ROUTES if "GET" in methods}
    paths = [path for path, *_rest in ROUTES if path not in shown and PREFIX not in path]
    assert len(paths) > 10
    for path in paths:
        address = path.replace("<int:case_id>", "1").replace("<int:mention_id>", "1")
        answer = one.get(address.replace("<int:pattern_id>", "1").replace("<int:number>", "1"))
        assert answer.status_code == 302, path
        assert app.url_map.bind("").test(answer.location, method="GET"), (path, answer.location)
    assert one.get("/case/1/decide?verdict=impostor").location == "/case/1?verdict=impostor"


def test_what_was_written_when_the_session_had_ended_can_be_copied(browser: Open, flagged: Flag) -> None:
    flagged(finding(1))
    one = browser("decider")
    one.get("/case/1")
    one.client.delete_cookie("listen")
    answer = one.post("/case/1/note?verdict=impostor", note="Ringde <simhallen>")
    assert answer.status_code == 401
    assert "nothing was saved" in answer.text
    assert "Ringde &lt;simhallen&gt;</textarea>" in answer.text
    assert 'name="next" value="/case/1?verdict=impostor"' in answer.text
    other = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    sent = one.client.post("/case/1/note", data={"note": "Ring oss på 070"}, headers=other)
    assert "Ring oss" not in sent.text, "another site puts no words on our page"


def test_a_role_and_an_old_form_are_refused_in_words_of_their_own(browser: Open, flagged: Flag) -> None:
    flagged(finding(1))
    reader = browser("reader")
    assert "Your role does not allow it" in reader.post("/case/1/note", note="Hej").text
    one = browser("decider")
    one.form = "another"
    assert "The form is too old" in one.post("/case/1/note", note="Hej").text


def test_refusals_at_the_door_speak_the_visitors_language(browser: Open) -> None:
    one = browser("decider", "sv")
    assert "Det är för mycket på en gång" in one.post("/case/1/note", note="a" * 300_000).text
    elsewhere = one.client.get("/queue", headers={"Host": "annat.example"})
    assert elsewhere.status_code == 400
    assert "heter inte så" in elsewhere.text


def test_a_number_finds_its_case_whatever_became_of_it(browser: Open, flagged: Flag, store: Store) -> None:
    flagged(finding(1))
    save_decision(store, Decision(case_id=1, who="kim", to=State.DISMISSED, reason="namesake"), NOW)
    one = browser("reader")
    assert one.get("/queue?text=%231").location == "/case/1"
    assert 'href="/case/1"' in one.get("/queue?text=1").text
    assert one.get("/queue?text=%2399").status_code == 200
