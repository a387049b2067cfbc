"""Who comes in, who may do what, and what is refused at the door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import Type, extract_parameters
from flask import Flask

from listener.review import ROUTES, passwords
from listener.review.passwords import make_hash
from listener.review.roles import Right, Role, may
from listener.store import Store
from listener.store.cases import load_case
from listener.store.database import StoreError
from listener.store.events import history
from listener.store.log_ins import LogIn, Outcome, log_ins, note_log_in
from listener.store.people import (
    add_person,
    begin_session,
    close_person,
    current_login,
)
from listener.store.tokens import add_token
from listener.store.tries import take_try

from .conftest import HASH, NOW, PASSWORD, Browser, app_over, costly_nobody, finding

Open = Callable[..., Browser]
# Changes that are one's own, and what only reads though it is a POST.
OWN = ("log_in", "log_out", "language", "settings", "own_password", "own_sessions", "tip", "trail_check")


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


def test_each_role_decides_what_is_its_to_decide(browser: Open, flagged: Callable[..., None], store: Store) -> None:
    decided = (
        ("reader", "dismissed", "namesake", 403),
        ("operator", "dismissed", "namesake", 403),
        ("reviewer", "dismissed", "namesake", 302),
        ("reviewer", "action", "internal_contact", 403),
        ("reviewer", "registered", "in_register", 403),
        ("decider", "action", "internal_contact", 302),
        ("decider", "registered", "in_register", 403),
        ("registrar", "registered", "other", 302),
    )
    flagged(*(finding(number) for number, _row in enumerate(decided, 1)))
    for number, (who, to, reason, code) in enumerate(decided, 1):
        seen = str(history(store, number)[-1].id)
        assert browser(who).decide(number, to, reason, seen=seen, text="som avtalat").status_code == code, (who, to)
        assert load_case(store, number).state == (to if code == 302 else "new")


def test_every_page_names_its_right_and_readers_may_change_nothing() -> None:
    for path, name, _view, right, methods in ROUTES:
        if "POST" in methods and name not in OWN:
            assert not may(Role.READER, right), path
    assert not may("", Right.READ)
    assert not may("root", Right.READ)


def test_another_host_name_is_refused(app: Flask) -> None:
    for host in (
        "evil.example",
        "localhost.evil.example",
        "",
        "evil.example:80",
        "localhost, evil.example",
        "localhost:@evil.example",
        "localhost:evil",
        "localhost:8080/..",
        "anna@localhost",
    ):
        assert app.test_client().get("/log-in", headers={"Host": host}).status_code == 400, host


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


def test_a_guess_costs_much_and_as_much_for_a_name_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = extract_parameters(make_hash(PASSWORD))
    assert (kept.type, kept.time_cost, kept.memory_cost) == (Type.ID, 3, 65_536)
    assert extract_parameters(costly_nobody()) == kept
    tried = []
    monkeypatch.setattr(passwords, "_nobody", lambda: tried.append("nobody") or HASH)
    assert not passwords.fits(None, PASSWORD)
    assert tried == ["nobody"]


FROM: tuple[tuple[dict[str, str], int], ...] = (
    ({}, 302),
    ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, 302),
    ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 302),
    ({"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, 403),
    ({"Sec-Fetch-Site": "same-site"}, 403),
    ({"Origin": "https://evil.example"}, 403),
    ({"Origin": "http://localhost.evil.example"}, 403),
    ({"Origin": "null"}, 403),
    ({"Origin": "//localhost"}, 403),
)


def test_a_post_from_another_site_is_refused_even_with_the_right_form(browser: Open) -> None:
    for headers, code in FROM:
        one = browser()
        sent = {"form": one.form, "name": "reader", "password": PASSWORD}
        assert one.client.post("/log-in", data=sent, headers=headers).status_code == code, headers


def test_logging_in_needs_the_form_of_this_very_visitor(browser: Open) -> None:
    one, other = browser(), browser()
    for form in ("", other.form, one.form[:-1]):
        answer = one.client.post("/log-in", data={"form": form, "name": "reader", "password": PASSWORD})
        assert answer.status_code == 403
    one.client.set_cookie("listen-visit", "eyJmb3JtIjoiZ2lzc2F0In0.Zz.forfalskad")
    answer = one.client.post("/log-in", data={"form": "gissat", "name": "reader", "password": PASSWORD})
    assert answer.status_code == 403


def test_a_session_that_was_there_before_is_worth_nothing_afterwards(browser: Open) -> None:
    one, thief = browser("reader"), browser()
    before, form = one.client.get_cookie("listen"), one.form
    assert before is not None
    one.client.get("/log-in")
    sent = {"form": form, "name": "decider", "password": PASSWORD}
    assert one.client.post("/log-in", data=sent).status_code == 302
    after = one.client.get_cookie("listen")
    assert after is not None
    assert after.value != before.value
    assert after.http_only
    thief.client.set_cookie("listen", before.value)
    assert thief.get("/queue").status_code == 302
    one.client.set_cookie("listen", "planterad-av-en-annan")
    assert one.get("/queue").status_code == 302


@pytest.mark.parametrize(("minutes", "code"), [(29, 200), (30, 302)])
def test_a_session_that_is_left_ends(folder: Path, browser: Open, minutes: int, code: int) -> None:
    one = browser("reader")
    kept = one.client.get_cookie("listen")
    assert kept is not None
    text = '[organisation]\nname = "Almby kommun"\n[review]\nidle_minutes = 30\n'
    (folder / "listener.toml").write_text(text, encoding="utf-8")
    later = app_over(folder, LISTEN_NOW=(NOW + timedelta(minutes=minutes)).isoformat()).test_client()
    later.set_cookie("listen", kept.value)
    assert later.get("/queue").status_code == code


def test_a_session_ends_after_its_hours_however_busy(browser: Open, store: Store) -> None:
    browser("reader")
    token = begin_session(store, "reader", "reader", NOW)
    for minutes in range(0, 600, 50):
        assert current_login(store, token, NOW + timedelta(minutes=minutes)) is not None
    assert current_login(store, token, NOW + timedelta(hours=10)) is None
    assert current_login(store, token, NOW) is None, "ended once, ended for good"


def test_sessions_of_a_door_that_was_shut_are_over(folder: Path, browser: Open) -> None:
    kept = browser("reader").client.get_cookie("listen")
    assert kept is not None
    settings = (folder / "listener.toml").read_text(encoding="utf-8")
    (folder / "listener.toml").write_text(f"{settings}\n[review]\nlocal_accounts = false\n", encoding="utf-8")
    later = app_over(folder).test_client()
    later.set_cookie("listen", kept.value)
    assert later.get("/queue").status_code == 302


def test_the_visitors_cookie_is_encrypted_where_the_page_is(app: Flask) -> None:
    for scheme, secure in (("https", True), ("http", False)):
        (visit,) = app.test_client().get("/log-in", base_url=f"{scheme}://localhost").headers.getlist("Set-Cookie")
        assert ("Secure" in visit.split("; ")) is secure


def test_log_ins_are_kept_for_as_long_as_was_decided(browser: Open, store: Store) -> None:
    one = browser("reader")
    browser().post("/log-in", name="ingen", password="fel")
    one.get("/queue")
    one.post("/log-out")
    told = [(line.person, line.how, line.place, line.outcome) for line in log_ins(store, 9)]
    assert told == [
        ("reader", "local", "127.0.0.1", Outcome.LOGGED_OUT),
        ("ingen", "local", "127.0.0.1", Outcome.REFUSED),
        ("reader", "local", "127.0.0.1", Outcome.LOGGED_IN),
    ]
    later = LogIn(at=NOW + timedelta(days=180), person="anna", how="local", place="", outcome=Outcome.LOGGED_IN)
    note_log_in(store, later, days=180)
    assert [line.person for line in log_ins(store, 9)] == ["anna"]
    assert PASSWORD not in "\n".join(store.conn.iterdump())


def test_one_place_waits_after_some_refusals_whoever_it_asks_for(store: Store) -> None:
    for number in range(20):
        assert (take_try(store, "decider", "203.0.113.9", NOW) is None) is (number >= 5)
        take_try(store, f"name-{number}", "203.0.113.9", NOW)
    assert take_try(store, "reader", "203.0.113.9", NOW) is None, "one place cannot try everybody"
    assert take_try(store, "decider", "192.0.2.1", NOW), "nor keep somebody out who is elsewhere"
    assert take_try(store, "decider", "203.0.113.9", NOW + timedelta(minutes=16)), "for a quarter of an hour"


def test_what_a_subscriber_can_take_of_addresses_is_one_place(store: Store) -> None:
    tries = [take_try(store, "decider", f"2001:db8:0:7::{number:x}", NOW) for number in range(1, 8)]
    assert [number is None for number in tries] == [False] * 5 + [True] * 2
    assert take_try(store, "decider", "2001:db8:0:8::1", NOW)


def test_strangers_cannot_keep_somebody_out_where_they_came_in_before(browser: Open, store: Store) -> None:
    browser("decider")
    for number in range(50):
        assert take_try(store, "decider", f"203.0.113.{number}", NOW)
    assert take_try(store, "decider", "198.51.100.7", NOW) is None, "a name is not tried for ever from everywhere"
    assert take_try(store, "decider", "127.0.0.1", NOW), "here somebody of that name came in"


def test_a_log_in_that_holds_counts_as_no_refusal(browser: Open) -> None:
    for _time in range(7):
        assert browser("reader").get("/queue").status_code == 200


def test_a_flood_of_what_costs_nothing_is_not_kept_line_by_line(browser: Open, store: Store) -> None:
    told = LogIn(at=NOW, person="", how="oidc", place="203.0.113.9", outcome=Outcome.REFUSED)
    with store.transaction():
        for _time in range(1_000):
            note_log_in(store, told, days=180)
    one = browser()
    for _time in range(7):
        one.post("/log-in", name="ingen", password="fel")
    assert [line.outcome for line in log_ins(store, 7)].count(Outcome.REFUSED) == 7, "each was a try"
    assert not [line for line in log_ins(store, 7) if line.outcome is Outcome.WAITS]


def test_a_session_ends_with_the_door_it_came_by(app: Flask, store: Store) -> None:
    for how, code in (("local", 200), ("oidc", 302), ("proxy", 302), ("token", 302)):
        one = app.test_client()
        one.set_cookie("listen", begin_session(store, "decider", "decider", NOW, how))
        assert one.get("/queue").status_code == code, how


def test_nobody_signs_as_the_machine_or_a_system(store: Store) -> None:
    for name in ("listen", "Listen", "api:arkiv"):
        with pytest.raises(StoreError, match="somebody else signs with that name"):
            add_person(store, name, "reader", HASH, NOW)


def test_odd_addresses_lead_nowhere(browser: Open) -> None:
    one = browser("reader")
    for path in (
        "/case/99999999999999999999",
        "/%2e%2e/listener.db",
        "/queue%00",
        "/%0d%0aSet-Cookie:x",
    ):
        answer = one.get(path)
        assert answer.status_code in (404, 405), path
        assert "Location" not in answer.headers


def test_a_date_before_all_time_is_no_decision(browser: Open, flagged: Callable[..., None], store: Store) -> None:
    flagged(finding(1))
    one = browser("decider")
    for day in ("0001-01-01", "9999-12-31", "x"):
        answer = one.decide(1, "watching", "until_date", **{"until-watching": day})
        assert answer.status_code == 422, day
    assert load_case(store, 1).state == "new"


def test_pages_do_not_wait_for_an_audit_that_is_writing(folder: Path, browser: Open, store: Store) -> None:
    one = browser("reader")
    kept = one.client.get_cookie("listen")
    assert kept is not None
    later = app_over(folder, LISTEN_NOW=(NOW + timedelta(minutes=5)).isoformat()).test_client()
    later.set_cookie("listen", kept.value)
    token = add_token(store, "arkiv", "reader", NOW)
    with store.transaction():  # a page that waited would wait for ever, and be told that the store is busy
        store.conn.execute("UPDATE people SET added_at = added_at")
        assert later.get("/queue").status_code == 200
        headers = {"Authorization": f"Bearer {token}"}
        assert later.get("/api/v1/counts", headers=headers).status_code == 200
