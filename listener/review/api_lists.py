"""What else another system may read under /api/v1: proposals, the allow-list, the register, and filed reports."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
from flask import Response, abort, g
from msgspec import Meta

from listener.models import Record, State, Status
from listener.report.filing import filed_weeks
from listener.review.api import Operation, answered, asked, further
from listener.review.api_shapes import MOST, First, Most, Short
from listener.review.registry import Row, told
from listener.review.reports import BIGGEST
from listener.review.roles import Right
from listener.store.allowed import allowed, count_allowed
from listener.store.proposals import open_proposals
from listener.store.runs import load_reports

WEEK = r"^2[0-9]{3}-W[0-5][0-9]$"


class Proposed(Record):
    """A decision that waits for a second person; with `undoes` it takes that event back."""

    case: int
    at: datetime
    who: str
    to: State
    reason: str
    until: datetime | None
    undoes: int | None


class Proposals(Record):
    """What waits, oldest first, at most 200."""

    proposals: tuple[Proposed, ...]


class Part(Record, forbid_unknown_fields=True):
    """Which part of a list."""

    first: First = 0
    limit: Most = 100


class AllowedRow(Record):
    """A dismissed case, until when, and by whose decision."""

    case: int
    until: datetime
    who: str
    reason: str
    decided_at: datetime


class AllowList(Record):
    """Part of the allow-list, what runs out next first."""

    found: int
    allowed: tuple[AllowedRow, ...]
    next: str | None


class RegistryAsked(Part):
    """Which rows: all, or those of one platform."""

    platform: Short = ""


class RegistryRow(Record):
    """A row of the register; `faults` are the rules that it or its profile breaks, `late`: nobody looked in time."""

    platform: str
    url: str
    unit: str
    status: Status
    handle: str | None
    owner_email: str
    faults: tuple[str, ...]
    late: bool

    @classmethod
    def of(cls, row: Row) -> RegistryRow:
        """A row as the page shows it."""
        entry = row.entry
        return cls(
            platform=entry.platform,
            url=entry.url,
            unit=entry.unit,
            status=entry.status,
            handle=entry.handle,
            owner_email=entry.owner_email,
            faults=tuple(dict.fromkeys(fault.rule for fault in (*row.row, *row.profile))),
            late=row.late,
        )


class Register(Record):
    """Part of the register, in the order of its file."""

    found: int
    rows: tuple[RegistryRow, ...]
    next: str | None


class Week(Record):
    """A week that has a report; `complete` is null when no run of it is known here."""

    week: str
    complete: bool | None


class Weeks(Record):
    """The weeks that have a report, the latest first."""

    reports: tuple[Week, ...]


class ReportAsked(Record, forbid_unknown_fields=True):
    """Which report."""

    week: Annotated[str, Meta(pattern=WEEK, description="An ISO week, such as 2026-W47.")]


class Report(Record):
    """The report of a week as it was filed: see docs/reference/formats.md."""

    week: str
    report: dict[str, Any]


def proposals() -> Response:
    rows = (
        Proposed(
            case=each.case_id, at=each.at, who=each.who, to=each.to, reason=each.reason, until=each.until,
            undoes=each.undoes,
        )
        for each in open_proposals(g.store, MOST)
    )  # fmt: skip
    return answered(Proposals(proposals=tuple(rows)))


def allow_list() -> Response:
    part = asked(Part)
    found, some = count_allowed(g.store), allowed(g.store, part.first, part.limit)
    rows = tuple(
        AllowedRow(case=each.case.id, until=each.until, who=each.who, reason=each.reason, decided_at=each.at)
        for each in some
    )
    return answered(AllowList(found=found, allowed=rows, next=following(part, found)))


def registry() -> Response:
    part = asked(RegistryAsked)
    rows = [row for row in told() if part.platform in ("", row.entry.platform)]
    some = rows[part.first : part.first + part.limit]
    fitting = tuple(map(RegistryRow.of, some))
    return answered(Register(found=len(rows), rows=fitting, next=following(part, len(rows))))


def following(part: Part, found: int) -> str | None:
    """The address of the next part."""
    after = part.first + part.limit
    return further(first=after) if after < found else None


def reports() -> Response:
    complete = load_reports(g.store)
    weeks = [week.name for week in reversed(filed_weeks(g.config.reports))]
    return answered(Weeks(reports=tuple(Week(week=week, complete=complete.get(week)) for week in weeks)))


def report() -> Response:
    week = asked(ReportAsked).week
    path: Path = g.config.reports / f"{week}.json"
    if path.is_symlink() or not path.is_file() or path.stat().st_size > BIGGEST:
        abort(404, "there is no report of that week")
    try:
        content = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    except msgspec.DecodeError:
        abort(404, "the report of that week cannot be read")
    return answered(Report(week=week, report=content))


LISTS = (
    Operation("GET", "/proposals", "api_proposals", proposals, Right.READ, "What waits for a second person", Proposals),
    Operation("GET", "/allowed", "api_allowed", allow_list, Right.READ, "The allow-list", AllowList, Part),
    Operation("GET", "/registry", "api_registry", registry, Right.READ, "The register, and what is wrong in it",
              Register, RegistryAsked),
    Operation("GET", "/reports", "api_reports", reports, Right.READ, "The weeks that have a report", Weeks),
    Operation("GET", "/report", "api_report", report, Right.READ, "One week's report", Report, ReportAsked),
)  # fmt: skip
