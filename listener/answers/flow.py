"""The way an incoming post goes, from the first look to the answer: which step comes next, and which may not yet.

The order of the questions follows a flow chart that Katrineholms kommun made with Thomas Selig, Penseo; words and code
are our own. See docs/how-to/answers.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from listener.models import Record

YES, NO, DONE = "yes", "no", "done"


class Step(StrEnum):
    """What a person is asked about a post, or does with it. BACK takes the flow back to an earlier step."""

    PUBLIC = "public"
    CASE = "case"
    REMOVE = "remove"
    OWN_CHANNEL = "own_channel"
    REMOVED = "removed"
    ANSWERABLE = "answerable"
    MINE = "mine"
    ANSWER = "answer"
    FORWARD = "forward"
    SAME_PLATFORM = "same_platform"
    TOLD = "told"
    FOLLOW_UP = "follow_up"
    NO_ANSWER = "no_answer"
    BACK = "back"


class AnswerState(StrEnum):
    """Where a question stands."""

    OPEN = "open"
    ANSWERED = "answered"
    FORWARDED = "forwarded"
    NO_ANSWER = "no_answer"


# (step, answer) -> the step after it; None ends the flow. An answer not named here goes the way of "".
NEXT: Mapping[tuple[Step, str], Step | None] = {
    (Step.PUBLIC, ""): Step.CASE,
    (Step.CASE, ""): Step.REMOVE,
    (Step.REMOVE, NO): Step.ANSWERABLE,
    (Step.REMOVE, ""): Step.OWN_CHANNEL,
    (Step.OWN_CHANNEL, YES): Step.REMOVED,
    (Step.OWN_CHANNEL, NO): Step.NO_ANSWER,
    (Step.REMOVED, YES): None,
    (Step.REMOVED, NO): Step.REMOVED,
    (Step.ANSWERABLE, YES): Step.MINE,
    (Step.ANSWERABLE, NO): Step.NO_ANSWER,
    (Step.MINE, YES): Step.ANSWER,
    (Step.MINE, NO): Step.FORWARD,
    (Step.ANSWER, ""): None,
    (Step.FORWARD, ""): Step.SAME_PLATFORM,
    (Step.SAME_PLATFORM, ""): Step.TOLD,
    (Step.TOLD, YES): Step.FOLLOW_UP,
    (Step.TOLD, NO): Step.TOLD,
    (Step.FOLLOW_UP, ""): None,
    (Step.NO_ANSWER, ""): None,
}
ENDS = (Step.ANSWER, Step.FORWARD, Step.NO_ANSWER)  # a plain question may be taken straight to one of these
# Answered yes or no; REMOVE by no or by one of its reasons.
YES_OR_NO = frozenset(
    {Step.PUBLIC, Step.CASE, Step.OWN_CHANNEL, Step.REMOVED, Step.ANSWERABLE, Step.MINE, Step.SAME_PLATFORM, Step.TOLD}
)
OTHER, CHILD_ABUSE = "other", "child_abuse"
# Why a post must be removed, or needs no answer: closed lists; `other` needs words.
REASONS: Mapping[Step, tuple[str, ...]] = {
    Step.NO_ANSWER: (
        "no_question", "opinion", "answered_elsewhere", "duplicate", "individual_case", "not_ours", "abusive",
        "reported", OTHER,
    ),
    Step.REMOVE: (
        "threat", "incitement", "hate", CHILD_ABUSE, "violence", "terrorism", "privacy", "copyright", "secrecy", OTHER,
    ),
}  # fmt: skip


class Taken(Record, frozen=True):
    """A step that was taken: which, with what answer, by whom and when. `text` None: none, or deleted since."""

    id: int
    step: Step
    answer: str
    who: str
    at: datetime
    text: str | None = None


Done = dict[Step, Taken]


def standing(taken: Iterable[Taken]) -> Done:
    """The last answer to each step, in order; what a later BACK took back is left out."""
    done: Done = {}
    for row in taken:
        if row.step is Step.BACK:
            kept = list(done)
            cut = kept.index(Step(row.answer)) if row.answer in done else len(kept)
            done = {step: done[step] for step in kept[:cut]}
        else:
            done.pop(row.step, None)
            done[row.step] = row
    return done


def next_step(done: Mapping[Step, Taken]) -> Step | None:
    """What comes next; None when the flow is at its end."""
    if Step.ANSWER in done or Step.NO_ANSWER in done:
        return None
    at: Step | None = Step.FORWARD if Step.FORWARD in done else Step.PUBLIC
    while at is not None and at in done:
        after = following(at, done[at].answer)
        if after is at:
            return at
        at = after
    return at


def following(step: Step, answer: str) -> Step | None:
    """The step after an answer."""
    return NEXT[step, answer] if (step, answer) in NEXT else NEXT[step, ""]


def may_come(step: Step, done: Mapping[Step, Taken]) -> bool:
    """Whether this step may be taken now: it is next, or an end that a post without a triage may be taken to.

    A forwarded post may be answered after all, and its date of follow-up moved.
    """
    came = next_step(done) is step
    forwarded = Step.FORWARD in done and Step.ANSWER not in done
    if step is Step.FOLLOW_UP:
        return came or Step.FOLLOW_UP in done or Step.ANSWER in done
    return came or (step in ENDS and not done) or (step is Step.ANSWER and forwarded)


def state_of(done: Mapping[Step, Taken], answered_by_us: bool = False) -> AnswerState:
    """Where the question stands; `answered_by_us`: a post of ours in the log answers it."""
    removed = Step.REMOVED in done and done[Step.REMOVED].answer == YES
    if Step.NO_ANSWER in done or removed:
        return AnswerState.NO_ANSWER
    followed = done.get(Step.FOLLOW_UP)
    if Step.ANSWER in done or answered_by_us or (followed is not None and followed.answer == DONE):
        return AnswerState.ANSWERED
    return AnswerState.FORWARDED if Step.FORWARD in done else AnswerState.OPEN
