"""Notes on cases: added with who and when, never changed; retention may take the words away."""

from __future__ import annotations

from datetime import datetime

from listener.clock import read_time, rfc3339
from listener.language import _
from listener.models import Record
from listener.store.barred import barred
from listener.store.cases import case_row
from listener.store.database import Store, StoreError, storable

LONGEST = 5_000  # letters


class Note(Record, frozen=True):
    """What somebody wrote about a case; `text` is None once retention has deleted it."""

    id: int
    case_id: int
    at: datetime
    who: str
    text: str | None


def add_note(store: Store, case_id: int, who: str, text: str, now: datetime) -> Note:
    """Append a note. Raises StoreError when it is empty, too long, or nothing may be kept of the case."""
    text = text.strip()
    if not 0 < len(text) <= LONGEST:
        raise StoreError(_("a note has 1 to {most} letters").format(most=LONGEST))
    with store.transaction():
        case_row(store, case_id)
        if barred(store, case_id):
            never = _("case {case}: of child abuse nothing but address, id and time is kept")
            raise StoreError(never.format(case=case_id))
        row = (case_id, rfc3339(now), storable(who), storable(text))
        sql = "INSERT INTO case_notes (case_id, at, who, text) VALUES (?, ?, ?, ?)"
        note = store.conn.execute(sql, row).lastrowid
    return Note(id=int(note or 0), case_id=case_id, at=now, who=who, text=text)


def notes_of(store: Store, case_id: int, most: int = 200) -> list[Note]:
    """The notes on a case, oldest first; of very many the last."""
    sql = "SELECT * FROM case_notes WHERE case_id = ? ORDER BY id DESC LIMIT ?"
    rows = reversed(store.rows(sql, (case_id, most)))
    return [Note(**{**row, "at": read_time(row["at"])}) for row in rows]
