"""The week's figures, counted from the trail of state changes alone, so that they never shift afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from listener.clock import Week, read_time
from listener.models import OPEN_STATES, State, Verdict
from listener.report.records import Row, TrendPoint

# The kinds of the table, in its order: the unit kinds, then verdicts.
UNIT_ROWS = ("local_office", "department", "team")
ROWS = (*UNIT_ROWS, "employee_official", "impostor")
OTHERS = ("lookalike_site", "official_changed", "unclear")
IMPOSTORS = frozenset({Verdict.IMPOSTOR, Verdict.LOOKALIKE_SITE})
UNDECIDED = frozenset({State.NEW, State.TRIAGE, State.REGRESSED})
TREND_WEEKS = 12


class Change(NamedTuple):
    """One state change of one case."""

    case: int
    at: datetime
    kind: str
    state: State
    verdict: Verdict
    unit_kind: str | None


class Standing(NamedTuple):
    """Where one case stood at one moment. `since` is when it last became open (or closed)."""

    case: int
    row: str
    verdict: Verdict
    state: State
    since: datetime

    @property
    def open(self) -> bool:
        return self.state in OPEN_STATES


def read_change(row: Mapping[str, Any]) -> Change:
    """A row of the view weekly_changes."""
    return Change(
        case=row["case_id"],
        at=read_time(row["at"]),
        kind=row["kind"],
        state=State(row["to_state"]),
        verdict=Verdict(row["verdict"]),
        unit_kind=row["unit_kind"],
    )


def row_of(verdict: Verdict, unit_kind: str | None) -> str:
    """The row of the table a case belongs to; a unit of unknown kind gets a row of its own."""
    if verdict is Verdict.UNAPPROVED_UNIT:
        return unit_kind or "unit"
    return verdict.value


def standings(changes: Iterable[Change], moment: datetime) -> dict[int, Standing]:
    """Where every case stood just before `moment`. Changes come oldest first."""
    found: dict[int, Standing] = {}
    for change in changes:
        if change.at >= moment:
            continue
        known = found.get(change.case)
        is_open = change.state in OPEN_STATES
        since = known.since if known and known.open == is_open else change.at
        row = row_of(change.verdict, change.unit_kind)
        found[change.case] = Standing(change.case, row, change.verdict, change.state, since)
    return found


class Counted(NamedTuple):
    """One week's standings and movements; `new`, `closed` and `returned` hold case numbers."""

    now: dict[int, Standing]
    new: frozenset[int]
    closed: frozenset[int]
    returned: frozenset[int]

    @property
    def open(self) -> list[Standing]:
        return [standing for standing in self.now.values() if standing.open]

    @property
    def waiting(self) -> int:
        """Open cases nobody has decided on."""
        return sum(standing.state in UNDECIDED for standing in self.open)


def count(changes: list[Change], week: Week) -> Counted:
    """New: opened within the week. Closed: open at its start or within it, and not at its end."""
    before, now = standings(changes, week.start), standings(changes, week.end)
    within = [change for change in changes if week.start <= change.at < week.end]
    new = {change.case for change in within if change.kind == "opened"}
    was_open = {case for case, standing in before.items() if standing.open}
    was_open |= {change.case for change in within if change.state in OPEN_STATES}
    returned = {change.case for change in within if change.kind == "regressed" and now[change.case].open}
    closed = {case for case in was_open if not now[case].open}
    return Counted(now, frozenset(new), frozenset(closed), frozenset(returned))


def days(since: datetime, until: datetime) -> int:
    """Whole days between two moments, never negative."""
    return max(0, (until - since) // timedelta(days=1))


def row(kind: str, counted: Counted, until: datetime) -> Row:
    """One row of the table."""
    mine = {case: standing for case, standing in counted.now.items() if standing.row == kind}
    ages = [days(standing.since, until) for standing in mine.values() if standing.open]
    return Row(
        kind=kind,
        new=len(counted.new & mine.keys()),
        open=len(ages),
        closed=len(counted.closed & mine.keys()),
        oldest_days=max(ages, default=None),
    )


def rows(counted: Counted, until: datetime) -> tuple[Row, ...]:
    """The five rows of every report."""
    return tuple(row(kind, counted, until) for kind in ROWS)


def others(counted: Counted, until: datetime) -> tuple[Row, ...]:
    """The rows beside them; a unit of unknown kind is only mentioned when there is one."""
    unknown = any(standing.row == "unit" for standing in counted.now.values())
    return tuple(row(kind, counted, until) for kind in (*OTHERS, *(["unit"] if unknown else [])))


def trend(changes: list[Change], week: Week) -> tuple[TrendPoint, ...]:
    """Open cases at the end of each of the last twelve weeks, this one included; none before the first case."""
    if not changes:
        return ()
    points = []
    monday = week.start + timedelta(days=3)  # Thursday, well clear of clock changes
    for back in range(TREND_WEEKS - 1, -1, -1):
        year, number, _day = (monday - timedelta(weeks=back)).isocalendar()
        then = Week(year, number)
        if then.end <= changes[0].at:
            continue
        still = [standing for standing in standings(changes, then.end).values() if standing.open]
        impostors = sum(standing.verdict is Verdict.IMPOSTOR for standing in still)
        points.append(TrendPoint(week=then.name, open=len(still), impostors=impostors))
    return tuple(points)
