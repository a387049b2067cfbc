"""The X source against Prism, which holds what is asked and answered against our contract of either generation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from servers.prism import prism

from listener.context import Context
from listener.errors import SourceError
from listener.models import Account, Term
from listener.query import parse
from listener.sources import x
from listener.sources.x_client import GENERATIONS

pytestmark = pytest.mark.realserver

MakeContext = Callable[..., Context]
KEYS = {"LISTEN_X_BEARER_TOKEN": "app", "LISTEN_X_USER_TOKEN": "user"}
TERMS = (Term(text="Årby kommun"), Term(text="almbykommun", kind="handle"))


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, str]]:
    with prism() as addresses:
        yield addresses


@pytest.fixture(params=sorted(GENERATIONS))
def ask(request: pytest.FixtureRequest, servers: dict[str, str], context: MakeContext) -> Callable[..., Context]:
    """ask() is a context that speaks to Prism in one generation's words."""
    chosen = {"generation": request.param, "base_url": servers[request.param], "own": ["almbykommun"]}
    return lambda **more: context("x", KEYS, **{**chosen, **more})


def test_every_way_to_accounts_keeps_the_contract(ask: Callable[..., Context]) -> None:
    ctx = ask()
    ctx.terms = TERMS
    found = list(x.accounts(ctx, Term(text="")))
    assert found
    assert len({account.platform_id for account in found}) == len(found)
    assert all(account.handle and account.url for account in found)
    before = [Account(platform="x", platform_id="1700000000000000001", handle="almbykommun")]
    assert list(x.known(ctx, before))


def test_posts_and_mentions_keep_the_contract(ask: Callable[..., Context]) -> None:
    ctx = ask()
    found = list(x.posts(ctx, parse('"Årby kommun"', ctx.now), ctx.now - timedelta(days=3)))
    assert found
    assert all(post.id and post.url for post in found)


def test_words_of_the_other_generation_are_refused(servers: dict[str, str], context: MakeContext) -> None:
    ctx = context("x", KEYS, generation="tweet", base_url=servers["post"])
    ctx.terms = TERMS
    with pytest.raises(SourceError):  # 2.167 knows no affiliation among a user's fields
        list(x.accounts(ctx, Term(text="")))
