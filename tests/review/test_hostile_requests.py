"""Whatever should not be asked: a plain page with the right status, in the reader's language, and no harm done."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import pytest
from flask import Flask

from listener.review import ROUTES
from listener.review.api import PREFIX, PROBLEM
from listener.review.roles import Role, may
from listener.review.safety import MOST_BYTES
from listener.store import Store
from listener.store.cases import load_case
from listener.store.tokens import add_token

from .conftest import NOW, PASSWORD, Browser, app_over, finding, logged_in

Open = Callable[..., Browser]
Flag = Callable[..., None]
LANGUAGES = ("sv", "en")
POSTS = tuple(route for route in ROUTES if "POST" in route[4] and not route[0].startswith(PREFIX))


def filled(path: str, number: object = 1, name: str = "2026-W46.html") -> str:
    """The address of a route, with a number where it takes one."""
    return re.sub(r"<name>", name, re.sub(r"<int:\w+>", str(number), path))


def is_plain(answer: Any, code: int, language: str) -> None:
    """A page of ours in that language that says what is wrong, and nothing of how the page is made."""
    assert answer.status_code == code, answer.text[:300]
    assert answer.mimetype == "text/html"
    assert f'<html lang="{language}">' in answer.text
    assert re.search(r"<h1>[^<]+</h1>", answer.text)
    assert "Something went wrong" not in answer.text
    assert "Något gick fel" not in answer.text
    for told in ("Traceback", "werkzeug", "sqlite", ".py"):
        assert told not in answer.text


@pytest.fixture
def everybody(app: Flask, store: Store) -> dict[str, tuple[Browser, dict[str, str]]]:
    """Of each role somebody at the page, and a system's token; nobody at all under ""."""
    known = {role.value: {"Authorization": f"Bearer {add_token(store, role, role, NOW)}"} for role in Role}
    return {role: (logged_in(app, role), headers) for role, headers in known.items()} | {"": (logged_in(app), {})}


def test_nobody_gets_further_than_their_role_on_any_route(everybody: dict[str, tuple[Browser, dict[str, str]]]) -> None:
    for path, endpoint, _view, right, methods in ROUTES:
        for (role, (one, token)), method in ((who, method) for who in everybody.items() for method in methods):
            if endpoint in ("log_out", "own_sessions"):  # whoever may do so is gone
                continue
            headers = token if path.startswith(PREFIX) else {}
            sent = {"form": one.form} if method == "POST" and not headers else None
            answer = one.client.open(filled(path), method=method, data=sent, headers=headers)
            told = (role, method, path, answer.status_code)
            if may(role, right):
                assert answer.status_code != 500, told
                assert answer.status_code != 401 or endpoint == "log_in", told
            elif role:
                assert answer.status_code == 403, told
            elif path.startswith(PREFIX) or method == "POST":
                assert answer.status_code == 401, told
            else:
                assert answer.status_code == 302, told
                assert urlsplit(answer.location).path == "/log-in"


NUMBERS = (
    0,
    -1,
    999_999,
    2**63 - 1,
    2**63,
    2**64,
    10**40,
    "x",
    "١",
    "１",
    "1e3",
    "0x1",
    "+1",
    "1.0",
    "1;2",
    "%00",
    "NaN",
)


def test_a_number_that_is_none_or_of_nothing_leads_nowhere(app: Flask, store: Store) -> None:
    people = {language: logged_in(app, "registrar", language) for language in LANGUAGES}
    token = {"Authorization": f"Bearer {add_token(store, 'arkiv', 'decider', NOW)}"}
    turn = 0
    for path, _endpoint, _view, right, methods in ROUTES:
        if "<int:" not in path or not may("registrar", right):
            continue
        for number, method in ((number, method) for number in NUMBERS for method in methods):
            turn += 1
            language = LANGUAGES[turn % 2]
            one, address = people[language], filled(path, number if number == "%00" else quote(str(number)))
            if path.startswith(PREFIX):
                body = {"seen": 1, "assignee": "x", "to": "triage", "reason": "look_closer"}
                answer = one.client.open(address, method=method, headers=token, json=body if method == "POST" else None)
                assert answer.status_code in (400, 404), (method, address)
                assert answer.content_type == PROBLEM
            else:
                sent = {"form": one.form, "text": "x", "reason": "case", "to": "triage"} if method == "POST" else None
                is_plain(one.client.open(address, method=method, data=sent), 404, language)


WRONG_COOKIES = ("", "x", "a" * 43, "a" * 4_000, "\\0", "%00", '"', "é", ".." * 20, "null", "0")


def test_a_cookie_that_is_not_ours_lets_nobody_in(app: Flask, browser: Open) -> None:
    real = browser("decider").client.get_cookie("listen")
    assert real is not None
    for value in (*WRONG_COOKIES, real.value[:-1], real.value + "a", real.value.swapcase()):
        one = app.test_client()
        one.set_cookie("listen", value)
        one.set_cookie("listen-visit", value)
        one.set_cookie("listen-language", value)
        answer = one.get("/queue")
        assert answer.status_code == 302, value
        assert urlsplit(answer.location).path == "/log-in"
        assert one.get("/log-in").status_code == 200


def test_a_visit_signed_by_somebody_else_is_forgotten(folder: Path, browser: Open) -> None:
    one = browser()
    visit = one.client.get_cookie("listen-visit")
    assert visit is not None
    client = app_over(folder).test_client()  # with a key of its own
    client.set_cookie("listen-visit", visit.value)
    sent = {"form": one.form, "name": "reader", "password": PASSWORD}
    assert client.post("/log-in", data=sent).status_code == 403


ELSEWHERE: tuple[dict[str, str], ...] = (
    {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"}, {"Referer": "https://evil.example/localhost"},
    {"Referer": "http://localhost.evil.example/"}, {"Origin": "http://localhost@evil.example"},
    {"Origin": "http://localhost:99999"}, {"Origin": ""},
)  # fmt: skip


def test_no_form_is_taken_from_elsewhere_or_without_its_field(app: Flask, flagged: Flag, store: Store) -> None:
    flagged(finding(1))
    person, turn = {language: logged_in(app, "decider", language) for language in LANGUAGES}, 0
    for path, _endpoint, _view, right, _methods in POSTS:
        if not may("decider", right):
            continue
        for headers, form in [*((each, True) for each in ELSEWHERE), ({}, False), ({"X-Form": "gissat"}, False)]:
            turn += 1
            language = LANGUAGES[turn % 2]
            one = person[language]
            sent = {"form": one.form if form else "", "to": "triage", "text": "x", "language": "sv"}
            is_plain(one.client.post(filled(path), data=sent, headers=headers), 403, language)
    assert load_case(store, 1).state == "new"
    same = person["en"].client.post("/language", data={"form": person["en"].form, "language": "en"},
                                    headers={"Referer": "http://localhost/queue"})  # fmt: skip
    assert same.status_code == 302


def floods() -> Iterator[dict[str, Any]]:
    yield {"data": {"text": "x" * MOST_BYTES}}
    yield {"data": {f"field-{number}": "" for number in range(40_000)}}
    yield {"data": {f"file-{number}": (BytesIO(b""), "x") for number in range(2_500)}}
    yield {"data": {"file": (BytesIO(b"x" * MOST_BYTES), "x")}}
    yield {"data": b"x" * (MOST_BYTES + 1), "content_type": "application/octet-stream"}


def test_too_much_is_refused_whoever_sends_it(app: Flask) -> None:
    for who, path, language in (("decider", "/case/1/note", "sv"), ("", "/log-in", "en")):
        one = logged_in(app, who, language)
        for flood in floods():
            is_plain(one.client.post(path, **flood), 413, language)
    long = logged_in(app, "reader").client
    assert long.get("/queue?text=" + "x" * 100_000).status_code in (200, 414)
    assert long.get("/mentions?text=" + "(" * 5_000).status_code == 422
    assert long.get("/" + "x" * 20_000).status_code == 404


TRICKS = (
    "../listener.toml", "%2e%2e%2flistener.toml", "..%2f..%2f..%2fetc%2fpasswd", "..%5clistener.db",
    "....//listener.toml", "%2e%2e/listener.db", "2026-W46.html%00", "%00", "2026-W46.html/../../listener.toml",
    "%2fetc%2fpasswd", "%252e%252e%252f", "..;/listener.toml", "2026-W46.html%0d%0aX-Evil:%201",
    "\u2025/listener.toml", "..%c0%af", "file:///etc/passwd", "~root",
)  # fmt: skip


def test_no_path_leads_to_a_file_of_ours(app: Flask, flagged: Flag) -> None:
    flagged(finding(1))
    person, turn = {language: logged_in(app, "registrar", language) for language in LANGUAGES}, 0
    for before in ("/reports/", "/static/", "/logo/", "/case/1/picture/", "/case/1/evidence/", "/case/1/", "/"):
        for trick in TRICKS:
            turn += 1
            language = LANGUAGES[turn % 2]
            answer = person[language].client.get(before + trick)
            if answer.status_code in (301, 308):  # a doubled slash is put right: still ours
                answer = person[language].client.get(answer.location)
            is_plain(answer, 404, language)
            assert "X-Evil" not in answer.headers
            assert "domains" not in answer.text


HOSTS = (
    "evil.example", "localhost.evil.example", "evil.example:80", "localhost, evil.example", "localhost@evil.example",
    "evil.example@localhost", "localhost:80:80", "localhost:99999999", "localhost:x", "localhost#", "localhost/..",
    "[::1", "localhost\\evil", " ", "lócalhost", "127.0.0.1.evil.example", "0", "localhost.",
)  # fmt: skip


def test_another_hosts_name_is_refused_and_no_header_gives_one(app: Flask) -> None:
    for turn, host in enumerate(HOSTS):
        language = LANGUAGES[turn % 2]
        client = app.test_client()
        headers = {"Host": host, "Accept-Language": language}
        is_plain(client.get("/log-in", headers=headers), 400, language)
        assert client.get(f"{PREFIX}/counts", headers=headers).status_code == 400
    for name in ("X-Forwarded-Host", "X-Host", "X-Forwarded-Server", "Forwarded", "X-Original-URL", "X-Rewrite-URL"):
        answer = app.test_client().get("/queue", headers={name: "host=evil.example"})
        assert (answer.status_code, urlsplit(answer.location).netloc) == (302, "")
    asked = app.test_client().get("/", environ_overrides={"PATH_INFO": "http://evil.example/queue"})
    assert asked.status_code in (302, 404)
    assert "evil" not in urlsplit(asked.headers.get("Location", "/")).netloc


TARGETS = (
    "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example",
    "///evil.example", "/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example",
    "/\r\\evil.example", "javascript:alert(1)", "data:text/html,x", "http:/evil.example", "@evil.example",
    "/%09/evil.example", "/.//evil.example", "//evil.example@localhost", "/\u2028/evil.example",
    "/queue\r\nSet-Cookie: x=1", "https://localhost@evil.example/", "/..//evil.example", "x" * 9_000,
)  # fmt: skip


def test_nobody_is_led_to_another_site(app: Flask, browser: Open) -> None:
    one = browser("reader")
    for target in TARGETS:
        answers = [
            one.client.get("/log-in", query_string={"next": target}),
            one.post("/language", language="en", next=target),
        ]
        for answer in answers:
            assert answer.status_code == 302, target
            assert leads_to(answer.location) == "localhost", target
            assert "x=1" not in answer.headers.get("Set-Cookie", "")
    stranger = browser()
    shown = stranger.client.get("/log-in", query_string={"next": "//evil.example"}).text
    assert "evil.example" not in shown.partition("<main")[2]
    assert stranger.post("/log-in", name="reader", password=PASSWORD, next="/\\evil.example").location == "/queue"


def leads_to(location: str) -> str | None:
    """The host where a browser goes: it drops tabs and line breaks, and takes a backslash for a slash."""
    seen = re.sub(r"[\t\r\n]", "", location).strip(" ").replace("\\", "/")
    return urlsplit(urljoin("http://localhost/log-in", seen)).hostname
