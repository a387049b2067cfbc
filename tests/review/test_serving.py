"""The web server of the page: what it will not read, the page itself refuses, in the reader's language."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from listener.review import serving
from listener.review.api import PREFIX
from listener.store import Store
from listener.store.tokens import add_token

from .conftest import NOW

pytestmark = pytest.mark.network
LARGEST = 300_000  # so much is read here


@pytest.fixture
def port(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(serving, "MOST_BYTES", LARGEST)
    sockets: dict[int, Any] = {}
    server = serving.listening(app, "127.0.0.1", 0, sockets)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield server.effective_port
    server.close()
    thread.join(5)


def asked(port: int, path: str, body: Any, **headers: str) -> tuple[http.client.HTTPResponse, str]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        line.request("POST", path, body=body, headers={"Accept-Language": "sv", **headers})
        answer = line.getresponse()
        return answer, answer.read().decode()
    finally:
        line.close()


@pytest.mark.parametrize("pieces", [False, True])
def test_what_is_not_read_is_refused_by_a_page_of_ours(port: int, store: Store, pieces: bool) -> None:
    body: Any = iter([b"x" * 50_000] * (LARGEST // 50_000)) if pieces else b"x" * (LARGEST + 1)
    answer, page = asked(port, "/log-in", body)
    assert (answer.status, answer.getheader("Connection")) == (413, "close")
    assert '<html lang="sv">' in page
    assert "<h1>Det är för mycket på en gång</h1>" in page
    assert answer.getheader("Content-Security-Policy")


def test_a_system_is_told_as_a_problem(port: int, store: Store) -> None:
    headers = {"Authorization": f"Bearer {add_token(store, 'diariet', 'decider', NOW)}"}
    kind = {"Content-Type": "application/json"}
    answer, told = asked(port, f"{PREFIX}/cases/1/undo", b"x" * (LARGEST + 1), **headers, **kind)
    assert (answer.status, answer.getheader("Content-Type")) == (413, "application/problem+json")
    assert json.loads(told)["status"] == 413


def test_what_no_page_can_be_told_from_is_still_refused(port: int, store: Store) -> None:
    answer, _page = asked(port, "/log-in", b"x" * 10, **{"Transfer-Encoding": "gzip"})
    assert answer.status == 501
