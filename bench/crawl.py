"""Pages a second of our spider, against bare Scrapy and against Scrapy with BeautifulSoup, in turn in one run.

    python bench/crawl.py            three rounds of 1,000 pages of 60 kB, on a site served on loopback
    python bench/crawl.py memory     100,000 pages of 3 kB: what the process holds after 10,000 and after all of them

Bare Scrapy is given the addresses it is to fetch, and reads each page with our reader: it decides nothing and guards
nothing. Each runs in a process of its own; printed are medians and ratios. A core is processor time, user and system.
"""

from __future__ import annotations

import asyncio
import json
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response, TextResponse

from spiders.plan import Plan, SiteLink
from spiders.reading import read_page
from spiders.settings import settings_for
from spiders.site import SiteSpider

PAGES = 1_000
SOUP_PAGES = 200  # it is ten times slower
ROUNDS = 3
MANY, MARK = 100_000, 10_000
SOCIAL = ("facebook.com", "instagram.com", "x.com", "youtube.com", "linkedin.com", "tiktok.com")


@cache
def make_page(number: int) -> bytes:
    """A page like a municipality's: 180 menu links, three more pages, 50 kB of text, social links in the footer."""
    menu = "".join(
        f'<li class="nav-item"><a class="nav-link" href="/s{n % 40}/p{n}">Sida nummer {n} om något</a></li>'
        for n in range(180)
    )
    more = "".join(f'<a href="/t{n % 40}/q{n}">Läs mer</a>' for n in range(3 * number, 3 * number + 3))
    words = "Kommunfullmäktige beslutade om budgeten för nästa år. " * 8
    text = "".join(f'<div class="block"><h2>Rubrik {n}</h2><p>{words}</p></div>' for n in range(80))
    footer = "".join(f'<a href="https://www.{site}/almbykommun">Följ oss</a>' for site in SOCIAL)
    html = f"<!doctype html><html lang=sv><head><title>Sida {number}</title></head><body><ul>{menu}</ul>{more}{text}"
    return f"{html}<footer>{footer}</footer></body></html>".encode()


def make_small(number: int) -> bytes:
    """A page of 3 kB that leads to three more."""
    more = "".join(f'<a href="/t{n % 40}/q{n}">Läs mer</a>' for n in range(3 * number + 1, 3 * number + 4))
    return f"<!doctype html><title>Sida {number}</title>{more}<p>{'Kommunen beslutade om budgeten. ' * 80}".encode()


class Answer(asyncio.Protocol):
    """HTTP/1.1 with kept connections, and nothing else."""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.waiting = b""

    def data_received(self, sent: bytes) -> None:
        self.waiting += sent
        while b"\r\n\r\n" in self.waiting:
            head, _, self.waiting = self.waiting.partition(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode()
            status, body = ("404 Not Found", b"") if path.endswith((".txt", ".xml")) else ("200 OK", self.page(path))
            lines = (
                f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            self.transport.write(lines.encode() + body)

    def page(self, path: str) -> bytes:
        number = int("".join(filter(str.isdigit, path.rpartition("/")[2])) or 0)
        return make_small(number) if small else make_page(number % 500)


small = False


class BareSpider(Spider):
    """The same fetches and the same reading, and nothing else."""

    name = "bare"

    def __init__(self, start: str, **words: Any) -> None:
        super().__init__(**words)
        self.start_urls = [f"{start}t{number % 40}/q{number}" for number in range(PAGES)]
        self.pages = 0

    def parse(self, response: Response) -> Iterator[SiteLink]:
        if isinstance(response, TextResponse):
            self.pages += 1
            yield from read_page(response.text, response.url).links


class SoupSpider(Spider):
    """What one writes first: BeautifulSoup over every page."""

    name = "soup"

    def __init__(self, start: str, **words: Any) -> None:
        super().__init__(**words)
        self.start_urls = [start]
        self.pages = 0

    def parse(self, response: Response) -> Iterator[dict[str, str] | Request]:
        if not isinstance(response, TextResponse):
            return
        self.pages += 1
        soup = BeautifulSoup(response.text, "html.parser")
        for anchor in soup.find_all("a", href=True):
            address = response.urljoin(str(anchor["href"]))
            if any(site in address for site in SOCIAL):
                yield {"page_url": response.url, "link": address}
            elif urlsplit(address).netloc == urlsplit(response.url).netloc:
                yield Request(address)


def crawl(which: str, start: str) -> dict[str, float]:
    """Run one spider; seconds from its first request to its end, processor seconds, and megabytes held."""
    most = {"soup": SOUP_PAGES, "memory": MANY}.get(which, PAGES)
    plan = Plan(
        starts=(start,),
        sites=(urlsplit(start).netloc,),
        user_agent="bench",
        pages=2 * most,  # one section takes half
        depth=1_000_000,
        seconds=3_600.0,
        delay=0.0,
        allow_loopback=True,
    )
    settings = settings_for(plan) | {"CLOSESPIDER_PAGECOUNT": most, "LOG_LEVEL": "ERROR"}
    ours = which in ("ours", "memory")
    if not ours:  # Scrapy as it comes, as wide and as fast
        kept = ("CONCURRENT_REQUESTS", "CONCURRENT_REQUESTS_PER_DOMAIN", "DOWNLOAD_DELAY", "ROBOTSTXT_OBEY")
        kept += ("CLOSESPIDER_PAGECOUNT", "LOG_LEVEL", "TELNETCONSOLE_ENABLED", "USER_AGENT")
        settings = {name: settings[name] for name in kept}
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler({"soup": SoupSpider, "bare": BareSpider}.get(which, SiteSpider))
    marks: dict[str, float] = {}

    def opened() -> None:
        marks.update(wall=time.perf_counter(), cpu=processor_seconds())

    def read() -> None:
        if which == "memory" and "early" not in marks and getattr(crawler.spider, "pages", 0) >= MARK:
            marks["early"] = held()

    def closed(spider: Any) -> None:
        marks["wall"] = time.perf_counter() - marks["wall"]
        marks["cpu"] = processor_seconds() - marks["cpu"]
        marks["pages"] = spider.pages
        marks["late"] = held()

    crawler.signals.connect(opened, signal=signals.spider_opened)
    crawler.signals.connect(read, signal=signals.response_received)
    crawler.signals.connect(closed, signal=signals.spider_closed)
    process.crawl(crawler, **({"plan": plan} if ours else {"start": start}))
    process.start()
    return marks


def processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def held() -> float:
    """Megabytes of this process now, not at its highest."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def serve() -> str:
    """The site, in a thread of this process; returns its address."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(Answer, "127.0.0.1", 0))
    threading.Thread(target=loop.run_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


def run(which: str, start: str) -> dict[str, float]:
    """One spider in a process of its own."""
    command = [sys.executable, __file__, which, start]
    ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=sys.stderr, check=True)
    marks: dict[str, float] = json.loads(ran.stdout.splitlines()[-1])
    told = f"{which}: {marks['pages']:.0f} pages, {marks['pages'] / marks['cpu']:.0f} a second of one core"
    print(f"{told}, {marks['pages'] / marks['wall']:.0f} a second", file=sys.stderr)
    return marks


def rates(start: str) -> None:
    """Print pages a second of all three, and the ratios."""
    found: dict[str, list[dict[str, float]]] = {"ours": [], "bare": [], "soup": []}
    for _round in range(ROUNDS):
        for which, marks in found.items():
            marks.append(run(which, start))
    core, wall = (
        {which: statistics.median(each["pages"] / each[by] for each in marks) for which, marks in found.items()}
        for by in ("cpu", "wall")
    )
    print("                               a core    elapsed")
    for which, name in (("ours", "our spider"), ("bare", "bare Scrapy"), ("soup", "Scrapy and BeautifulSoup")):
        print(f"{name:28} {core[which]:6.0f}/s   {wall[which]:6.0f}/s")
    print(f"against bare Scrapy          {core['ours'] / core['bare']:7.2f}    {wall['ours'] / wall['bare']:7.2f}")
    print(f"against BeautifulSoup        {core['ours'] / core['soup']:7.1f}    {wall['ours'] / wall['soup']:7.1f}")


def memory(start: str) -> None:
    """Print what our spider holds after 10,000 and after 100,000 pages."""
    marks = run("memory", start)
    print(f"after {MARK:,} pages {marks['early']:.0f} MB, after {marks['pages']:,.0f} pages {marks['late']:.0f} MB")
    print(f"growth {marks['late'] / marks['early']:.2f}")


def main() -> None:
    global small
    small = sys.argv[1:] == ["memory"]
    memory(serve()) if small else rates(serve())


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(crawl(sys.argv[1], sys.argv[2])))
    else:
        main()
