"""Cases: who is waiting for a decision, what people decided and why, and how a decision is taken back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import msgspec

from listener.clock import read_time, rfc3339
from listener.language import _
from listener.models import OPEN_STATES, Account, Case, Decision, Finding, Observation, State, Verdict
from listener.store.barred import CHILD_ABUSE, bar, check_words
from listener.store.database import Store, StoreError, storable
from listener.store.events import MACHINE, Event, add_event, history, standing, verify_chain
from listener.store.sightings import REGISTERED_BY_REGISTER, update
from listener.store.watching import WATCH_OVER

__all__ = [
    "REASONS", "assign", "find_case", "history", "list_cases", "load_case", "save_decision", "undo", "verify_chain"
]  # fmt: skip

# The closed list of reasons for each state a person can choose; `other` needs words.
REASONS: dict[State, tuple[str, ...]] = {
    State.TRIAGE: ("look_closer", "reopened", "other"),
    State.CONFIRMED: (
        "impostor",
        "lookalike_site",
        "unapproved_unit",
        "employee_official",
        "official_changed",
        CHILD_ABUSE,
        "other",
    ),
    State.ACTION: ("platform_report", "internal_contact", "police_report", "domain_dispute", CHILD_ABUSE, "other"),
    State.RESOLVED: ("removed", "renamed", "registered", "handed_over", "other"),
    State.DISMISSED: (
        "namesake",
        "parody",
        "fan_group",
        "employee_private",
        "third_party",
        "duplicate",
        "not_ours_harmless",
        "wrong_match",
        "other",
    ),
    State.WATCHING: ("until_date", "until_change", "other"),
    State.REGISTERED: (REGISTERED_BY_REGISTER, "other"),
}
ACTS = ("decision", "snooze", "assign")  # the kinds of event that people make, and may undo
MOVES = (*ACTS, "regressed")

SELECT = """SELECT c.*, a.record, a.fingerprint, a.observation, a.last_seen_at
            FROM cases c JOIN accounts a ON a.key = c.account_key"""
SEVERITY = """CASE c.verdict WHEN 'impostor' THEN 5 WHEN 'lookalike_site' THEN 5 WHEN 'official_changed' THEN 4
              WHEN 'employee_official' THEN 3 WHEN 'unapproved_unit' THEN 2 ELSE 1 END"""


def list_cases(
    store: Store,
    *,
    states: Collection[State] | None = None,
    verdicts: Collection[Verdict] | None = None,
    now: datetime | None = None,
) -> list[Case]:
    """Cases by severity, then age; every state and verdict unless some are named.

    With `now`, a watched case whose date has come is listed among the open ones.
    """
    wanted = [state.value for state in (State if states is None else states)]
    due = rfc3339(now) if now and OPEN_STATES & set(State if states is None else states) else ""
    sql = f"""{SELECT} WHERE (c.state IN (SELECT value FROM json_each(?))
                  OR (c.state = 'watching' AND c.snoozed_until <= ?))
              ORDER BY {SEVERITY} DESC, c.opened_at, c.id"""  # noqa: S608  (our own text)
    rows = store.rows(sql, (msgspec.json.encode(wanted).decode(), due))
    return [read_case(row) for row in rows if verdicts is None or Verdict(row["verdict"]) in verdicts]


def load_case(store: Store, case_id: int) -> Case:
    """One case. Raises StoreError when there is none, or retention has erased it."""
    return read_case(case_row(store, case_id))


def find_case(store: Store, account_key: str) -> Case | None:
    """The case of an account by its id (`platform:id`), or by `platform:@handle` when only the handle is known."""
    platform, _colon, name = account_key.partition(":")
    by_handle = name.removeprefix("@").casefold() if name.startswith("@") else None
    sql = f"""{SELECT} WHERE a.key = ? OR (a.platform = ? AND a.handle_key = ?)
              ORDER BY a.key = ? DESC, a.last_seen_at DESC, c.id DESC LIMIT 1"""
    row = store.row(sql, (account_key, platform, by_handle, account_key))
    return None if row is None else read_case(row)


def case_row(store: Store, case_id: int) -> dict[str, Any]:
    row = store.row(f"{SELECT} WHERE c.id = ?", (case_id,))
    if row is not None:
        return row
    stub = store.row("SELECT erased_at FROM cases WHERE id = ?", (case_id,))
    if stub is not None:
        erased = _("case {case}: erased by retention at {time}; its decisions stand in the log")
        raise StoreError(erased.format(case=case_id, time=stub["erased_at"]))
    none = _("case {case}: there is none: `listen review list --all` shows those there are")
    raise StoreError(none.format(case=case_id))


def read_case(row: Mapping[str, Any]) -> Case:
    return Case(
        id=row["id"],
        account=msgspec.json.decode(row["record"], type=Account),
        finding=msgspec.json.decode(row["finding"], type=Finding),
        state=State(row["state"]),
        observation=Observation(row["observation"]),
        opened_at=read_time(row["opened_at"]),
        changed_at=read_time(row["changed_at"]),
        last_seen_at=read_time(row["last_seen_at"]),
        assignee=row["assignee"],
        snoozed_until=read_time(row["snoozed_until"]) if row["snoozed_until"] else None,
        linked_case=row["linked_case"],
    )


class NotWhole(StoreError):
    """A decision without its `reason`, or the `words` that this reason needs (`lacks`)."""

    def __init__(self, message: str, lacks: str) -> None:
        super().__init__(message)
        self.lacks = lacks


def check_decision(decision: Decision, now: datetime) -> None:
    """Raise StoreError for a decision that lacks its reason, its words or its date."""
    to, reasons = decision.to, REASONS.get(decision.to)
    if reasons is None:
        raise StoreError(
            _("{state}: no person decides that; choose {states}").format(state=to, states=", ".join(REASONS))
        )
    if decision.reason not in reasons:
        choose = _("{state}: {reason!r} is no reason for it: choose one of {reasons}")
        raise NotWhole(choose.format(state=to, reason=decision.reason, reasons=", ".join(reasons)), "reason")
    if decision.reason == "other" and not decision.text.strip():
        needs = _("{state}: the reason `other` needs words: give them with --text")
        raise NotWhole(needs.format(state=to), "words")
    if not decision.who.strip():
        raise StoreError(_("who decides? name yourself with --who or LISTEN_USER"))
    if decision.until is not None and decision.until <= now:
        raise StoreError(_("{time}: that is past: give a later date").format(time=rfc3339(decision.until)))


def save_decision(store: Store, decision: Decision, now: datetime, again: bool = False) -> Case:
    """Append a person's decision and move the case. Raises StoreError when it is not a whole decision.

    What the account looked like is kept: the decision stands while that does. The same decision
    by the same person once more, on a case that looks the same, changes nothing, unless it is to stand `again`.
    """
    check_decision(decision, now)
    with store.transaction():
        check_words(store, decision.case_id, decision.reason, decision.text)
        row = case_row(store, decision.case_id)
        if not again and repeats(decision, row, history(store, decision.case_id)):
            return read_case(row)
        add_event(
            store,
            row,
            "snooze" if decision.to is State.WATCHING else "decision",
            decision.to,
            now,
            who=decision.who,
            reason=decision.reason,
            text=decision.text,
            run_id=latest_run(store),
            until=decision.until,
            assignee=decision.assignee,
        )
        changes = {
            "state": decision.to.value,
            "changed_at": rfc3339(now),
            "decided_fingerprint": row["fingerprint"],
            "snoozed_until": decision.until and rfc3339(decision.until),
            "assignee": storable(decision.assignee) or row["assignee"],
        }
        if decision.reason == CHILD_ABUSE:
            changes["decided_fingerprint"] = bar(store, row, decision.who, now)
        update(store, decision.case_id, changes)
    return load_case(store, decision.case_id)


def repeats(decision: Decision, row: Mapping[str, Any], trail: list[Event]) -> bool:
    """Whether this is what the same person decided last, and nothing has happened to the case since."""
    done = standing(trail, *ACTS)
    last = next((event for event in reversed(done) if event.kind != "assign"), None)
    if last is None or row["state"] != decision.to or row["decided_fingerprint"] != row["fingerprint"]:
        return False
    given = decision.assignee in (None, row["assignee"])
    said = (last.who, last.to_state, last.reason, last.text or "", last.until and rfc3339(last.until))
    wanted = (decision.who, decision.to, decision.reason, decision.text, decision.until and rfc3339(decision.until))
    return given and said == wanted and bool(last.text_hash) == bool(decision.text)


def assign(store: Store, case_id: int, assignee: str, who: str, now: datetime) -> Case:
    """Give the case to somebody; its state stays. Raises StoreError when nobody is named."""
    assignee = storable(assignee.strip()) or ""
    if not assignee:
        raise StoreError(_("case {case}: name the person or the unit that is to have it").format(case=case_id))
    with store.transaction():
        row = case_row(store, case_id)
        if row["assignee"] == assignee:
            return read_case(row)
        run_id = latest_run(store)
        add_event(store, row, "assign", State(row["state"]), now, who=who, run_id=run_id, assignee=assignee)
        update(store, case_id, {"assignee": assignee, "changed_at": rfc3339(now)})
    return load_case(store, case_id)


def undo(store: Store, case_id: int, who: str, now: datetime) -> Case:
    """Take back the last thing a person did with the case, by a new event; nothing is removed from the trail.

    Raises StoreError when no person has done anything, or the case has moved on by itself since.
    """
    with store.transaction():
        row = case_row(store, case_id)
        events = history(store, case_id)
        done = [event for event in standing(events, *ACTS) if not automatic(event)]
        if not done:
            raise StoreError(_("case {case}: nothing to undo: no person has decided anything").format(case=case_id))
        last = done[-1]
        if any(event.id > last.id and event.from_state != event.to_state for event in standing(events, *MOVES)):
            moved = _("case {case}: it has become {state} since; decide anew instead of undoing")
            raise StoreError(moved.format(case=case_id, state=row["state"]))
        back = State(row["state"]) if last.kind == "assign" else last.from_state or State.NEW
        add_event(store, row, "undo", back, now, who=who, run_id=latest_run(store), undoes=last.id)
        update(store, case_id, {"state": back.value, "changed_at": rfc3339(now)} | before(events, last))
    return load_case(store, case_id)


def automatic(event: Event) -> bool:
    """True for what the rules did, not a person."""
    return event.who == MACHINE and event.reason in (WATCH_OVER, REGISTERED_BY_REGISTER)


def before(events: list[Event], undone: Event) -> dict[str, Any]:
    """What the earlier events, those still standing, had set."""
    earlier = [event for event in standing(events, *ACTS) if event.id < undone.id]
    given = [event for event in earlier if event.assignee]
    decided = [event for event in earlier if event.kind != "assign"]
    until = decided[-1].until if decided and decided[-1].to_state in (State.WATCHING, State.DISMISSED) else None
    return {
        "assignee": given[-1].assignee if given else None,
        "decided_fingerprint": decided[-1].fingerprint if decided else None,
        "snoozed_until": until and rfc3339(until),
    }


def latest_run(store: Store) -> int | None:
    row = store.row("SELECT max(id) AS id FROM runs")
    return row["id"] if row else None
