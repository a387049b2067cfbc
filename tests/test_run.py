"""The run boundary: a failing source is an Issue, the lock is held once, the exit code tells the truth."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from listener.context import Context
from listener.errors import Blocked, Changed, ConfigError, CredentialError, LockedError, SourceError, Throttled
from listener.http import Session
from listener.models import Completeness, Issue, SourceResult
from listener.run import attempt, exit_code, locked

NOW = datetime(2026, 11, 22, 7, tzinfo=UTC)


def context(name: str = "bluesky") -> Context:
    return Context(name, Session("test@almby.example"), now=NOW)


def raising(trouble: Exception) -> Callable[[], tuple[int, int]]:
    def work() -> tuple[int, int]:
        raise trouble

    return work


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (Blocked("robots.txt says no"), "blocked"),
        (Throttled("later", until=NOW), "throttled"),
        (Changed("no handle"), "changed"),
        (SourceError("500"), "failed"),
        (CredentialError("no password"), "credentials"),
        (KeyError("handle"), "failed"),
        (ValueError("garbage"), "failed"),
        (RecursionError("nested"), "failed"),
    ],
)
def test_whatever_a_source_raises_becomes_an_issue(trouble: Exception, kind: str) -> None:
    result = attempt(context(), raising(trouble))
    assert result.completeness is Completeness.UNAVAILABLE
    assert [issue.kind for issue in result.issues] == [kind]
    assert exit_code([result, SourceResult(source="feeds", completeness=Completeness.COMPLETE)]) == 3


def test_a_throttled_source_says_until_when() -> None:
    assert attempt(context(), raising(Throttled("later", until=NOW))).issues[0].until == NOW


def test_a_bug_in_a_source_is_named_with_its_place() -> None:
    detail = attempt(context(), raising(KeyError("handle"))).issues[0].detail
    assert "KeyError" in detail
    assert "test_run.py" in detail


def test_a_wrong_setting_stops_the_run() -> None:
    with pytest.raises(ConfigError):
        attempt(context(), raising(ConfigError("listener.toml: [sources.feeds] urls")))


def test_wanting_credentials_everywhere_is_4_and_somewhere_is_3() -> None:
    wanting = attempt(context(), raising(CredentialError("no password")))
    assert exit_code([wanting]) == 4
    assert exit_code([wanting, SourceResult(source="feeds", completeness=Completeness.COMPLETE)]) == 3


def test_reaching_our_own_page_limit_is_no_failure() -> None:
    ctx = context()
    ctx.incomplete(Completeness.TRUNCATED, "500 accounts, there are more")
    assert exit_code([attempt(ctx, lambda: (500, 0))]) == 0


def test_a_part_that_could_not_be_searched_is_a_failure() -> None:
    ctx = context()
    ctx.issues.append(Issue(source="mastodon", kind="blocked", detail="one server of two"))
    assert exit_code([attempt(ctx, lambda: (3, 0))]) == 3


def test_the_lock_is_held_once_and_let_go(tmp_path: Path) -> None:
    store = tmp_path / "listener.db"
    with locked(store), pytest.raises(LockedError, match="another run"), locked(store):
        pass
    with locked(store):
        pass
