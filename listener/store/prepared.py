"""Reports that were prepared from a case: each text one sealed event of its trail, and the case where it was."""

from __future__ import annotations

from datetime import datetime

from listener.models import State
from listener.store.cases import case_row, latest_run
from listener.store.database import Store
from listener.store.events import Event, add_event, history

PREPARED = "prepared"  # a kind of event; it moves no case


def save_prepared(store: Store, case_id: int, ground: str, text: str, who: str, now: datetime) -> int:
    """Append that the text of a report was made; returns the number of the event. It goes with the case."""
    with store.transaction():
        case = case_row(store, case_id)
        return add_event(
            store, case, PREPARED, State(case["state"]), now,
            who=who, reason=f"ground_{ground}", text=text, run_id=latest_run(store),
        )  # fmt: skip


def prepared(store: Store, case_id: int, event_id: int) -> Event | None:
    """One of a case's texts; None when there is none by that number."""
    found = (event for event in history(store, case_id) if event.id == event_id)
    return next((event for event in found if event.kind == PREPARED), None)
