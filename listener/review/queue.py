"""The queue: which cases wait, by filters that are addresses, with counts in the report's own kinds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response

from listener.clock import local
from listener.models import FLAGGED, Case, Signal, State, UnitKind, Verdict
from listener.records.harmless import closing_reason
from listener.records.queue import strongest
from listener.report import labels
from listener.review.choices import bulk_choices
from listener.review.shown import page
from listener.store.proposals import proposed
from listener.store.queue_page import ALL, OPEN, Asked, count_cases, latest_events, offered, page_of_cases, tallies

A_PAGE = 50
LONGEST_NAME = 120  # letters; marks that take no room in a line would else fill a page
FIELDS = ("verdict", "unit_kind", "platform", "unit", "owner", "state", "days", "text")
LONGEST = 200
OLDEST = 3_650  # days
FURTHEST = 1_000_000  # rows that a list is paged through


def show() -> str | Response:
    """One page of the queue; `#12` is case 12 itself, in whatever state."""
    asked = read_asked(request.args)
    named = case_named(asked.text)
    if named and asked.text.startswith("#"):
        return redirect(url_for("case", case_id=named))
    first = offset(request.args.get("from", ""))
    found = count_cases(g.store, asked, g.now)
    cases = page_of_cases(g.store, asked, g.now, first, A_PAGE)
    ids = [case.id for case in cases]
    latest, waiting, told = latest_events(g.store, ids), proposed(g.store, ids), tallies(g.store, g.now)
    return page(
        "queue.html",
        cases=[row_of(case, latest.get(case.id, 0)) for case in cases],
        waiting=waiting,
        asked=asked,
        named=named,
        found=found,
        first=first,
        before=address(asked, first - A_PAGE) if first else "",
        after=address(asked, first + A_PAGE) if first + A_PAGE < found else "",
        counts=[(row, name, told[row]) for row, name in labels.ROWS.items() if told.get(row)],
        verdicts=tuple(each for each in Verdict if each in FLAGGED or each == asked.verdict),
        kinds=tuple(UnitKind),
        states=(OPEN, *State, ALL),
        offered=offered(g.store),
        choices=bulk_choices(g.login.role),
        row_address=row_address,
        query=request.query_string.decode("ascii", "replace"),
    )


def case_named(text: str) -> int:
    """The case that a text means by its number, with or without its mark; 0 when it means none that there is."""
    digits = text.removeprefix("#").strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        return 0
    return int(digits) if g.store.row("SELECT 1 FROM cases WHERE id = ?", (int(digits),)) else 0


class Row(NamedTuple):
    """A case of the queue, its names cut to what a list has room for."""

    case: Case
    name: str
    handle: str
    why: Signal | None
    days: int
    latest: int
    harmless: bool


def row_of(case: Case, latest: int) -> Row:
    """A case as the queue shows it."""
    account = case.account
    name = account.display_name or account.handle or account.url or str(case.id)
    return Row(
        case=case,
        name=name[:LONGEST_NAME],
        handle=(account.handle or "")[:LONGEST_NAME],
        why=strongest(case),
        days=(g.now - case.opened_at).days,
        latest=latest,
        harmless=closing_reason(case) != "",
    )


def a_year_on() -> str:
    """The day in twelve months, as a date field takes it: so long a dismissal stands unless another day is given."""
    today = local(g.now).date()
    return today.replace(year=today.year + 1, day=28 if (today.month, today.day) == (2, 29) else today.day).isoformat()


def read_asked(args: Mapping[str, str]) -> Asked:
    """The filters of an address; what is none of theirs is left out."""
    said = {name: args.get(name, "").strip()[:LONGEST] for name in FIELDS if name != "days"}
    state = said.pop("state")
    known = state in (OPEN, ALL, *State)
    return Asked(**said, state=state if known else OPEN, days=number(args.get("days", "")))


def number(text: str, most: int = OLDEST) -> int:
    """A whole number of at most `most`, or 0."""
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def offset(text: str) -> int:
    """How many rows of a list lie before the page that is asked for."""
    return number(text, FURTHEST)


def address(asked: Asked, first: int = 0) -> str:
    """The queue with these filters, from that case on."""
    told = {name: getattr(asked, name) for name in FIELDS if getattr(asked, name) not in ("", 0)}
    told |= {"from": max(0, first)} if first > 0 else {}
    if told.get("state") == OPEN:
        del told["state"]
    return url_for("queue", **told)


def row_address(row: str) -> str:
    """The queue of one row of the report's table."""
    if row in list(UnitKind):
        return url_for("queue", verdict="unapproved_unit", unit_kind=row)
    return url_for("queue", verdict="unapproved_unit" if row == "unit" else row)
