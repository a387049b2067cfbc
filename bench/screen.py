"""Screening end to end on one core beside its peers: `python bench/screen.py [candidates] [entries]`, all from one run.

Ours reads NDJSON, judges with reasons and writes NDJSON, start and index included. The peers only compare: each gets
the candidates' handles and display names and our names already read into skeletons, and measures the distance of every
pair: rapidfuzz by `process.extract` with OSA and a cut-off, which is its fastest fitting scorer, jellyfish by a double
loop. They are measured on a sample, as rates. Recall is the gate's, against brute force over a sample: OSA within reach
(one edit from five letters, two from ten), containment of a name of five letters, and equal to the eye.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from crowd import ABOUT_US, Entry, write_candidates, write_house
from jellyfish import damerau_levenshtein_distance
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist, extract

from listener.config import load_config
from listener.organisation import load_organisation
from listener.registry import load_registry
from listener.screen.gate import Gate
from listener.screen.index import Index
from listener.screen.near import LONGEST, ONE_EDIT, TWO_EDITS
from listener.screen.rows import decode
from listener.screen.shortlist import GENERAL
from listener.text.skeleton import visual
from listener.text.tokens import proper_handle, read_key

SEED = 20261122
FEW = 200  # entries to measure growth from
STRANGERS, FRIENDS = 2_000, 2_000  # candidates in the sample for recall
EXTRACTED, LOOPED = 400, 20  # candidates in the samples for the peers
GOAL_RATE, GOAL_MEMORY, GOAL_GROWTH, GOAL_RECALL = 50_000, 500, 2.5, 0.999
GOAL_RAPIDFUZZ, GOAL_JELLYFISH = 100, 5_000


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    entries = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    with tempfile.TemporaryDirectory() as name:
        few, _memory, _house = screened(Path(name) / "few", count, FEW)
        print(f"listen screen, {count:,} against {FEW:,}: {few:,.0f} candidates/s")
        folder = Path(name) / "many"
        ours, memory, house = screened(folder, count, entries)
        print(f"listen screen, {count:,} against {entries:,}: {ours:,.0f} candidates/s {met(ours >= GOAL_RATE)}")
        print(f"peak {memory:,.0f} MB {met(memory <= GOAL_MEMORY)}")
        print(f"growth from {FEW:,} to {entries:,}: {few / ours:.2f} x slower {met(few / ours <= GOAL_GROWTH)}")
        rows = sample(folder / "in.ndjson")
        recall(folder, rows)
        names = [skeleton(handle) for handle, _unit in house]
        compare("rapidfuzz extract", extracting(rows[:EXTRACTED], names), ours, GOAL_RAPIDFUZZ)
        compare("jellyfish loop", looping(rows[:LOOPED], names), ours, GOAL_JELLYFISH)
        os.sched_setaffinity(0, cores)
        both, _memory = run(folder, count, "--jobs", "2")
        print(f"listen screen --jobs 2, {count:,} against {entries:,} on {len(cores)} cores: {both:,.0f} candidates/s, "
              f"{both / ours:.2f} x as fast")  # fmt: skip


def screened(folder: Path, count: int, entries: int) -> tuple[float, float, list[Entry]]:
    """Candidates a second, peak memory in MB, and what was registered."""
    chance = random.Random(SEED)
    folder.mkdir()
    house = write_house(folder, entries, chance)
    write_candidates(folder / "in.ndjson", count, house, chance)
    rate, memory = run(folder, count)
    return rate, memory, house


def run(folder: Path, count: int, *options: str) -> tuple[float, float]:
    """Candidates a second and peak memory in MB (of one process) of `listen screen` with these options."""
    command = [str(Path(sys.executable).parent / "listen"), "screen", "in.ndjson", "-o", "out.ndjson", *options]
    started = time.perf_counter()
    work = subprocess.Popen(command, cwd=folder)
    _pid, status, used = os.wait4(work.pid, 0)
    seconds = time.perf_counter() - started
    if status:
        raise SystemExit(f"listen screen failed: {status}")
    flagged = sum(b'"verdict":"unrelated"' not in line for line in (folder / "out.ndjson").open("rb"))
    print(f"  {seconds:.1f} s, {used.ru_utime + used.ru_stime:.1f} s of the processor; {flagged:,} not unrelated")
    return count / seconds, used.ru_maxrss / 1024


def sample(path: Path) -> list[dict[str, str]]:
    """Some candidates about us, and some strangers."""
    friends, strangers = [], []
    with path.open("rb") as lines:
        for number, line in enumerate(lines):
            kept = friends if number % ABOUT_US == 0 else strangers
            if len(kept) < (FRIENDS if kept is friends else STRANGERS):
                kept.append(json.loads(line))
            if len(friends) >= FRIENDS:
                break
    rows = friends + strangers
    random.Random(SEED).shuffle(rows)
    return rows


def recall(folder: Path, rows: list[dict[str, str]]) -> None:
    """The share of what brute force finds that the gate lets through to `judge`."""
    os.environ.pop("LISTENER_CONFIG", None)
    config = load_config(folder / "listener.toml", os.environ, folder / "registry.csv")
    organisation = load_organisation(config)
    index = Index(organisation, load_registry(config.registry))
    given = decode([json.dumps(row).encode() for row in rows])
    assert given is not None
    passing = Gate(index).passing(given)
    wanted = brute([skeleton(proper_handle(row["handle"])) for row in rows], index)
    wanted |= brute([skeleton(row["display_name"]) for row in rows], index)
    found = sum(passes for passes, want in zip(passing, wanted.tolist(), strict=True) if want)
    share = found / max(1, int(wanted.sum()))
    let = sum(passes for passes, want in zip(passing, wanted.tolist(), strict=True) if not want)
    print(f"shortlist recall {share:.5f} of {int(wanted.sum()):,} that brute force finds among {len(rows):,} "
          f"{met(share >= GOAL_RECALL)}; {let:,} others are let through")  # fmt: skip


def brute(texts: list[str], index: Index) -> np.ndarray:
    """Which texts are within reach of one of our names, hold one, or look like one."""
    vocabulary = index.vocabulary
    names = sorted({text for text in index.wholes if len(text) >= ONE_EDIT})
    telling = [name for name in names if name not in vocabulary or vocabulary[name].kind not in GENERAL]
    near = list(index.near.names)
    reach = np.array([2 if len(name) >= TWO_EDITS else 1 for name in near])
    distances = cdist(texts, near, scorer=OSA.distance, score_cutoff=2, dtype=np.uint8)
    fits = np.array([ONE_EDIT - 1 <= len(text) <= LONGEST for text in texts])
    looks = set(index.looks)
    held = [any(name in text for name in telling) or visual(text) in looks for text in texts]
    return ((distances <= reach).any(axis=1) & fits) | np.array(held)


def skeleton(text: str) -> str:
    return read_key(text).letters


def extracting(rows: list[dict[str, str]], names: Sequence[str]) -> float:
    """Candidates a second, handle and display name each against every name."""
    pairs = [(skeleton(row["handle"]), skeleton(row["display_name"])) for row in rows]
    return len(rows) / timed(
        lambda: [extract(text, names, scorer=OSA.distance, score_cutoff=2, limit=5) for pair in pairs for text in pair]
    )


def looping(rows: list[dict[str, str]], names: Sequence[str]) -> float:
    pairs = [(skeleton(row["handle"]), skeleton(row["display_name"])) for row in rows]
    return len(rows) / timed(
        lambda: [min(damerau_levenshtein_distance(text, name) for name in names) for pair in pairs for text in pair]
    )


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def compare(peer: str, theirs: float, ours: float, goal: int) -> None:
    ratio = ours / theirs
    print(f"{peer}: {theirs:,.1f} candidates/s, compared only; ours is {ratio:,.0f} x {met(ratio >= goal)}")


def met(reached: bool) -> str:
    return "(goal met)" if reached else "(GOAL NOT MET)"


if __name__ == "__main__":
    main()
