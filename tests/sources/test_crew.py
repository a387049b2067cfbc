"""The process that reads strangers' pages: what it is given of ours."""

from __future__ import annotations

import json
import subprocess
import sys
from types import SimpleNamespace

import msgspec
import pytest

from listener.sources import crew
from listener.sources.crew import run_spiders
from spiders.plan import UNREACHED, Plan

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


def test_of_a_spider_that_hangs_what_it_told_is_kept_and_what_it_did_not_reach_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sight = json.dumps({"sight": {"start": "http://a.example/", "url": "http://a.example/"}})
    hangs = f"import time; print('{sight}', flush=True); time.sleep(600)"
    popen = subprocess.Popen
    clock = [0.0]
    monkeypatch.setattr(crew, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    monkeypatch.setattr(crew.subprocess, "Popen", lambda _words, **more: popen([sys.executable, "-c", hangs], **more))
    starts = ("http://a.example/", "http://b.example/")
    told = run_spiders([msgspec.structs.replace(PLAN, starts=starts)])
    seen = next(told)
    clock[0] += 10_000
    (last,) = told
    assert seen.sight is not None
    assert last.summary is not None
    assert last.summary.starts == {"http://a.example/": "ok", "http://b.example/": UNREACHED}
    assert (last.summary.pages, last.summary.finished) == (1, "stopped")
    assert last.summary.examples == {UNREACHED: "http://b.example/"}
