"""The guide's own example is a source: it runs, it is asked like any other, and its recorded case holds."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from listener.context import Context
from listener.demo.serve import Reply, Request, Server, json_reply
from listener.models import Completeness, Term
from listener.quotas import Quotas
from listener.run import attempt
from listener.sources.settings import known_keys

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "add-a-source.md"


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert found, language
    return found[1]


@pytest.fixture
def torget() -> ModuleType:
    module = ModuleType("listener.sources.torget")
    exec(compile(block("python"), str(GUIDE), "exec"), module.__dict__)
    return module


@pytest.fixture
def server() -> Iterator[Server]:
    def answer(request: Request) -> Reply:
        page = request.number("page", 1, 9) if request.one("page") != "0" else 0
        rows = [{"id": str(page * 50 + n), "name": f"almby{page * 50 + n}"} for n in range(50 if page < 2 else 1)]
        return json_reply({"accounts": rows})

    running = Server(answer)
    yield running
    running.stop()


def test_the_recorded_case_holds(torget: ModuleType) -> None:
    case = json.loads(block("json"))
    account = getattr(torget, case["read"])(case["row"])
    assert {key: getattr(account, key) for key in case["is"]} == case["is"]


@pytest.mark.network
def test_it_is_asked_like_any_other(torget: ModuleType, server: Server, make_context: Callable[..., Context]) -> None:
    ctx = make_context("torget", {"base_url": server.url})
    found = list(torget.accounts(ctx, Term(text="Almby")))
    assert len({account.id for account in found}) == 100
    assert ctx.completeness is Completeness.TRUNCATED
    assert set(known_keys(torget)) >= {"base_url", "pages", "max_searches", "enabled"}


@pytest.mark.network
def test_its_quota_and_its_changes_are_told(
    torget: ModuleType, server: Server, make_context: Callable[..., Context]
) -> None:
    ctx = make_context("torget", {"base_url": server.url})
    ctx.quotas = Quotas(torget.ABOUT.quotas, now=ctx.now, settings={"max_searches": 1})
    assert len(list(torget.accounts(ctx, Term(text="Almby")))) == 50
    assert ctx.completeness is Completeness.QUOTA
    server.answer = lambda _request: json_reply({"accounts": [{"name": "no id"}]})
    again = make_context("torget", {"base_url": server.url})
    result = attempt(again, lambda: (len(list(torget.accounts(again, Term(text="Almby")))), 0))
    assert [issue.kind for issue in result.issues] == ["changed"]
