"""The spider fed with answers, and what it says in the end."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import HtmlResponse, Response, XmlResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from spiders.guarded import Refused
from spiders.plan import Plan, SiteLink
from spiders.site import SiteSpider
from spiders.walker import reason, spellings

HOME = "https://almby.example/"
KONTAKT = Path(__file__).parent / "pages" / "kontakt.html"


def spider(*starts: str) -> SiteSpider:
    return SiteSpider(plan=Plan(starts=starts or (HOME,), sites=("almby.example",), user_agent="test"))


def failed(wrong: Exception, request: Request) -> Failure:
    failure = Failure(wrong)
    failure.request = request  # type: ignore[attr-defined]
    return failure


async def first_request(site: SiteSpider) -> Request:
    async for request in site.start():
        return request
    raise AssertionError("no start")


def start(site: SiteSpider) -> Request:
    try:
        first_request(site).send(None)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
    raise AssertionError("the start waits for something")


def test_a_page_yields_its_profiles_and_our_other_pages_telling_ones_first() -> None:
    response = HtmlResponse("https://www.almby.example/kontakt", body=KONTAKT.read_bytes(), encoding="utf-8")
    seen = list(spider().parse(response))
    links = {row.link for row in seen if isinstance(row, SiteLink)}
    asked = sorted((row for row in seen if isinstance(row, Request)), key=lambda row: -row.priority)
    assert "https://www.instagram.com/almbykommun" in links
    assert [row.url for row in asked][:2] == [
        "https://www.almby.example/sociala-medier",
        "https://www.almby.example/sv/om-kommunen",
    ]
    assert all(row.url.startswith("https://www.almby.example/") for row in asked)


def test_a_page_met_again_is_not_asked_for_again() -> None:
    site = spider()
    response = HtmlResponse(HOME, body=b'<a href="/a">a</a>', encoding="utf-8")
    assert [row.url for row in site.parse(response)] == ["https://almby.example/a"]  # type: ignore[union-attr]
    assert list(site.parse(response)) == []


def test_a_picture_behind_a_page_address_is_no_page() -> None:
    site = spider()
    assert list(site.parse(Response(HOME, body=b"\x89PNG"))) == []
    assert site.pages == 0


def test_a_sitemap_on_another_site_is_not_followed() -> None:
    site = spider()
    body = b"<sitemapindex><sitemap><loc>https://evil.test/karta.xml</loc></sitemap></sitemapindex>"
    assert list(site.parse_sitemap(XmlResponse(f"{HOME}sitemap.xml", body=body))) == []


def test_a_bare_domain_is_tried_with_www_and_without_tls_before_it_is_given_up() -> None:
    site = spider()
    request = start(site)
    tried = [request.url]
    while again := list(site.start_failed(failed(Refused("dns", "no such name"), request))):
        request = again[0]
        tried.append(request.url)
    assert tried == [HOME, "https://www.almby.example/", "http://almby.example/"]
    assert site.summary("finished").starts == {HOME: "dns"}


def test_a_spelling_that_could_not_be_looked_at_counts_before_one_where_nothing_is() -> None:
    site = spider()
    request = start(site)
    fared = [DownloadTimeoutError("x"), Refused("dns", "no such name"), DownloadConnectionRefusedError("x")]
    for wrong in fared:
        again = list(site.start_failed(failed(wrong, request)))
        request = again[0] if again else request
    assert site.summary("finished").starts == {HOME: "timeout"}


def test_a_refusal_is_not_tried_in_other_spellings() -> None:
    site = spider()
    request = start(site)
    wall = HttpError(Response(HOME, status=403), "refused")
    assert list(site.start_failed(failed(wall, request))) == []
    assert site.summary("finished").starts == {HOME: "blocked"}


def test_a_host_that_says_too_many_requests_gets_no_more() -> None:
    site = spider()
    answer = Response(f"{HOME}a", status=429, headers={"Retry-After": "60"})
    site.page_failed(failed(HttpError(answer, "later"), Request(f"{HOME}a")))
    assert site.summary("finished").retry_after == "60"
    assert not site.frontier.spend(f"{HOME}b")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (CannotResolveHostError("x"), "resolver"),
        (DownloadTimeoutError("x"), "timeout"),
        (DownloadCancelledError("larger than maxsize"), "too_large"),
        (DownloadFailedError("[<twisted SSL error: certificate verify failed>]"), "certificate"),
        (DownloadFailedError("connection lost"), "connection"),
        (IgnoreRequest("Forbidden by robots.txt"), "robots"),
        (IgnoreRequest("max redirections reached"), "redirects"),
        (Refused("private", "127.0.0.1 is not public"), "private"),
    ],
)
def test_every_failure_has_a_word(wrong: Exception, why: str) -> None:
    assert reason(wrong) == why


def test_an_address_with_a_path_or_a_port_is_taken_at_its_word() -> None:
    assert spellings("https://almby.example:8443/") == ["https://almby.example:8443/"]
    assert spellings("https://almby.example/sv") == ["https://almby.example/sv"]
    assert spellings("http://127.0.0.1:8000/") == ["http://127.0.0.1:8000/"]
