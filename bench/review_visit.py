"""Visitors to the review page: `listen serve` as a process of its own, and reviewers at it with sessions and forms."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode

from listener.clock import rfc3339
from listener.store import open_store
from listener.store.people import begin_session

SETTINGS = """
[organisation]
name = "Almby kommun"
domains = ["almby.example"]
units = [{ name = "Badhuset", aliases = ["simhallen"] }, { name = "Biblioteket" }, { name = "Kulturskolan" }]
[queries.almby]
query = "almby"
purpose = "what is said about us"
[queries.badhus]
query = "badhus"
purpose = "what is said about the baths"
[queries.skola]
query = "skola"
purpose = "what is said about the schools"
"""
REGISTER = """platform,url,unit,status,owner_email
x,https://x.com/almbykommun,Almby kommun,approved,press@almby.example
"""
_FIELD = 'name="{name}" value="([^"]*)"'
_TICKS = os.sysconf("SC_CLK_TCK")


class Answer(NamedTuple):
    """What came back: the page, and how many milliseconds it took from asking to the last byte."""

    status: int
    text: str
    size: int
    spent: float
    target: str = ""

    def field(self, name: str) -> str:
        """The value of a hidden field of the page."""
        found = re.search(_FIELD.format(name=re.escape(name)), self.text)
        return found[1] if found else ""


class Visitor:
    """One person's browser, logged in."""

    def __init__(self, address: str, token: str) -> None:
        self.line = http.client.HTTPConnection(address, timeout=120)
        self.headers = {"Cookie": f"listen={token}; listen-language=sv"}

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None, self.headers)

    def post(self, path: str, **fields: str) -> Answer:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(fields), self.headers | kind)

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        start = time.perf_counter()
        self.line.request(method, quote(path, safe="/?&=%#:+,-_."), body, headers)
        answer = self.line.getresponse()
        read = answer.read()
        spent = (time.perf_counter() - start) * 1000
        return Answer(
            answer.status, read.decode("utf-8", "replace"), len(read), spent, answer.getheader("Location") or ""
        )


class Served(NamedTuple):
    """A running review page over the store of a folder."""

    folder: Path
    address: str
    running: subprocess.Popen[str]

    def visitor(self, person: str, role: str, now: datetime) -> Visitor:
        with open_store(self.folder / "listener.db") as store:
            return Visitor(self.address, begin_session(store, person, role, now))

    def processor_seconds(self) -> float:
        """What the server has used so far."""
        told = Path(f"/proc/{self.running.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / _TICKS


@contextmanager
def served(folder: Path, now: datetime) -> Iterator[Served]:
    """`listen serve` over the store of `folder`, until the block ends."""
    (folder / "listener.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "registry.csv").write_text(REGISTER, encoding="utf-8")
    environ = {**os.environ, "LISTEN_NOW": rfc3339(now)}
    words = [sys.executable, "-m", "listener", "serve", "--port", "0"]
    with subprocess.Popen(words, cwd=folder, env=environ, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        try:
            lines = iter(running.stderr.readline, "")
            place = next((found[1] for line in lines if (found := re.search(r"http://([^/]+)/", line))), "")
            if not place:
                raise SystemExit("listen serve did not start")
            threading.Thread(target=list, args=(lines,), daemon=True).start()  # what it warns of must not fill the pipe
            yield Served(folder, place, running)
        finally:
            running.terminate()
