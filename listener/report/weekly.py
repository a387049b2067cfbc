"""One week's report, gathered from the store's views into one data set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from listener.clock import Week
from listener.models import Entry, Fault, Status, Verdict
from listener.report import changes as trail
from listener.report.alone import alone
from listener.report.caselines import Marks, Ours, order, read_case
from listener.report.changes import Change, Counted, Standing
from listener.report.counts import count_mentions, ranked
from listener.report.coverage import KINDS, coverage, run_line
from listener.report.defang import defang_text, plain
from listener.report.ending import ending
from listener.report.owed import Promises, owed
from listener.report.records import After, CaseLine, Profiles, Reach, StormLine, Weekly
from listener.report.weeks import period, week_after
from listener.run import failed
from listener.store import Store
from listener.store.cases import list_cases
from listener.store.faults import load_faults
from listener.store.runs import RunRow, load_runs, load_sources
from listener.store.snapshots import counted_until
from listener.store.storms import load_storms

PROFILE_RULES = frozenset({"P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9", "P10", "platform"})
RENAMED = "renamed"  # the rule of accounts of ours that took another handle
SNAPSHOT = "last_snapshot_on"  # the rule of registry_check
PRESENT = frozenset({Status.APPROVED, Status.PENDING})


class Scope(NamedTuple):
    """Whose report it is: the organisation's name and domains, and its register.

    `sources` are those that can find accounts, `queries` maps the text of each saved query to its name, and
    `enabled` names the sources that are on in listener.toml. Without `four_eyes` one person may decide alone.
    `assessment` is that of `Weekly`.
    """

    organisation: str
    domains: tuple[str, ...]
    entries: tuple[Entry, ...]
    sources: Mapping[str, Reach]
    queries: Mapping[str, str]
    enabled: tuple[str, ...] = ()
    promises: Promises | None = None
    four_eyes: bool = True
    assessment: str | None = None


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
        coverage=coverage(store, runs, scope.sources, scope.entries, scope.enabled),
        rows=trail.rows(counted, until),
        others=trail.others(counted, until),
        returned=len(counted.returned),
        waiting=counted.waiting,
        profiles=profiles(store, runs, scope),
        mentions=count_mentions(store.db["mention_counts"].rows, period(week), scope.queries),
        cases=cases,
        untold=untold,
        after=describe(store, after, late) if after else None,
        trend=trail.trend(changes, week),
        storms=storm_lines(store, week, scope.queries),
        owed=owed(store, scope.promises, scope.entries, until) if scope.promises else None,
        assessment=scope.assessment,
        alone=None if scope.four_eyes else alone(store, week, until),
        ending=ending(store, until),
    )


def storm_lines(store: Store, week: Week, names: Mapping[str, str]) -> tuple[StormLine, ...]:
    """The unusual patterns that began in the week, oldest first, each under the name of its query."""
    return tuple(
        StormLine(
            query=names.get(storm.query, storm.query),
            started_at=storm.started_at,
            ended_at=storm.ended_at,
            count=storm.count,
            expected=storm.expected,
            peak=storm.peak,
            writers=storm.writers,
            new_writers=storm.new_writers,
            threats=storm.threats,
            reasons=storm.reasons,
        )
        for storm in load_storms(store, week.start, week.end)
        if storm.started_at >= week.start
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
        impostors=sum(standing.verdict is Verdict.IMPOSTOR for standing in late.values()),
    )


def case_lines(
    store: Store, counted: Counted, late: dict[int, Standing], until: datetime, scope: Scope
) -> tuple[tuple[CaseLine, ...], int]:
    """The open cases, gravest first, and how many of them retention has since erased."""
    known = {case.id: case for case in list_cases(store)}
    ours = Ours.of(scope.organisation, scope.domains, scope.entries)
    wanted = {standing.case: standing for standing in counted.open} | late
    kept = counted_until(store, until)
    lines = []
    for number, standing in wanted.items():
        if number in known:
            marks = Marks(number in counted.new, number in late, *kept.get(number, (0, None)))
            lines.append(read_case(known[number], standing, marks, until, ours))
    return tuple(sorted(lines, key=order)), len(wanted) - len(lines)


def profiles(store: Store, runs: Sequence[RunRow], scope: Scope) -> Profiles | None:
    """Profile faults as each platform was last seen, the register's of the last finished audit; None without one."""
    audits = [run for run in runs if run.kind == "audit" and run.finished_at]
    if not audits:
        return None
    seen = last_seen(store, audits, scope.sources)
    platform = {entry.url: entry.platform for entry in scope.entries}
    told = {run.id: load_faults(store, run.id) for run in audits}
    last = audits[-1].id
    broken = [
        fault
        for run_id, faults in told.items()
        for fault in faults
        if fault.rule in PROFILE_RULES and run_id == seen.get(platform.get(fault.url, ""), last)
    ]
    health = [fault for fault in told[last] if fault.rule not in PROFILE_RULES]
    present = [entry for entry in scope.entries if entry.status in PRESENT]
    watched = {entry.url for entry in present if entry.platform in seen}
    at_fault = len({fault.url for fault in broken} & watched)
    return Profiles(
        registered=len(present),
        watched=len(watched),
        accounts=at_fault,
        share=at_fault / len(watched) if watched else None,
        by_rule=by_rule((fault.rule, fault.url) for fault in broken),
        register=by_rule((fault.rule, f"{fault.url} {fault.detail}") for fault in health),
        late_snapshots=late_snapshots(health),
        faults=tuple(map(shown, [*broken, *(fault for fault in health if fault.rule == RENAMED)])),
    )


def last_seen(store: Store, audits: Sequence[RunRow], known: Mapping[str, Reach]) -> dict[str, int]:
    """The platforms whose source answered in these audits (oldest first), and the last one in which it did."""
    return {
        known[result.source].platform if result.source in known else result.source: run.id
        for run in audits
        for result in load_sources(store, run.id)
        if not failed(result)
    }


def by_rule(broken: Iterable[tuple[str, str]]) -> tuple[tuple[str, int], ...]:
    """How many different things break each rule, most first."""
    return ranked(Counter(rule for rule, _thing in set(broken)))


def shown(fault: Fault) -> Fault:
    """The fault with what the account says made safe: a taken-over account of ours may say anything."""
    return msgspec.structs.replace(fault, detail=defang_text(fault.detail), hint=plain(fault.hint))


def late_snapshots(health: Sequence[Fault]) -> int | None:
    """Accounts without a recent snapshot; None when the register has no column for it (a fault without address)."""
    late = [fault.url for fault in health if fault.rule == SNAPSHOT]
    return len(set(late)) if all(late) else None
