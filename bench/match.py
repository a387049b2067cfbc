"""`listen match` end to end on one core beside `re`: `python bench/match.py [posts]`, all from one run.

Ours reads NDJSON, finds which of 1,500 and of 10,000 saved queries (phrases, stars, ORs, exclusions) match each post,
and writes NDJSON, start and reading of the queries included. Rates are by seconds of the processor, the best of several
turns, those on the clock beside: on a quiet machine they are the same. The peer is what people write
by hand: `json.loads`, one alternation of every phrase compiled by `re` with IGNORECASE, `finditer`, `json.dumps`. It
knows no AND and no exclusion, and is measured on a sample, as a rate. Recall is against every tree evaluated on every
post of a sample, no gate before it.
"""

from __future__ import annotations

import json
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from itertools import islice
from pathlib import Path
from subprocess import Popen

from posts import SEED, lines, places, saved, texts, write_queries

from listener.query.matcher_ways import lowered
from listener.query.saved import load_queries
from listener.query.tree import Text
from listener.screen.matching import Matching, as_ndjson
from listener.screen.posts import blocks, decoded, read_post

POSTS, DIFFERENT = 1_000_000, 100_000  # posts matched, and how many of them are written anew
FEW, MANY = 1_500, 10_000
TURNS, SAMPLE, PEER_SAMPLE, STAGED = 3, 240, 4_000, 20_000
GOAL_RATE, GOAL_PEER, GOAL_GROWTH, GOAL_MEMORY = 100_000, 30, 2.0, 300
NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else POSTS
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rates = {size: matched(folder, count, size) for size in (FEW, MANY)}
        growth = rates[FEW] / rates[MANY]
        print(f"growth from {FEW:,} to {MANY:,} queries: {growth:.2f} x slower {met(growth <= GOAL_GROWTH)}")
        stages(folder)
        recall(folder)
        theirs = peer(folder)
        ratio = rates[FEW] / theirs
        print(f"re, plain alternation of {FEW:,} queries: {theirs:,.0f} posts/s; ours is {ratio:,.0f} x "
              f"{met(ratio >= GOAL_PEER)}")  # fmt: skip


def matched(folder: Path, count: int, size: int) -> float:
    """Posts a second of `listen match` with so many queries; its files are left in the folder."""
    chance = random.Random(SEED)
    queries, said = saved(size, chance)
    write_queries(folder / f"{size}.toml", queries)
    made = list(lines(texts(min(count, DIFFERENT), said, places(300, chance), chance), chance))
    with (folder / f"{size}.ndjson").open("wb") as file:
        for _again in range(-(-count // len(made))):
            file.writelines(made)
    count = len(made) * -(-count // len(made))
    spent, taken, memory = min(run(folder, size) for _turn in range(TURNS))
    found = sum(1 for _line in (folder / f"{size}.out").open("rb"))
    print(f"listen match, {count:,} posts, {size:,} queries: {count / spent:,.0f} posts/s "
          f"{met(count / spent >= GOAL_RATE) if size == FEW else ''}")  # fmt: skip
    print(f"  {spent:.1f} s of the processor with the start, {taken:.1f} s on the clock; {found:,} matches; "
          f"peak {memory:,.0f} MB {met(memory <= GOAL_MEMORY)}")  # fmt: skip
    return count / spent


def run(folder: Path, size: int) -> tuple[float, float, float]:
    """Seconds of the processor, seconds on the clock, and peak memory in MB."""
    command = [str(Path(sys.executable).parent / "listen"), "match", "--queries", f"{size}.toml", f"{size}.ndjson"]
    started = time.perf_counter()
    work = Popen([*command, "-o", f"{size}.out"], cwd=folder)
    _pid, status, used = os.wait4(work.pid, 0)
    if status:
        raise SystemExit(f"listen match failed: {status}")
    return used.ru_utime + used.ru_stime, time.perf_counter() - started, used.ru_maxrss / 1024


def stages(folder: Path) -> None:
    """What each step costs a post, in this process."""
    with (folder / f"{FEW}.ndjson").open("rb") as file:
        whole = b"".join(islice(file, STAGED))
    matching = Matching(load_queries(folder / f"{FEW}.toml", NOW), as_ndjson)
    given = list(blocks(BytesIO(whole)))
    rows = [decoded(block.lines) or [] for block in given]
    told = [[row.text for row in part] for part in rows]
    steps = {
        "cut into lines": lambda: list(blocks(BytesIO(whole))),
        "decode": lambda: [decoded(block.lines) for block in given],
        "fold": lambda: [lowered(part) for part in told],
        "fold and gate": lambda: [list(matching._matcher.worth(part)) for part in told],
        "all": lambda: [matching.answer(block) for block in given],
    }
    for name, step in steps.items():
        print(f"  {name}: {min(timed(step) for _turn in range(TURNS)) / STAGED * 1e6:.2f} µs a post")


def recall(folder: Path) -> None:
    """Of what every tree finds in a sample, half of it posts that match, the share that is found behind the gate."""
    queries = load_queries(folder / f"{FEW}.toml", NOW)
    hits = {json.loads(line)["ref"] for line in islice((folder / f"{FEW}.out").open("rb"), SAMPLE)}
    with (folder / f"{FEW}.ndjson").open("rb") as file:
        every = list(islice(file, DIFFERENT))
    wanted = [line for line in every if json.loads(line)["ref"] in hits][: SAMPLE // 2]
    sample = wanted + random.Random(SEED).sample(every, SAMPLE // 2)
    expected = []
    for line in sample:
        post = read_post(line).post
        text = Text(post.text)
        spans = ((name, query.asked.found(text, post)) for name, query in queries.items())
        expected += [(post.id, name, found) for name, found in spans if found is not None]
    matching = Matching(queries, as_ndjson)
    written = b"".join(matching.answer(block).written for block in blocks(BytesIO(b"".join(sample))))
    told = [json.loads(line) for line in written.splitlines()]
    ours = [(one["id"], one["query"], tuple(map(tuple, one["spans"]))) for one in told]
    share = sum(one in set(ours) for one in expected) / len(expected)
    print(f"recall {share:.4f} of {len(expected):,} matches that {len(queries):,} trees find in {len(sample):,} posts; "
          f"{'in order and nothing else' if ours == expected else 'NOT the same'} "
          f"{met(ours == expected and share == 1)}")  # fmt: skip


def peer(folder: Path) -> float:
    """Posts a second of the plain alternation, from NDJSON to NDJSON."""
    queries = load_queries(folder / f"{FEW}.toml", NOW)
    phrases = sorted({phrase for query in queries.values() for phrase in query.query.phrases}, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, phrases))})(?!\w)", re.IGNORECASE)
    with (folder / f"{FEW}.ndjson").open("rb") as file:
        sample = list(islice(file, PEER_SAMPLE))

    def work() -> None:
        for line in sample:
            post = json.loads(line)
            spans = [found.span() for found in pattern.finditer(post["text"])]
            if spans:
                json.dumps({"ref": post["ref"], "id": post["id"], "spans": spans})

    return len(sample) / timed(work)


def timed(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def met(reached: bool) -> str:
    return "(GOAL met)" if reached else "(GOAL NOT MET)"


if __name__ == "__main__":
    main()
