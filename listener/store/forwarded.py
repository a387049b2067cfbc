"""That a case was handed on to a unit: one event in its trail, and the case where it was."""

from __future__ import annotations

from datetime import datetime

from listener.language import _
from listener.models import State
from listener.store.cases import case_row, latest_run
from listener.store.database import Store, StoreError
from listener.store.events import add_event

FORWARDED = "forwarded"  # a kind of event; it moves no case
LONGEST = 300  # letters of whom it went to


def note_forwarded(store: Store, case_id: int, to: str, who: str, now: datetime) -> None:
    """Append that the case was forwarded. Raises StoreError when nobody is named."""
    to = to.strip()[:LONGEST]
    if not to:
        raise StoreError(_("case {case}: name the person or the unit that is to have it").format(case=case_id))
    with store.transaction():
        case = case_row(store, case_id)
        add_event(store, case, FORWARDED, State(case["state"]), now, who=who, text=to, run_id=latest_run(store))
