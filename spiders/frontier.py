"""Which pages to read next, and how many: ours only, the telling ones first, no trap for ever."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import unquote, urlsplit

from scrapy.linkextractors import IGNORED_EXTENSIONS

from listener.urls import on_site, url_key
from spiders.held import Held
from spiders.seen import Seen

# Words in an address or a link's text, and how early such a page is read. Accounts are listed on pages about
# social media and contact; units (libraries, schools, museums) link to theirs from their own pages.
TELLING: tuple[tuple[int, re.Pattern[str]], ...] = (
    (40, re.compile(r"social|följ oss|folj-oss|follow-us|\bkanaler\b")),
    (
        30,
        re.compile(r"kontakt|contact|press|nyhetsrum|newsroom|om-(?:oss|kommunen|webb)|om (?:oss|kommunen|webb)|about"),
    ),
    (20, re.compile(r"bibliotek|librar|muse|kulturhus|konsthall|simhall|badhus|turis|visit|ungdom|fritidsgård")),
    (10, re.compile(r"skol|gymnasi|school|förskol|forskol|kultur|fritid|näringsliv|naringsliv|evenemang|verksamhet")),
)
SECTION_SHARE = 2  # one section (first step of the path) gets at most 1/2 of a site's pages
QUERIES_A_PATH = 4  # the same path with other parameters: calendars and search lists have no end
KNOWN_A_PAGE = 25  # addresses remembered for each page of the limit; beyond that new ones are not kept
MOST_MET = 20_000  # a menu and some hundred pages; then it is judged once more
MOST_WAITING = 2_000  # requests that Scrapy holds, some 2 kB each; the other addresses wait in a file
LONGEST_URL = 2_000


class Frontier:
    """Decides about addresses. Fetches nothing, and remembers what it has decided."""

    def __init__(self, sites: Iterable[str], pages: int) -> None:
        self._domains = tuple(site for site in sites if ":" not in site)
        self._places = frozenset(site for site in sites if ":" in site)
        self._pages = pages
        self._met: set[str] = set()  # addresses as they stood, so that a menu is judged once and not on every page
        self._known = Seen(KNOWN_A_PAGE * pages)  # the addresses to compare
        self._held = Held()
        self._queries: Counter[str] = Counter()
        self._spent: Counter[str] = Counter()
        self._closed: set[str] = set()
        self.left = 0

    def in_site(self, url: str) -> bool:
        """True for http(s) addresses on our sites; `host:port` sites match to the port."""
        try:
            parts = urlsplit(url)
            place = f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
        except ValueError:
            return False
        return parts.scheme in ("http", "https") and (place in self._places or on_site(url, self._domains))

    def ranked(self, onward: Iterable[tuple[str, str]]) -> Iterator[tuple[str, int]]:
        """Those of a page's links, address and text, that are to be read, with their priority: higher is sooner."""
        met = self._met  # a menu of two hundred links stands on every page
        for url, text in onward:
            if url not in met and (rank := self.rank(url, text)) is not None:
                yield url, rank

    def rank(self, url: str, text: str = "") -> int | None:
        """Priority of a page not seen before, higher is sooner; None when it is not to be read."""
        if url in self._met or len(url) > LONGEST_URL:
            return None
        if len(self._met) >= MOST_MET:
            self._met.clear()
        self._met.add(url)
        if not self.in_site(url):
            return None
        parts = urlsplit(url)
        if parts.path.rpartition(".")[2].lower() in IGNORED_EXTENSIONS:
            return None
        key = url_key(url)
        if key in self._known:
            return None
        if self._known.full or not self._few_queries(key):
            self.left += 1
            return None
        self._known.add(key)
        return telling(parts.path, text) - min(parts.path.count("/"), 8) - (3 if parts.query else 0)

    def next_pages(self, found: Iterable[tuple[str, int]], waiting: int) -> Iterator[tuple[str, int]]:
        """Which pages to ask for now, of those found and of those held back, while `waiting` wait in Scrapy."""
        for page in found:
            if waiting < MOST_WAITING:
                waiting += 1
                yield page
            else:
                self._held.append(page)
        while self._held and waiting < MOST_WAITING // 2:
            waiting += 1
            yield self._held.popleft()

    def _few_queries(self, key: str) -> bool:
        path, mark, _query = key.partition("?")
        if not mark:
            return True
        self._queries[path] += 1
        return self._queries[path] <= QUERIES_A_PATH

    def spend(self, url: str) -> bool:
        """Take one page of the site's budget, and of its section's; False when either is used up or the host closed."""
        parts = urlsplit(url)
        name = parts.hostname or ""
        site = self._site(name)
        section = f"{site}/{parts.path.strip('/').partition('/')[0]}"
        if (
            name in self._closed
            or self._spent[site] >= self._pages
            or self._spent[section] >= max(self._pages // SECTION_SHARE, 10)
        ):
            self.left += 1
            return False
        self._spent.update((site, section))
        return True

    def close(self, host: str) -> None:
        """Ask nothing more of a host: it told us to stop."""
        self._closed.add(host)

    def _site(self, name: str) -> str:
        """The domain of ours a host belongs to: subdomains share its budget."""
        return next((domain for domain in self._domains if name == domain or name.endswith(f".{domain}")), name)


def telling(path: str, text: str) -> int:
    """How likely a page is to list accounts, by the words in its path and in the text of the link to it."""
    words = " ".join(f"{unquote(path)} {text}"[:500].casefold().split())
    return next((score for score, pattern in TELLING if pattern.search(words)), 0)
