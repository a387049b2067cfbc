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
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from listener.models import Record
from listener.posts import Mention, Post
from listener.review import ROUTES
from listener.review.api import OPERATIONS, PREFIX, PROBLEM, Operation
from listener.review.api_shapes import Problem
from listener.review.openapi import ADDRESS, described, path_of
from listener.store import Store
from listener.store.answers import add_step
from listener.store.cases import load_case
from listener.store.events import history
from listener.store.log_ins import Outcome, log_ins
from listener.store.mentions import Notes, save_mentions
from listener.store.searches import load_searches
from listener.store.tokens import add_token, close_token, tokens

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
    assert one.get("/mentions", query="(", purpose="prov").status_code == 400
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


def of_schema(schema: dict[str, Any], parts: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values of a schema of ours, and at times one that is not."""
    if "$ref" in schema:
        return of_schema(parts[schema["$ref"].rpartition("/")[2]], parts)
    if "anyOf" in schema:
        return st.one_of([of_schema(each, parts) for each in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema.get("type") == "integer":
        return st.integers(schema.get("minimum", 0), schema.get("maximum", 50)) | st.sampled_from([-1, 1, 2, 10**30])
    if schema.get("format") == "date":
        return st.dates().map(str)
    return st.text(max_size=20) | st.sampled_from(["open", "namesake", "platform_report", "2026-12-01"])


WILD = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.lists(st.integers(), max_size=3)
)


def requests_of(each: Operation) -> st.SearchStrategy[dict[str, Any]]:
    """Requests that follow the description, or nearly."""
    numbers = st.sampled_from([1, 2, 3, 0, 10**14, 10**40, "x"])
    paths = numbers.map(lambda number: PREFIX + each.path.replace("<int:case_id>", str(number)))
    told = each.query or each.body
    asked: dict[str, Any] = {"method": st.just(each.method), "path": paths}
    if told is None:
        return st.fixed_dictionaries(asked)
    parts = msgspec.json.schema_components([told], ref_template="#/{name}")[1]
    schema = parts[told.__name__]
    values = {name: of_schema(one, parts) | WILD for name, one in schema["properties"].items()}
    needed = {name: values.pop(name) for name in schema.get("required", ())}
    fields = st.fixed_dictionaries(needed, optional=values)
    if each.query:
        query = fields.map(lambda found: {name: str(value) for name, value in found.items() if value is not None})
        return st.fixed_dictionaries(asked | {"query_string": query})
    body = st.one_of(fields, fields, WILD).map(lambda value: json.dumps(value).encode()) | st.binary(max_size=30)
    kinds = st.sampled_from(["application/json"] * 5 + ["text/plain", ""])
    return st.fixed_dictionaries(asked | {"data": body, "content_type": kinds})


TAKING = [each for each in OPERATIONS if each.query or each.body or "<" in each.path]


@pytest.mark.parametrize("each", TAKING, ids=lambda each: each.name)
def test_nothing_that_is_sent_makes_it_fail(
    each: Operation, system: Callable[[str], System], flagged: Callable[..., None], store: Store
) -> None:
    flagged(finding(1), finding(2))
    one = system("decider")
    documented = described()["paths"][path_of(each)][each.method.lower()]["responses"]

    @settings(max_examples=30, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(requests_of(each))
    def ask(sent: dict[str, Any]) -> None:
        answer = one.client.open(headers=one.headers, **sent)
        assert answer.status_code < 500, answer.text
        if answer.status_code == 200:
            assert isinstance(msgspec.json.decode(answer.data, type=each.gives), Record)
            return
        assert answer.content_type == PROBLEM
        assert str(answer.status_code) in documented or answer.status_code == 404

    ask()
