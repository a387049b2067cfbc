"""What separates a squatted handle from a genuine one just as near, when nothing but the handle is known.

    python bench/handles.py          reads the evaluation kit: $LISTEN_EVAL, else ../shared/eval

Prints, for each thing that could be told from the handle and the register alone, the area under the curve of squats
against genuine names (0.5 says nothing), with a 95 % interval from resampled cases, and how often each kind of edit
occurs on either side. Cases further than two edits from their target are left out: no genuine name lies so far away.
"""

from __future__ import annotations

import csv
import os
import sys
from collections import Counter
from collections.abc import Callable
from math import log
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA

ROOT = Path(__file__).resolve().parent.parent
FOLDS, SAMPLES, SEED = 5, 1_000, 20261122
Vector = npt.NDArray[np.float64]


class Case(NamedTuple):
    """A handle, the registered one it is near, and whether it was a squat."""

    name: str
    target: str
    squat: bool


def load(path: Path) -> tuple[list[Case], list[str]]:
    """The cases within two edits, and every registered handle."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    register = sorted({row["target"].lower() for row in rows})
    cases = [Case(row["name"].lower(), row["target"].lower(), row["label"] == "squat") for row in rows]
    return [one for one in cases if one.name not in register and OSA.distance(one.name, one.target) <= 2], register


def bare(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def edit(one: Case) -> str:
    """The kind of change from the registered handle to the other."""
    name, target = one.name, one.target
    if bare(name) == bare(target):
        return "separator only"
    if sorted(bare(name)) == sorted(bare(target)):
        return "same letters, other order"
    if [c for c in name if not c.isdigit()] == [c for c in target if not c.isdigit()]:
        return "digit only"
    if name.startswith(target) or name.endswith(target):
        return "letters added at an end"
    if target.startswith(name) or target.endswith(name):
        return "letters cut at an end"
    if len(name) == len(target):
        return "first letter replaced" if name[0] != target[0] else "letter replaced"
    return "letter dropped inside" if len(name) < len(target) else "letter added inside"


def readable(register: list[str]) -> Callable[[str], float]:
    """Mean log-likelihood a letter under the letter pairs of the register: what reads like a name that people chose."""
    pairs, firsts = Counter[str](), Counter[str]()
    for handle in register:
        for first, second in zip("^" + handle, handle + "$", strict=True):
            pairs[first + second] += 1
            firsts[first] += 1

    def mean(text: str) -> float:
        steps = list(zip("^" + text, text + "$", strict=True))
        return sum(log((pairs[a + b] + 0.1) / (firsts[a] + 4)) for a, b in steps) / len(steps)

    return mean


def area(scores: Vector, squat: npt.NDArray[np.bool_]) -> float:
    """Share of pairs in which the squat scores higher; a tie is half."""
    high, low = scores[squat][:, None], scores[~squat][None, :]
    return float(((high > low) + 0.5 * (high == low)).mean())


def interval(scores: Vector, squat: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """The middle 95 % of the area over resampled cases, squats and genuine names apart."""
    dice = np.random.default_rng(SEED)
    sides = [np.flatnonzero(squat), np.flatnonzero(~squat)]
    drawn = (np.concatenate([dice.choice(side, len(side)) for side in sides]) for _ in range(SAMPLES))
    low, high = np.percentile([area(scores[one], squat[one]) for one in drawn], (2.5, 97.5))
    return float(low), float(high)


def together(columns: Vector, squat: npt.NDArray[np.bool_]) -> Vector:
    """All of them at once, each case scored by a ridge regression that did not see its fold."""
    spread = (columns - columns.mean(0)) / (columns.std(0) + 1e-9)
    folds = np.random.default_rng(SEED).integers(FOLDS, size=len(squat))
    scores = np.zeros(len(squat))
    for fold in range(FOLDS):
        seen = folds != fold
        weights = np.where(squat[seen], 1 / squat[seen].sum(), 1 / (~squat[seen]).sum())[:, None]
        left = spread[seen].T @ (weights * spread[seen]) + 0.3 * np.eye(spread.shape[1])
        scores[~seen] = spread[~seen] @ np.linalg.solve(
            left, spread[seen].T @ (weights[:, 0] * (2.0 * squat[seen] - 1))
        )
    return scores


def main() -> int:
    kit = Path(os.environ.get("LISTEN_EVAL", ROOT.parent / "shared" / "eval"))
    path = kit / "data" / "handles" / "name_squats.csv"
    if not path.is_file():
        print(f"no evaluation kit at {kit}: set LISTEN_EVAL", file=sys.stderr)
        return 2
    cases, register = load(path)
    squat = np.array([one.squat for one in cases])
    like = readable(register)
    told: dict[str, Callable[[Case], float]] = {
        "similarity (fewer edits)": lambda one: -OSA.distance(one.name, one.target),
        "similarity a letter": lambda one: OSA.normalized_similarity(one.name, one.target),
        "long name": lambda one: len(one.name),
        "same first letter": lambda one: one.name[0] == one.target[0],
        "not only a digit apart": lambda one: edit(one) != "digit only",
        "same letters or separators": lambda one: edit(one) in ("separator only", "same letters, other order"),
        "few registered names nearby": lambda one: -sum(OSA.distance(one.name, near) <= 2 for near in register),
        "reads unlike a chosen name": lambda one: -like(one.name),
        "reads worse than its target": lambda one: like(one.target) - like(one.name),
    }
    columns = np.array([[float(feature(one)) for feature in told.values()] for one in cases])
    print(f"{int(squat.sum())} squats, {int((~squat).sum())} genuine names, {len(register)} registered")
    for name, scores in [*zip(told, columns.T, strict=True), ("all together, unseen fold", together(columns, squat))]:
        low, high = interval(scores, squat)
        print(f"{name:30} AUC {area(scores, squat):.2f}  ({low:.2f}–{high:.2f})")
    kinds = Counter((edit(one), one.squat) for one in cases)
    for kind in sorted({kind for kind, _ in kinds}):
        print(f"{kind:30} squats {kinds[kind, True]:3}  genuine {kinds[kind, False]:3}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
