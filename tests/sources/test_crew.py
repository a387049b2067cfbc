"""The process that reads strangers' pages: what it is given of ours."""

from __future__ import annotations

import json

import pytest

from listener.sources import crew
from listener.sources.crew import run_spiders
from spiders.plan import Plan

PLAN = Plan(starts=("http://127.0.0.1:1/",), sites=("127.0.0.1:1",), user_agent="test")


def test_a_spider_learns_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, str] = {}

    class Child:
        def __init__(self, *_words: object, **more: dict[str, str]) -> None:
            given.update(more["env"])
            raise FileNotFoundError

    monkeypatch.setenv("LISTEN_BLUESKY_PASSWORD", "hemlig")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hemlig")
    monkeypatch.setenv("SCRAPY_REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(crew.subprocess, "Popen", Child)
    with pytest.raises(FileNotFoundError):
        list(run_spiders([PLAN]))
    assert given["SCRAPY_REDIS_URL"] == "redis://127.0.0.1:1/0"
    assert "PATH" in given
    assert "hemlig" not in json.dumps(given)
