"""Logging in at a provider: who is let in, as what, and every token and answer that is not to be believed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from joserfc.jwk import ECKey, KeySet, OctKey
from servers.provider import CLIENT, SECRET, Provider, signed_with_public, unsigned

from listener.demo.serve import Reply
from listener.errors import SourceError
from listener.review.provider import Provider as Kept
from listener.review.provider import guarded
from listener.store import Store
from listener.store.log_ins import Outcome, log_ins
from listener.store.people import close_person, outsiders

from .conftest import HASH, NOW, Browser, app_over

pytestmark = pytest.mark.network
SETTINGS = """
[organisation]
name = "Almby kommun"
[review.oidc]
issuer = "{issuer}"
client_id = "{client}"
[review.oidc.roles]
decider = ["almby-beslut"]
reader = ["almby-alla"]
"""
AT = int(NOW.timestamp())


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider(AT)
    yield made
    made.server.stop()


@pytest.fixture
def page(folder: Path, store: Store, provider: Provider) -> Flask:
    text = SETTINGS.format(issuer=provider.url, client=CLIENT)
    (folder / "listener.toml").write_text(text, encoding="utf-8")
    return app_over(folder, LISTEN_ALLOW_LOOPBACK="1", LISTEN_OIDC_CLIENT_SECRET=SECRET)


class Visitor(Browser):
    """A browser that goes to the provider and comes back."""

    def sent(self, provider: Provider, next_: str = "/queue") -> dict[str, str]:
        answer = self.get("/log-in/oidc", query_string={"next": next_})
        assert answer.status_code == 302, answer.text
        return provider.agree(answer.location)

    def back(self, brought: dict[str, str]) -> Any:
        return self.get("/log-in/callback", query_string=brought)

    def log_in(self, provider: Provider, next_: str = "/queue") -> Any:
        return self.back(self.sent(provider, next_))

    def is_in(self) -> bool:
        return bool(self.get("/queue").status_code == 200)


@pytest.fixture
def visitor(page: Flask) -> Callable[[], Visitor]:
    def make() -> Visitor:
        one = Visitor(page.test_client())
        one.client.set_cookie("listen-language", "en")
        return one

    return make


def test_somebody_with_a_role_comes_in_under_their_name(
    visitor: Callable[[], Visitor], provider: Provider, store: Store
) -> None:
    one = visitor()
    before = one.client.get_cookie("listen-visit")
    answer = one.log_in(provider, "/settings")
    assert (answer.status_code, answer.location) == (302, "/settings")
    assert "Anna Svensson" in one.get("/queue").text
    assert one.client.get_cookie("listen-visit") != before
    (known,) = outsiders(store)
    assert (known["person"], known["role"], known["issuer"]) == ("Anna Svensson", "decider", provider.url)
    assert log_ins(store, 1)[0].outcome is Outcome.LOGGED_IN


def test_two_of_one_name_are_two_and_neither_is_the_local_account(
    visitor: Callable[[], Visitor], provider: Provider, store: Store
) -> None:
    for subject in ("a-1", "a-2", "a-1"):
        provider.claims = {"sub": subject, "name": "Decider", "groups": ["almby-alla"]}
        assert visitor().log_in(provider).status_code == 302
    assert [one["person"] for one in outsiders(store)] == ["Decider (2)", "Decider (3)"]


def test_nobody_signs_as_the_machine_or_with_hidden_letters(
    visitor: Callable[[], Visitor], provider: Provider, store: Store
) -> None:
    for number, name in enumerate(["listen", "api:stad", "", " ", "\u202ennA"]):
        provider.claims |= {"name": name, "sub": f"n-{number}"}
        assert visitor().log_in(provider).status_code == 302
    signed = [one["person"] or "" for one in outsiders(store)]
    assert len(signed) == 5
    assert all(person and person.isprintable() for person in signed)
    assert not {"listen", "api:stad"} & {person.casefold() for person in signed}


def test_roles_come_from_either_claim(visitor: Callable[[], Visitor], provider: Provider) -> None:
    provider.claims = {"sub": "b", "roles": "almby-alla"}
    assert visitor().log_in(provider).status_code == 302


def test_groups_that_are_told_when_asked_count_if_they_are_of_the_same_person(
    visitor: Callable[[], Visitor], provider: Provider
) -> None:
    provider.claims = {"sub": "c"}
    provider.described = {"userinfo_endpoint": f"{provider.url}/me"}
    provider.told = {"sub": "d", "groups": ["almby-beslut"]}
    assert visitor().log_in(provider).status_code == 403
    provider.told = {"sub": "c", "groups": ["almby-alla"]}
    assert visitor().log_in(provider).status_code == 302


def test_who_has_no_role_is_told_so_and_stays_outside(
    visitor: Callable[[], Visitor], provider: Provider, store: Store
) -> None:
    provider.claims["groups"] = ["almby-kök"]
    one = visitor()
    answer = one.log_in(provider)
    assert answer.status_code == 403
    assert "none of your groups has a role here" in answer.text
    assert not one.is_in()
    assert log_ins(store, 1)[0].outcome is Outcome.NO_ROLE


def test_who_is_closed_here_does_not_come_in_by_the_provider(
    visitor: Callable[[], Visitor], provider: Provider, store: Store
) -> None:
    one = visitor()
    one.log_in(provider)
    assert one.is_in()
    close_person(store, "Anna Svensson", NOW)
    assert not one.is_in()
    assert visitor().log_in(provider).status_code == 403


def test_another_role_ends_the_sessions_of_the_old_one(visitor: Callable[[], Visitor], provider: Provider) -> None:
    old, new = visitor(), visitor()
    old.log_in(provider)
    provider.claims["groups"] = ["almby-alla"]
    new.log_in(provider)
    assert new.is_in()
    assert not old.is_in()


WRONG: tuple[dict[str, Any], ...] = (
    {"iss": "https://other.example"}, {"iss": None}, {"aud": "another"}, {"aud": None}, {"aud": [CLIENT, "another"]},
    {"azp": "another"}, {"nonce": "gissad"}, {"nonce": None}, {"exp": AT - 61}, {"exp": None}, {"iat": AT + 3600},
    {"nbf": AT + 3600}, {"sub": None}, {"sub": ""}, {"sub": "x" * 300}, {"sub": 7},
)  # fmt: skip


def test_a_token_with_a_wrong_claim_lets_nobody_in(
    visitor: Callable[[], Visitor], provider: Provider, store: Store
) -> None:
    one, right = visitor(), dict(provider.claims)
    for changed in WRONG:
        provider.claims = right | changed
        assert one.log_in(provider).status_code == 403, changed
        assert not one.is_in()
        assert log_ins(store, 1)[0].outcome is Outcome.REFUSED
    assert outsiders(store) == []


def test_a_forged_token_lets_nobody_in(visitor: Callable[[], Visitor], provider: Provider) -> None:
    for how in ("another key", "none", "shared secret", "public key as secret", "cut", "no token"):
        forge(visitor(), provider, how)


def forge(one: Visitor, provider: Provider, how: str) -> None:
    provider.signs_with = None
    brought = one.sent(provider)
    nonce = provider.codes[brought["code"]]["nonce"]
    if how == "another key":
        provider.signs_with = ECKey.generate_key("P-256", private=True)
    elif how == "shared secret":
        provider.signs_with = OctKey.import_key(SECRET)
    tokens = {
        "public key as secret": signed_with_public(provider.signed(nonce), provider.key),
        "none": unsigned(provider.signed(nonce)),
        "cut": provider.signed(nonce)[:-9],
        "no token": "a.b",
    }
    provider.token = tokens.get(how)
    assert one.back(brought).status_code == 403
    assert not one.is_in()


def test_a_new_key_is_learnt_and_a_forger_does_not_make_us_ask(page: Flask, provider: Provider) -> None:
    kept: Kept = page.extensions["oidc"]
    with guarded(page.config["LISTEN"]) as http:
        assert [key.kid for key in kept.keys(http, NOW)] == ["1"]
        provider.keys = KeySet([ECKey.generate_key("P-256", {"kid": "2"}, private=True)])
        assert [key.kid for key in kept.keys(http, NOW + timedelta(seconds=59), anew=True)] == ["1"]
        assert [key.kid for key in kept.keys(http, NOW + timedelta(seconds=60), anew=True)] == ["2"]


def test_an_answer_counts_once_in_the_browser_that_began_it(
    visitor: Callable[[], Visitor], provider: Provider, page: Flask
) -> None:
    one, thief = visitor(), visitor()
    brought = one.sent(provider)
    thief.sent(provider)
    assert thief.back(brought).status_code == 400, "another browser's state"
    assert visitor().back(brought).status_code == 400, "a browser that began nothing"
    cookie = one.client.get_cookie("listen-visit")
    assert one.back(brought).status_code == 302
    assert cookie is not None
    again = visitor()
    again.client.set_cookie("listen-visit", cookie.value)
    assert again.back(brought).status_code == 400, "the same answer once more, with the cookie of before"
    assert not again.is_in()


def test_a_log_in_that_took_too_long_begins_again(
    folder: Path, visitor: Callable[[], Visitor], provider: Provider, page: Flask
) -> None:
    one = visitor()
    brought = one.sent(provider)
    at = "2026-11-20T07:10:00+01:00"
    later = app_over(folder, str(page.secret_key), LISTEN_NOW=at, LISTEN_ALLOW_LOOPBACK="1")
    visit = one.client.get_cookie("listen-visit")
    assert visit is not None
    client = later.test_client()
    client.set_cookie("listen-visit", visit.value)
    assert client.get("/log-in/callback", query_string=brought).status_code == 400


def test_an_answer_of_another_issuer_is_refused(visitor: Callable[[], Visitor], provider: Provider) -> None:
    one = visitor()
    assert one.back(one.sent(provider) | {"iss": "https://other.example"}).status_code == 403
    provider.described = {"authorization_response_iss_parameter_supported": True}
    assert one.back(one.sent(provider) | {"iss": provider.url}).status_code == 302


def test_a_refusal_or_a_wrong_code_of_the_provider_is_a_plain_page(
    visitor: Callable[[], Visitor], provider: Provider
) -> None:
    one = visitor()
    state = one.sent(provider)["state"]
    answer = one.back({"error": "access_denied", "error_description": "<script>", "state": state})
    assert answer.status_code == 403
    assert "script>" not in answer.text.split("<main", 1)[1]
    assert one.back(one.sent(provider) | {"code": "gissad"}).status_code == 403


@pytest.mark.parametrize(
    "described",
    [{"issuer": "https://other.example"}, {"token_endpoint": "http://plain.example/token"}, {"jwks_uri": None}],
)
def test_a_provider_that_describes_another_is_not_asked(
    visitor: Callable[[], Visitor], provider: Provider, described: dict[str, Any]
) -> None:
    provider.described = described
    assert visitor().get("/log-in/oidc").status_code == 502


@pytest.mark.parametrize("groups", [5, True, {"almby-beslut": 1}, [5, None, ["almby-beslut"]]])
def test_groups_of_another_shape_are_no_groups(
    visitor: Callable[[], Visitor], provider: Provider, groups: object
) -> None:
    provider.claims |= {"groups": groups}
    assert visitor().log_in(provider).status_code == 403


@pytest.mark.parametrize("body", [b"[]", b"null", b"{", b"<html>", b'{"access_token": "a", "expires_in": "soon"}'])
def test_an_answer_for_a_code_that_is_none_lets_nobody_in(
    visitor: Callable[[], Visitor], provider: Provider, body: bytes
) -> None:
    provider.exchanged = Reply(body=body)
    one = visitor()
    assert one.log_in(provider).status_code == 403
    assert not one.is_in()


def test_who_loses_every_role_loses_the_session_too(visitor: Callable[[], Visitor], provider: Provider) -> None:
    one = visitor()
    one.log_in(provider)
    assert one.is_in()
    provider.claims |= {"groups": ["slutat"]}
    assert visitor().log_in(provider).status_code == 403
    assert not one.is_in()


def test_a_provider_that_failed_is_not_asked_by_every_visitor(
    visitor: Callable[[], Visitor], provider: Provider
) -> None:
    provider.described = {"issuer": "https://other.example"}
    assert [visitor().get("/log-in/oidc").status_code for _time in range(5)] == [502] * 5
    assert provider.asked == 1


def test_one_visitor_waits_for_the_provider_and_the_others_are_told(page: Flask) -> None:
    kept: Kept = page.extensions["oidc"]
    with kept.asking(NOW), pytest.raises(SourceError, match="slow"), kept.asking(NOW):
        pass


def test_nobody_is_sent_to_another_site_afterwards(visitor: Callable[[], Visitor], provider: Provider) -> None:
    for target in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        assert visitor().log_in(provider, target).location == "/queue"


def test_logging_out_says_where_else_one_is_logged_in(visitor: Callable[[], Visitor], provider: Provider) -> None:
    one = visitor()
    one.log_in(provider)
    one.get("/settings")
    answer = one.post("/log-out")
    assert answer.status_code == 200
    link = next(part for part in answer.text.split('"') if part.startswith(f"{provider.url}/end?"))
    asked = parse_qs(urlsplit(link.replace("&amp;", "&")).query)
    assert asked["post_logout_redirect_uri"] == ["http://localhost/log-in"]
    assert not one.is_in()


def test_the_secret_is_neither_shown_nor_sent_by_the_browser(
    visitor: Callable[[], Visitor], provider: Provider, store: Store
) -> None:
    one = visitor()
    assert SECRET not in one.get("/log-in/oidc").location
    one.log_in(provider)
    assert SECRET not in one.get("/settings").text
    assert HASH not in one.get("/settings").text
