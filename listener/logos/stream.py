"""Paths of pictures in, likenesses out: compared here or in several processes, in the order they came."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from listener.logos import Likeness, LogoError, load_references
from listener.processes import in_batches, in_order

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
        yield from chain.from_iterable(in_order(_answers, references, in_batches(lines, BATCH), jobs))
    except BrokenProcessPool as killed:
        raise LogoError("a process that compared pictures was killed: run again with --jobs 1") from killed


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


def _answers(references: References, batch: list[Numbered]) -> list[Answer]:
    return [answer(line, references) for line in batch]
