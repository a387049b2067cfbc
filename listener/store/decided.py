"""Every case with what people decided about it: the organisation's own history, for those who learn from it."""

from __future__ import annotations

from collections import defaultdict

from listener.models import Case, Record
from listener.store.cases import ACTS, SELECT, automatic, read_case
from listener.store.database import Store
from listener.store.events import Event, read_event, standing


class Decided(Record):
    """One case, and the decisions of people about it that nobody took back, oldest first; none when it is undecided."""

    case: Case
    decisions: tuple[Event, ...]


def decided_cases(store: Store) -> list[Decided]:
    """Every case that retention has not erased, by number. The finding of a closed case is the one decided on."""
    sql = """SELECT e.*, t.text FROM events e LEFT JOIN event_texts t ON t.event_id = e.id ORDER BY e.id"""
    trails: dict[int, list[Event]] = defaultdict(list)
    for row in store.rows(sql):
        trails[row["case_id"]].append(read_event(row))
    return [
        Decided(case=case, decisions=by_people(trails[case.id]))
        for case in map(read_case, store.rows(f"{SELECT} ORDER BY c.id"))
    ]


def by_people(trail: list[Event]) -> tuple[Event, ...]:
    """The standing decisions of people in one case's trail."""
    acts = [event for event in standing(trail, *ACTS) if event.kind != "assign"]
    return tuple(event for event in acts if not automatic(event))
