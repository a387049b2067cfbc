"""What a message may say when a platform repeats our own log-in: never the log-in, whole, disguised or cut off."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from listener.cli import run as listen
from listener.config import Config
from listener.context import Context
from listener.demo.serve import Reply, Request, Server
from listener.errors import Blocked, Changed, ConfigError, CredentialError, SourceError, Throttled
from listener.http import Session
from listener.models import Completeness, Term
from listener.redaction import Secrets
from listener.run import attempt
from listener.sources import failed_part, load_sources

NOW = datetime(2026, 11, 22, 7, tzinfo=UTC)
SECRET = 'mårked/s3cret+of "ours" & \'26'
ID = "marked-id-of-ours-11"
DISGUISES = {
    "plain": SECRET,
    "in an address": quote(SECRET, safe=""),
    "in a path": quote(SECRET),
    "in JSON": json.dumps(SECRET)[1:-1],
    "in PHP's JSON": json.dumps(SECRET)[1:-1].replace("/", "\\/"),
    "in a page": html.escape(SECRET),
    "in Python": repr(SECRET)[1:-1],
    "base64": base64.b64encode(SECRET.encode()).decode(),
    "in a Basic log-in": base64.b64encode(f"{ID}:{SECRET}".encode()).decode(),
    "base64 for addresses": base64.urlsafe_b64encode(f"a:{SECRET}".encode()).decode(),
}
ECHO = f"Malformed access token Bearer {SECRET}; {' '.join(DISGUISES.values())}"


def context(source: str = "facebook", **secrets: str) -> Context:
    return Context(source, Session("a@almby.example"), now=NOW, secrets=secrets or {"LISTEN_FACEBOOK_TOKEN": SECRET})


def raising(trouble: Exception) -> Callable[[], tuple[int, int]]:
    def work() -> tuple[int, int]:
        raise trouble

    return work


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_secret_is_struck_out_in_every_disguise(disguise: str) -> None:
    written = DISGUISES[disguise]
    said = Secrets({"LISTEN_A": SECRET, "LISTEN_B": ID}).strike(f"refused ({written}): check the key")
    assert said.startswith("refused (")
    assert said.endswith("): check the key")
    left = said.removeprefix("refused (").removesuffix("): check the key").replace("[redacted]", "").strip("=")
    assert len(left) <= 4, left  # of base64, at most the letters that the secret shares with its neighbours


def test_a_secret_that_was_cut_off_is_struck_out() -> None:
    said = Secrets({"LISTEN_A": "abcdefghijklmnopqrstuvwxyz"}).strike("X failed (token abcdefghijklmnopq)")
    assert said == "X failed (token [redacted])"


def test_a_short_secret_is_struck_out_as_a_word_only() -> None:
    said = Secrets({"LISTEN_A": "pwd1"}).strike("pwd1 of pwd12, pwd1; answers 401")
    assert said == "[redacted] of pwd12, [redacted]; answers 401"


def test_a_log_in_and_the_password_of_an_address_are_secrets_of_their_own() -> None:
    struck = Secrets({"LISTEN_A": "Bearer abcdef12", "SCRAPY_REDIS_URL": "redis://:hemligt7@db.almby.example/0"})
    assert struck.strike("abcdef12 and hemligt7") == "[redacted] and [redacted]"


def test_a_log_in_that_we_were_handed_is_struck_out_and_prose_is_not() -> None:
    struck = Secrets()
    assert struck.strike("bad token Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIi") == "bad token Bearer [redacted]"
    assert struck.strike("Basic authorization is refused") == "Basic authorization is refused"


def test_a_handle_is_no_secret() -> None:
    assert Secrets({"LISTEN_BLUESKY_IDENTIFIER": "almby.example"}).strike("almby.example") == "almby.example"


@pytest.mark.parametrize("trouble", [Blocked, Throttled, Changed, SourceError, CredentialError])
def test_no_issue_of_a_source_tells_a_secret(trouble: type[Exception]) -> None:
    ctx = context()
    ctx.incomplete(Completeness.TRUNCATED, ECHO)
    ctx.silent(ECHO)
    ctx.broken(ECHO)
    ctx.skipped(ECHO)
    failed_part(ctx, "https://almby.example/", SourceError(ECHO))
    result = attempt(ctx, raising(trouble(ECHO)))
    assert len(result.issues) == 6
    for issue in result.issues:
        assert [name for name, written in DISGUISES.items() if written in issue.detail] == []
        assert "Malformed access token" in issue.detail


def test_the_error_line_tells_no_secret(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def refuse(*_arguments: object) -> Config:
        raise ConfigError(ECHO)

    monkeypatch.setenv("LISTEN_FACEBOOK_TOKEN", SECRET)
    monkeypatch.setattr("listener.config.load_config", refuse)
    assert listen(["sources"]) == 2
    said = capsys.readouterr().err
    assert "Malformed access token" in said
    assert [name for name, written in DISGUISES.items() if written in said] == []


KEYED = ("facebook", "instagram", "linkedin", "mastodon", "reddit", "threads", "x", "youtube")
SETTINGS = {
    "instagram": {"own_id": "17841400"},
}


@pytest.mark.network
@pytest.mark.parametrize("status", [200, 400, 403])
@pytest.mark.parametrize("name", KEYED)
def test_what_an_echoing_platform_says_is_kept_without_our_key(name: str, status: int) -> None:
    def answer(request: Request) -> Reply:
        told = f"Malformed access token {' '.join(request.headers.values())} {request.query} {request.body!r}"
        error = {"code": 190, "message": told, "errors": [{"reason": told, "message": told}]}
        body = {"error": error, "errors": [{"message": told, "detail": told}], "message": told, "detail": told}
        return Reply(status=status, kind="application/json", body=json.dumps(body).encode())

    module = load_sources()[name]
    secrets = {need: f"marked{number}secret-of-{name}-and-long" for number, need in enumerate(module.ABOUT.needs)}
    server = Server(answer)
    given = {"base_url": server.url, "login_url": f"{server.url}/login", "servers": [server.url]}
    http = Session("a@almby.example", allow_loopback=True, per_host_seconds=0)
    term = Term(text="almby", kind="handle")
    ctx = Context(
        name,
        http,
        now=NOW,
        settings={**given, **SETTINGS.get(name, {})},
        secrets=secrets,
        allow_loopback=True,
        terms=(term,),
    )
    result = attempt(ctx, lambda: (len(list(module.accounts(ctx, term))), 0))
    server.stop()
    assert server.requests
    assert result.issues or status == 200
    said = " ".join(issue.detail for issue in result.issues)
    coded = [base64.b64encode(one.encode()).decode()[:20] for one in secrets.values()]
    assert [one for one in (*secrets.values(), *coded) if one in said] == []
