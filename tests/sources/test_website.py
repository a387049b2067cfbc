"""The website source against real sites on loopback, read by the real spider in its own process."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from loopback_sites import Page, Serve, page, serving

from listener.context import Context
from listener.errors import Blocked, SourceError, Throttled
from listener.http import Session
from listener.models import Account, Completeness, Term
from listener.sources import crew, website
from listener.sources.crew import Line
from spiders.plan import Plan

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)

FOOTER = """<footer><a href="https://www.facebook.com/almbykommun">Facebook</a>
<a rel="me" href="https://mastodon.example/@almby">Mastodon</a> <a href="/kontakt">Kontakt</a></footer>"""
HOME = f"""<!doctype html><html lang="sv"><title>Almby kommun</title>
<script type="application/ld+json">{{"@type": "GovernmentOrganization",
"sameAs": ["https://www.linkedin.com/company/almby-kommun"]}}</script>
<a href="/nyheter">Nyheter</a> <a href="/bibliotek">Stadsbiblioteket</a> <a href="/intern/">Intern</a>
<a href="https://www.facebook.com/sharer/sharer.php?u=https://almby.example/">Dela</a>{FOOTER}</html>"""


@pytest.fixture
def serve() -> Iterator[Serve]:
    with serving() as start:
        yield start


def context(*starts: str, loopback: bool = True, sites: tuple[str, ...] = (), **settings: Any) -> Context:
    seconds = settings.pop("max_seconds", 60.0)
    session = Session("press@almby.example", allow_loopback=loopback, per_host_seconds=0.0, max_seconds=seconds)
    chosen = {"start": list(starts), "seconds_between_requests": 0, **settings}
    return Context("website", session, now=NOW, settings=chosen, sites=sites, allow_loopback=loopback)


def read(ctx: Context) -> dict[str, Account]:
    return {f"{account.platform}:{account.handle}": account for account in website.accounts(ctx, Term(text=""))}


@pytest.mark.network
def test_a_site_is_read_for_its_accounts_and_says_where_they_stand(serve: Serve) -> None:
    site = serve(
        {
            "/": page(HOME),
            "/kontakt": page(f"<title>Kontakt</title>{FOOTER}"),
            "/bibliotek": page('<a href="https://www.instagram.com/almbybibliotek/?hl=sv">Instagram</a>'),
            "/nyheter": page('<a href="https://x.com/nagon/status/1234567890">Ett inlägg</a>'),
        }
    )
    ctx = context(site.url)
    found = read(ctx)
    assert set(found) == {
        "facebook:almbykommun",
        "mastodon:almby@mastodon.example",
        "linkedin:almby-kommun",
        "instagram:almbybibliotek",
    }
    assert found["facebook:almbykommun"].official_links == (site.url, f"{site.url}kontakt")
    assert found["facebook:almbykommun"].source == "website"
    assert found["instagram:almbybibliotek"].official_links == (f"{site.url}bibliotek",)
    assert ctx.completeness is Completeness.COMPLETE
    assert all("press@almby.example" in agent for _path, agent in site.asked)


@pytest.mark.network
def test_pages_only_the_sitemap_knows_are_read(serve: Serve) -> None:
    site = serve({"/": page("<p>Välkommen</p>")})
    site.pages["/robots.txt"] = Page(f"User-agent: *\nSitemap: {site.url}karta.xml\n".encode(), kind="text/plain")
    site.pages["/karta.xml"] = Page(
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{site.url}gomd</loc></url></urlset>'.encode(),
        kind="application/xml",
    )
    site.pages["/gomd"] = page('<a href="https://www.tiktok.com/@almbysimhall">TikTok</a>')
    assert set(read(context(site.url))) == {"tiktok:almbysimhall"}


@pytest.mark.network
def test_trouble_on_some_pages_costs_only_those_pages(serve: Serve) -> None:
    elsewhere = serve({"/": page('<a href="https://x.com/someoneelse">X</a>')}, host="127.0.0.2")
    broken = b"<a href='/kontakt'>Kontakt<p><div><a href=\"https://x.com/almbykommun\">X</div></p>\x00\xff<table><a "
    site = serve(
        {
            "/": page(
                f'{HOME}<a href="/loop">1</a><a href="/huge">2</a><a href="/away">3</a><a href="{elsewhere.url}">4</a>'
            ),
            "/kontakt": Page(broken),
            "/loop": page("", status=302, headers={"Location": "/loop2"}),
            "/loop2": page("", status=302, headers={"Location": "/loop"}),
            "/huge": page("<p>" + "x" * 5_100_000),
            "/away": page("", status=302, headers={"Location": elsewhere.url}),
            "/bibliotek": page("<p>Böcker</p>"),
            "/nyheter": page("<p>Nytt</p>"),
        }
    )
    found = read(context(site.url))
    assert "x:almbykommun" in found
    assert "x:someoneelse" not in found
    assert not elsewhere.asked


@pytest.mark.network
def test_robots_txt_is_obeyed_page_by_page(serve: Serve) -> None:
    rules = Page(b"User-agent: *\nDisallow: /intern/\n", kind="text/plain")
    site = serve({"/": page(HOME), "/robots.txt": rules, "/intern/": page("<p>Hemligt</p>")})
    read(context(site.url))
    assert "/kontakt" in site.paths
    assert "/intern/" not in site.paths


@pytest.mark.network
@pytest.mark.parametrize("robots", [Page(b"User-agent: *\nDisallow: /"), Page(b"Fel", status=503)])
def test_a_site_that_robots_txt_closes_is_blocked_and_left_alone(serve: Serve, robots: Page) -> None:
    site = serve({"/": page(HOME), "/robots.txt": robots})
    with pytest.raises(Blocked, match=r"robots\.txt"):
        read(context(site.url))
    assert set(site.paths) == {"/robots.txt"}


@pytest.mark.network
def test_the_pace_that_robots_txt_asks_for_is_kept(serve: Serve) -> None:
    rules = Page(b"User-agent: listen\nCrawl-delay: 0.8\n", kind="text/plain")
    site = serve({"/": page(HOME), "/robots.txt": rules, "/kontakt": page(FOOTER)})
    read(context(site.url))
    after_robots = site.times[1:]
    assert len(after_robots) >= 3
    assert min(later - earlier for earlier, later in pairwise(after_robots)) >= 0.3  # it varies by half


@pytest.mark.network
def test_this_machine_is_refused_unless_the_switch_is_on(serve: Serve) -> None:
    site = serve({"/": page(HOME)})
    with pytest.raises(Blocked, match="private address"):
        read(context(site.url, loopback=False))
    assert not site.asked


@pytest.mark.network
def test_a_site_that_says_later_is_asked_later(serve: Serve) -> None:
    site = serve({"/": page("", status=429, headers={"Retry-After": "120"})})
    with pytest.raises(Throttled) as told:
        read(context(site.url))
    assert told.value.until == NOW + timedelta(seconds=120)
    assert site.paths.count("/") == 1


@pytest.mark.network
def test_one_site_of_two_unreached_is_incomplete_and_the_other_is_read(serve: Serve) -> None:
    site = serve({"/": page(HOME)})
    gone = serve({"/": page("", status=500)})
    ctx = context(site.url, gone.url)
    assert "facebook:almbykommun" in read(ctx)
    assert ctx.completeness is Completeness.UNAVAILABLE
    assert [issue.detail for issue in ctx.issues] == [f"{gone.url}: the server failed"]


@pytest.mark.network
def test_a_site_that_has_moved_elsewhere_is_not_followed_there(serve: Serve) -> None:
    elsewhere = serve({"/": page(HOME)}, host="127.0.0.2")
    site = serve({"/": page("", status=301, headers={"Location": elsewhere.url})})
    with pytest.raises(SourceError, match=r"leads to another site: add its domain to \[organisation\] domains"):
        read(context(site.url))
    assert not elsewhere.asked


@pytest.mark.network
def test_a_site_whose_pages_mostly_fail_was_not_seen(serve: Serve) -> None:
    links = "".join(f'<a href="/s{number}">s</a>' for number in range(4))
    site = serve({"/": page(links + FOOTER), "/kontakt": page(FOOTER)})
    site.pages |= {f"/s{number}": page("", status=500) for number in range(4)}
    ctx = context(site.url)
    assert "facebook:almbykommun" in read(ctx)
    assert ctx.completeness is Completeness.UNAVAILABLE
    assert f"4 pages not read (the server failed), such as {site.url}s" in ctx.issues[0].detail


@pytest.mark.network
def test_nothing_reached_is_an_error_that_names_the_reason(serve: Serve) -> None:
    site = serve({"/": page("", status=500)})
    with pytest.raises(SourceError, match="the server failed") as told:
        read(context(site.url))
    assert not isinstance(told.value, Blocked)


@pytest.mark.network
def test_a_site_without_end_is_cut_at_the_limit_and_says_so(serve: Serve) -> None:
    site = serve({f"/k/{n}?dag={n}": page(f'<a href="/k/{n + 1}?dag={n + 1}">nästa</a>') for n in range(60)})
    site.pages["/"] = page('<a href="/k/0?dag=0">Kalender</a><a href="/kontakt">Kontakt</a>')
    site.pages["/kontakt"] = page(FOOTER)
    ctx = context(site.url, pages=20, depth=100)
    assert "facebook:almbykommun" in read(ctx)
    assert ctx.completeness is Completeness.TRUNCATED
    assert len(site.paths) < 30


class SlowPages(dict[str, Page]):
    """A site whose server takes its time over everything but the pages it was made with."""

    def __init__(self, quick: dict[str, Page], seconds: float) -> None:
        super().__init__(quick)
        self._seconds = seconds

    def get(self, path: str, default: Any = None) -> Any:
        if path not in self:
            time.sleep(self._seconds)
        return super().get(path, default)


@pytest.mark.network
def test_a_crawl_out_of_time_keeps_what_it_found_and_says_so(serve: Serve) -> None:
    site = serve(SlowPages({"/": page(HOME), "/robots.txt": Page()}, seconds=4.0))
    ctx = context(site.url, max_seconds=2.0)
    assert "facebook:almbykommun" in read(ctx)
    assert ctx.completeness is Completeness.TRUNCATED
    assert "stopped after 2 s" in ctx.issues[0].detail


@pytest.mark.network
def test_a_spider_that_hangs_is_stopped_from_outside(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    site = serve(SlowPages({}, seconds=10.0))
    monkeypatch.setattr(crew, "GRACE", 1.5)
    with pytest.raises(SourceError, match="not reached in time"):
        read(context(site.url, max_seconds=1.0))


def test_what_a_spider_found_before_it_broke_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_ctx: Context, _plan: Plan) -> Iterator[Line]:
        yield Line(page_url="https://almby.example/", link="https://www.facebook.com/almbykommun")
        raise SourceError("the spider broke (-9): it said nothing")

    monkeypatch.setattr(website, "crawl", breaks)
    told = website.accounts(context("https://almby.example/"), Term(text=""))
    assert next(told).handle == "almbykommun"
    with pytest.raises(SourceError, match="the spider broke"):
        list(told)


def test_a_broken_spider_is_told_by_its_last_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    script = tmp_path / "python"
    script.write_text("#!/bin/sh\necho 'loading' >&2\necho 'ImportError: no such module' >&2\nexit 1\n")
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))
    with pytest.raises(SourceError, match="ImportError: no such module"):
        read(context("http://127.0.0.1:1/"))


PARENT = """
import subprocess, sys
from listener.sources import crew
from spiders.plan import Plan

class Told(subprocess.Popen):
    def __init__(self, *words, **more):
        super().__init__(*words, **more)
        print(self.pid, flush=True)

crew.subprocess.Popen = Told
start, site = sys.argv[1:]
list(crew.run_spiders([Plan(starts=(start,), sites=(site,), user_agent="t", allow_loopback=True, delay=0.0)]))
"""


@pytest.mark.network
def test_a_killed_parent_leaves_no_spider_behind(serve: Serve) -> None:
    site = serve(SlowPages({}, seconds=20.0))
    command = [sys.executable, "-c", PARENT, site.url, site.url.split("/")[2]]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        spider = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
    try:
        ended, _, _ = select.select([spider], [], [], 15.0)
        assert ended
    finally:
        os.close(spider)


@pytest.mark.network
def test_two_sites_read_by_two_processes_give_what_one_gives(serve: Serve) -> None:
    sites = [serve({"/": page(HOME)}), serve({"/": page('<a href="https://x.com/almbybostader">X</a>')}, "127.0.0.2")]
    starts = [site.url for site in sites]
    alone, shared = context(*starts), context(*starts, jobs=2)
    assert read(shared) == read(alone)
    assert shared.completeness is alone.completeness is Completeness.COMPLETE


def test_a_page_is_shown_under_the_address_that_people_know() -> None:
    settings = {"start": ["http://127.0.0.1:8000/"], "shown_as": "https://almby.example"}
    ctx = Context("website", Session("test@almby.example"), now=datetime(2026, 11, 22, tzinfo=UTC), settings=settings)
    assert website.shown("http://127.0.0.1:8000/skola", ctx) == "https://almby.example/skola"
    assert website.shown("http://127.0.0.1:8001/skola", ctx) == "http://127.0.0.1:8001/skola"
