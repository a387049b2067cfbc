"""Live = history: `python bench/agreement.py [pairs]`. Random queries held against random posts in two ways.

By the matcher that `listen match` and `listen stream` use, and by a search of a store that logged the same posts. Both
must say the same of every pair, with the same spans. The queries hold every operator and field, the posts the traps of
real text (tests/query_cases.py); enough of the pairs must match for the comparison to mean something.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from agreement import compare, drawn

SEED = 20261122
QUERIES = POSTS = 100  # a round, with queries, posts and a store of its own
PAIRS, MATCHING = 100_000, 0.10
SHOWN = 10


def main() -> None:
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else PAIRS
    rounds = -(-pairs // (QUERIES * POSTS))
    matched = differences = 0
    started = time.perf_counter()
    for seed in range(SEED, SEED + rounds):
        queries, posts = drawn(seed, QUERIES, POSTS)
        with tempfile.TemporaryDirectory() as folder:
            compared = compare(Path(folder), queries, posts)
        matched += compared.matched
        for (query, post), (live, later) in list(compared.different.items())[: max(0, SHOWN - differences)]:
            print(f"  {queries[int(query)].text!a} on {post}: live {live}, history {later}")
        differences += len(compared.different)
    every = rounds * QUERIES * POSTS
    print(f"live against history: {every:,} pairs in {time.perf_counter() - started:.0f} s; "
          f"{differences:,} differences {met(not differences)}")  # fmt: skip
    print(f"{matched:,} pairs match, {matched / every:.1%} {met(matched >= MATCHING * every)}")


def met(reached: bool) -> str:
    return "(GOAL met)" if reached else "(GOAL NOT MET)"


if __name__ == "__main__":
    main()
