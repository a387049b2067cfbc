"""A person's decision, and what it does beyond the store: what must not be kept is destroyed to the last byte."""

from __future__ import annotations

from datetime import datetime

from listener.config import Config
from listener.evidence.folder import Folder, destroy_file
from listener.models import Case, Decision
from listener.records.four_eyes import settle
from listener.store import Store
from listener.store.barred import CHILD_ABUSE
from listener.store.disposal import wipe
from listener.store.snapshots import DESTROYED, load_snapshots


def decide(config: Config, store: Store, decision: Decision, now: datetime) -> Case:
    """Save a decision, or propose it where it takes two people. One of the category child abuse destroys the case's
    evidence and wipes the store's file.

    Raises StoreError when it is no whole decision, LockedError when it is saved but somebody has the store open: the
    same decision once more finishes the work.
    """
    case = settle(config, store, decision, now)
    finish(config, store, decision)
    return case


def finish(config: Config, store: Store, decision: Decision) -> None:
    """What a decision that is saved demands besides; outside of any transaction, for the file is written anew."""
    if decision.reason == CHILD_ABUSE:
        remove_destroyed(store, Folder.of(config.store), decision.case_id)
        wipe(store)


def remove_destroyed(store: Store, folder: Folder, case_id: int | None = None) -> None:
    """Remove the files of every row that says its file was destroyed, of one case or of all."""
    rows = load_snapshots(store, case_id)
    kinds = {row.id: row.kind for row in rows}
    for row in rows:
        if row.kind == DESTROYED and row.target is not None:
            destroy_file(folder, row.case_id, kinds.get(row.target, ""), row.target)
