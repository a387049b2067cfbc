"""What was looked at in a week, and what was not and why: silence about a platform must never pass for "all clear"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from listener.models import Completeness, Entry, Issue, SourceResult, Status
from listener.report.defang import plain
from listener.report.records import Coverage, Reach, RunLine, SourceLine, Unsearched
from listener.run import failed
from listener.saved import WORST_FIRST
from listener.store import Store
from listener.store.lines import GAP
from listener.store.runs import RunRow, load_sources

STREAM = "stream"  # goes on for a day at a time: while it runs, nothing has broken off
KINDS = frozenset({"audit", "discover", "listen", STREAM})
NEVER_REACHED = "never_reached"
UNBUILT, OFF, GATED, NOT_RUN = "unbuilt", "off", "gated", "not_run"

# platforms that have no source -> key of why; the sentences stand in labels.py. Checked 21 November 2026.
CLOSED: dict[str, str] = {"snapchat": "no_search"}


def coverage(
    store: Store,
    runs: Sequence[RunRow],
    known: Mapping[str, Reach],
    entries: Sequence[Entry],
    enabled: Iterable[str] = (),
) -> Coverage:
    """How every source fared in these runs (one week's, oldest first).

    `known` are the sources that exist, `enabled` names those that are on: one that no run asked leaves the week
    incomplete.
    """
    work = [run for run in runs if run.kind in KINDS]
    results = latest(store, work)
    sources = tuple(read_source(result) for _name, result in sorted(results.items()))
    good = sum(not source.failed for source in sources)
    idle = tuple(sorted(set(enabled) - results.keys()))
    jobs = [run for run in work if run.kind != STREAM]
    broken_off = bool(jobs) and jobs[-1].finished_at is None
    return Coverage(
        complete=bool(sources) and good == len(sources) and not idle and not broken_off,
        searched=good,
        planned=len(sources) + len(idle),
        broken_off=broken_off,
        sources=sources,
        unsearched=unsearched(results.keys(), known, entries, idle, answering(results.values())),
        run=run_line((jobs or work)[-1]) if work else None,
        runs=len(work),
        not_run=idle,
    )


def latest(store: Store, runs: Sequence[RunRow]) -> dict[str, SourceResult]:
    """The last word on each source: a rerun that went well mends an earlier failure, but no time that was missed."""
    found: dict[str, SourceResult] = {}
    for run in runs:
        results = {result.source: with_gaps(result, found.get(result.source)) for result in load_sources(store, run.id)}
        for name in run.planned:
            found[name] = results.get(name) or missing(name)
        found |= results
    return found


def with_gaps(result: SourceResult, before: SourceResult | None) -> SourceResult:
    """The result with the times that were missed before it and never searched for."""
    gaps = [issue for issue in (before.issues if before else ()) if issue.kind == GAP and issue not in result.issues]
    if not gaps:
        return result
    how = min(result.completeness, Completeness.TRUNCATED, key=WORST_FIRST.index)
    return msgspec.structs.replace(result, completeness=how, issues=(*result.issues, *gaps))


def missing(source: str) -> SourceResult:
    """A source that was planned and never reached: the run broke off before it."""
    issue = Issue(source=source, kind=NEVER_REACHED, detail="")
    return SourceResult(source=source, completeness=Completeness.UNAVAILABLE, issues=(issue,))


def answering(results: Iterable[SourceResult]) -> list[str]:
    """The sources that showed anything, if not all."""
    return [result.source for result in results if result.completeness is not Completeness.UNAVAILABLE]


def read_source(result: SourceResult) -> SourceLine:
    return SourceLine(
        name=result.source,
        completeness=result.completeness.value,
        failed=failed(result),
        accounts=result.accounts,
        posts=result.posts,
        reasons=tuple((issue.kind, plain(issue.detail)) for issue in result.issues),
    )


def run_line(run: RunRow) -> RunLine:
    return RunLine(
        id=run.id, kind=run.kind, started_at=run.started_at, finished_at=run.finished_at, version=run.version
    )


def unsearched(
    searched: Iterable[str],
    known: Mapping[str, Reach],
    entries: Sequence[Entry],
    idle: Iterable[str],
    answered: Iterable[str] = (),
) -> tuple[Unsearched, ...]:
    """Platforms nobody looked at: sources that are off, gated or `idle`, closed ones, and any we have accounts on.

    A source that was not asked goes by its own name where others looked at its platform. `searched` are the results
    there are; those in `answered` may have shown a part of other platforms.
    """
    results, answers = set(searched), set(answered)
    asked = {name for name, reach in known.items() if reach.result(name) in results}
    looked = results | {known[name].platform for name in asked}
    ours = Counter(entry.platform for entry in entries if entry.status is Status.APPROVED)
    gaps = dict.fromkeys(ours, (UNBUILT, "")) | {name: (why, "") for name, why in CLOSED.items()}
    rest = {name: reach for name, reach in known.items() if name not in asked}
    places = {name: name if reach.platform in looked else reach.platform for name, reach in rest.items()}
    gaps |= {places[name]: (OFF, "") for name in rest}
    gaps |= {places[name]: (GATED, reach.closed) for name, reach in rest.items() if reach.closed}
    on = {name for name, reach in rest.items() if reach.on} | set(idle)
    gaps |= {places.get(name, name): (NOT_RUN, "") for name in on}
    return tuple(
        Unsearched(
            platform=platform, reason=reason, why=why, registered=ours[platform],
            through=tuple(name for name in sorted(known) if name in answers and platform in known[name].others),
        )
        for platform, (reason, why) in sorted(gaps.items())
        if platform not in looked
    )  # fmt: skip
