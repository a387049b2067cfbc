"""The interface for other systems: the same rights, the same answers, and no input that makes it fail."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from flask import Flask

from listener.posts import Mention, Post
from listener.review import ROUTES
from listener.review.api import PREFIX, PROBLEM
from listener.review.api_shapes import Problem
from listener.review.openapi import ADDRESS, OPERATIONS, described, path_of
from listener.store import Store
from listener.store.answers import add_step
from listener.store.cases import load_case
from listener.store.events import history
from listener.store.log_ins import Outcome, log_ins
from listener.store.mentions import Notes, save_mentions
from listener.store.prepared import save_prepared
from listener.store.searches import load_searches
from listener.store.tokens import add_token, close_token, end_token, tokens

from .conftest import NOW, Browser, finding

DESCRIPTION = Path(__file__).resolve().parents[2] / "docs" / "reference" / "openapi.json"


class System:
    """Another system, with its token."""

    def __init__(self, app: Flask, token: str = "") -> None:
        self.client = app.test_client()
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(PREFIX + path, query_string=query, headers=self.headers)

    def post(self, path: str, **told: Any) -> Any:
        return self.client.post(PREFIX + path, json=told, headers=self.headers)


@pytest.fixture
def system(app: Flask, store: Store) -> Callable[[str], System]:
    def make(role: str) -> System:
        return System(app, add_token(store, f"sys-{role}", role, NOW))

    return make


def test_a_case_is_read_decided_and_taken_back(
    system: Callable[[str], System], flagged: Callable[..., None], store: Store
) -> None:
    flagged(finding(1), finding(2))
    one = system("reviewer")
    listed = one.get("/cases", limit=1).json
    assert (listed["found"], len(listed["cases"])) == (2, 1)
    following = one.client.get(listed["next"], headers=one.headers).json
    assert following["next"] is None
    assert {listed["cases"][0]["id"], following["cases"][0]["id"]} == {1, 2}
    case = one.get("/cases/1").json
    assert (case["verdict"], case["state"], case["official"]) == ("impostor", "new", "https://x.com/almbykommun")
    assert case["reasons"][0]["feature"] == "name"
    answer = one.post("/cases/1/decide", to="triage", reason="look_closer", seen=case["latest"])
    assert answer.status_code == 200, answer.text
    assert history(store, 1)[-1].who == "api:sys-reviewer"
    latest = answer.json["case"]["latest"]
    taken_back = one.post("/cases/1/undo", seen=latest).json
    assert (taken_back["case"]["state"], taken_back["proposed"]) == ("new", False)
    assert [event["kind"] for event in one.get("/cases/1/history").json["events"]] == ["opened", "decision", "undo"]


def test_the_text_of_a_report_is_for_systems_that_review(
    system: Callable[[str], System], flagged: Callable[..., None], store: Store
) -> None:
    flagged(finding(1))
    save_prepared(store, 1, "fraud", "Anmälan av anna@almby.example", "anna", NOW)
    told = {role: system(role).get("/cases/1/history").json["events"][-1] for role in ("reader", "reviewer")}
    assert [told[role]["kind"] for role in told] == ["prepared", "prepared"]
    assert told["reviewer"]["text"] == "Anmälan av anna@almby.example"
    assert told["reader"]["text"] is None, "on the page too a reader is shown that it was made, and no more"


def test_what_was_decided_meanwhile_is_not_overrun(
    system: Callable[[str], System], browser: Callable[..., Browser], flagged: Callable[..., None], store: Store
) -> None:
    flagged(finding(1))
    one = system("reviewer")
    seen = one.get("/cases/1").json["latest"]
    assert browser("reviewer").decide(1, "dismissed", "namesake").status_code == 302
    answer = one.post("/cases/1/assign", assignee="bo", seen=seen)
    assert (answer.status_code, answer.content_type) == (409, PROBLEM)
    assert load_case(store, 1).assignee is None


def test_each_role_may_here_what_it_may_on_the_page(
    system: Callable[[str], System], flagged: Callable[..., None], store: Store
) -> None:
    flagged(finding(1))
    seen = history(store, 1)[-1].id
    for role, to, reason in (
        ("reader", "dismissed", "namesake"), ("operator", "dismissed", "namesake"),
        ("reviewer", "action", "platform_report"), ("decider", "registered", "in_register"),
    ):  # fmt: skip
        one = system(role)
        assert one.get("/cases/1").status_code == 200
        assert one.post("/cases/1/decide", to=to, reason=reason, seen=seen).status_code == 403
    assert load_case(store, 1).state == "new"


def test_what_the_page_asks_twice_about_is_not_done_by_the_way(
    system: Callable[[str], System], flagged: Callable[..., None], store: Store
) -> None:
    flagged(finding(1))
    seen = history(store, 1)[-1].id
    decider, registrar = system("decider"), system("registrar")
    for one, sent in (
        (decider, {"to": "confirmed", "reason": "child_abuse"}),
        (decider, {"to": "watching", "reason": "until_date", "until": "2026-11-19"}),
        (registrar, {"to": "registered", "reason": "in_register"}),
    ):
        answer = one.post("/cases/1/decide", seen=seen, **sent)
        assert (answer.status_code, answer.content_type) == (422, PROBLEM), sent
        assert answer.json["detail"]
    assert history(store, 1)[-1].id == seen
    assert (
        decider.post("/cases/1/decide", seen=seen, to="confirmed", reason="child_abuse", destroy=True).status_code
        == 200
    )


def test_only_a_token_that_holds_is_heard_and_cookies_are_not(
    app: Flask, browser: Callable[..., Browser], store: Store, flagged: Callable[..., None]
) -> None:
    flagged(finding(1))
    token = add_token(store, "arkiv", "decider", NOW)
    assert System(app, token).get("/counts").json == {"open": {"impostor": 1}}
    assert (tokens(store)[0].used_at or "").startswith("2026-11-20")
    for wrong in ("", token[:-1], token + "x", "listen_" + "a" * 43, "ä"):
        answer = System(app, wrong).get("/counts")
        assert (answer.status_code, answer.content_type) == (401, PROBLEM)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert "Set-Cookie" not in answer.headers
    logged_in = browser("decider")
    assert logged_in.get(f"{PREFIX}/cases").status_code == 401
    sent = logged_in.client.post(f"{PREFIX}/cases/1/assign", json={"assignee": "x", "seen": 1})
    assert sent.status_code == 401
    assert [told.how for told in log_ins(store, 9) if told.outcome is Outcome.REFUSED] == ["token"]
    close_token(store, "arkiv", NOW)
    assert System(app, token).get("/counts").status_code == 401
    assert token not in str(store.rows("SELECT * FROM tokens"))


def test_a_token_that_has_ended_is_refused_with_what_to_do(app: Flask, store: Store) -> None:
    token = add_token(store, "arkiv", "decider", NOW, NOW + timedelta(seconds=1))
    assert System(app, token).get("/counts").status_code == 200
    end_token(store, "arkiv", NOW)
    answer = System(app, token).get("/counts")
    assert (answer.status_code, answer.content_type) == (401, PROBLEM)
    assert "20 november 2026 07:00" in answer.json["detail"].casefold()
    assert "listen serve token until" in answer.json["detail"]
    close_token(store, "arkiv", NOW)
    assert "token until" not in System(app, token).get("/counts").json["detail"], "closed is closed"
    old = add_token(store, "gammal", "reader", NOW)
    assert System(app, old).get("/counts").status_code == 200, "without an end it holds on"


def test_a_token_opens_no_page(app: Flask, store: Store) -> None:
    headers = {"Authorization": f"Bearer {add_token(store, 'arkiv', 'decider', NOW)}"}
    assert app.test_client().get("/queue", headers=headers).status_code == 302


def test_errors_are_problems(system: Callable[[str], System], flagged: Callable[..., None]) -> None:
    flagged(finding(1))
    one = system("decider")
    wrong = {
        400: one.get("/cases", state="okänd"),
        404: one.get("/cases/99"),
        405: one.client.put(f"{PREFIX}/cases", headers=one.headers),
        415: one.client.post(f"{PREFIX}/cases/1/undo", data={"seen": "1"}, headers=one.headers),
        422: one.post("/cases/1/decide", to="dismissed", reason="påhittad", seen=1),
        413: one.post("/cases/1/assign", assignee="x" * 300_000, seen=1),
    }
    for code, answer in wrong.items():
        assert (answer.status_code, answer.content_type) == (code, PROBLEM)
        told = msgspec.json.decode(answer.data, type=Problem)
        assert told.status == code
    assert one.get("/mentions", query="(", purpose="prov").status_code == 422
    assert set(wrong[405].headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert one.get("/mentions", query="almby").status_code == 400, "a search needs a purpose"
    assert one.get("/mentions", query="almby", purpose="prov").json == {"mentions": [], "next": None, "cut": False}


def test_mentions_are_told_without_who_wrote_them_or_what_only_some_may_read(
    system: Callable[[str], System], store: Store
) -> None:
    posts = [
        Post(platform="mastodon", id=str(number), text=f"{text} badhus", author="kim", source="mastodon",
             url=f"https://a.example/{number}", published_at=NOW - timedelta(hours=number))
        for number, text in enumerate(("Nytt", "Hemligt", "Vi ska döda dig på"))
    ]  # fmt: skip
    for post in posts:
        mention = Mention(post=post, query="badhus")
        save_mentions(store, None, "badhus", "mastodon", [mention], NOW, notes=lambda _m: Notes())
    add_step(store, 2, "remove", "secrecy", "kim", NOW)
    one = system("decider")
    first = one.get("/mentions", query="badhus", purpose="prov", limit=1).json
    assert [row["text"] for row in first["mentions"]] == ["Nytt badhus"]
    rest = one.client.get(first["next"], headers=one.headers).json
    whole = one.get("/mentions", query="badhus", purpose="prov").text
    assert "Hemligt" not in whole + str(rest)
    assert "kim" not in whole
    assert "döda" not in whole
    assert {(kept.who, kept.purpose) for kept in load_searches(store)} == {("api:sys-decider", "prov")}


def test_the_description_is_of_what_there_is(app: Flask) -> None:
    served = app.test_client().get(ADDRESS)
    assert served.json == described()
    assert json.loads(DESCRIPTION.read_text(encoding="utf-8")) == described(), "run `make docs`"
    told = {(path, method.upper()) for path, methods in described()["paths"].items() for method in methods}
    assert told == {(path_of(each), each.method) for each in OPERATIONS}
    routed = {name for path, name, *_rest in ROUTES if path.startswith(PREFIX) and path != ADDRESS}
    assert routed == {each.name for each in OPERATIONS}
