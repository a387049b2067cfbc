"""Pages a second of our spider against Scrapy with BeautifulSoup, in turn in one run, on a site served on loopback.

    python bench/crawl.py            three rounds of 400 pages of 60 kB

Each round runs both, each in a process of its own; printed are medians and the ratio.
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
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response, TextResponse

from spiders.plan import Plan
from spiders.settings import settings_for
from spiders.site import SiteSpider

PAGES = 400
ROUNDS = 3
SOCIAL = ("facebook.com", "instagram.com", "x.com", "youtube.com", "linkedin.com", "tiktok.com")


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
        return make_page(number) if path != "/" else make_page(0)


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
    """Run one spider over PAGES pages; seconds from its first request to its end, and processor seconds."""
    place = urlsplit(start).netloc
    plan = Plan(
        starts=(start,), sites=(place,), user_agent="bench", pages=PAGES, depth=1_000, delay=0.0, allow_loopback=True
    )
    common = settings_for(plan) | {"CLOSESPIDER_PAGECOUNT": PAGES, "LOG_LEVEL": "ERROR"}
    ours = which == "ours"
    if not ours:
        common |= {"DOWNLOADER_MIDDLEWARES": {}, "DEPTH_LIMIT": 0}
        del common["TWISTED_DNS_RESOLVER"]
    process = AsyncCrawlerProcess(common)
    crawler = process.create_crawler(SiteSpider if ours else SoupSpider)
    marks: dict[str, float] = {}

    def opened() -> None:
        marks.update(wall=time.perf_counter(), cpu=resource.getrusage(resource.RUSAGE_SELF).ru_utime)

    def closed(spider: Any) -> None:
        marks["wall"] = time.perf_counter() - marks["wall"]
        marks["cpu"] = resource.getrusage(resource.RUSAGE_SELF).ru_utime - marks["cpu"]
        marks["pages"] = spider.pages

    crawler.signals.connect(opened, signal=signals.spider_opened)
    crawler.signals.connect(closed, signal=signals.spider_closed)
    process.crawl(crawler, **({"plan": plan} if ours else {"start": start}))
    process.start()
    return marks


def serve() -> str:
    """The site, in a thread of this process; returns its address."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(Answer, "127.0.0.1", 0))
    threading.Thread(target=loop.run_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


def main() -> None:
    start = serve()
    rates: dict[str, list[float]] = {"ours": [], "soup": []}
    for _round in range(ROUNDS):
        for which, found in rates.items():
            ran = subprocess.run(
                [sys.executable, __file__, which, start], stdout=subprocess.PIPE, stderr=sys.stderr, check=True
            )
            marks = json.loads(ran.stdout.splitlines()[-1])
            found.append(marks["pages"] / marks["cpu"])
            print(f"{which}: {marks['pages']:.0f} pages, {found[-1]:.0f} pages/s of one core", file=sys.stderr)
    ours, soup = (statistics.median(rates[name]) for name in ("ours", "soup"))
    print(f"our spider                {ours:6.0f} pages/s a core")
    print(f"Scrapy and BeautifulSoup  {soup:6.0f} pages/s a core")
    print(f"ratio                     {ours / soup:6.1f}")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(crawl(sys.argv[1], sys.argv[2])))
    else:
        main()
