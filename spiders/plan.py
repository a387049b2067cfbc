"""What a crawl is told, and what it tells back: the records between our process and the spider's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from listener.models import Record

UNREACHED = "not reached in time"  # of a start that nobody came to


class Plan(Record):
    """One crawl. `starts` are addresses, `sites` the domains that may be read (`example.se`, or `127.0.0.1:8000`).

    `spider` names it: `site` reads our own sites for their links, `pages` strangers' pages for what they show,
    `threads` a forum. `pages` is the most per site, `depth` clicks from a start, `seconds` for everything, `max_bytes`
    for one page, `delay` the shortest time in seconds between two requests to one host. `since` is the time, in RFC
    3339, beyond which `threads` does not read back.

    `shared` names a frontier in Redis that other processes work on too: `workers` of them share pages and pace, and
    what one holds comes back to the others `lease` seconds after it was last heard of. `keep` is a file that each page
    is written to as it came, at most `keep_bytes` of them.
    """

    starts: tuple[str, ...]
    sites: tuple[str, ...]
    user_agent: str
    spider: Literal["site", "pages", "threads"] = "site"
    pages: int = 200
    depth: int = 5
    seconds: float = 600.0
    max_bytes: int = 5_000_000
    delay: float = 1.0
    allow_loopback: bool = False
    shared: str = ""
    since: str = ""
    workers: int = 1
    lease: float = 30.0
    keep: str = ""
    keep_bytes: int = 100_000_000


@dataclass(frozen=True, slots=True)
class SiteLink:
    """A link to a profile, as seen on a page of ours. `link` is the profile's canonical address."""

    page_url: str
    link: str
    rel_me: bool
    title: str


class Reached(Record):
    """How a start page fared, told at once: the worker of a shared crawl that knows may not live to sum up."""

    start: str
    why: str


class Form(Record):
    """A form of a page: the kinds of what it asks for, and where it sends that when it is to another host."""

    asks: tuple[str, ...]
    goes_to: str = ""


class Sight(Record):
    """What one page of a stranger shows. `start` is the address asked for, `url` where it was read.

    Texts are as they stand in the page, cut: `name` from og:site_name or schema.org, `headline` its h1, `text` the
    beginning of what a visitor reads, `imprint` its footer and what it says of copyright and organisation number.
    `logo` is the address of its likely logo, `pictures` those of its images. `profiles` are social accounts that it
    links to, `outward` other hosts (frames too). `words` and `shape` are sketches (see spiders.sketches), `parked` why
    nobody seems to live there, `moved_to` where it redirects when that is another site. A page that is `reserved`
    against text and data mining shows nothing else.
    """

    start: str
    url: str
    status: int = 200
    title: str = ""
    name: str = ""
    headline: str = ""
    description: str = ""
    text: str = ""
    imprint: str = ""
    logo: str = ""
    pictures: tuple[str, ...] = ()
    forms: tuple[Form, ...] = ()
    profiles: tuple[str, ...] = ()
    outward: tuple[str, ...] = ()
    words: tuple[int, ...] = ()
    shape: tuple[int, ...] = ()
    parked: str = ""
    moved_to: str = ""
    reserved: tuple[str, ...] = ()


class ThreadPost(Record):
    """One post as a forum's search shows it: an excerpt and the address. Who wrote it is not kept.

    `date` is as the forum writes it; `published_at` in RFC 3339, empty when the date could not be read.
    """

    id: str
    url: str
    thread: str
    excerpt: str
    date: str
    published_at: str = ""


class Summary(Record):
    """How a crawl went. `starts`: address → `ok` or why not; `troubles`: why → how many pages could not be read.

    Why is one of blocked, robots, private, off_site, throttled, gone, dns (there is no such name), resolver (the name
    could not be looked up), refused (nothing serves there), timeout, connection, certificate, too_large, redirects,
    server, reserved, unread (it takes too long), broken (by us). `finished` is Scrapy's word (`finished`,
    `closespider_timeout`), or `stopped` for a spider that did not end by itself; `left` counts pages that were known
    but lay beyond the limits; `retry_after` is what a throttling host asked for.
    """

    pages: int
    finished: str
    starts: dict[str, str]
    troubles: dict[str, int]
    examples: dict[str, str]
    left: int = 0
    retry_after: str = ""
