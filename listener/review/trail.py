"""Who decided what and when, over all cases; whether the trail is whole; who searched for what and read whose text."""

from __future__ import annotations

from typing import NamedTuple

from flask import g, request, url_for

from listener.cli.case_text import KINDS, reason_label
from listener.language import _
from listener.report import labels
from listener.review.mention import LOOKED
from listener.review.mention_filters import moment, number
from listener.review.shown import page
from listener.store.events import MACHINE, verify_chain
from listener.store.mention_looks import looks
from listener.store.queue_page import load_cases
from listener.store.trail_page import count_events, latest_events, latest_searches

A_PAGE = 100
LONGEST = 200


class Checked(NamedTuple):
    """What came of checking the chain: how many events there are, and the first that does not hold (None: all do)."""

    events: int
    broken: int | None


def show() -> str | tuple[str, int]:
    """One page of events, the latest first."""
    return render(None)


def check() -> str | tuple[str, int]:
    """Read the whole chain, and say whether every event is as it was written."""
    return render(Checked(count_events(g.store), verify_chain(g.store)))


def render(checked: Checked | None) -> str | tuple[str, int]:
    wrong: list[str] = []
    asked = {name: request.args.get(name, "").strip()[:LONGEST] for name in ("who", "since", "until")}
    since, until = moment(asked["since"], wrong), moment(asked["until"], wrong, end=True)
    below = number(request.args.get("below", ""))
    events = [] if wrong else latest_events(g.store, asked["who"], since, until, below, A_PAGE)
    if since and until and since >= until:
        wrong.append(_("The time ends before it begins."))
        events = []
    told = {name: value for name, value in asked.items() if value}
    cases = load_cases(g.store, {event.case_id for event in events})
    accounts = {case.id: case.account.display_name or case.account.handle or "" for case in cases}
    shown = page(
        "trail.html",
        asked=asked,
        wrong=wrong,
        events=events,
        checked=checked,
        accounts=accounts,
        after=url_for("trail", **told, below=events[-1].id) if len(events) == A_PAGE else "",  # type: ignore[arg-type]
        newest=url_for("trail", **told) if below else "",  # type: ignore[arg-type]
        machine=MACHINE,
        kind=lambda name: labels.label(KINDS, name, g.words.say),
        reason_label=reason_label,
    )
    return (shown, 422) if wrong else shown


def readings() -> str:
    """Who searched for what and why, and who had whose text shown and why."""
    who = request.args.get("who", "").strip()[:LONGEST]
    below, older = number(request.args.get("below", "")), number(request.args.get("older", ""))
    searches, seen = latest_searches(g.store, who, below, A_PAGE), looks(g.store, who, older, A_PAGE)
    return page(
        "readings.html",
        who=who,
        searches=searches,
        looks=seen,
        more_searches=following(who, below=searches[-1].id, older=older) if len(searches) == A_PAGE else "",
        more_looks=following(who, below=below, older=seen[-1].id) if len(seen) == A_PAGE else "",
        why=lambda reason: _(LOOKED[reason]) if reason in LOOKED else reason,
    )


def following(who: str, **numbers: int | None) -> str:
    return url_for("readings", who=who or None, below=numbers["below"], older=numbers["older"])
