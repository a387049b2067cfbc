"""Rules that registered accounts, or their rows in the register, were seen to break."""

from __future__ import annotations

from collections.abc import Iterable

from listener.models import Fault
from listener.store.database import Store, storable

COLUMNS = ("rule", "url", "unit", "detail", "hint")


def save_faults(store: Store, run_id: int, faults: Iterable[Fault]) -> None:
    """Add what a run found at fault; the same fault twice in one run is one."""
    rows = [(run_id, *(storable(getattr(fault, name)) for name in COLUMNS)) for fault in faults]
    with store.transaction():
        store.db.conn.executemany("INSERT OR IGNORE INTO faults VALUES (?, ?, ?, ?, ?, ?)", rows)


def load_faults(store: Store, run_id: int) -> list[Fault]:
    """What a run found at fault, by rule, unit and address."""
    sql = "SELECT rule, url, unit, detail, hint FROM faults WHERE run_id = ? ORDER BY rule, unit, url, detail"
    return [Fault(**row) for row in store.rows(sql, (run_id,))]
