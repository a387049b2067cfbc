"""How a crawl is parted among processes, and how their sums are added up."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from listener.context import Context
from listener.errors import SourceError
from listener.http import Session
from listener.sources.crawl import crawl, parted, run_shared
from listener.sources.crew import added_up
from spiders.ledger import ADDRESS, publish, published
from spiders.plan import UNREACHED, Plan, Summary

PLAN = Plan(
    starts=("https://a.example/", "https://b.example/", "https://a.example/skola", "https://c.example/"),
    sites=("a.example", "b.example", "c.example", "d.example"),
    user_agent="test",
)


def test_each_site_is_read_by_one_process_and_none_is_left_out() -> None:
    one, two = parted(PLAN, 2)
    assert one.starts == ("https://a.example/", "https://a.example/skola", "https://c.example/")
    assert two.starts == ("https://b.example/",)
    assert one.sites == ("a.example", "c.example", "d.example")
    assert two.sites == ("b.example",)


@pytest.mark.parametrize(("jobs", "plans"), [(0, 1), (1, 1), (3, 3), (50, 3)])
def test_there_are_no_more_processes_than_sites(jobs: int, plans: int) -> None:
    assert len(parted(PLAN, jobs)) == plans


def summary(starts: dict[str, str], **more: Any) -> Summary:
    return Summary(**{"pages": 2, "finished": "finished", "troubles": {}, "examples": {}, **more}, starts=starts)


def test_what_several_processes_say_is_added_up() -> None:
    whole = added_up(
        [
            summary({"a": UNREACHED, "b": "dns"}, troubles={"gone": 1}, left=3),
            summary({"a": "ok"}, troubles={"gone": 2, "server": 1}, finished="closespider_timeout", retry_after="60"),
        ]
    )
    assert whole.starts == {"a": "ok", "b": "dns"}
    assert whole.troubles == {"gone": 3, "server": 1}
    assert (whole.pages, whole.left, whole.finished, whole.retry_after) == (4, 3, "closespider_timeout", "60")


def test_our_own_process_stays_free_of_the_spiders_reactor() -> None:
    told = "import sys; from listener.sources import load_sources; load_sources(); sys.exit('twisted' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0


def test_a_worker_on_another_machine_is_not_told_where_this_one_keeps_its_pages() -> None:
    class Server(dict[str, bytes]):
        def set(self, name: str, value: bytes, ex: int) -> None:
            assert ex > 0
            self[name] = value

    server = Server()
    publish(server, msgspec.structs.replace(PLAN, shared="x", keep="/proc/4242/fd/7"))
    assert published(server, "x") == msgspec.structs.replace(PLAN, shared="x")


@pytest.mark.network
def test_a_redis_that_does_not_answer_is_told_without_its_address() -> None:
    with pytest.raises(SourceError, match=f"no use of the Redis of {ADDRESS}") as told:
        list(run_shared(PLAN, "redis://:hemligt@127.0.0.1:1/0"))
    assert "hemligt" not in str(told.value)


@pytest.mark.network
def test_a_redis_in_the_environment_is_used() -> None:
    ctx = Context(
        "website",
        Session("press@almby.example"),
        now=datetime(2026, 11, 23, tzinfo=UTC),
        secrets={ADDRESS: "redis://127.0.0.1:1/0"},
    )
    with pytest.raises(SourceError, match="no use of the Redis"):
        list(crawl(ctx, PLAN))
