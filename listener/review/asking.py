"""What is asked of an incoming post: each step of the flow as the form that takes its answer."""

from __future__ import annotations

from typing import NamedTuple

from flask import g

from listener.answers.clock import Question
from listener.answers.flow import ENDS, NO, REASONS, YES, YES_OR_NO, Step, standing
from listener.answers.flow_words import ANSWERS, QUESTIONS, STEPS
from listener.answers.ready import ready_text
from listener.language import LANGUAGES, _
from listener.organisation import load_organisation

KINDS = {Step.FORWARD: "receiver", Step.FOLLOW_UP: "day"}  # steps whose answer is none of a closed list


class Asking(NamedTuple):
    """One step as a form asks it. `kind` is buttons | choice | receiver | day, `answers` keys and what they are called.

    `ready` are words for the sender to copy, where the step has some.
    """

    step: Step
    name: str
    question: str
    kind: str
    answers: tuple[tuple[str, str], ...]
    needs_words: bool
    ready: str


def asking(step: Step, question: Question) -> Asking:
    """The form of a step."""
    kind = KINDS.get(step) or ("choice" if step in REASONS else "buttons")
    named = tuple((key, _(ANSWERS[key])) for key in allowed(step))
    return Asking(step, _(STEPS[step]), _(QUESTIONS[step]), kind, named, step in REASONS, ready(step, question))


def allowed(step: Step) -> tuple[str, ...]:
    """The answers of a step that has a closed list of them; none of one that takes a unit or a day."""
    if step in KINDS:
        return ()
    if step in YES_OR_NO:
        return (YES, NO)
    return (YES,) if step is Step.ANSWER else (*((NO,) if step is Step.REMOVE else ()), *REASONS[step])


def next_asking(question: Question) -> Asking | None:
    """What is asked next; None when nothing is."""
    return asking(question.next, question) if question.next else None


def shortcuts(question: Question) -> list[Asking]:
    """What may be done besides: a plain question taken to its end at once, a day of follow-up moved or ended."""
    done = standing(question.steps)
    if not done:
        return [asking(step, question) for step in ENDS]
    moved = [Step.ANSWER] if Step.FORWARD in done and Step.ANSWER not in done else []
    moved += [Step.FOLLOW_UP] if Step.FOLLOW_UP in done or Step.ANSWER in done else []
    return [asking(step, question) for step in moved if step is not question.next]


def ready(step: Step, question: Question) -> str:
    """Words for the sender, in the language of the post where we have them, with what is not known left as […]."""
    if step is not Step.TOLD:
        return ""
    forwarded = next((taken for taken in reversed(question.steps) if taken.step is Step.FORWARD), None)
    values = {
        "organisation": load_organisation(g.config).name,
        "unit": (forwarded.text or "").split("\n")[0][:200] if forwarded else "",
        "channel": str(g.config.table("answers").get("channel", "")),
    }
    lang = question.logged.post.lang
    return ready_text("forwarded", lang if lang in LANGUAGES else g.language, values)
