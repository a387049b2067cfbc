"""What a crawl is told, and what it tells back: the records between our process and the spider's."""

from __future__ import annotations

from dataclasses import dataclass

from listener.models import Record


class Plan(Record):
    """One crawl. `starts` are addresses, `sites` the domains that are ours (`example.se`, or `127.0.0.1:8000`).

    `pages` is the most per site, `depth` clicks from a start, `seconds` for everything, `max_bytes` for one page,
    `delay` the shortest time in seconds between two requests to one host.
    """

    starts: tuple[str, ...]
    sites: tuple[str, ...]
    user_agent: str
    pages: int = 200
    depth: int = 5
    seconds: float = 600.0
    max_bytes: int = 5_000_000
    delay: float = 1.0
    allow_loopback: bool = False


@dataclass(frozen=True, slots=True)
class SiteLink:
    """A link to a profile, as seen on a page of ours. `link` is the profile's canonical address."""

    page_url: str
    link: str
    rel_me: bool
    title: str


class Summary(Record):
    """How a crawl went. `starts`: address → `ok` or why not; `troubles`: why → how many pages could not be read.

    Why is one of blocked, robots, private, off_site, throttled, gone, dns, timeout, connection, certificate,
    too_large, redirects, server, unreadable. `finished` is Scrapy's word (`finished`, `closespider_timeout`);
    `left` counts pages that were known but lay beyond the limits; `retry_after` is what a throttling host asked for.
    """

    pages: int
    finished: str
    starts: dict[str, str]
    troubles: dict[str, int]
    examples: dict[str, str]
    left: int = 0
    retry_after: str = ""
