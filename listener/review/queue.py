"""The queue: which cases wait, by filters that are addresses, with counts in the report's own kinds."""

from __future__ import annotations

from collections.abc import Mapping

from flask import g, request, url_for

from listener.models import State, UnitKind, Verdict
from listener.records.queue import strongest
from listener.report import labels
from listener.review.shown import page
from listener.store.queue_page import ALL, OPEN, Asked, count_cases, page_of_cases, tallies

A_PAGE = 50
FIELDS = ("verdict", "unit_kind", "platform", "unit", "owner", "state", "days", "text")
LONGEST = 200
OLDEST = 3_650


def show() -> str:
    """One page of the queue."""
    asked = read_asked(request.args)
    first = max(0, number(request.args.get("from", "")))
    found = count_cases(g.store, asked, g.now)
    cases = page_of_cases(g.store, asked, g.now, first, A_PAGE)
    return page(
        "queue.html",
        cases=[(case, strongest(case), (g.now - case.opened_at).days) for case in cases],
        asked=asked,
        found=found,
        first=first,
        before=address(asked, first - A_PAGE) if first else "",
        after=address(asked, first + A_PAGE) if first + A_PAGE < found else "",
        counts=[(row, name, told) for row, name in labels.ROWS.items() if (told := tallies(g.store, g.now).get(row))],
        verdicts=tuple(Verdict),
        kinds=tuple(UnitKind),
        states=(OPEN, *State, ALL),
        marked=request.args.get("marked", ""),
        row_address=row_address,
        query=request.query_string.decode("ascii", "replace"),
    )


def read_asked(args: Mapping[str, str]) -> Asked:
    """The filters of an address; what is none of theirs is left out."""
    said = {name: args.get(name, "").strip()[:LONGEST] for name in FIELDS if name != "days"}
    state = said.pop("state")
    known = state in (OPEN, ALL, *State)
    return Asked(**said, state=state if known else OPEN, days=number(args.get("days", "")))


def number(text: str) -> int:
    """A whole number of at most OLDEST, or 0."""
    return min(int(text), OLDEST) if text.isascii() and text.isdigit() and len(text) < 6 else 0


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
