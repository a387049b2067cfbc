"""Lines in, findings out: batches judged here or in several processes, in order and in constant memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from typing import Any, NamedTuple

from listener.errors import ListenerError
from listener.logos.avatars import Avatars
from listener.models import FLAGGED, Account, Finding, Verdict
from listener.organisation import Organisation
from listener.processes import in_batches, in_order
from listener.registry import Registry
from listener.screen.answers import as_ndjson
from listener.screen.bulk import Screener
from listener.screen.candidates import Broken, Candidate, Row, read_candidate
from listener.screen.gate import Gate
from listener.screen.rows import Line, decode, write_blanks

BATCH = 16_000  # rows the gate is asked about at once
Numbered = tuple[int, Row]
Given = tuple[Line | Account, bytes | Candidate]  # what the gate looks at, and what it came from
Writer = Callable[[Finding, Any], bytes]


class StreamError(ListenerError):
    """The stream cannot be judged to its end."""


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
        avatars: Avatars | None = None,
    ) -> None:
        self._screener = Screener(organisation, registry, avatars)
        self._gate = Gate(self._screener.index)
        self._write, self._only_flagged, self._strict = write, only_flagged, strict

    def answer(self, batch: list[Numbered]) -> Answer:
        """Judge a batch of numbered lines."""
        given, broken = self._read(batch)
        passing = self._gate.passing([row for row, _given in given])
        blank = iter(() if self._only_flagged else self._blanks(given, passing))
        written = []
        for (_row, line), passes in zip(given, passing, strict=True):
            if passes:
                written.append(self._judged(line))
            elif not self._only_flagged:
                written.append(next(blank))
        return Answer(b"".join(written), tuple(broken))

    def _read(self, batch: list[Numbered]) -> tuple[list[Given], list[tuple[int, str]]]:
        """What the gate is to look at, with what it came from, and the broken lines."""
        lines = [row for _number, row in batch if isinstance(row, bytes)]
        rows = decode(lines) if lines and len(lines) == len(batch) else None
        if rows is not None:
            return list(zip(rows, lines, strict=True)), []
        given: list[Given] = []
        broken = []
        for number, row in batch:
            try:
                given.append(_given(row))
            except Broken as wrong:
                broken.append((number, str(wrong)))
                if self._strict:
                    break
        return given, broken

    def _judged(self, line: bytes | Candidate) -> bytes:
        account, ref = read_candidate(line) if isinstance(line, bytes) else line
        finding = self._screener.judge(account)
        return self._write(finding, ref) if not self._only_flagged or finding.verdict in FLAGGED else b""

    def _blanks(self, given: list[Given], passing: list[bool]) -> list[bytes]:
        """The findings on candidates that are not about us, written."""
        turned = [one for one, passes in zip(given, passing, strict=True) if not passes]
        rows = [row for row, _line in turned if isinstance(row, Line)]
        if self._write is as_ndjson and len(rows) == len(turned):
            return write_blanks(rows)
        return [self._blank(line) for _row, line in turned]

    def _blank(self, line: bytes | Candidate) -> bytes:
        account, ref = read_candidate(line) if isinstance(line, bytes) else line
        return self._write(Finding(account=account, verdict=Verdict.UNRELATED, score=0.0), ref)


def _given(row: Row) -> Given:
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
