"""YouTube as Google's discovery document describes it: every question we ask, and every answer our tests give."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from servers.contract import contract, serving
from servers.discovery import YOUTUBE, Document
from servers.youtube import ENDPOINTS, OURS, THEIRS

from listener.context import Context
from listener.demo.serve import Reply, Request, json_reply
from listener.errors import Changed
from listener.models import Account, Term
from listener.query import parse
from listener.sources import youtube

pytestmark = pytest.mark.realserver
KEY = {"LISTEN_YOUTUBE_KEY": "yt-test-only"}
Make = Callable[..., Context]


def test_everything_we_ask_and_everything_our_tests_answer_is_in_the_document(context: Make) -> None:
    document = Document(YOUTUBE)
    with serving(document.holding(contract(ENDPOINTS, {"X-Goog-Api-Key": "yt-test-only"}))) as server:
        ctx = context("youtube", secrets=KEY, base_url=server.url, pages=2, channels=["@almbykommun"])
        found = [
            *youtube.accounts(ctx, Term(text="Almby")),
            *youtube.accounts(ctx, Term(text="almbykommun", kind="handle")),
        ]
        found += youtube.known(ctx, [Account(platform="youtube", platform_id=THEIRS)])
        said = list(youtube.posts(ctx, parse("simhallen", ctx.now), ctx.now - timedelta(days=7)))
    assert not document.faults
    assert {account.platform_id for account in found} == {OURS, THEIRS}
    assert {post.id for post in said} == {"v1", "c1", "c1.r"}
    assert {request.path.rpartition("/")[2] for request in server.requests} == {
        "search", "channels", "videos", "commentThreads",
    }  # fmt: skip


def test_a_question_that_is_not_in_the_document_is_changed_not_empty(context: Make) -> None:
    document = Document(YOUTUBE)
    del document.routes["/youtube/v3/channels"]["parameters"]["forHandle"]

    def anything(_request: Request) -> Reply:
        return json_reply({"items": []})

    with serving(document.holding(anything)) as server:
        ctx = context("youtube", secrets=KEY, base_url=server.url)
        with pytest.raises(Changed):
            list(youtube.accounts(ctx, Term(text="almbykommun", kind="handle")))
    assert document.faults == ["youtube.channels.list: unknown forHandle"]
