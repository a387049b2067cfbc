"""Lines in, findings out: batches judged here or in several processes, in order and in constant memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from typing import Any, NamedTuple

from listener.models import FLAGGED, Finding
from listener.organisation import Organisation
from listener.registry import Registry
from listener.screen.bulk import Screener
from listener.screen.candidates import Broken, Row, read_candidate

BATCH = 500
Numbered = tuple[int, Row]
Writer = Callable[[Finding, Any], bytes]


class Answer(NamedTuple):
    """What a batch came to: the lines written, and number and reason of each broken line."""

    written: bytes
    broken: tuple[tuple[int, str], ...]


class Filter:
    """Everything a batch needs: who we are, what is wanted, how it is written."""

    def __init__(
        self,
        organisation: Organisation,
        registry: Registry,
        write: Writer,
        *,
        only_flagged: bool = False,
        strict: bool = False,
    ) -> None:
        self._screener = Screener(organisation, registry)
        self._write, self._only_flagged, self._strict = write, only_flagged, strict

    def answer(self, batch: list[Numbered]) -> Answer:
        """Judge a batch of numbered lines."""
        written, broken = [], []
        for number, row in batch:
            try:
                account, ref = read_candidate(row)
            except Broken as wrong:
                broken.append((number, str(wrong)))
                if self._strict:
                    break
                continue
            finding = self._screener.judge(account)
            if not self._only_flagged or finding.verdict in FLAGGED:
                written.append(self._write(finding, ref))
        return Answer(b"".join(written), tuple(broken))


def batches(rows: Iterable[Numbered], size: int = BATCH) -> Iterator[list[Numbered]]:
    """The rows in lists of `size`."""
    rows = iter(rows)
    while batch := list(islice(rows, size)):
        yield batch


def answers(rows: Iterable[Numbered], screening: Filter, jobs: int = 1) -> Iterator[Answer]:
    """Answers in the order of the rows; with `jobs` > 1 at most two batches a process are under way."""
    if jobs <= 1:
        yield from map(screening.answer, batches(rows))
        return
    waiting: deque[Future[Answer]] = deque()
    with ProcessPoolExecutor(jobs, mp_context=get_context("fork"), initializer=_start, initargs=(screening,)) as pool:
        for batch in batches(rows):
            waiting.append(pool.submit(_answer, batch))
            if len(waiting) > 2 * jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


_screening: list[Filter] = []  # a worker process's one filter, set when the process starts


def _start(screening: Filter) -> None:
    _screening.append(screening)


def _answer(batch: list[Numbered]) -> Answer:
    return _screening[0].answer(batch)
