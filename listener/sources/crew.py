"""Spiders in processes of their own, so that their reactor never enters ours, and what they tell."""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

import msgspec

from listener.errors import SourceError
from spiders.ledger import ADDRESS
from spiders.plan import UNREACHED, Plan, Reached, Sight, Summary, ThreadPost

GRACE = 30.0  # seconds beyond the plan's own before a spider is stopped from outside
CHUNK = 1_000_000  # bytes read at once
LONGEST_LINE = 20_000_000
# All that a process that parses strangers' pages learns of ours: no secret but the Redis it works with.
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "SSL_CERT_FILE", "SSL_CERT_DIR", ADDRESS)


class Line(msgspec.Struct):
    """One line of a spider's output: a link, a page, a post, how a start fared, or the summary at the end."""

    page_url: str = ""
    link: str = ""
    rel_me: bool = False
    title: str = ""
    sight: Sight | None = None
    post: ThreadPost | None = None
    reached: Reached | None = None
    summary: Summary | None = None


def run_spiders(plans: Sequence[Plan]) -> Iterator[Line]:
    """The spiders' lines as they come, summaries last and added up. Raises SourceError when one breaks.

    One of several on a shared frontier may break: the others take over what it was at work on.

    One too slow is stopped; what it told so far is summed up here. They live no longer than this generator, and no
    longer than this process: their stdin closes with us.
    """
    summaries = []
    with ExitStack() as stack:
        crew = [stack.enter_context(_started(plan)) for plan in plans]
        for line in _heard(crew, max(plan.seconds for plan in plans) + GRACE):
            if line.summary is None:
                yield line
            else:
                summaries.append(line.summary)
        _check(crew, shared=bool(plans[0].shared and summaries))
        if not (plans[0].shared and summaries):
            summaries += [child.as_far_as_told() for child in crew if not child.summed_up]
    yield Line(summary=added_up(summaries))


def _check(crew: Sequence[_Child], shared: bool) -> None:
    """Raise SourceError when a child broke, and nobody took over."""
    for child in crew:
        trouble = child.trouble()
        if trouble and not shared:
            raise SourceError(trouble)


def added_up(summaries: Sequence[Summary]) -> Summary:
    """Several summaries as one."""
    troubles: Counter[str] = Counter()
    for each in summaries:
        troubles.update(each.troubles)
    starts = dict.fromkeys(start for each in summaries for start in each.starts)
    cut = next((each.finished for each in summaries if each.finished != "finished"), "finished")
    return Summary(
        pages=sum(each.pages for each in summaries),
        finished=cut,
        starts=_best({start: [each.starts[start] for each in summaries if start in each.starts] for start in starts}),
        troubles=dict(troubles),
        examples={why: page for each in reversed(summaries) for why, page in each.examples.items()},
        left=sum(each.left for each in summaries),
        retry_after=next((each.retry_after for each in summaries if each.retry_after), ""),
    )


def _best(told: dict[str, list[str]]) -> dict[str, str]:
    """How each start fared: of workers that share them one fetches it, and the others know nothing."""
    known = {start: [why for why in words if why != UNREACHED] for start, words in told.items()}
    return {start: "ok" if "ok" in words else next(iter(words), UNREACHED) for start, words in known.items()}


class _Child:
    """One spider at work: what it has said so far, and whether we stopped it."""

    def __init__(self, plan: Plan, process: subprocess.Popen[bytes], complaints: IO[bytes]) -> None:
        self.process = process
        self.summed_up = False
        self._starts = dict.fromkeys(plan.starts, UNREACHED)
        self._pages: set[str] = set()
        self._complaints = complaints
        self._begun = b""
        self._stopped = False

    def read(self) -> list[Line] | None:
        """The whole lines that have come; None at the end. Half a line, from one that was stopped, is dropped."""
        assert self.process.stdout is not None
        said = os.read(self.process.stdout.fileno(), CHUNK)
        if not said:
            return None
        *lines, self._begun = (self._begun + said).split(b"\n")
        if len(self._begun) > LONGEST_LINE:
            what = "a line without end"
            raise SourceError(f"the spider broke ({0}): {what}")
        told = [msgspec.json.decode(line, type=Line) for line in lines]
        for line in told:
            self._note(line)
        return told

    def _note(self, line: Line) -> None:
        """Remember what was read, should no summary come."""
        if line.summary is not None:
            self.summed_up = True
        elif line.sight is not None:
            self._starts[line.sight.start] = "ok"
            self._pages.add(line.sight.url)
        elif line.page_url or line.post is not None:
            self._pages.add(line.page_url)

    def as_far_as_told(self) -> Summary:
        """The summary of a spider that was stopped: the starts of which nothing was heard were not reached."""
        unheard = [start for start, why in self._starts.items() if why == UNREACHED]
        return Summary(
            pages=len(self._pages),
            finished="stopped",
            starts=self._starts,
            troubles={UNREACHED: len(unheard)} if unheard else {},
            examples={UNREACHED: unheard[0]} if unheard else {},
        )

    def stop(self) -> None:
        self._stopped = True
        self.process.kill()

    def trouble(self) -> str:
        """How it broke; empty when it ended well, or when we stopped it."""
        ended = self.process.wait()
        return f"the spider broke ({ended}): {_last_line(self._complaints)}" if ended and not self._stopped else ""


def _heard(crew: Sequence[_Child], seconds: float) -> Iterator[Line]:
    """What the children say until each has ended, or until time is up."""
    ends = time.monotonic() + seconds
    with selectors.DefaultSelector() as ears:
        for child in crew:
            assert child.process.stdout is not None
            ears.register(child.process.stdout, selectors.EVENT_READ, child)
        while ears.get_map():
            ready = ears.select(max(0.0, ends - time.monotonic()))
            if not ready:
                _stop(crew)
                ends += GRACE
            for key, _events in ready:
                yield from _lines(ears, key)


def _lines(ears: selectors.BaseSelector, key: selectors.SelectorKey) -> list[Line]:
    """What one child has to say; nobody listens any more to one that has ended."""
    lines: list[Line] | None = key.data.read()
    if lines is None:
        ears.unregister(key.fileobj)
    return lines or []


def _stop(crew: Sequence[_Child]) -> None:
    for child in crew:
        child.stop()


@contextmanager
def _started(plan: Plan) -> Iterator[_Child]:
    """A spider that has been given its plan; killed when we are through."""
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            [sys.executable, "-m", "spiders"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env={name: os.environ[name] for name in INHERITED if name in os.environ},
            cwd=Path(__file__).resolve().parents[2],  # where our `spiders` stands, not the one of a stranger's folder
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            with suppress(BrokenPipeError):  # it ended before it read its plan, and will say why
                process.stdin.write(msgspec.json.encode(plan) + b"\n")
                process.stdin.flush()
            yield _Child(plan, process, complaints)
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
            with suppress(BrokenPipeError):
                process.stdin.close()


def _last_line(said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read()[-20_000:].decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:300] if lines else "it said nothing"
