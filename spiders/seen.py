"""What a crawl has met before, in as little memory at its end as at its start."""

from __future__ import annotations

from array import array
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.dupefilters import BaseDupeFilter

MOST = 400_000  # however many pages may be read: 8 MB


class Seen:
    """A set of texts, by their 64-bit hash, in one table made at once (open addressing, linear probing).

    Two of 400,000 texts share a hash, and the later one passes for seen, once in some two hundred million crawls.
    """

    def __init__(self, most: int = MOST) -> None:
        self.most = min(max(most, 1), MOST)
        self._mask = (1 << (2 * self.most).bit_length()) - 1
        self._table = array("q", bytes(8 * (self._mask + 1)))
        self._count = 0

    def __contains__(self, text: str) -> bool:
        return self._table[self._place(hash(text) or 1)] != 0

    def add(self, text: str) -> bool:
        """True when it is new, and is remembered from now on; False when it was met before, or the table is full."""
        mark = hash(text) or 1  # an empty place is 0
        place = self._place(mark)
        if self._table[place] or self.full:
            return False
        self._table[place] = mark
        self._count += 1
        return True

    @property
    def full(self) -> bool:
        return self._count >= self.most

    def _place(self, mark: int) -> int:
        """Where it stands, or would."""
        table, mask = self._table, self._mask
        place = mark & mask
        while (held := table[place]) and held != mark:
            place = (place + 1) & mask
        return place


class SeenFilter(BaseDupeFilter):
    """For Scrapy: the same address is not fetched twice. The frontier sees to links; this one to where they redirect.

    Scrapy's own keeps a text of 40 characters for each request, after ordering its parameters.
    """

    def __init__(self, most: int = MOST) -> None:
        self._asked = Seen(most)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings.getint("MOST_ASKED", MOST))

    def request_seen(self, request: Request) -> bool:
        return request.url in self._asked if self._asked.full else not self._asked.add(request.url)
