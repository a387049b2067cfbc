"""Decisions that take two: what one person has proposed, until another approves or refuses it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from listener.clock import read_time, rfc3339
from listener.language import _
from listener.models import Decision, Record, State
from listener.store.barred import check_words
from listener.store.cases import case_row, check_decision, latest_run
from listener.store.database import Store, StoreError, storable
from listener.store.events import Event, add_event, history
from listener.store.people import reads
from listener.store.written import as_json

PROPOSED, REFUSED, WITHDRAWN = "proposed", "refused", "withdrawn"  # kinds of event; they move no case
UNDO_PROPOSED = "undo_proposed"
APPROVED, OVERTAKEN = "approved", "overtaken"  # how a proposal may end besides
_NUMBER = re.compile(r" \(\d+\)$")


class Proposal(Record, frozen=True):
    """A decision that waits for a second person, or how it ended. `event_id` is its place in the trail.

    With `undoes` it is that event which is to be taken back; `to` and `reason` are what that one had decided.
    """

    id: int
    case_id: int
    event_id: int
    at: datetime
    who: str
    to: State
    reason: str
    text: str
    until: datetime | None
    assignee: str | None
    closed_at: datetime | None
    closed_by: str | None
    outcome: str | None
    undoes: int | None


def propose(store: Store, decision: Decision, now: datetime) -> Proposal:
    """Put a decision before a second person. Raises StoreError when it is not whole, or another one waits."""
    check_decision(decision, now)
    check_words(store, decision.case_id, decision.reason, decision.text)
    return _enter(store, PROPOSED, decision, now)


def propose_undo(store: Store, case_id: int, taken: Event, who: str, now: datetime) -> Proposal:
    """Put before a second person that a decision be taken back. Raises StoreError when another proposal waits."""
    back = Decision(case_id=case_id, who=who, to=taken.to_state, reason=taken.reason)
    return _enter(store, UNDO_PROPOSED, back, now, undoes=taken.id)


def _enter(store: Store, kind: str, decision: Decision, now: datetime, undoes: int | None = None) -> Proposal:
    with store.transaction():
        case = case_row(store, decision.case_id)
        waiting = open_proposal(store, decision.case_id)
        if waiting and not moved_on(store, waiting, history(store, waiting.case_id)):
            already = _("case {case}: a proposal by {who} waits already: it is approved or refused first")
            raise StoreError(already.format(case=decision.case_id, who=waiting.who))
        if waiting:
            close(store, waiting, OVERTAKEN, decision.who, now)
        event = add_event(
            store, case, kind, State(case["state"]), now,
            who=decision.who, reason=decision.reason, text=decision.text, run_id=latest_run(store),
            until=decision.until,
        )  # fmt: skip
        row = {
            "case_id": decision.case_id,
            "event_id": event,
            "at": rfc3339(now),
            "who": storable(decision.who),
            "to_state": decision.to.value,
            "reason": decision.reason,
            "text": storable(decision.text),
            "until": decision.until and rfc3339(decision.until),
            "assignee": storable(decision.assignee),
            "undoes": undoes,
        }
        marks = ", ".join(f":{name}" for name in row)
        store.conn.execute(f"INSERT INTO proposals ({', '.join(row)}) VALUES ({marks})", row)  # noqa: S608  (our names)
    made = open_proposal(store, decision.case_id)
    assert made is not None
    return made


def open_proposal(store: Store, case_id: int) -> Proposal | None:
    """What waits for a second person in a case."""
    row = store.row("SELECT * FROM proposals WHERE case_id = ? AND closed_at IS NULL", (case_id,))
    return read_proposal(row) if row else None


def proposed(store: Store, ids: Collection[int]) -> set[int]:
    """Those of these cases in which something waits for a second person."""
    sql = "SELECT case_id FROM proposals WHERE closed_at IS NULL AND case_id IN (SELECT value FROM json_each(?))"
    return {row["case_id"] for row in store.rows(sql, (as_json(list(ids)),))}


def asked_for(store: Store, case_id: int) -> dict[int, State]:
    """By the event of each proposal of a case, the state that was proposed."""
    rows = store.rows("SELECT event_id, to_state FROM proposals WHERE case_id = ? AND undoes IS NULL", (case_id,))
    return {row["event_id"]: State(row["to_state"]) for row in rows}


def open_proposals(store: Store, most: int = 200) -> list[Proposal]:
    """What waits in any case, oldest first."""
    rows = store.rows("SELECT * FROM proposals WHERE closed_at IS NULL ORDER BY id LIMIT ?", (most,))
    return [read_proposal(row) for row in rows]


def load_proposal(store: Store, case_id: int, proposal_id: int | None = None) -> Proposal:
    """The proposal that waits, if it is still that one. Raises StoreError when none waits, or another."""
    found = open_proposal(store, case_id)
    if found is None and proposal_id is None:
        raise StoreError(_("case {case}: no proposal waits for a second person").format(case=case_id))
    if found is None or proposal_id not in (None, found.id):
        raise StoreError(_("case {case}: that proposal waits no longer: see the history").format(case=case_id))
    return found


def moved_on(store: Store, proposal: Proposal, events: Sequence[Event]) -> bool:
    """Whether the case has changed state since it was proposed, its verdict or what the account looks like: then it
    must be proposed anew. `events` are all of the case.
    """
    later = [event for event in events if event.id >= proposal.event_id]
    case = case_row(store, proposal.case_id)
    same = (later[0].verdict, later[0].fingerprint) == (case["verdict"], case["fingerprint"])
    changed = proposal.undoes is None and not same
    return changed or any(event.from_state is not event.to_state for event in later[1:])


def turn_down(store: Store, proposal: Proposal, who: str, text: str, now: datetime) -> None:
    """Refuse a proposal, or take one's own back; the trail tells which. Raises StoreError for words not to be kept."""
    check_words(store, proposal.case_id, proposal.reason, text)
    kind = WITHDRAWN if same_person(who, proposal.who) else REFUSED
    with store.transaction():
        case = case_row(store, proposal.case_id)
        add_event(
            store, case, kind, State(case["state"]), now,
            who=who, reason=proposal.reason, text=text, run_id=latest_run(store),
        )  # fmt: skip
        close(store, proposal, kind, who, now)


def same_person(one: str, other: str) -> bool:
    """Whether two names may be one person's, however typed: with two accounts the second is called "Anna (2)"."""
    return reads(_NUMBER.sub("", one.strip())) == reads(_NUMBER.sub("", other.strip()))


def close(store: Store, proposal: Proposal, outcome: str, who: str, now: datetime) -> None:
    """Note how a proposal ended. Must run inside the transaction that ends it."""
    sql = "UPDATE proposals SET closed_at = ?, closed_by = ?, outcome = ? WHERE id = ?"
    store.conn.execute(sql, (rfc3339(now), storable(who), outcome, proposal.id))


def read_proposal(row: Mapping[str, Any]) -> Proposal:
    return Proposal(
        id=row["id"],
        case_id=row["case_id"],
        event_id=row["event_id"],
        at=read_time(row["at"]),
        who=row["who"],
        to=State(row["to_state"]),
        reason=row["reason"],
        text=row["text"] or "",
        until=read_time(row["until"]) if row["until"] else None,
        assignee=row["assignee"],
        closed_at=read_time(row["closed_at"]) if row["closed_at"] else None,
        closed_by=row["closed_by"],
        outcome=row["outcome"],
        undoes=row["undoes"],
    )
