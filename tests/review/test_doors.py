"""Who comes in, who may do what, and what is refused at the door."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from listener.review import ROUTES
from listener.review.passwords import make_hash
from listener.review.roles import Right, Role, may
from listener.store import Store
from listener.store.cases import load_case
from listener.store.people import add_person, close_person

from .conftest import HASH, NOW, PASSWORD, Browser, finding

Open = Callable[..., Browser]
# Changes that are one's own, and what only reads though it is a POST.
OWN = ("log_in", "log_out", "language", "settings", "tip", "trail_check")


def test_nobody_sees_anything_without_logging_in(browser: Open, flagged: Callable[..., None]) -> None:
    flagged(finding(1))
    for path in ("/", "/queue", "/case/1"):
        answer = browser().get(path)
        assert answer.status_code == 302
        assert answer.location.startswith("/log-in")
        assert "Almby" not in answer.text


def test_a_wrong_password_a_closed_account_and_nobody_look_alike(browser: Open, store: Store) -> None:
    close_person(store, "operator", NOW)
    told = set()
    for who, password in (("reader", "fel"), ("operator", PASSWORD), ("ingen", PASSWORD)):
        answer = browser().post("/log-in", name=who, password=password)
        assert answer.status_code == 401
        told.add("The name or the password is wrong." in answer.text)
    assert told == {True}


def test_too_many_refusals_have_to_wait_even_with_the_right_password(browser: Open) -> None:
    one = browser()
    for _time in range(5):
        assert one.post("/log-in", name="decider", password="fel").status_code == 401
    assert one.post("/log-in", name="decider", password=PASSWORD).status_code == 429
    assert one.post("/log-in", name="reader", password=PASSWORD).status_code == 302


def test_a_session_ends_at_once_when_one_logs_out_or_is_closed(browser: Open, store: Store) -> None:
    out, closed = browser("decider"), browser("reader")
    out.get("/queue")
    assert out.post("/log-out").status_code == 302
    assert out.get("/queue").status_code == 302
    assert closed.get("/queue").status_code == 200
    close_person(store, "reader", NOW)
    assert closed.get("/queue").status_code == 302
    add_person(store, "reader", "reader", HASH, NOW)
    assert closed.get("/queue").status_code == 302, "the old session does not come back"


def test_a_form_of_another_site_changes_nothing(browser: Open, flagged: Callable[..., None], store: Store) -> None:
    flagged(finding(1))
    one = browser("decider")
    for form in ("", "gissat", browser("decider").form):
        one.form = form
        answer = one.post("/case/1/decide", to="dismissed", **{"reason-dismissed": "namesake", "seen": "1"})
        assert answer.status_code == 403
    assert load_case(store, 1).state == "new"


@pytest.mark.parametrize(
    ("who", "to", "reason", "code"),
    [
        ("reader", "dismissed", "namesake", 403),
        ("operator", "dismissed", "namesake", 403),
        ("reviewer", "dismissed", "namesake", 302),
        ("reviewer", "action", "internal_contact", 403),
        ("reviewer", "registered", "in_register", 403),
        ("decider", "action", "internal_contact", 302),
        ("decider", "registered", "in_register", 403),
        ("registrar", "registered", "in_register", 302),
    ],
)
def test_each_role_decides_what_is_its_to_decide(
    browser: Open, flagged: Callable[..., None], store: Store, who: str, to: str, reason: str, code: int
) -> None:
    flagged(finding(1))
    assert browser(who).decide(1, to, reason, seen="1").status_code == code
    assert load_case(store, 1).state == (to if code == 302 else "new")


def test_every_page_names_its_right_and_readers_may_change_nothing() -> None:
    for path, name, _view, right, methods in ROUTES:
        if "POST" in methods and name not in OWN:
            assert not may(Role.READER, right), path
    assert not may("", Right.READ)
    assert not may("root", Right.READ)


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "evil.example:80"])
def test_another_host_name_is_refused(app: Flask, host: str) -> None:
    answer = app.test_client().get("/log-in", headers={"Host": host})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_to_another_site(browser: Open, target: str) -> None:
    one = browser()
    answer = one.post("/log-in", name="reader", password=PASSWORD, next=target)
    assert answer.location == "/queue"
    one.get("/queue")
    assert one.post("/language", language="sv", next=target).location == "/queue"


@pytest.mark.parametrize("path", ["/case/999999", "/case/-1", "/case/x", "/../listener.db", "/static/../../config.py"])
def test_what_is_not_there_is_said_with_the_right_status(browser: Open, path: str) -> None:
    answer = browser("reader").get(path)
    assert answer.status_code in (404, 409)
    assert "Traceback" not in answer.text
    assert "<h1>" in answer.text


def test_a_flood_of_a_form_is_refused(browser: Open, flagged: Callable[..., None]) -> None:
    flagged(finding(1))
    one = browser("decider")
    assert one.post("/case/1/assign", assignee="x" * 300_000).status_code == 413


def test_nothing_may_be_loaded_from_elsewhere_and_nothing_is_kept(browser: Open) -> None:
    answer = browser("reader").get("/queue")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert "style=" not in answer.text
    assert "<script>" not in answer.text


def test_a_password_must_be_long_enough_to_be_worth_its_name() -> None:
    with pytest.raises(ValueError, match="12"):
        make_hash("kort")
