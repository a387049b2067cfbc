"""Where one person may decide alone: what takes two people elsewhere, and how long it can still be thought over."""

from __future__ import annotations

from datetime import datetime

from listener.clock import Week, rfc3339
from listener.records.four_eyes import COOLING, took_two
from listener.report.records import Alone, Cooling
from listener.store import Store
from listener.store.cases import ACTS
from listener.store.events import Event, history, standing
from listener.store.proposals import APPROVED

DECIDED = "SELECT DISTINCT case_id FROM events WHERE kind = 'decision' AND at >= ? AND at < ? ORDER BY case_id"
BY_TWO = "SELECT case_id, closed_at FROM proposals WHERE outcome = ?"


def alone(store: Store, week: Week, until: datetime) -> Alone:
    """The week's decisions that one person took where two would have to, those taken back within it left out.

    `until` is the time that cooling off is told for. Events alone are read: a past week's figures stay.
    """
    approved = {(row["case_id"], row["closed_at"]) for row in store.rows(BY_TWO, (APPROVED,))}
    found = []
    for row in store.rows(DECIDED, (rfc3339(week.start), rfc3339(week.end))):
        acts = standing([event for event in history(store, row["case_id"]) if event.at < week.end], *ACTS)
        found += [
            (event, event is acts[-1])
            for event in acts
            if event.at >= week.start and took_two(event) and (event.case_id, rfc3339(event.at)) not in approved
        ]
    return Alone(
        decisions=len(found),
        hours=int(COOLING.total_seconds() // 3600),
        cooling=tuple(cooling(event) for event, last in found if last and event.at + COOLING > until),
    )


def cooling(event: Event) -> Cooling:
    """A decision that can still be thought over."""
    return Cooling(case=event.case_id, state=event.to_state, decided_at=event.at, until=event.at + COOLING)
