"""One week's report, gathered from the store's views into one data set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from listener.clock import Week
from listener.models import Entry, Fault, Status, Verdict
from listener.report import changes as trail
from listener.report.caselines import Marks, Ours, order, read_case
from listener.report.changes import IMPOSTORS, Change, Counted, Standing
from listener.report.counts import count_mentions
from listener.report.coverage import KINDS, coverage, run_line
from listener.report.records import After, CaseLine, Profiles, Weekly
from listener.report.weeks import period, week_after
from listener.run import failed
from listener.store import Store
from listener.store.cases import list_cases
from listener.store.faults import load_faults
from listener.store.runs import RunRow, load_runs, load_sources

PROFILE_RULES = frozenset({"P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9", "P10", "platform"})
SNAPSHOT_COLUMN = "last_snapshot_on"
PRESENT = frozenset({Status.APPROVED, Status.PENDING})


class Scope(NamedTuple):
    """Whose report it is: the organisation's name and domains, its register, and the sources that exist."""

    organisation: str
    domains: tuple[str, ...]
    entries: tuple[Entry, ...]
    sources: tuple[str, ...]


def weekly(store: Store, scope: Scope, week: Week, now: datetime) -> Weekly:
    """Everything the report of `week` says. `now` only tells whether the week is over; it is never shown.

    The figures are counted from the trail of state changes up to the week's end, so the report of a past week stays
    as it was, and a restored backup gives the same bytes.
    """
    runs = load_runs(store, week.start, week.end)
    changes = [trail.read_change(row) for row in store.db["weekly_changes"].rows_where(order_by="at, case_id")]
    counted = trail.count(changes, week)
    until = moment(week, now, runs)
    after = first_after(store, week)
    late = opened_in(changes, after) if after else {}
    cases, untold = case_lines(store, counted, late, until, scope)
    return Weekly(
        organisation=scope.organisation,
        week=period(week),
        coverage=coverage(store, runs, scope.sources, scope.entries),
        rows=trail.rows(counted, until),
        lookalikes=trail.row("impostor", counted, until, frozenset({Verdict.LOOKALIKE_SITE})),
        returned=len(counted.returned),
        waiting=counted.waiting,
        profiles=profiles(store, runs, scope.entries),
        mentions=count_mentions(store.db["mention_counts"].rows, period(week)),
        cases=cases,
        untold=untold,
        after=describe(store, after, late) if after else None,
        trend=trail.trend(changes, week),
    )


def moment(week: Week, now: datetime, runs: Sequence[RunRow]) -> datetime:
    """What ages are counted to: the week's end, or its last run while it still goes on."""
    if now >= week.end or not runs:
        return min(now, week.end)
    return runs[-1].finished_at or runs[-1].started_at


def first_after(store: Store, week: Week) -> RunRow | None:
    """The first finished run of the week after, such as the one made on Monday morning before this report."""
    later = load_runs(store, week.end, week_after(week).end)
    return next((run for run in later if run.kind in KINDS and run.finished_at), None)


def opened_in(changes: Sequence[Change], run: RunRow) -> dict[int, Standing]:
    """Cases that this run opened."""
    last = run.finished_at or run.started_at
    opened = [change for change in changes if change.kind == "opened" and run.started_at <= change.at <= last]
    return {
        change.case: Standing(
            change.case, trail.row_of(change.verdict, change.unit_kind), change.verdict, change.state, change.at
        )
        for change in opened
    }


def describe(store: Store, run: RunRow, late: dict[int, Standing]) -> After:
    return After(
        run=run_line(run),
        complete=not any(failed(result) for result in load_sources(store, run.id)),
        new=len(late),
        impostors=sum(standing.verdict in IMPOSTORS for standing in late.values()),
    )


def case_lines(
    store: Store, counted: Counted, late: dict[int, Standing], until: datetime, scope: Scope
) -> tuple[tuple[CaseLine, ...], int]:
    """The open cases, gravest first, and how many of them retention has since erased."""
    known = {case.id: case for case in list_cases(store)}
    ours = Ours.of(scope.domains, scope.entries)
    wanted = {standing.case: standing for standing in counted.open} | late
    lines = [
        read_case(known[number], standing, Marks(number in counted.new, number in late), until, ours)
        for number, standing in wanted.items()
        if number in known
    ]
    return tuple(sorted(lines, key=order)), len(wanted) - len(lines)


def profiles(store: Store, runs: Sequence[RunRow], entries: Sequence[Entry]) -> Profiles | None:
    """Faults of the week's last finished audit; None when there was none."""
    audits = [run for run in runs if run.kind == "audit" and run.finished_at]
    if not audits:
        return None
    faults = load_faults(store, audits[-1].id)
    broken = [fault for fault in faults if fault.rule in PROFILE_RULES]
    present = [entry for entry in entries if entry.status in PRESENT]
    at_fault = len({fault.url for fault in broken})
    return Profiles(
        registered=len(present),
        accounts=at_fault,
        share=at_fault / len(present) if present else None,
        by_rule=by_rule(broken),
        register_faults=len(faults) - len(broken),
        late_snapshots=late_snapshots(faults, present),
        faults=tuple(faults),
    )


def by_rule(faults: Sequence[Fault]) -> tuple[tuple[str, int], ...]:
    """Accounts at fault per rule, most first."""
    urls: dict[str, set[str]] = {}
    for fault in faults:
        urls.setdefault(fault.rule, set()).add(fault.url)
    return tuple(sorted(((rule, len(found)) for rule, found in urls.items()), key=lambda pair: (-pair[1], pair[0])))


def late_snapshots(faults: Sequence[Fault], entries: Sequence[Entry]) -> int | None:
    """Accounts whose last snapshot is older than it may be; None when the register does not say."""
    if not any(entry.columns.get(SNAPSHOT_COLUMN) for entry in entries):
        return None
    return len({fault.url for fault in faults if fault.rule == SNAPSHOT_COLUMN})
