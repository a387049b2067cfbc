"""The flow of an incoming post: one step after the other, never round a question, and back by a new entry only."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.answers.flow import (
    NEXT,
    NO,
    REASONS,
    YES,
    YES_OR_NO,
    AnswerState,
    Done,
    Step,
    Taken,
    may_come,
    next_step,
    standing,
    state_of,
)
from listener.answers.flow_words import ADVICE, ANSWERS, OPTIONS, QUESTIONS, STATES, STEPS

NOW = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
FLOW = [step for step in Step if step is not Step.BACK]


def taken(*answers: tuple[Step, str]) -> Done:
    return standing(
        Taken(id=number, step=step, answer=answer, who="sara", at=NOW) for number, (step, answer) in enumerate(answers)
    )


@pytest.mark.parametrize(
    ("answers", "then", "state"),
    [
        ("", "public", "open"),
        ("public=no", "case", "open"),
        ("public=yes case=yes", "remove", "open"),
        ("public=yes case=no remove=threat", "own_channel", "open"),
        ("public=yes case=no remove=threat own_channel=yes", "removed", "open"),
        ("public=yes case=no remove=threat own_channel=yes removed=no", "removed", "open"),
        ("public=yes case=no remove=threat own_channel=yes removed=yes", None, "no_answer"),
        ("public=yes case=no remove=threat own_channel=no", "no_answer", "open"),
        ("public=yes case=no remove=no", "answerable", "open"),
        ("public=yes case=no remove=no answerable=no", "no_answer", "open"),
        ("public=yes case=no remove=no answerable=no no_answer=opinion", None, "no_answer"),
        ("public=yes case=no remove=no answerable=yes mine=yes", "answer", "open"),
        ("public=yes case=no remove=no answerable=yes mine=yes answer=yes", None, "answered"),
        ("public=yes case=no remove=no answerable=yes mine=no", "forward", "open"),
        ("forward=done", "same_platform", "forwarded"),
        ("forward=done same_platform=no told=no", "told", "forwarded"),
        ("forward=done same_platform=yes told=yes", "follow_up", "forwarded"),
        ("forward=done same_platform=yes told=yes follow_up=2026-12-05", None, "forwarded"),
        ("forward=done same_platform=yes told=yes follow_up=done", None, "answered"),
        ("forward=done answer=yes", None, "answered"),
        ("public=yes case=no remove=no back=case", "case", "open"),
        ("answer=yes back=answer", "public", "open"),
        ("public=yes back=mine", "case", "open"),  # what was never answered cannot be taken back
    ],
)
def test_each_answer_leads_to_the_next_question(answers: str, then: str | None, state: str) -> None:
    steps = [part.partition("=") for part in answers.split()]
    done = taken(*((Step(step), answer) for step, _sign, answer in steps))
    assert next_step(done) == then
    assert state_of(done) == state


def test_a_post_of_ours_answers_what_is_open_or_forwarded_but_not_what_needs_no_answer() -> None:
    assert state_of({}, answered_by_us=True) is AnswerState.ANSWERED
    assert state_of(taken((Step.FORWARD, "done")), answered_by_us=True) is AnswerState.ANSWERED
    assert state_of(taken((Step.NO_ANSWER, "opinion")), answered_by_us=True) is AnswerState.NO_ANSWER


def test_a_plain_question_is_taken_straight_to_its_end_and_one_under_triage_is_not() -> None:
    assert [step for step in FLOW if may_come(step, {})] == [Step.PUBLIC, Step.ANSWER, Step.FORWARD, Step.NO_ANSWER]
    begun = taken((Step.PUBLIC, YES))
    assert [step for step in FLOW if may_come(step, begun)] == [Step.CASE]
    forwarded = taken((Step.FORWARD, "done"))
    assert [step for step in FLOW if may_come(step, forwarded)] == [Step.ANSWER, Step.SAME_PLATFORM]


@given(st.lists(st.integers(0, 20), max_size=30))
def test_every_way_through_the_flow_ends(picks: list[int]) -> None:
    done: Done = {}
    for number in picks:
        step = next_step(done)
        if step is None:
            assert state_of(done) is not AnswerState.OPEN
            return
        options = {Step.FORWARD: ["done"], Step.FOLLOW_UP: ["2026-12-05", "done"], Step.ANSWER: [YES]}.get(step) or (
            [YES, NO] if step in YES_OR_NO else [NO, *REASONS[step]] if step is Step.REMOVE else list(REASONS[step])
        )
        assert may_come(step, done)
        done[step] = Taken(id=0, step=step, answer=options[number % len(options)], who="sara", at=NOW)


def test_every_step_and_answer_has_words() -> None:
    assert set(QUESTIONS) == set(OPTIONS) == set(FLOW)
    assert set(STEPS) == set(Step)
    assert set(STATES) == set(AnswerState)
    assert {key for keys in REASONS.values() for key in keys} <= set(ANSWERS)
    assert {step for step, _answer in ADVICE} <= {step for step, _answer in NEXT}
