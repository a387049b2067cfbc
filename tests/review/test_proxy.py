"""Behind a proxy: whom its headers speak for, and that nobody else's do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from listener.config import load_config
from listener.errors import ConfigError
from listener.store import Store
from listener.store.log_ins import Outcome, log_ins, note_log_in
from listener.store.people import close_person, outsiders

from .conftest import NOW, PASSWORD, Browser, app_over

PROXY, CLIENT = "10.0.0.5", "192.0.2.7"
SETTINGS = """
[organisation]
name = "Almby kommun"
[review]
hosts = ["granskning.almby.example"]
secure_cookies = true
trusted_proxies = ["10.0.0.5", "10.1.0.0/24"]
"""
HEADERS = """
[review.headers]
person = "X-Remote-User"
groups = "X-Remote-Groups"
roles = { decider = ["CN=Beslut,OU=Almby"], reader = ["alla"] }
"""
BASE = "http://granskning.almby.example"
SAID = {"X-Forwarded-For": CLIENT, "X-Forwarded-Proto": "https"}
ANNA = {"X-Remote-User": "anna@almby.example", "X-Remote-Groups": "alla; CN=Beslut,OU=Almby"}
Asking = Callable[..., Any]


@pytest.fixture
def settle(folder: Path, store: Store) -> Callable[[str], Flask]:
    def make(text: str) -> Flask:
        (folder / "listener.toml").write_text(text, encoding="utf-8")
        return app_over(folder)

    return make


def ask(client: FlaskClient, path: str, peer: str = PROXY, **headers: str) -> Any:
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(path, base_url=BASE, headers=SAID | said, environ_overrides={"REMOTE_ADDR": peer})


def test_behind_tls_cookies_are_for_this_host_and_encrypted_alone(settle: Callable[[str], Flask]) -> None:
    answer = ask(settle(SETTINGS).test_client(), "/log-in")
    (visit,) = answer.headers.getlist("Set-Cookie")
    assert visit.startswith("__Host-listen-visit=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(visit.split("; "))
    assert "Domain" not in visit
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    elsewhere = ask(settle(SETTINGS).test_client(), "/log-in", peer="203.0.113.9")
    assert "Strict-Transport-Security" not in elsewhere.headers, "nobody else says that it came encrypted"


PLACES = (
    (PROXY, CLIENT, CLIENT),
    (PROXY, f"198.51.100.1, {CLIENT}", CLIENT),
    (PROXY, f"198.51.100.1, {CLIENT}, 10.1.0.9", CLIENT),
    (PROXY, f"{CLIENT}:4711", CLIENT),
    (PROXY, "[2001:db8::7]:4711", "2001:db8::7"),
    (PROXY, f"::ffff:{CLIENT}", CLIENT),
    (PROXY, "unknown", PROXY),
    (PROXY, "198.51.100.1, <script>, 10.1.0.9", "10.1.0.9"),
    (PROXY, "1.1.1.1," * 5000 + CLIENT, CLIENT),
    ("203.0.113.9", CLIENT, "203.0.113.9"),
    ("", CLIENT, ""),
)


def test_the_place_of_a_log_in_is_the_last_that_is_no_proxy(settle: Callable[[str], Flask], store: Store) -> None:
    app = settle(SETTINGS)
    for number, (peer, chain, place) in enumerate(PLACES):
        one = Browser(app.test_client())
        # encrypted, or the browser would not send its cookie back: where the proxy is not ours, TLS ends here
        around: dict[str, Any] = {
            "base_url": BASE.replace("http", "https"), "environ_overrides": {"REMOTE_ADDR": peer}
        }  # fmt: skip
        one.get("/log-in", **around)
        sent = {"form": one.form, "name": f"namn-{number}", "password": "fel"}
        one.client.post("/log-in", data=sent, headers={"X-Forwarded-For": chain}, **around)
        (told,) = log_ins(store, 1)
        assert (told.person, told.place, told.outcome) == (f"namn-{number}", place, Outcome.REFUSED), chain[:60]


def test_one_proxy_for_all_does_not_lock_all_out(settle: Callable[[str], Flask]) -> None:
    app = settle(SETTINGS)
    codes = []
    for place in ("192.0.2.1", "192.0.2.2"):
        one = Browser(app.test_client())
        around: dict[str, Any] = {
            "base_url": BASE, "environ_overrides": {"REMOTE_ADDR": PROXY}, "headers": SAID | {"X-Forwarded-For": place}
        }  # fmt: skip
        one.get("/log-in", **around)
        for password in ("fel",) * (5 if place.endswith("1") else 0) + (PASSWORD,):
            sent = {"form": one.form, "name": "reader", "password": password}
            codes.append(one.client.post("/log-in", data=sent, **around).status_code)
    assert codes == [401, 401, 401, 401, 401, 429, 302]


@pytest.mark.parametrize(
    "host", ["evil.example", "granskning.almby.example, evil.example", "granskning.almby.example."]
)
def test_a_forwarded_host_is_held_against_our_names(settle: Callable[[str], Flask], host: str) -> None:
    client = settle(SETTINGS).test_client()
    assert ask(client, "/log-in", X_Forwarded_Host=host).status_code == 400
    assert ask(client, "/log-in", peer="203.0.113.9", X_Forwarded_Host=host).status_code == 200, "not listened to"


def test_a_proxy_says_who_asks_and_somebody_else_does_not(settle: Callable[[str], Flask], store: Store) -> None:
    app = settle(SETTINGS + HEADERS)
    said = {name.replace("-", "_"): value for name, value in ANNA.items()}
    client = app.test_client()
    answer = ask(client, "/queue", **said)
    assert answer.status_code == 200
    assert "anna@almby.example" in answer.text
    assert len(outsiders(store)) == 1
    for _time in range(3):
        assert ask(app.test_client(), "/queue", **said).status_code == 200
    assert [line.outcome for line in log_ins(store, 9)] == [Outcome.LOGGED_IN], "what keeps no cookies leaves no rows"
    assert store.rows("SELECT * FROM sessions") == []
    for _time in range(3):
        stranger = ask(app.test_client(), "/queue", peer="203.0.113.9", **said)
        assert stranger.status_code == 302
    told = [line for line in log_ins(store, 9) if line.outcome is Outcome.UNHEEDED]
    assert [line.place for line in told] == ["203.0.113.9"]


def test_a_change_needs_the_form_of_this_person_in_this_browser(settle: Callable[[str], Flask]) -> None:
    client = settle(SETTINGS + HEADERS).test_client()
    said = {name.replace("-", "_"): value for name, value in ANNA.items()}
    around: dict[str, Any] = {
        "base_url": BASE.replace("http", "https"), "environ_overrides": {"REMOTE_ADDR": PROXY}
    }  # fmt: skip

    def form_of(whom: str) -> str:
        text = client.get("/settings", headers=SAID | ANNA | {"X-Remote-User": whom}, **around).text
        return text.partition('name="form" value="')[2].partition('"')[0]

    forms = {whom: form_of(whom) for whom in (said["X_Remote_User"], "bo@almby.example")}
    assert len(set(forms.values())) == 2
    codes = [
        client.post(
            "/settings", headers=SAID | ANNA | {"X-Remote-User": whom}, data={"form": form}, **around
        ).status_code
        for whom, form in zip(forms, (forms["bo@almby.example"], forms["bo@almby.example"]), strict=True)
    ]
    assert codes[0] == 403
    assert codes[1] in (200, 302)


def test_names_and_groups_of_a_proxy_have_all_their_letters(settle: Callable[[str], Flask], store: Store) -> None:
    app = settle(SETTINGS + HEADERS.replace('"alla"', '"Förvaltning"'))
    for number, said in enumerate(("Förvaltning", "Förvaltning".encode().decode("latin-1"))):
        user = "åsa".encode().decode("latin-1") if number else "åsa"
        assert ask(app.test_client(), "/queue", X_Remote_User=user, X_Remote_Groups=said).status_code == 200
    assert [one["person"] for one in outsiders(store)] == ["åsa"]


def test_the_proxys_word_goes_before_a_session(settle: Callable[[str], Flask], store: Store) -> None:
    app = settle(SETTINGS + HEADERS)
    client = app.test_client()
    said = {name.replace("-", "_"): value for name, value in ANNA.items()}
    assert "anna@almby.example" in ask(client, "/queue", **said).text
    assert "bo@almby.example" in ask(client, "/queue", **(said | {"X_Remote_User": "bo@almby.example"})).text
    assert ask(client, "/queue", **(said | {"X_Remote_Groups": "alla"})).status_code == 200
    assert {one["person"]: one["role"] for one in outsiders(store)} == {
        "anna@almby.example": "reader", "bo@almby.example": "decider"
    }  # fmt: skip
    assert ask(client, "/queue").status_code == 302, "logged out at the proxy"
    close_person(store, "anna@almby.example", NOW)
    assert ask(client, "/queue", **said).status_code == 403


@pytest.mark.parametrize(
    "said", [{"X_Remote_User": "anna, bo"}, {"X_Remote_User": "x" * 300}, {"X_Remote_Groups": "kök"}]
)
def test_two_names_none_that_can_be_kept_or_no_role_let_nobody_in(
    settle: Callable[[str], Flask], store: Store, said: dict[str, str]
) -> None:
    known = {name.replace("-", "_"): value for name, value in ANNA.items()}
    answer = ask(settle(SETTINGS + HEADERS).test_client(), "/queue", **(known | said))
    assert answer.status_code == 403
    assert outsiders(store) == []


def test_who_has_no_role_fills_the_log_up_to_a_flood_alone(settle: Callable[[str], Flask], store: Store) -> None:
    one = settle(SETTINGS + HEADERS).test_client()
    known = {name.replace("-", "_"): value for name, value in ANNA.items()} | {"X_Remote_Groups": "kök"}
    ask(one, "/queue", **known)
    assert log_ins(store, 1)[0].outcome is Outcome.NO_ROLE
    with store.transaction():
        for _time in range(1_000):
            note_log_in(store, log_ins(store, 1)[0], days=180)
    before = len(log_ins(store, 2_000))
    assert ask(one, "/queue", **known).status_code == 403
    assert len(log_ins(store, 2_000)) == before


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[review]\ntrusted_proxies = ["0.0.0.0/0"]', "too wide"),
        ('[review]\ntrusted_proxies = ["proxy.example"]', "no address"),
        ('[review]\nhosts = ["https://a.example"]', "hosts: write names alone"),
        ("[review]\nsession_hours = 100", "1 to 24 hours"),
        ("[review]\nidle_minutes = 0", "idle_minutes"),
        (HEADERS, "needs [review] trusted_proxies"),
        (SETTINGS + HEADERS.replace("X-Remote-User", "X Remote"), "the name of a header"),
        (SETTINGS + HEADERS.replace("decider =", "chef ="), "[review.headers.roles] has no 'chef'"),
        ('[review.oidc]\nissuer = "http://idp.example"\nclient_id = "x"\nroles = {reader = ["a"]}', "with https://"),
        ('[review.oidc]\nissuer = "https://idp.example"\nroles = {reader = ["a"]}', "[review.oidc] needs client_id"),
        ('[review.oidc]\nclient_secret = "x"', "secrets are read from the environment"),
        ('[review]\noidc = "https://idp.example"', "as a table of its own"),
    ],
)
def test_doors_that_cannot_hold_are_refused_when_they_are_read(folder: Path, text: str, told: str) -> None:
    (folder / "listener.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load_config(folder / "listener.toml", {})
    assert told in str(refused.value)
