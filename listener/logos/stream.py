"""Paths of pictures in, likenesses out: compared here or in several processes, in the order they came."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from listener.logos import Likeness, LogoError, load_references

if TYPE_CHECKING:
    from listener.logos.references import References

BATCH = 16  # pictures a process is handed at a time
Numbered = tuple[int, bytes]


class Answer(NamedTuple):
    """What one line came to: its number and path, and either a likeness or why there is none."""

    number: int
    image: str
    likeness: Likeness | None
    why: str = ""


def compare_lines(lines: Iterable[Numbered], paths: Iterable[str], jobs: int = 1) -> Iterator[Answer]:
    """One answer for each numbered line, in their order; `paths` are the references.

    With `jobs` > 1 at most two batches a process are under way. Raises LogoError when a reference cannot be read.
    """
    references = load_one_by_one(paths)
    if jobs <= 1:
        yield from (answer(line, references) for line in lines)
        return
    try:
        yield from _side_by_side(lines, references, jobs)
    except BrokenProcessPool as killed:
        raise LogoError("a process that compared pictures was killed: run again with --jobs 1") from killed


def _side_by_side(lines: Iterable[Numbered], references: References, jobs: int) -> Iterator[Answer]:
    waiting: deque[Future[list[Answer]]] = deque()
    context = get_context("fork")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_start, initargs=(references,)) as pool:
        for batch in _batches(lines):
            waiting.append(pool.submit(_answers, batch))
            if len(waiting) > 2 * jobs:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def load_one_by_one(paths: Iterable[str]) -> References:
    """The references, computed without threads: each process is to use one core, and forks safely."""
    try:
        import cv2
    except ImportError as missing:
        from listener.logos.drawing import MISSING

        raise LogoError(MISSING) from missing
    cv2.setNumThreads(0)
    return load_references(paths)


def answer(line: Numbered, references: References) -> Answer:
    """The likeness of the picture whose path the line holds."""
    from listener.logos.opening import open_picture

    number, written = line
    path = os.fsdecode(written.rstrip(b"\r\n"))
    image = written.rstrip(b"\r\n").decode("utf-8", "replace")
    try:
        return Answer(number, image, references.compare(open_picture(Path(path), image)))
    except LogoError as refused:
        return Answer(number, image, None, str(refused))


def _batches(lines: Iterable[Numbered]) -> Iterator[list[Numbered]]:
    lines = iter(lines)
    while batch := list(islice(lines, BATCH)):
        yield batch


_references: list[References] = []  # a worker process's own, set when it starts


def _start(references: References) -> None:
    _references.append(references)


def _answers(batch: list[Numbered]) -> list[Answer]:
    return [answer(line, _references[0]) for line in batch]
