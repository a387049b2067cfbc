"""What look-alike sites serve, read by the real spider from sites on loopback and compared with our own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from loopback_sites import Page, Serve, page, serving

from listener.context import Context
from listener.errors import SourceError
from listener.http import Session
from listener.models import Account, Completeness, Term, Verdict
from listener.organisation import Organisation
from listener.registry import Registry
from listener.sources import lookalike
from listener.sources.crew import Line
from listener.verdict import judge
from listener.words import served
from spiders.plan import Plan, Sight, Summary

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
FROZEN = Path(__file__).parent.parent / "spiders" / "pages"
US = Organisation(name="Almby kommun", places=("Almby",), domains=("almby.example",), org_numbers=("990000-0017",))
PARAGRAPHS = "".join(
    f"<section class='del-{n % 20}'><h2>Rubrik {n}</h2><p>Kommunen beslutade i ärende {n} om något för torg.</section>"
    for n in range(60)
)
RESERVED = b'[{"location": "/", "tdm-reservation": 1}]'
OURS = f"<title>Almby kommun</title><img src='/skold.svg'><main class='sida'>{PARAGRAPHS}</main>"


@pytest.fixture(scope="module")
def serve() -> Iterator[Serve]:
    with serving() as start:
        yield start


def context(own: str, **settings: Any) -> Context:
    session = Session("press@almby.example", allow_loopback=True, per_host_seconds=0.0, max_seconds=60.0)
    chosen = {"ours": [own], "seconds_between_requests": 0, **settings}
    return Context("lookalike", session, now=NOW, settings=chosen, sites=("almby.example",), allow_loopback=True)


def suspect(url: str, **more: Any) -> Account:
    return Account(platform="web", handle=f"almby-{url.rpartition('.')[2][:3].strip(':/')}.example", url=url, **more)


@pytest.fixture(scope="module")
def looked(serve: Serve) -> tuple[Context, dict[str, Account], dict[str, str]]:
    """One look at many sites: what each is now by the name it is given here, and their addresses."""
    own = serve({"/": page(OURS)})
    sites = {
        "phishing": serve({"/": page((FROZEN / "natfiske.html").read_text(encoding="utf-8"))}, "127.0.0.2").url,
        "copy": serve({"/": page(OURS.replace("/skold.svg", f"{own.url}skold.svg"))}, "127.0.0.3").url,
        "parked": serve({"/": page((FROZEN / "parkerad.html").read_text(encoding="utf-8"))}, "127.0.0.4").url,
        "moved": serve({"/": page("", status=302, headers={"Location": f"https://{US.domains[0]}/"})}, "127.0.0.5").url,
        "gone": serve({}, "127.0.0.6").url,
        "closed": serve({"/": page(OURS), "/robots.txt": Page(b"User-agent: *\nDisallow: /")}, "127.0.0.7").url,
        "reserved": serve({"/": page(OURS), "/.well-known/tdmrep.json": Page(RESERVED)}, "127.0.0.8").url,
        "behind": serve(
            {"/": page('<title>Hej</title><a href="/logga-in">Logga in</a>'),
             "/logga-in": page("<title>Almby</title><input name=pnr><p>BankID")}, "127.0.0.9",
        ).url,
        "noai": serve({"/": page(OURS, headers={"X-Robots-Tag": "noai"})}, "127.0.0.10").url,
    }  # fmt: skip
    ctx = context(own.url)
    known = [suspect(url, labels=("client hold", served.label(served.PARKED, "for sale"))) for url in sites.values()]
    found = {account.url: account for account in lookalike.known(ctx, known)}
    return ctx, {name: found[url] for name, url in sites.items() if url in found} | {
        account.url or "": account for account in found.values() if account.platform != "web"
    }, sites  # fmt: skip


Looked = tuple[Context, dict[str, Account], dict[str, str]]


@pytest.mark.network
def test_a_phishing_page_is_told_by_its_form_and_its_claims(looked: Looked) -> None:
    _ctx, found, _sites = looked
    account = found["phishing"]
    assert account.display_name == "Almby kommun"
    assert "990000-0017" in (account.description or "")
    assert account.avatar == "https://www.almby.example/bilder/skold.svg"
    assert served.value_of(account.labels, served.ASKS) == "password, personal number, BankID"
    assert served.value_of(account.labels, served.SENDS) == "https://samla.example/ta-emot"
    finding = judge(account, US, Registry(()))
    assert finding.verdict is Verdict.LOOKALIKE_SITE
    assert {"site_asks_secrets", "text_contact"} <= {signal.feature for signal in finding.signals}


@pytest.mark.network
def test_a_copy_of_our_page_is_told_with_the_page_it_copies(looked: Looked) -> None:
    _ctx, found, _sites = looked
    labels = found["copy"].labels
    assert (served.value_of(labels, served.COPIES_TEXT) or "").startswith("1.00 http://127.0.0.1:")
    assert (served.value_of(labels, served.COPIES_PAGE) or "").startswith("1.00 ")
    assert (served.value_of(labels, served.SHOWS_OURS) or "").endswith("skold.svg")
    finding = judge(found["copy"], US, Registry(()))
    assert finding.verdict is Verdict.LOOKALIKE_SITE
    assert "site_copied" in {signal.feature for signal in finding.signals}


@pytest.mark.network
def test_what_else_hosts_serve_and_what_was_said_before_of_them(looked: Looked) -> None:
    _ctx, found, _sites = looked
    assert served.value_of(found["parked"].labels, served.PARKED) == "for sale"
    assert found["moved"].labels == ("client hold", "redirects to: https://almby.example/")
    assert found["gone"].labels == ("client hold", served.NOTHING)
    assert served.value_of(found["behind"].labels, served.ASKS) == "personal number"


@pytest.mark.network
def test_what_is_closed_or_reserved_is_not_read_and_the_run_says_so(looked: Looked) -> None:
    ctx, found, sites = looked
    assert "closed" not in found
    assert "reserved" not in found
    assert found["noai"].labels == ("client hold", "reserved against mining: noai")
    assert found["noai"].display_name is None
    assert ctx.completeness is Completeness.TRUNCATED
    assert f"1 pages not read (robots.txt does not allow it), such as {sites['closed']}" in ctx.issues[0].detail
    assert "reserved against text and data mining" in ctx.issues[0].detail


@pytest.mark.network
def test_the_accounts_that_a_suspect_leads_to_come_along(looked: Looked) -> None:
    _ctx, found, sites = looked
    account = found["https://www.facebook.com/almbykommun.support"]
    assert (account.platform, account.ref) == ("facebook", sites["phishing"])


def test_without_suspects_nothing_is_asked() -> None:
    ctx = context("http://127.0.0.1:1/")
    assert list(lookalike.accounts(ctx, Term(text=""))) == []
    assert list(lookalike.known(ctx, [])) == []
    assert ctx.completeness is Completeness.COMPLETE


@pytest.mark.network
def test_names_that_are_not_found_while_we_are_not_either_are_no_answer() -> None:
    ctx = context("http://vi.invalid/", start=["http://a.invalid/"])
    with pytest.raises(SourceError, match="the name is not found"):
        list(lookalike.accounts(ctx, Term(text="")))


def test_no_more_hosts_than_the_quota_allows() -> None:
    ctx = context("http://127.0.0.1:1/")
    ctx.afford = lambda kind, wanted=1: 0  # type: ignore[method-assign]
    assert list(lookalike.known(ctx, [suspect("http://127.0.0.1:2/")])) == []


A, B, OWN = "https://a.example/", "https://b.example/", "https://almby.example/"


def look(monkeypatch: pytest.MonkeyPatch, *rows: Line, **starts: str) -> tuple[Context, list[Account]]:
    """A look at A and B where the spider tells these rows, and how each start fared."""
    ctx = context(OWN)
    fared = {address: starts[name] for name, address in (("a", A), ("b", B), ("own", OWN)) if name in starts}
    summary = Summary(pages=0, finished="finished", starts=fared, troubles={}, examples={})
    monkeypatch.setattr(lookalike, "crawl", lambda _ctx, _plan: iter([*rows, Line(summary=summary)]))
    return ctx, list(lookalike.known(ctx, [suspect(A), suspect(B)]))


def test_a_name_that_could_not_be_looked_up_is_told_and_serves_not_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = (Line(sight=Sight(start=A, url=A)), Line(sight=Sight(start=OWN, url=OWN)))
    ctx, found = look(monkeypatch, *seen, a="ok", b="resolver", own="ok")
    assert [account.url for account in found] == [A]
    assert ctx.completeness is Completeness.TRUNCATED
    assert f"1 pages not read (the name could not be looked up), such as {B}" in ctx.issues[0].detail


def test_a_host_of_which_nothing_came_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = (Line(sight=Sight(start=A, url=A)), Line(sight=Sight(start=OWN, url=OWN)))
    ctx, _found = look(monkeypatch, *seen, a="ok", b="ok", own="ok")
    assert f"1 pages not read (it takes too long to read), such as {B}" in ctx.issues[0].detail
    ctx, _found = look(monkeypatch, *seen, a="ok", own="ok")
    assert f"1 pages not read (not reached in time), such as {B}" in ctx.issues[0].detail


@pytest.mark.parametrize("own", ["refused", "dns", "connection", "timeout"])
def test_while_nobody_answers_not_even_we_nothing_is_said_of_anybody(monkeypatch: pytest.MonkeyPatch, own: str) -> None:
    with pytest.raises(SourceError, match="nothing takes connections there"):
        look(monkeypatch, a="refused", b="refused", own=own)


def test_while_anybody_answers_a_host_that_refuses_serves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    ctx, found = look(monkeypatch, a="refused", b="gone", own="blocked")
    assert [account.labels for account in found] == [(served.NOTHING,), (served.NOTHING,)]
    assert ctx.completeness is Completeness.COMPLETE


def test_when_the_spider_breaks_what_it_saw_before_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_ctx: Context, _plan: Plan) -> Iterator[Line]:
        yield Line(sight=Sight(start=A, url=A, title="Almby"))
        raise SourceError("the spider broke (-9): it said nothing")

    monkeypatch.setattr(lookalike, "crawl", breaks)
    told = lookalike.known(context(OWN), [suspect(A), suspect(B)])
    assert next(told).display_name == "Almby"
    with pytest.raises(SourceError, match="the spider broke"):
        list(told)


def test_a_page_behind_the_first_that_takes_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    summary = Summary(
        pages=2, finished="finished", starts={A: "ok", OWN: "ok"}, troubles={"unread": 1}, examples={"unread": f"{A}x"}
    )
    rows = [Line(sight=Sight(start=A, url=A)), Line(sight=Sight(start=OWN, url=OWN)), Line(summary=summary)]
    monkeypatch.setattr(lookalike, "crawl", lambda _ctx, _plan: iter(rows))
    ctx = context(OWN)
    assert len(list(lookalike.known(ctx, [suspect(A)]))) == 1
    assert ctx.completeness is Completeness.TRUNCATED
    assert f"1 pages not read (it takes too long to read), such as {A}x" in ctx.issues[0].detail
