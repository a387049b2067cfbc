"""Which cases a snapshot is due of, read from what is kept: a run that is killed leaves them due."""

from __future__ import annotations

from listener.models import OPEN_STATES, Account, Record, State, Verdict
from listener.store.accounts import find_key
from listener.store.barred import barred
from listener.store.database import Store


class Due(Record, frozen=True):
    """A case of a flagged account: the event that last moved it, what the account looks like, whether it stands."""

    case_id: int
    event_id: int
    fingerprint: str
    confirmed: bool
    taken: bool


def due(store: Store, account: Account, *, ordered: bool = False) -> Due | None:
    """What a snapshot of this account would be of; None when nothing of it is to be kept.

    Only open and watched cases are, unless a person `ordered` it: a dismissed account is none of our business until it
    changes. `taken` says that what the machine found is kept as it is now.
    """
    case = store.row(
        """SELECT c.id, c.state, a.fingerprint FROM cases c JOIN accounts a ON a.key = c.account_key
           WHERE c.account_key = ?""",
        (find_key(store, account),),
    )
    if case is None or barred(store, case["id"]):
        return None
    if not ordered and State(case["state"]) not in OPEN_STATES | {State.WATCHING}:
        return None
    sql = """SELECT coalesce(max(id), 0) AS id FROM events
             WHERE case_id = ? AND kind IN ('opened', 'regressed', 'verdict')"""
    event = int(store.rows(sql, (case["id"],))[0]["id"])
    sql = """SELECT 1 FROM snapshots s JOIN snapshot_details d ON d.snapshot_id = s.id
             WHERE s.case_id = ? AND s.kind = 'finding' AND d.event_id >= ? AND d.fingerprint = ?"""
    return Due(
        case_id=case["id"],
        event_id=event,
        fingerprint=case["fingerprint"],
        confirmed=State(case["state"]) in (State.CONFIRMED, State.ACTION),
        taken=store.row(sql, (case["id"], event, case["fingerprint"])) is not None,
    )


# Accounts that stand under our name: their picture is what a person compares.
PICTURED = frozenset({Verdict.IMPOSTOR, Verdict.LOOKALIKE_SITE, Verdict.UNAPPROVED_UNIT, Verdict.OFFICIAL_CHANGED})


def may_keep_picture(verdict: Verdict, confirmed: bool) -> bool:
    """Whether the profile picture itself is kept: of what may be a private person's account once it is confirmed."""
    return confirmed or verdict in PICTURED


def has_picture(store: Store, case_id: int, url: str) -> bool:
    """Whether the picture at this address was kept for the case."""
    sql = """SELECT 1 FROM snapshots s JOIN snapshot_details d ON d.snapshot_id = s.id
             WHERE s.case_id = ? AND s.kind = 'picture' AND d.url = ?"""
    return store.row(sql, (case_id, url)) is not None
