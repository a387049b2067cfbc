"""Twenty reviewers who decide at once beside a running audit: nothing lost, nothing doubled, nobody sees a lock.

Beside them run `listen audit` over the demo's town, one after the other in processes of their own, and a writer that
saves without end, whose transactions are now and then as long as a slow disk makes them.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import msgspec
from log import NOW, SEED
from review_town import PEOPLE
from review_visit import Served, Visitor

from listener.clock import rfc3339
from listener.demo import load_world, start
from listener.demo.folder import write_folder
from listener.models import Finding, Verdict
from listener.store import open_store
from listener.store.accounts import save_findings
from listener.store.cases import verify_chain
from listener.store.runs import start_run

FORMS = (("triage", "look_closer"), ("dismissed", "namesake"), ("watching", "until_change"), ("confirmed", "other"))
LOCKS = ("database is locked", "OperationalError", "Traceback")
FIRST_PAGES = 300  # of the queue, in cases: so few that they meet each other
LONG = 2.0  # seconds that one of the writer's transactions lasts, every LONG_EVERY of them
LONG_EVERY = 40


class Crowd:
    """What all of them have seen so far."""

    def __init__(self, seconds: float) -> None:
        self.until = time.monotonic() + seconds
        self.lock = threading.Lock()
        self.statuses: Counter[int] = Counter()
        self.accepted: list[str] = []
        self.locks: list[str] = []
        self.spent: list[float] = []

    def note(self, status: int, text: str, spent: float, mark: str = "") -> None:
        with self.lock:
            self.statuses[status] += 1
            self.spent.append(spent)
            self.locks += [said for said in LOCKS if said in text]
            if mark and status == 302:
                self.accepted.append(mark)


def crowd(page: Served, seconds: float) -> list[tuple[bool, str]]:
    """Let them work for so long; what became of it."""
    told = Crowd(seconds)
    threads = [
        threading.Thread(target=review, args=(page.visitor(name, "decider", NOW), told, number))
        for number, name in enumerate(PEOPLE)
    ]
    codes: list[int] = []
    threads.append(threading.Thread(target=audits, args=(page.folder, told.until, codes)))
    words = [sys.executable, __file__, str(page.folder / "listener.db"), str(seconds)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as writer:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        written = (writer.communicate()[0] or "").strip()
    print(f"{sum(told.statuses.values()):,} requests: {dict(told.statuses)}; the writer beside them: {written}")
    return [*outcome(page, told), whole(codes, writer.returncode)]


def whole(codes: list[int], writer: int) -> tuple[bool, str]:
    """Whether each audit went to its end, and the writer too."""
    return bool(codes) and not any(codes) and not writer, f"{len(codes)} audits beside them, which left with {codes}"


def audits(folder: Path, until: float, codes: list[int]) -> None:
    """`listen audit` over the demo's town into the store of `folder`, until the time is over; how each ended."""
    with start(load_world(NOW)) as served, tempfile.TemporaryDirectory(dir=folder) as made:
        settings = write_folder(Path(made), served, "sv")
        with settings.open("a", encoding="utf-8") as file:
            file.write('\n[files]\nstore = "../listener.db"\n')
        environ = {**os.environ, **served.environ(), "LISTEN_NOW": rfc3339(NOW)}
        words = [sys.executable, "-m", "listener", "audit"]
        while time.monotonic() < until:
            done = subprocess.run(words, cwd=made, env=environ, capture_output=True, text=True, check=False)
            codes.append(done.returncode)
            if done.returncode:
                print(f"an audit left with {done.returncode}: {done.stderr[-500:]}")


def outcome(page: Served, told: Crowd) -> list[tuple[bool, str]]:
    """Each decision that was accepted is one event, and the chain is whole."""
    with open_store(page.folder / "listener.db") as store:
        rows = store.rows("SELECT text, count(*) AS n FROM event_texts WHERE text LIKE 'crowd %' GROUP BY text")
        kept = {row["text"]: row["n"] for row in rows}
        broken = verify_chain(store)
    lost = [mark for mark in told.accepted if mark not in kept]
    doubled = [mark for mark, times in kept.items() if times > 1]
    unasked = [mark for mark in kept if mark not in set(told.accepted)]
    bad = {status: count for status, count in told.statuses.items() if status >= 500 and status != 503}
    print(f"longest wait {max(told.spent) / 1000:.1f} s, told to try again {told.statuses[503]} times")
    return [
        (bool(told.accepted) and not lost, f"{len(told.accepted):,} decisions accepted, {len(lost)} lost"),
        (not doubled and not unasked, f"{len(doubled)} doubled, {len(unasked)} saved though refused"),
        (broken is None, "the chain of events is whole" if broken is None else f"the chain breaks at {broken}"),
        (
            not told.locks and not bad,
            f"shown a lock or an error: {len(told.locks)}; statuses {bad or 'as they should'}",
        ),
    ]


def review(visitor: Visitor, told: Crowd, number: int) -> None:
    """One reviewer: looks at the queue, opens a case, decides."""
    chance = random.Random(SEED + number)
    turn = 0
    while time.monotonic() < told.until:
        listed = visitor.get(f"/queue?from={chance.randrange(0, FIRST_PAGES, 50)}")
        told.note(listed.status, listed.text, listed.spent)
        for case in chance.sample(numbers := re.findall(r"/case/(\d+)", listed.text), min(3, len(numbers))):
            shown = visitor.get(f"/case/{case}")
            told.note(shown.status, shown.text, shown.spent)
            to, reason = chance.choice(FORMS)
            turn += 1
            mark = f"crowd {number} {turn} {time.time_ns()}"
            fields = {"form": shown.field("form"), "seen": shown.field("seen"), "to": to, "text": mark}
            answer = visitor.post(f"/case/{case}/decide", **fields, **{f"reason-{to}": reason})
            told.note(answer.status, answer.text, answer.spent, mark)


def write(path: Path, seconds: float) -> None:
    """Save findings as a run does: many short transactions, now and then a long one."""
    until, batches = time.monotonic() + seconds, 0
    with open_store(path) as store:
        known = [account_of(row["finding"]) for row in store.rows("SELECT finding FROM cases LIMIT 2000")]
        run = start_run(store, "audit", NOW, ["x"])
        while time.monotonic() < until:
            batches += 1
            part = known[batches * 20 % 2_000 :][:20]
            save_findings(store, run, "x", part, NOW)
            if batches % LONG_EVERY == 0:
                with store.transaction():
                    save_findings(store, run, "x", part, NOW)
                    time.sleep(LONG)
            time.sleep(0.05)
    print(f"{batches} batches, {batches // LONG_EVERY} of them with {LONG:.0f} s more")


def account_of(text: str) -> Finding:
    found = msgspec.json.decode(text, type=Finding)
    return msgspec.structs.replace(found, verdict=Verdict.UNCLEAR) if found.score < 0.1 else found


if __name__ == "__main__":
    write(Path(sys.argv[1]), float(sys.argv[2]))
