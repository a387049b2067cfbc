"""The spider over strangers' pages: what a host serves, page by page, as a Sight that the caller compares with us."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from scrapy import Request
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from spiders.optouts import header_optouts
from spiders.plan import Sight
from spiders.reading import read_page
from spiders.sight import read_sight
from spiders.walker import Walker

# Where log-in pages hide behind a harmless front page.
LURES = re.compile(
    r"log[ -]?in|logga[ -]?in|sign[ -]?in|bank-?id|betal|faktura|återbetal|aterbetal|e-?tj[aä]nst|konto|portal"
)


class PageSpider(Walker):
    """Reads the front page of each host, and of the pages it links to those that tell most."""

    name = "pages"

    def parse(self, response: Response, start: str = "", **_words: Any) -> Iterator[Request | Sight]:
        """What the page shows, and requests for the pages of the host that tell most."""
        self.pages += 1
        if reserved := header_optouts(headers(response)):
            yield Sight(start=start, url=response.url, status=response.status, reserved=reserved)
            return
        if not isinstance(response, TextResponse):
            yield Sight(start=start, url=response.url, status=response.status)
            return
        sight = self.read(response.url, read_sight, response.text, response.url, start, response.status)
        if sight is None:
            return
        yield sight
        if not sight.reserved:
            yield from self._onward(response, start)

    def _onward(self, response: TextResponse, start: str) -> Iterator[Request]:
        page = self.read(response.url, read_page, response.text, response.url)
        for url, text in page.onward if page is not None else ():
            lures = 50 if LURES.search(f"{url} {text}"[:500].casefold()) else 0
            if (rank := self.frontier.rank(url, text)) is not None:
                yield Request(
                    url, self.parse, errback=self.page_failed, priority=rank + lures, cb_kwargs={"start": start}
                )

    def start_failed(self, failure: Failure) -> Iterator[Any]:
        """As every spider; a host that sends its visitors elsewhere is seen doing so."""
        request: Request = failure.request  # type: ignore[attr-defined]
        start = request.cb_kwargs["address"]
        yield from super().start_failed(failure)
        if self.reached[start] == "off_site":
            came_from = request.meta.get("redirect_urls", [start])[-1]
            yield Sight(start=start, url=came_from, moved_to=request.url)


def headers(message: Request | Response) -> Iterator[tuple[str, str]]:
    """Each header of an answer or a request, those that stand twice as well; a byte that is no UTF-8 is a letter."""
    for name, values in message.headers.items():
        yield from ((name.decode("latin-1"), value.decode("latin-1")) for value in values)
