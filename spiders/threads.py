"""The spider over a forum's search (Flashback): excerpts and addresses, one page at a time, if it lets us in."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from parsel import Selector
from scrapy import Request
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from listener.harvest import read_html
from spiders.optouts import header_optouts, page_optouts
from spiders.pages import headers
from spiders.plan import ThreadPost
from spiders.sketches import visible_text
from spiders.walker import Walker

EXCERPT = 300  # characters kept of a post
MOST_POSTS = 200  # of one page
HERE = ZoneInfo("Europe/Stockholm")  # the forum writes its times without a zone
NONE = re.compile(r"inga (?:träffar|resultat|inlägg)|gav ing(?:a|et)|hittades inte", re.IGNORECASE)
_DATE = re.compile(r"(\d{4}-\d\d-\d\d|Idag|Igår|I dag|I går),?\s+(\d\d:\d\d)", re.IGNORECASE)
_POST = re.compile(r"/p(\d{1,12})")


class ThreadSpider(Walker):
    """Asks for robots.txt first; a forum whose rules cannot be read, or forbid it, is asked for nothing more."""

    name = "threads"

    async def start(self) -> AsyncIterator[Request]:
        """The rules of each forum, then its searches."""
        forums: dict[str, list[str]] = {}
        for address in self.plan.starts:
            parts = urlsplit(address)
            forums.setdefault(f"{parts.scheme}://{parts.netloc}", []).append(address)
        for forum, addresses in forums.items():
            yield Request(
                f"{forum}/robots.txt",
                self.let_in,
                errback=self.kept_out,
                meta={"dont_obey_robotstxt": True, "handle_httpstatus_list": [404, 410]},
                cb_kwargs={"addresses": addresses},
                dont_filter=True,
            )

    def let_in(self, response: Response, addresses: list[str]) -> Iterator[Request]:
        """The rules can be read; Scrapy holds every request against them."""
        for address in addresses:
            self.frontier.rank(address)
            yield self._start(address, [address])

    def kept_out(self, failure: Failure) -> None:
        """The rules could not be read: nobody has let us in."""
        for address in failure.request.cb_kwargs["addresses"]:  # type: ignore[attr-defined]
            self.reached[address] = "robots"
        self._note("robots", failure.request.url)  # type: ignore[attr-defined]

    def parse(self, response: Response, **_words: Any) -> Iterator[Request | ThreadPost]:
        """The posts of one page of a search, and the next page while this one reaches no further back than asked."""
        if not isinstance(response, TextResponse) or header_optouts(headers(response)):
            self._note("reserved", response.url)
            return
        found = self.read(response.url, read_search, response.text, response.url, datetime.now(HERE))
        if found is None:
            return
        if found.reserved:
            self._note("reserved", response.url)
            return
        self.pages += 1
        posts = found.posts
        yield from posts
        if not found.known:
            self._note("changed", response.url)
        if self._reaches_back(posts):
            return
        if following := next_page(response.url, self.plan.depth):
            yield Request(following, self.parse, errback=self.page_failed)
        else:
            self.frontier.left += 1

    def _reaches_back(self, posts: list[ThreadPost]) -> bool:
        """Whether a page goes back as far as asked; one without posts is the last."""
        times = [datetime.fromisoformat(post.published_at) for post in posts if post.published_at]
        if not posts or not self.plan.since:
            return not posts
        return bool(times) and min(times) < datetime.fromisoformat(self.plan.since)


class Search(NamedTuple):
    """What one page of a search gives; not `known` when it looks like no such page."""

    reserved: bool
    posts: list[ThreadPost]
    known: bool


def read_search(text: str, url: str, now: datetime) -> Search:
    """The posts of a page of a search, unless it reserves itself; `now` says what Idag is."""
    page, _text = read_html(text)
    if page_optouts(page.root):
        return Search(True, [], True)
    posts = read_posts(page, url, now)
    return Search(False, posts, bool(posts or page.css("#posts") or NONE.search(text)))


def next_page(url: str, most: int) -> str:
    """The address of a search's next page; empty beyond the `most` that are read."""
    parts = urlsplit(url)
    asked = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    page = asked.get("page", "1")
    number = int(page) + 1 if page.isdigit() and len(page) < 6 else 2
    if number > most:
        return ""
    return urlunsplit(parts._replace(query=urlencode({**asked, "page": number})))


def read_posts(page: Selector, url: str, now: datetime) -> list[ThreadPost]:
    """The posts that one page of the search shows; those without an address are left out."""
    found = []
    for post in page.css("#posts div.post")[:MOST_POSTS]:
        link = post.css(".post-body a[href*='/p']::attr(href), .post-heading a[href*='/p']::attr(href)").get() or ""
        number = _POST.search(link)
        if number is None:
            continue
        message = post.css(".post_message")
        date = _DATE.search(" ".join(post.css(".post-heading ::text, .post-body ::text").getall()))
        found.append(
            ThreadPost(
                id=number[1],
                url=urljoin(url, f"/p{number[1]}"),
                thread=" ".join(post.css("a[href*='/t'] ::text").getall()).strip()[:200],
                excerpt=visible_text(message[0].root, EXCERPT) if message else "",
                date=date[0] if date else "",
                published_at=read_date(date[1], date[2], now) if date else "",
            )
        )
    return found


def read_date(day: str, clock: str, now: datetime) -> str:
    """A forum's day and time of day as RFC 3339; `now` says what Idag is. Empty when there is no such time."""
    word = day.casefold().replace(" ", "")
    if word in ("idag", "igår"):
        day = (now - timedelta(days=word == "igår")).date().isoformat()
    try:
        return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=HERE).isoformat()
    except ValueError:
        return ""
