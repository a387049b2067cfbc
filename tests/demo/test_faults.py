"""The invented servers can be made to fail in every way the real ones do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import requests

from listener.demo import Fault, Served, load_world, start

pytestmark = pytest.mark.network


def get(served: Served, path: str = "/") -> requests.Response:
    return requests.get(f"{served.urls['website']}{path}", timeout=5)


def test_a_status_and_when_to_come_back(served: Served) -> None:
    served.fail("website", Fault(status=429, retry_after=30))
    answer = get(served)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "30")
    served.heal("website")
    assert get(served).status_code == 200


def test_garbage_is_half_an_answer(served: Served) -> None:
    served.fail("bluesky", Fault(kind="garbage"))
    answer = requests.get(f"{served.urls['bluesky']}/xrpc/app.bsky.actor.searchActors?q=Almby", timeout=5)
    assert answer.headers["Content-Type"].startswith("application/json")
    with pytest.raises(requests.JSONDecodeError):
        answer.json()


def test_huge_is_larger_than_anyone_should_read(served: Served) -> None:
    served.fail("website", Fault(kind="huge", size=6_000_000))
    assert len(get(served).content) > 6_000_000


def test_redirects_go_round(served: Served) -> None:
    served.fail("website", Fault(kind="redirect"))
    with requests.Session() as session, pytest.raises(requests.TooManyRedirects):
        session.max_redirects = 5
        session.get(served.urls["website"], timeout=5)


def test_robots_close_the_door(served: Served) -> None:
    served.fail("website", Fault(kind="robots"))
    assert get(served, "/robots.txt").text == "User-agent: *\nDisallow: /\n"


def test_slow_is_slower_than_patience(served: Served) -> None:
    served.fail("website", Fault(kind="slow"))
    with pytest.raises(requests.ReadTimeout):
        requests.get(served.urls["website"], timeout=0.2)


def test_a_fault_can_wait_and_can_choose() -> None:
    with start(
        load_world(datetime(2026, 11, 20, 11, 0, tzinfo=UTC)), {"website": Fault(status=500, after=1, only="/skola")}
    ) as served:
        assert [get(served, path).status_code for path in ("/skola", "/skola", "/")] == [200, 500, 200]
        assert [request.path for request in served.requests("website")] == ["/skola", "/skola", "/"]
