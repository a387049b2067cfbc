"""Runs spiders in processes of their own, so that their reactor never enters ours, and reads what they tell."""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

import msgspec

from listener.context import Context
from listener.errors import Blocked, SourceError, Throttled
from listener.throttle import retry_at
from listener.urls import host, is_ip, shown_url
from spiders.plan import Plan, Sight, Summary

GRACE = 30.0  # seconds beyond the plan's own before a spider is stopped from outside
CHUNK = 1_000_000  # bytes read at once
LONGEST_LINE = 20_000_000
LONGEST = 86_400.0  # seconds; no crawl is longer, whatever the settings say
WALLS = frozenset({"blocked", "robots", "private", "reserved"})


class Line(msgspec.Struct):
    """One line of a spider's output: a link, a page as it was seen, or the summary at the end."""

    page_url: str = ""
    link: str = ""
    rel_me: bool = False
    title: str = ""
    sight: Sight | None = None
    summary: Summary | None = None


def site_of(address: str) -> str:
    """An address's domain; to the port when it is a bare address, where every port is another site."""
    name = host(address)
    if not is_ip(name) and name != "localhost":
        return name
    return address.partition("//")[2].partition("/")[0]


def seconds_left(ctx: Context) -> float:
    """The seconds a crawl may take: `max_seconds` of the source, as for everything it fetches."""
    return min(ctx.http.allowance.seconds, LONGEST)


def parted(plan: Plan, jobs: int) -> list[Plan]:
    """The plan as at most `jobs` plans that share no site; sites without a start go with the first."""
    homes = dict.fromkeys(site_of(start) for start in plan.starts)
    jobs = max(1, min(jobs, len(homes)))
    shard = {home: number % jobs for number, home in enumerate(homes)}
    plans = []
    for number in range(jobs):
        starts = tuple(start for start in plan.starts if shard[site_of(start)] == number)
        sites = tuple(site for site in plan.sites if shard.get(site, 0) == number)
        plans.append(msgspec.structs.replace(plan, starts=starts, sites=sites))
    return plans


def run_spiders(plans: Sequence[Plan]) -> Iterator[Line]:
    """The spiders' lines as they come, summaries last and added up. Raises SourceError when one breaks.

    One too slow is stopped, without a word. They live no longer than this generator, and no longer than this process:
    their stdin closes with us.
    """
    summaries = []
    with ExitStack() as stack:
        crew = [stack.enter_context(_started(plan)) for plan in plans]
        for line in _heard(crew, max(plan.seconds for plan in plans) + GRACE):
            if line.summary is None:
                yield line
            else:
                summaries.append(line.summary)
        for child in crew:
            child.check()
    if summaries:
        yield Line(summary=added_up(summaries))


def added_up(summaries: Sequence[Summary]) -> Summary:
    """Several summaries as one."""
    troubles: Counter[str] = Counter()
    for each in summaries:
        troubles.update(each.troubles)
    cut = next((each.finished for each in summaries if each.finished != "finished"), "finished")
    return Summary(
        pages=sum(each.pages for each in summaries),
        finished=cut,
        starts={start: why for each in summaries for start, why in each.starts.items()},
        troubles=dict(troubles),
        examples={why: page for each in reversed(summaries) for why, page in each.examples.items()},
        left=sum(each.left for each in summaries),
        retry_after=next((each.retry_after for each in summaries if each.retry_after), ""),
    )


class _Child:
    """One spider at work: what it has said so far, and whether we stopped it."""

    def __init__(self, process: subprocess.Popen[bytes], complaints: IO[bytes]) -> None:
        self.process = process
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
            raise SourceError("the spider broke (0): a line without end")
        return [msgspec.json.decode(line, type=Line) for line in lines]

    def stop(self) -> None:
        self._stopped = True
        self.process.kill()

    def check(self) -> None:
        """Raise SourceError when it broke."""
        ended = self.process.wait()
        if ended and not self._stopped:
            raise SourceError(f"the spider broke ({ended}): {_last_line(self._complaints)}")


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
            cwd=Path(__file__).resolve().parents[2],  # where our `spiders` stands, not the one of a stranger's folder
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            with suppress(BrokenPipeError):  # it ended before it read its plan, and will say why
                process.stdin.write(msgspec.json.encode(plan) + b"\n")
                process.stdin.flush()
            yield _Child(process, complaints)
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


def nothing_read(ctx: Context, unreached: dict[str, str], retry_after: str) -> SourceError:
    """What to raise when no page could be read."""
    told = (
        "; ".join(f"{shown_url(address)}: {told_as(why)}" for address, why in unreached.items())
        or "no page could be read"
    )
    reasons = set(unreached.values())
    if "throttled" in reasons:
        return Throttled(told, retry_at({"Retry-After": retry_after}, ctx.now))
    return Blocked(told) if reasons and reasons <= WALLS else SourceError(told)


def failures(failed: dict[str, int], examples: dict[str, str]) -> str:
    """How many pages could not be read and why, each with an example."""
    return "; ".join(
        f"{count} pages not read ({told_as(why)}), such as {shown_url(examples.get(why, ''))}"
        for why, count in failed.items()
    )


TOLD: dict[str, str] = {
    "blocked": "refused (401, 403 or 451)",
    "robots": "robots.txt does not allow it",
    "private": "leads to a private address",
    "off_site": "leads to another site: add its domain to [organisation] domains if it is yours",
    "throttled": "told us to come back later",
    "gone": "no such page",
    "dns": "the name is not found",
    "timeout": "no answer in time",
    "connection": "no connection",
    "certificate": "the certificate is not valid",
    "too_large": "larger than the limit",
    "redirects": "redirects without end",
    "server": "the server failed",
    "reserved": "reserved against text and data mining",
}


def told_as(why: str) -> str:
    return TOLD.get(why, why)


def distinct(addresses: Iterable[str], most: int) -> tuple[str, ...]:
    """Each address once, at most `most`."""
    return tuple(dict.fromkeys(addresses))[:most]
