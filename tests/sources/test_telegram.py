"""Telegram's public pages on loopback: who exists, who does not, and when t.me tells neither."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from servers.contract import serving
from servers.telegram import HEAD, WELL_KNOWN, answer, free, page

from listener.context import Context
from listener.demo.serve import Fault, Reply, Request, Server
from listener.errors import Blocked, Changed, SourceError, Throttled
from listener.models import Account, Completeness, Term
from listener.quotas import Quotas
from listener.sources import controls, telegram

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
Make = Callable[..., Context]

pytestmark = pytest.mark.network


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(answer) as running:
        yield running


@pytest.fixture
def make(server: Server, make_context: Make) -> Make:
    def made(*names: str, **settings: Any) -> Context:
        given = {"base_url": server.url, "pause": 0, **settings}
        terms = tuple(Term(text=name, kind="handle") for name in names)
        return make_context(
            "telegram", given, terms=terms, quotas=Quotas(telegram.ABOUT.quotas, now=NOW, settings=given)
        )

    return made


def everything(ctx: Context) -> dict[str | None, Account]:
    return {account.handle: account for account in telegram.accounts(ctx, Term(text=""))}


def test_names_in_use_are_found_with_their_marks(server: Server, make: Make) -> None:
    ctx = make("almbykommun", "@almbysvar", "almbyskola", "ab", "../evil")
    found = everything(ctx)
    assert set(found) == {"almbykommun", "almbysvar"}
    ours = found["almbykommun"]
    assert (ours.display_name, ours.followers, ours.verified) == ("Almby kommun", 12345, "true")
    assert ours.description == "Nyheter\nfrån almby.example"
    assert ours.links == ("https://almby.example/",)
    assert (found["almbysvar"].labels, found["almbysvar"].avatar) == (("scam",), "")
    assert ctx.completeness == Completeness.COMPLETE
    assert all(request.headers["user-agent"].startswith("listen/") for request in server.requests)


def test_misses_are_believed_only_while_the_well_known_name_is_there(
    server: Server, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(controls, "EVERY", 2)
    asked: list[str] = []

    def tiring(request: Request) -> Reply:
        asked.append(request.path)
        return answer(request) if len(asked) < 6 else page(free(request.path[1:]))

    server.answer = tiring
    ctx = make("almbykommun", "almbyskola", "almbybibliotek", "almbysvar")
    with pytest.raises(Throttled, match="telegram"):
        everything(ctx)
    assert "/almbysvar" not in asked  # it would have been called free


def test_the_last_misses_are_checked_too(server: Server, make: Make) -> None:
    good = True

    def stripped(request: Request) -> Reply:
        nonlocal good
        good = good and request.path != "/almbyskola"
        return answer(request) if good else page(free(request.path[1:]))

    server.answer = stripped
    with pytest.raises(Throttled):
        list(telegram.known(make(), [Account(platform="telegram", handle="almbyskola")]))


def test_pages_that_show_everybody_tell_nothing(server: Server, make: Make) -> None:
    server.answer = lambda request: answer(request) if request.path == "/robots.txt" else page(WELL_KNOWN)
    with pytest.raises(Changed, match="nobody"):
        everything(make("almbykommun"))


def test_known_accounts_that_are_gone_are_left_out(make: Make) -> None:
    ctx = make()
    kept = [Account(platform="telegram", handle=name) for name in ("almbykommun", "almbyskola")]
    assert [account.handle for account in telegram.known(ctx, kept)] == ["almbykommun"]
    assert ctx.completeness == Completeness.COMPLETE


def test_what_the_quota_does_not_allow_waits(server: Server, make: Make) -> None:
    ctx = make("almbyskola", "almbykommun", "almbysvar", max_pages=3)
    assert not everything(ctx)
    assert ctx.next_cursor == {"next_pages": "almbykommun"}
    assert ctx.completeness == Completeness.TRUNCATED


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("<html><head><title>Log in</title></head></html>", Changed),
        ("", Changed),
        (HEAD.format("Almby", "") + '<div class="tgme_page_title"><span>Almby</span></div>', Changed),
        ("<html><head><title>Just a moment...</title></head></html>", Blocked),
    ],
    ids=["login", "empty", "half", "challenge"],
)
def test_a_page_that_is_neither_is_no_answer(server: Server, make: Make, text: str, error: type[SourceError]) -> None:
    server.answer = lambda request: Reply(status=404) if request.path == "/robots.txt" else page(text)
    with pytest.raises(error):
        everything(make("almbykommun"))


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(kind="robots"), Blocked),
        (Fault(status=403), Blocked),
        (Fault(status=404, only="t"), SourceError),
        (Fault(status=429, retry_after=900), SourceError),
        (Fault(kind="huge"), SourceError),
    ],
    ids=["robots", "403", "404", "429", "huge"],
)
def test_a_site_in_trouble_is_a_source_error(
    server: Server, make: Make, fault: Fault, error: type[SourceError]
) -> None:
    server.fail(fault)
    with pytest.raises(error):
        everything(make("almbykommun"))


@pytest.mark.parametrize(
    ("extra", "count"),
    [
        ("1 subscriber", 1),
        ("1 " * 10_000, None),
        ("26 481 members, 1 564 online", 26481),
        ("1,000 subscribers", 1000),
        ("@x", None),
        ("", None),
    ],
)
def test_members_are_counted_as_the_page_writes_them(extra: str, count: int | None) -> None:
    assert telegram.read_account({"name": "a", "extra": extra}).followers == count
