"""Child abuse: of such an account nothing is kept but its address, its id and the times; what was kept is destroyed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from listener import __version__
from listener.language import _
from listener.models import Account, Finding
from listener.store.database import Store, StoreError, as_json
from listener.store.snapshots import destroy_snapshots, snapshots_of
from listener.store.traits import forget_traits

CHILD_ABUSE = "child_abuse"  # the reason of a decision that bars a case

# A decision of that category stands until it is undone, whatever is decided after it.
_BARRED = """SELECT 1 FROM events e WHERE e.case_id = ? AND e.reason = 'child_abuse'
             AND NOT EXISTS (SELECT 1 FROM events u WHERE u.undoes = e.id)"""


def barred(store: Store, case_id: int) -> bool:
    """Whether a standing decision says that nothing of this account may be kept."""
    return store.row(_BARRED, (case_id,)) is not None


def account_barred(store: Store, key: str) -> bool:
    """The same, by the key that an account is kept under."""
    case = store.row("SELECT id FROM cases WHERE account_key = ?", (key,))
    return case is not None and barred(store, case["id"])


def barred_accounts(store: Store) -> frozenset[str]:
    """The keys of the accounts of which nothing may be fetched or kept."""
    sql = f"SELECT account_key FROM cases c WHERE EXISTS ({_BARRED.replace('?', 'c.id')})"  # noqa: S608  (our own text)
    return frozenset(row["account_key"] for row in store.rows(sql) if row["account_key"])


def check_words(store: Store, case_id: int, reason: str, text: str) -> None:
    """Raise StoreError for words, with a reason, about what nothing may be kept of."""
    if text.strip() and (reason == CHILD_ABUSE or barred(store, case_id)):
        never = _("case {case}: of child abuse no words are kept: leave them out")
        raise StoreError(never.format(case=case_id))


def bar(store: Store, case: Mapping[str, Any], who: str, now: datetime) -> str:
    """Strip the account and its finding to address and id, destroy its snapshots, and delete what people wrote.

    In the running transaction: the decision's own event is there already. The trail keeps who, when and the reason.
    Returns the account's new fingerprint. The files go when the evidence folder is settled; `wipe` takes the last
    traces out of the store's own file.
    """
    account, kept = bare(case["record"], case["finding"])
    store.db.execute(
        "UPDATE accounts SET display_name = NULL, record = ?, fingerprint = ? WHERE key = ?",
        (as_json(account), account.fingerprint, case["account_key"]),
    )
    store.db.execute("UPDATE cases SET finding = ? WHERE id = ?", (as_json(kept), case["id"]))
    forget_traits(store, case["account_key"])
    store.db.execute(
        "DELETE FROM event_texts WHERE event_id IN (SELECT id FROM events WHERE case_id = ?)", (case["id"],)
    )
    store.db.execute("UPDATE case_notes SET text = NULL WHERE case_id = ?", (case["id"],))
    store.db.execute("UPDATE proposals SET text = NULL WHERE case_id = ?", (case["id"],))
    tool = f"listen {__version__}"
    destroy_snapshots(store, snapshots_of(store, case["id"]), reason=CHILD_ABUSE, who=who, tool=tool, now=now)
    return account.fingerprint


def bare(record: str, finding: str) -> tuple[Account, Finding]:
    """An account as it is kept, cut down to address and id, and its finding to the verdict."""
    whole, found = msgspec.json.decode(record, type=Account), msgspec.json.decode(finding, type=Finding)
    account = Account(
        platform=whole.platform,
        platform_id=whole.platform_id,
        handle=whole.handle,
        url=whole.url,
        source=whole.source,
    )
    kept = Finding(
        account=account, verdict=found.verdict, score=found.score, unit=found.unit, unit_kind=found.unit_kind
    )
    return account, kept
