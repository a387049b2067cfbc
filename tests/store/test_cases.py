"""Decisions need a reason from a closed list, are never changed, and are taken back by a new event."""

from __future__ import annotations

from datetime import timedelta

import pytest
from almby_findings import NOW, finding

from listener.models import Decision, State, Verdict
from listener.store import Store, StoreError
from listener.store.accounts import save_findings
from listener.store.cases import assign, history, list_cases, load_case, save_decision, undo, verify_chain
from listener.store.runs import start_run


@pytest.fixture
def case_id(store: Store) -> int:
    save_findings(store, start_run(store, "audit", NOW, ["bluesky"]), "bluesky", [finding()], NOW)
    return 1


def decide(store: Store, to: State, reason: str, **more: object) -> None:
    save_decision(store, Decision(case_id=1, who="sara", to=to, reason=reason, **more), NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("to", "reason", "more", "complaint"),
    [
        (State.DISMISSED, "", {}, "is no reason for it: choose one of namesake"),
        (State.DISMISSED, "because", {}, "'because' is no reason for it"),
        (State.DISMISSED, "other", {"text": "  "}, "needs words"),
        (State.NEW, "look_closer", {}, "no person decides that"),
        (State.REGRESSED, "other", {"text": "hm"}, "no person decides that"),
        (State.WATCHING, "until_date", {"until": NOW - timedelta(days=1)}, "that is past"),
    ],
)
def test_half_a_decision_is_refused_and_changes_nothing(
    store: Store, case_id: int, to: State, reason: str, more: dict[str, object], complaint: str
) -> None:
    with pytest.raises(StoreError, match=complaint):
        decide(store, to, reason, **more)
    assert load_case(store, case_id).state is State.NEW
    assert len(history(store, case_id)) == 1


def test_a_decision_says_who_when_why_and_from_what(store: Store, case_id: int) -> None:
    decide(store, State.DISMISSED, "other", text="Åsa ringde: det är hennes hund")
    event = history(store, case_id)[-1]
    assert (event.who, event.at, event.from_state, event.to_state) == ("sara", NOW, State.NEW, State.DISMISSED)
    assert (event.reason, event.text, event.run_id) == ("other", "Åsa ringde: det är hennes hund", 1)
    assert event.rules_version


def test_the_same_decision_twice_is_one_event(store: Store, case_id: int) -> None:
    def events() -> int:
        return len(history(store, case_id))

    decide(store, State.DISMISSED, "other", text="grannkommunen")
    before = events()
    decide(store, State.DISMISSED, "other", text="grannkommunen")
    assert events() == before
    decide(store, State.DISMISSED, "other", text="grannkommunens förskola")
    assert events() == before + 1
    save_decision(
        store,
        Decision(case_id=1, who="magnus", to=State.DISMISSED, reason="other", text="grannkommunens förskola"),
        NOW,
    )
    assert events() == before + 2, "a second person's word is another decision"
    assign(store, case_id, "Biblioteken", "sara", NOW)
    assign(store, case_id, " Biblioteken ", "sara", NOW)
    assert events() == before + 3
    undo(store, case_id, "sara", NOW)
    undo(store, case_id, "sara", NOW)
    decide(store, State.DISMISSED, "other", text="grannkommunens förskola")
    assert events() == before + 5, "what was undone leaves the one before it standing"


def test_undo_is_a_new_event_and_goes_back_step_by_step(store: Store, case_id: int) -> None:
    decide(store, State.CONFIRMED, "impostor")
    decide(store, State.ACTION, "platform_report", assignee="magnus")
    until = NOW + timedelta(days=30)
    decide(store, State.WATCHING, "until_date", until=until)
    assert load_case(store, case_id).snoozed_until == until
    case = undo(store, case_id, "sara", NOW)
    assert (case.state, case.assignee, case.snoozed_until) == (State.ACTION, "magnus", None)
    case = undo(store, case_id, "sara", NOW)
    assert (case.state, case.assignee) == (State.CONFIRMED, None)
    assert undo(store, case_id, "sara", NOW).state is State.NEW
    with pytest.raises(StoreError, match="nothing to undo"):
        undo(store, case_id, "sara", NOW)
    assert [event.kind for event in history(store, case_id)] == [
        *("opened", "decision", "decision", "snooze"),
        *("undo", "undo", "undo"),
    ]
    assert verify_chain(store) is None


def test_undoing_a_wrong_turn_restores_the_watch_before_it(store: Store, case_id: int) -> None:
    until = NOW + timedelta(days=30)
    decide(store, State.WATCHING, "until_date", until=until)
    decide(store, State.DISMISSED, "namesake")
    case = undo(store, case_id, "sara", NOW)
    assert (case.state, case.snoozed_until) == (State.WATCHING, until)


def test_an_assignment_leaves_the_state_and_can_be_undone(store: Store, case_id: int) -> None:
    assign(store, case_id, "magnus", "sara", NOW)
    assign(store, case_id, "aino", "sara", NOW)
    assert load_case(store, case_id).assignee == "aino"
    case = undo(store, case_id, "sara", NOW)
    assert (case.assignee, case.state) == ("magnus", State.NEW)


def test_a_name_of_broken_bytes_is_kept_as_far_as_it_can_be_read(store: Store, case_id: int) -> None:
    assign(store, case_id, "mag\udce5", "sara", NOW)
    decide(store, State.DISMISSED, "namesake", assignee="sa\udce5")
    assert load_case(store, case_id).assignee.startswith("sa")  # type: ignore[union-attr]
    assert verify_chain(store) is None


def test_what_the_machine_has_moved_since_is_not_undone(store: Store, case_id: int) -> None:
    decide(store, State.DISMISSED, "namesake")
    save_findings(store, 1, "bluesky", [finding(display_name="Almby kommun!")], NOW)
    with pytest.raises(StoreError, match="become regressed since"):
        undo(store, case_id, "sara", NOW)


def test_the_worst_and_oldest_come_first_and_can_be_chosen(store: Store, case_id: int) -> None:
    more = [
        finding(Verdict.UNCLEAR, platform_id="did:plc:2", handle="two"),
        finding(Verdict.UNAPPROVED_UNIT, platform_id="did:plc:3", handle="three"),
    ]
    save_findings(store, 1, "bluesky", more, NOW)
    decide(store, State.CONFIRMED, "impostor")
    assert [case.id for case in list_cases(store)] == [1, 3, 2]
    assert [case.id for case in list_cases(store, states={State.NEW})] == [3, 2]
    assert [case.id for case in list_cases(store, verdicts={Verdict.UNCLEAR})] == [2]
    assert [row["case_id"] for row in store.rows("SELECT * FROM to_review ORDER BY severity DESC, opened_at")] == [
        1,
        3,
        2,
    ]


def test_a_case_that_is_not_there_says_where_to_look(store: Store) -> None:
    with pytest.raises(StoreError, match="review list --all"):
        load_case(store, 99)
