"""The interface as it is described: whatever is asked, the answer is one that its description tells of, and no failure.

Schemathesis makes the requests from the description that is served: values at each limit and beyond, bodies that are
none, methods that there are not, and what one answer gives used in the next request.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from schemathesis.engine import events, from_schema

from listener.posts import Mention, Post
from listener.review.openapi import ADDRESS
from listener.review.roles import Right, Role, may
from listener.store import Store
from listener.store.mentions import Notes, save_mentions
from listener.store.tokens import add_token

from .conftest import NOW, finding

# What the store refuses, as a decision that lacks its words, can be well said all the same.
ACCEPTED = ["2xx", "401", "403", "404", "409", "422"]
CHECKS = {
    "positive_data_acceptance": {"expected-statuses": ACCEPTED},
    "ignored_auth": {"enabled": False},  # asks in a way that only a server answers; tokens have tests of their own
}


@pytest.fixture
def asked(app: Flask, store: Store, flagged: Callable[..., None]) -> Callable[..., Iterator[Any]]:
    """asked(role, most, **phases): what came of requests with a token of that role, five cases and a post there."""
    flagged(*map(finding, range(1, 6)))
    said = Mention(post=Post(platform="mastodon", id="1", text="Nytt badhus", published_at=NOW), query="badhus")
    save_mentions(store, None, "badhus", "mastodon", [said], NOW, notes=lambda _m: Notes())

    def ask(role: str, most: int, **phases: bool) -> Iterator[Any]:
        told: dict[str, Any] = {
            "headers": {"Authorization": f"Bearer {add_token(store, role, role, NOW)}"},
            "generation": {"max-examples": most, "deterministic": True},
            "phases": {name: {"enabled": enabled} for name, enabled in phases.items()},
            "checks": CHECKS,
            "analysis": {"constants": {"enabled": False}},  # our code read for words to try: another run each time
        }
        schema = schemathesis.openapi.from_wsgi(ADDRESS, app, config=schemathesis.Config.from_dict(told))
        return iter(from_schema(schema).execute())

    return ask


def outcome(came: Iterator[Any]) -> Counter[int]:
    """How often each status was answered; fails with the first request whose answer is not as described."""
    codes: Counter[int] = Counter()
    for event in came:
        assert not isinstance(event, events.NonFatalError | events.FatalError), str(event)
        if not isinstance(event, events.ScenarioFinished):
            continue
        for number, checks in event.recorder.checks.items():
            wrong = [check.failure_info.failure for check in checks if check.failure_info]
            assert not wrong, f"{event.recorder.cases[number].value.as_curl_command()}\n{wrong[0]}"
        answers = [each.response for each in event.recorder.interactions.values()]
        codes.update(answer.status_code for answer in answers if answer)
    return codes


def test_whatever_is_asked_the_answer_is_as_described(asked: Callable[..., Iterator[Any]]) -> None:
    codes = outcome(asked("decider", 4))
    assert {200, 400, 401, 403, 404, 405, 409, 415} <= set(codes), "each of them was come to"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DECIDER])
def test_so_it_is_for_every_role_and_who_reads_changes_nothing(
    asked: Callable[..., Iterator[Any]], store: Store, role: Role
) -> None:
    before = store.rows("SELECT * FROM events")
    assert outcome(asked(role, 2, examples=False, coverage=False, stateful=False))[200]
    if not may(role, Right.REVIEW):
        assert store.rows("SELECT * FROM events") == before
