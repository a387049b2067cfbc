"""Of child abuse no words are kept: none that were written before, with the decision, or after it."""

from __future__ import annotations

import pytest
from almby_findings import NOW, finding

from listener.models import Decision, State
from listener.store import Store, StoreError
from listener.store.accounts import save_findings
from listener.store.cases import history, save_decision, verify_chain
from listener.store.notes import add_note, notes_of
from listener.store.proposals import load_proposal, open_proposal, propose, turn_down
from listener.store.runs import start_run

WORDS = "bilden visar något som ingen ska läsa"


@pytest.fixture
def case(store: Store) -> int:
    save_findings(store, start_run(store, "audit", NOW, ["bluesky"]), "bluesky", [finding()], NOW)
    return 1


def decision(to: State, reason: str, text: str = "") -> Decision:
    return Decision(case_id=1, who="lena", to=to, reason=reason, text=text)


def test_what_people_wrote_goes_and_the_trail_stays_whole(store: Store, case: int) -> None:
    save_decision(store, decision(State.TRIAGE, "other", WORDS), NOW)
    add_note(store, case, "lena", WORDS, NOW)
    proposal = propose(store, decision(State.ACTION, "police_report", WORDS), NOW)
    save_decision(store, decision(State.CONFIRMED, "child_abuse"), NOW)
    events = history(store, case)
    assert [(event.kind, event.text) for event in events[1:]] == [
        ("decision", None), ("proposed", None), ("decision", None),
    ]  # fmt: skip
    assert [event.text_hash is not None for event in events[1:]] == [True, True, False]
    assert [note.text for note in notes_of(store, case)] == [None]
    assert load_proposal(store, case).text == ""
    with pytest.raises(StoreError, match="no words are kept"):
        turn_down(store, proposal, "kim", WORDS, NOW)
    assert verify_chain(store) is None


@pytest.mark.parametrize("first", [False, True], ids=["with it", "after it"])
def test_no_words_come_with_it_or_after_it(store: Store, case: int, first: bool) -> None:
    if first:
        save_decision(store, decision(State.CONFIRMED, "child_abuse"), NOW)
    reason = "police_report" if first else "child_abuse"
    with pytest.raises(StoreError, match="case 1: of child abuse no words are kept"):
        save_decision(store, decision(State.ACTION, reason, WORDS), NOW)
    with pytest.raises(StoreError, match="no words are kept"):
        propose(store, decision(State.ACTION, reason, WORDS), NOW)
    assert open_proposal(store, case) is None
    assert not [event for event in history(store, case) if event.text]
