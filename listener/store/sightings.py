"""The case rules: what a new sighting of an account does to its case, and what it never does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from listener.clock import rfc3339
from listener.models import OPEN_STATES, Finding, State, Verdict
from listener.store.database import Store, as_json, storable
from listener.store.events import add_event

REGISTERED_BY_REGISTER = "in_register"


class Sighting(NamedTuple):
    """One finding, by whom and when: what the rules decide on."""

    run_id: int
    source: str
    now: datetime
    finding: Finding
    scope: str | None = None  # the settings under which the finder itself was asked; None when another one tells of it


def open_case(store: Store, sighting: Sighting, key: str, fingerprint: str, linked: int | None) -> None:
    """A new case for an account seen for the first time; `linked` is the case of who bore the handle before."""
    at = rfc3339(sighting.now)
    row = found_columns(sighting.finding) | {
        "account_key": key,
        "platform": sighting.finding.account.platform,
        "state": State.NEW.value,
        "opened_at": at,
        "opened_run": sighting.run_id,
        "changed_at": at,
        "linked_case": linked,
    }
    case_id = store.db.table("cases").insert(row).last_pk
    case = row | {"id": case_id, "fingerprint": fingerprint}
    add_event(store, case, "opened", State.NEW, sighting.now, run_id=sighting.run_id)


def found_columns(finding: Finding) -> dict[str, Any]:
    return {
        "verdict": finding.verdict.value,
        "unit": storable(finding.unit),
        "unit_kind": finding.unit_kind.value if finding.unit_kind else None,
        "score": finding.score,
        "finding": as_json(finding),
    }


def see_again(store: Store, sighting: Sighting, key: str, fingerprint: str, *, was_gone: bool) -> str:
    """Apply the rules to a known account's case; returns `changed`, `regressed` or `same`.

    Open: the finding is brought up to date; official now means registered. Closed: stays as decided, unless the
    account changed what a reviewer looked at and is flagged, left the register, or came back after removal.
    """
    case = store.row("SELECT * FROM cases WHERE account_key = ?", (key,))
    if case is None:
        raise LookupError(f"account {key!r} is kept without a case")
    state = State(case["state"])
    waiting = state in OPEN_STATES or state is State.WATCHING
    if waiting and sighting.finding.verdict is Verdict.OFFICIAL:
        return move(store, sighting, case, fingerprint, "decision", State.REGISTERED, REGISTERED_BY_REGISTER)
    if state in OPEN_STATES:
        return refresh(store, sighting, case, fingerprint)
    reason = why_back(case, sighting.finding, fingerprint, was_gone)
    if reason is None:
        return "same"
    return move(store, sighting, case, fingerprint, "regressed", State.REGRESSED, reason)


def why_back(case: Mapping[str, Any], finding: Finding, fingerprint: str, was_gone: bool) -> str | None:
    """The reason a closed (or watched) case must be looked at again; None when the decision stands."""
    if not finding.flagged:
        return None
    if fingerprint != case["decided_fingerprint"]:
        return "account_changed"
    if case["state"] == State.REGISTERED and case["verdict"] == Verdict.OFFICIAL:
        return "left_register"  # the register itself had settled it, and no longer does
    if case["state"] == State.RESOLVED and was_gone:
        return "came_back"
    return None


def refresh(store: Store, sighting: Sighting, case: Mapping[str, Any], fingerprint: str) -> str:
    """Bring an open case's finding up to date; another verdict is an event."""
    found = found_columns(sighting.finding)
    shifted = any(found[name] != case[name] for name in ("verdict", "unit", "unit_kind"))
    changed_at = rfc3339(sighting.now) if shifted else case["changed_at"]
    update(store, case["id"], found | {"changed_at": changed_at})
    if not shifted:
        return "same"
    seen = {**case, **found, "fingerprint": fingerprint}
    add_event(store, seen, "verdict", State(case["state"]), sighting.now, run_id=sighting.run_id)
    return "changed"


def move(
    store: Store, sighting: Sighting, case: Mapping[str, Any], fingerprint: str, kind: str, to: State, reason: str
) -> str:
    """Change the state by rule, not by hand, and keep what the account looked like then."""
    found = found_columns(sighting.finding)
    seen = {**case, **found, "fingerprint": fingerprint}
    add_event(store, seen, kind, to, sighting.now, reason=reason, run_id=sighting.run_id)
    changes = found | {"state": to.value, "changed_at": rfc3339(sighting.now), "snoozed_until": None}
    if to is State.REGISTERED:
        changes["decided_fingerprint"] = fingerprint
    update(store, case["id"], changes)
    return "regressed" if to is State.REGRESSED else "changed"


def update(store: Store, case_id: int, changes: Mapping[str, Any]) -> None:
    """Set these columns of a case."""
    names = ", ".join(f"{name} = :{name}" for name in changes)
    store.db.execute(f"UPDATE cases SET {names} WHERE id = :id", {**changes, "id": case_id})  # noqa: S608  (our names)
