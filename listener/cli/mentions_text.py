"""Questions as people and programs read them: masked, without the writer's name, harmless to print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from listener.answers.clock import Question
from listener.answers.flow import REASONS, YES_OR_NO, Step, Taken
from listener.answers.flow_words import ANSWERS, OPTIONS, QUESTIONS, STATES, STEPS, advice
from listener.cli.case_text import UNKNOWN, aligned, moment
from listener.clock import rfc3339
from listener.language import N_, _
from listener.lexicons import mask
from listener.report.labels import label, platform_label
from listener.terminal import plain
from listener.text.pseudonyms import spoken

COLUMNS = (  # of a table for a spreadsheet; no address: most platforms write the author's name into it
    "mention", "state", "late", "received_at", "due_at", "answered_at", "next", "follow_up", "follow_up_late",
    "platform", "unit", "writer", "sentence", "text", "told_by", "addressed", "edited_at", "gone_at",
)  # fmt: skip
TOLD_BY = {"mark": N_("it ends in a question mark"), "opening": N_("it begins like a question")}
ADDRESSED = {
    "handle": N_("it names an account of ours"),
    "reply": N_("it replies to us"),
    "name": N_("it names us"),
}


def row(asked: Question) -> dict[str, Any]:
    """A question as flat data; times RFC 3339 in UTC, the day of follow-up as it is in Sweden."""
    post = asked.logged.post
    return {
        "mention": asked.logged.id,
        "state": asked.state.value,
        "late": asked.late,
        "received_at": rfc3339(asked.logged.at),
        "due_at": rfc3339(asked.due) if asked.counted else None,
        "answered_at": asked.answered_at and rfc3339(asked.answered_at),
        "next": asked.next and asked.next.value,
        "follow_up": asked.follow_up,
        "follow_up_late": asked.follow_up_late,
        "platform": post.platform,
        "unit": asked.logged.unit,
        "writer": asked.logged.writer,
        "sentence": mask(asked.sentence),
        "text": mask(post.text),
        "told_by": asked.told_by,
        "addressed": asked.addressed,
        "edited_at": asked.edited_at and rfc3339(asked.edited_at),
        "gone_at": asked.gone_at and rfc3339(asked.gone_at),
        "url": post.url,
    }


def whole(asked: Question) -> dict[str, Any]:
    """A question with its steps."""
    steps = [
        {"step": taken.step.value, "answer": taken.answer, "who": taken.who, "at": rfc3339(taken.at),
         "text": taken.text}
        for taken in asked.steps
    ]  # fmt: skip
    return row(asked) | {"queries": asked.logged.queries, "steps": steps}


def table(found: Sequence[Question]) -> Iterator[str]:
    """A line for each question under a heading."""
    heading = (_("mention"), _("state"), _("due"), _("platform"), _("unit"), _("writer"), _("text"))
    yield from aligned([heading, *map(cells, found)], (10, 26, 16, 12, 24, 17, 70))


def cells(asked: Question) -> tuple[str, ...]:
    post = asked.logged.post
    return (
        str(asked.logged.id),
        state(asked),
        moment(asked.due),
        platform_label(post.platform),
        asked.logged.unit or "",
        spoken(asked.logged.writer, _) or UNKNOWN,
        mask(asked.sentence or post.text),
    )


def state(asked: Question) -> str:
    """Where it stands, whether it is late, and whether its writer changed it or took it away."""
    if not asked.counted:
        return _("not counted as a question to us")
    told = label(STATES, asked.state)
    if asked.gone_at:
        return told + ", " + _("taken away")
    if asked.edited_at:
        told += ", " + _("changed")
    if asked.late:
        return told + ", " + _("late")
    if asked.follow_up:
        return told + ", " + (_("look again") if asked.follow_up_late else asked.follow_up)
    return told


def show(asked: Question) -> Iterator[str]:
    """Everything about one post: what it says, when it is due, what was done and what comes next."""
    post, logged = asked.logged.post, asked.logged
    due = " · " + _("due {time}").format(time=moment(asked.due)) if asked.counted and not asked.gone_at else ""
    yield f"{_('Mention')} {logged.id}: {state(asked)}{due}"
    parts = (platform_label(post.platform), logged.unit or "", spoken(logged.writer, _), moment(logged.at))
    yield "  " + " · ".join(plain(part) for part in parts if part)
    if post.url:
        yield "  " + plain(post.url)
    yield ""
    yield from (f"  {plain(line)}" for line in mask(post.text).splitlines())
    yield ""
    if asked.sentence:
        why = ", ".join(label(names, key) for names, key in ((TOLD_BY, asked.told_by), (ADDRESSED, asked.addressed)))
        yield _("A question to us: {why}.").format(why=why)
    yield from changed(asked)
    if asked.answered_at:
        yield _("Answered {time}.").format(time=moment(asked.answered_at))
    if asked.steps:
        yield _("Steps:")
        yield from (f"  {step_line(taken)}" for taken in asked.steps)
    yield from next_lines(asked)


def changed(asked: Question) -> Iterator[str]:
    """What its writer did with the post after it was logged."""
    if asked.edited_at:
        yield _("The writer changed the post {time}; above is what it said when it was logged.").format(
            time=moment(asked.edited_at)
        )
    if asked.gone_at:
        yield _("The writer took the post away {time}.").format(time=moment(asked.gone_at))


def step_line(taken: Taken) -> str:
    """One step: when, what, the answer, by whom, in whose words."""
    answer = label(STEPS if taken.step is Step.BACK else ANSWERS, taken.answer)
    shown = "" if taken.step in (Step.ANSWER, Step.FORWARD) else plain(answer)
    parts = [moment(taken.at), label(STEPS, taken.step), shown, plain(taken.who)]
    if taken.text:
        parts.append(f"“{plain(taken.text)}”")
    return " · ".join(part for part in parts if part)


def next_lines(asked: Question) -> Iterator[str]:
    """What was said of the last answer, and what comes next."""
    last = asked.steps[-1] if asked.steps else None
    if last is not None and (told := advice(last.step, last.answer)):
        yield _(told)
    if not asked.counted:
        yield _("If it waits for an answer all the same, take it up:")
    if asked.next is not None:
        yield _("Next: {question}").format(question=_(QUESTIONS[asked.next]))
        yield f"  listen mentions triage {asked.logged.id} {OPTIONS[asked.next]} {choices(asked.next)}".rstrip()


def choices(step: Step) -> str:
    """What may be answered, as it is typed."""
    if step is Step.ANSWER:
        return ""
    if step is Step.FORWARD:
        return _("UNIT-OR-ADDRESS")
    if step is Step.FOLLOW_UP:
        return _("DAY")
    return "|".join(_(key) if key in ("yes", "no") else key for key in answers(step))


def answers(step: Step) -> tuple[str, ...]:
    """The keys to choose from."""
    if step in YES_OR_NO:
        return ("yes", "no")
    return (*(("no",) if step is Step.REMOVE else ()), *REASONS[step])
