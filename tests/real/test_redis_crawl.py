"""Two spiders on one frontier in a real Redis; one is killed in the middle, and no page is lost."""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from loopback_sites import Page, Serve, page, serving
from servers.bluesky import redis_server
from servers.children import free_ports

from listener.errors import SourceError
from listener.sources import crawl as crawls
from listener.sources import crew
from listener.sources.crawl import run_shared
from listener.sources.crew import Line
from spiders.leases import POP, PUSH, RETURN
from spiders.ledger import ADDRESS, PARTS, connect
from spiders.plan import Plan, SiteLink

pytestmark = [pytest.mark.realserver, pytest.mark.network]
PAGES = 60


@pytest.fixture
def redis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with redis_server(tmp_path, free_ports(1)[0]) as place:
        address = f"redis://{place}/0"
        monkeypatch.setenv(ADDRESS, address)
        yield address


@pytest.fixture
def serve() -> Iterator[Serve]:
    with serving() as start:
        yield start


class Told(dict[str, Page]):
    """Pages that say when one of them is asked for."""

    def __init__(self, pages: dict[str, Page], after: int) -> None:
        super().__init__(pages)
        self.after, self.asked, self.victim = after, 0, 0

    def get(self, path: str, default: Any = None) -> Any:
        self.asked += 1
        if self.asked == self.after and self.victim:
            os.kill(self.victim, 9)
        return super().get(path, default)


def chain(number: int) -> Page:
    """A page that leads to two more: nobody knows them all from the beginning."""
    onward = "".join(f'<a href="/s{n % 7}/p{n}">{n}</a>' for n in (2 * number + 1, 2 * number + 2) if n < PAGES)
    return page(f'<title>{number}</title>{onward}<a href="https://www.facebook.com/enhet{number}x">F</a>')


def site(after: int = 0) -> Told:
    return Told({"/": chain(0)} | {f"/s{n % 7}/p{n}": chain(n) for n in range(1, PAGES)}, after)


def plan(url: str) -> Plan:
    return Plan(
        starts=(url,),
        sites=(url.split("/")[2],),
        user_agent="test",
        pages=400,
        depth=50,
        seconds=60.0,
        delay=0.0,
        allow_loopback=True,
        shared="test",
        workers=2,
        lease=3.0,
    )


def test_a_killed_worker_loses_no_page_and_stores_none_twice(
    redis: str, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = site(after=20)
    started: list[int] = []

    class Child(subprocess.Popen[bytes]):
        def __init__(self, *words: Any, **more: Any) -> None:
            super().__init__(*words, **more)
            started.append(self.pid)
            pages.victim = started[0]

    monkeypatch.setattr(crew.subprocess, "Popen", Child)
    served = serve(pages)
    lines = list(run_shared(plan(served.url), redis))
    summary = lines.pop().summary
    assert len(started) == 2
    assert Counter(line.link for line in lines) == Counter(
        f"https://www.facebook.com/enhet{number}x" for number in range(PAGES)
    )
    asked = Counter(path for path in served.paths if path == "/" or path.startswith("/s"))
    assert sum(asked.values()) - asked["/sitemap.xml"] - PAGES <= 16  # those under way, and queued to be, at the kill
    assert summary is not None
    assert summary.finished == "finished"
    assert summary.starts == {served.url: "ok"}
    assert not connect(redis).keys("listener:*")


def test_nothing_of_a_crawl_that_nobody_ends_stays_for_ever(redis: str) -> None:
    server = connect(redis)
    keys = ["listener:a:queue", *(f"listener:a:queue:{part}" for part in PARTS)]
    push, pop, giving_back = map(server.register_script, (PUSH, POP, RETURN))
    push(keys=keys, args=[0, "request", "once"])
    assert all(server.ttl(key) > 0 for key in server.keys("*"))
    number, _request = pop(keys=keys, args=[1_000])
    assert server.zscore(keys[1], number) is not None
    assert all(server.ttl(key) > 0 for key in server.keys("*"))
    giving_back(keys=keys, args=[number])
    assert server.zscore(keys[0], number) == 0
    assert all(server.ttl(key) > 0 for key in server.keys("*"))


def test_a_crawl_that_breaks_tells_what_was_stored_and_is_forgotten(
    redis: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = connect(redis)

    def broken(plans: list[Plan]) -> list[Line]:
        server.rpush(
            f"listener:{plans[0].shared}:rows", msgspec.json.encode(SiteLink("http://a/", "http://b/", True, ""))
        )
        server.set(f"listener:{plans[0].shared}:queue:known", "x")
        raise SourceError("the spider broke")

    monkeypatch.setattr(crawls, "run_spiders", broken)
    told = run_shared(plan("http://127.0.0.1:1/"), redis)
    assert next(told).link == "http://b/"
    with pytest.raises(SourceError, match="the spider broke"):
        next(told)
    assert not server.keys("listener:*")
