"""Lines in, findings out: batches judged here or in several processes, in order and in constant memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from typing import Any, NamedTuple

import numpy as np

from listener.errors import ListenerError
from listener.logos.avatars import Avatars
from listener.models import FLAGGED, Account, Finding, Verdict
from listener.organisation import Organisation
from listener.processes import in_batches, in_order
from listener.registry import Registry
from listener.screen.answers import as_ndjson
from listener.screen.bulk import Screener, uninterrupted
from listener.screen.candidates import Broken, Candidate, Row, read_candidate
from listener.screen.gate import Gate
from listener.screen.rows import Line, decode, write_blanks

BATCH = 16_000
Numbered = tuple[int, Row]
Writer = Callable[[Finding, Any], bytes]


class StreamError(ListenerError):
    """The stream cannot be judged to its end."""


class Answer(NamedTuple):
    """What a batch came to: the lines written, and number and reason of each broken line."""

    written: bytes
    broken: tuple[tuple[int, str], ...]


class Given(NamedTuple):
    """What the gate looks at, and what each of it came from; `lines` again when all of it was decoded at once."""

    rows: Sequence[Line | Account]
    origins: Sequence[bytes | Candidate]
    lines: Sequence[Line] | None = None


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
        avatars: Avatars | None = None,
    ) -> None:
        self._screener = Screener(organisation, registry, avatars)
        self._gate = Gate(self._screener.index)
        self._write, self._only_flagged, self._strict = write, only_flagged, strict

    def answer(self, batch: list[Numbered]) -> Answer:
        """Judge a batch of numbered lines."""
        with uninterrupted():
            return self._answer(batch)

    def _answer(self, batch: list[Numbered]) -> Answer:
        given, broken = self._read(batch)
        through = np.flatnonzero(self._gate.passing(given.rows)).tolist()
        if self._only_flagged:
            written = [self._judged(given.origins[number]) for number in through]
        elif self._write is as_ndjson and given.lines is not None:
            written = list(self._spliced(given.lines, given.origins, through))
        else:
            judged = set(through)
            written = [
                self._judged(origin) if number in judged else self._blank(origin)
                for number, origin in enumerate(given.origins)
            ]
        return Answer(b"".join(written), tuple(broken))

    def _read(self, batch: list[Numbered]) -> tuple[Given, list[tuple[int, str]]]:
        """What the gate is to look at, with what it came from, and the broken lines."""
        lines = [row for _number, row in batch if isinstance(row, bytes)]
        decoded = decode(lines) if lines and len(lines) == len(batch) else None
        if decoded is not None:
            return Given(decoded, lines, decoded), []
        odd: list[tuple[Line | Account, bytes | Candidate]] = []
        broken = []
        for number, row in batch:
            try:
                odd.append(_given(row))
            except Broken as wrong:
                broken.append((number, str(wrong)))
                if self._strict:
                    break
        return Given([row for row, _origin in odd], [origin for _row, origin in odd]), broken

    def _spliced(self, lines: Sequence[Line], origins: Sequence[bytes | Candidate], through: Iterable[int]
                 ) -> Iterator[bytes]:  # fmt: skip
        """The findings in order: those on candidates that are not about us, written at once, and the judged ones."""
        blanks, ends = write_blanks(lines)
        done = 0
        for number in through:
            yield blanks[done : ends[number - 1] if number else 0]
            yield self._judged(origins[number])
            done = ends[number]
        yield blanks[done:]

    def _judged(self, origin: bytes | Candidate) -> bytes:
        account, ref = read_candidate(origin) if isinstance(origin, bytes) else origin
        finding = self._screener.judge(account)
        return self._write(finding, ref) if not self._only_flagged or finding.verdict in FLAGGED else b""

    def _blank(self, origin: bytes | Candidate) -> bytes:
        account, ref = read_candidate(origin) if isinstance(origin, bytes) else origin
        return self._write(Finding(account=account, verdict=Verdict.UNRELATED, score=0.0), ref)


def _given(row: Row) -> tuple[Line | Account, bytes | Candidate]:
    """A row on its own, decoded as the gate wants it when that can be; raises Broken."""
    rows = decode([row]) if isinstance(row, bytes) else None
    if rows is not None and isinstance(row, bytes):
        return rows[0], row
    candidate = read_candidate(row)
    return candidate.account, candidate


def answers(rows: Iterable[Numbered], screening: Filter, jobs: int = 1) -> Iterator[Answer]:
    """Answers in the order of the rows; with `jobs` > 1 at most two batches a process are under way."""
    if jobs <= 1:
        yield from map(screening.answer, in_batches(rows, BATCH))
        return
    try:
        yield from in_order(Filter.answer, screening, in_batches(rows, BATCH), jobs)
    except BrokenProcessPool as killed:
        raise StreamError("a screening process was killed: run again with fewer --jobs") from killed
