"""Twenty reviewers at `listen serve` beside a running `listen audit`: nothing is lost, and nobody sees a lock."""

from __future__ import annotations

import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from review_served import MOMENT
from servers.children import Output, free_ports
from town import Town

from listener.demo import load_world, start
from listener.store import open_store
from listener.store.cases import verify_chain
from listener.store.people import begin_session

pytestmark = pytest.mark.realserver
REVIEWERS, SECONDS = 20, 30
FORMS = (("triage", "look_closer"), ("dismissed", "parody"), ("watching", "until_change"))
SHOWN = ("database is locked", "OperationalError", "Traceback")


class Crowd:
    """What was decided, and what was shown for it."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address, self.folder, self.until = address, folder, time.monotonic() + SECONDS
        self.statuses: Counter[int] = Counter()
        self.accepted: Counter[str] = Counter()
        self.locks: list[str] = []

    def review(self, number: int) -> None:
        """One reviewer: looks at the queue, opens cases, decides."""
        chance = random.Random(number)
        with open_store(self.folder / "listener.db") as store:
            token = begin_session(store, f"person{number}", "decider", MOMENT)
        with requests.Session() as session:
            session.cookies.set("listen", token)
            while time.monotonic() < self.until:
                listed = self.noted(session.get(f"{self.address}/queue?state=all"))
                for case in chance.sample(re.findall(r'class="open" href="/case/(\d+)', listed.text), 3):
                    self.decide(session, case, *chance.choice(FORMS), f"crowd {number} {time.time_ns()}")

    def decide(self, session: requests.Session, case: str, to: str, reason: str, mark: str) -> None:
        shown = self.noted(session.get(f"{self.address}/case/{case}")).text
        part = shown.partition('id="decision"')[2]
        fields = {name: re.search(f'name="{name}" value="([^"]+)"', part) for name in ("form", "seen")}
        sent = {name: found[1] for name, found in fields.items() if found}
        sent |= {"to": to, f"reason-{to}": reason, "text": mark}
        answer = session.post(f"{self.address}/case/{case}/decide", data=sent, allow_redirects=False)
        self.noted(answer)
        self.accepted[mark] += answer.status_code == 302

    def noted(self, answer: requests.Response) -> requests.Response:
        self.statuses[answer.status_code] += 1
        self.locks += [words for words in SHOWN if words in answer.text]
        return answer


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with start(load_world(MOMENT)) as served:
        made = Town(served, tmp_path)
        assert made.listen("audit").returncode == 0
        yield made


def test_a_crowd_beside_a_running_audit_loses_and_doubles_nothing(town: Town) -> None:
    (port,) = free_ports(1)
    process = town.start("serve", "--port", str(port))
    process.stdout, unused = process.stderr, process.stdout
    output = Output(process, f"127.0.0.1:{port}")
    try:
        assert output.wait(60), "\n".join(output.tail)
        crowd, codes = Crowd(f"http://127.0.0.1:{port}", town.folder), []
        audits = threading.Thread(target=audit_until, args=(town, crowd.until, codes))
        audits.start()
        with ThreadPoolExecutor(REVIEWERS) as pool:
            list(pool.map(crowd.review, range(REVIEWERS)))
        audits.join()
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdout, unused):
            if pipe is not None:
                pipe.close()
    assert codes
    assert set(codes) == {0}, "each audit saw everything"
    assert crowd.locks == []
    assert {status for status in crowd.statuses if status >= 400} <= {409, 503}
    marks = {mark for mark, times in crowd.accepted.items() if times}
    assert len(marks) > REVIEWERS
    with open_store(town.folder / "listener.db") as store:
        rows = store.rows("SELECT text, count(*) AS n FROM event_texts WHERE text LIKE 'crowd %' GROUP BY text")
        assert {row["text"]: row["n"] for row in rows} == dict.fromkeys(marks, 1)
        assert verify_chain(store) is None


def audit_until(town: Town, until: float, codes: list[int]) -> None:
    """One audit after the other, each a process of its own, until the time is over."""
    while time.monotonic() < until:
        codes.append(town.listen("audit").returncode)
