"""Steps taken with a post: read, refused when they come in the wrong order, and kept for good."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from listener.answers.clock import ONE_SECOND, read_step
from listener.answers.flow import (
    CHILD_ABUSE,
    DONE,
    NO,
    OTHER,
    REASONS,
    YES,
    YES_OR_NO,
    Done,
    Step,
    Taken,
    may_come,
    next_step,
    standing,
)
from listener.answers.flow_words import ANSWERS, OPTIONS, QUESTIONS, STEPS
from listener.clock import local
from listener.language import LANGUAGES, _, translations
from listener.store import Store, StoreError
from listener.store.answers import add_step, load_question, load_steps
from listener.store.disposal import wipe
from listener.store.stripped import strip

DESTROYS = (Step.REMOVE, CHILD_ABUSE)  # of such a post nothing but address, id and time is kept
AGREED = {"y": YES, "j": YES, "ja": YES, "n": NO, "nej": NO}
MAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+")
LONGEST_TEXT = 10_000  # characters of a note


def take(
    store: Store, mention_id: int, given: Mapping[Step, str], who: str, now: datetime, text: str = ""
) -> list[tuple[Step, str]]:
    """Take these steps, in the order of the flow, all or none; returns those that were new.

    `text` is kept with the last of them. Raises StoreError for an answer that is none, and for a step whose time has
    not come: the message says what comes first.
    """
    text = text.strip()[:LONGEST_TEXT]
    with store.transaction():
        done = taken_with(store, mention_id, now)
        plan = planned(mention_id, done, given, now)
        check_words(mention_id, plan, done, text)
        for number, (step, answer) in enumerate(plan, 1):
            words = [answer] if step is Step.FORWARD else []
            words += [text] if text and number == len(plan) else []
            kept = DONE if step is Step.FORWARD else answer
            add_step(store, mention_id, step, kept, who, now, "\n".join(words))
            if (step, answer) == DESTROYS:
                strip(store, mention_id)
    return plan


def finish(store: Store, taken: Sequence[tuple[Step, str]]) -> None:
    """What steps that are kept demand besides; outside of any transaction, for the file is written anew.

    Raises LockedError when the words are gone but somebody has the store open.
    """
    if DESTROYS in taken:
        wipe(store)


def taken_with(store: Store, mention_id: int, now: datetime) -> Done:
    """The steps that stand. Raises StoreError when the log has no such post."""
    if load_question(store, mention_id) is None:
        none = _("mention {number}: there is none in the log: `listen mentions list` shows the questions")
        raise StoreError(none.format(number=mention_id))
    return standing(map(read_step, load_steps(store, now + ONE_SECOND, mention_id)))


def go_back(store: Store, mention_id: int, to: Step, who: str, now: datetime) -> None:
    """Take a step back, and all after it, by a new entry. Raises StoreError when it was not taken."""
    with store.transaction():
        if to not in taken_with(store, mention_id, now):
            none = _('mention {number}: "{step}" is not noted yet')
            raise StoreError(none.format(number=mention_id, step=_(STEPS[to])))
        add_step(store, mention_id, Step.BACK, to.value, who, now)


def planned(mention_id: int, done: Done, given: Mapping[Step, str], now: datetime) -> list[tuple[Step, str]]:
    """The given steps that are new, in order. Raises StoreError when one is not due yet or was answered otherwise."""
    left = {step: read_answer(mention_id, step, answer, now) for step, answer in given.items()}
    for step in [step for step, answer in left.items() if step in done and same(done[step], answer)]:
        del left[step]
    plan: list[tuple[Step, str]] = []
    while left:
        comes = next((step for step in left if may_come(step, done)), None)
        if comes is None:
            raise StoreError(refusal(mention_id, done, next(iter(left))))
        plan.append((comes, left.pop(comes)))
        done = {**done, comes: Taken(id=0, step=comes, answer=plan[-1][1], who="", at=now)}
    return plan


def same(taken: Taken, answer: str) -> bool:
    """Whether the step was taken with that answer already."""
    return answer == ((taken.text or "").split("\n")[0] if taken.step is Step.FORWARD else taken.answer)


def refusal(mention_id: int, done: Done, step: Step) -> str:
    """Why a step may not come now, and what does."""
    comes = next_step(done)
    if step in done:
        told = _('mention {number}: "{step}" is noted already: begin again there with {command}')
        return told.format(
            number=mention_id, step=_(STEPS[step]), command=_triage(mention_id, "--again-from", step.value)
        )
    if comes is None:
        return _("mention {number}: there is nothing left to do: take a step back with {command}").format(
            number=mention_id, command=_triage(mention_id, "--again-from", _("STEP"))
        )
    told = _('mention {number}: "{step}" does not come yet; first: {question} Answer with {command}')
    command = _triage(mention_id, OPTIONS[comes], "" if comes is Step.ANSWER else _("ANSWER"))
    return told.format(number=mention_id, step=_(STEPS[step]), question=_(QUESTIONS[comes]), command=command)


def _triage(mention_id: int, *words: str) -> str:
    """The command whose options these are: another one may have been typed."""
    return " ".join(["`listen mentions triage", str(mention_id), *words]).rstrip() + "`"


def check_words(mention_id: int, plan: Sequence[tuple[Step, str]], done: Done, text: str) -> None:
    """`other` needs words; of child abuse none are kept. Raises StoreError."""
    if not text and any(answer == OTHER for _step, answer in plan):
        raise StoreError(_("mention {number}: say why in your own words, with --text").format(number=mention_id))
    ground = dict(plan).get(Step.REMOVE) or (done[Step.REMOVE].answer if Step.REMOVE in done else "")
    if text and ground == CHILD_ABUSE:
        never = _("mention {number}: of child abuse nothing but address, id and time is kept: leave out --text")
        raise StoreError(never.format(number=mention_id))


def read_answer(mention_id: int, step: Step, given: str, now: datetime) -> str:
    """An answer as it is kept. Raises StoreError, with those to choose from, when it is none."""
    text = " ".join(given.split())
    if step is Step.FOLLOW_UP:
        return read_day(mention_id, text, now)
    if step is Step.FORWARD:
        return text
    if step is Step.ANSWER:
        return YES
    allowed = (YES, NO) if step in YES_OR_NO else (*((NO,) if step is Step.REMOVE else ()), *REASONS[step])
    key = named(text, allowed)
    if key is None:
        wrong = _('mention {number}: "{step}" {given!r}: choose one of {choices}')
        raise StoreError(wrong.format(number=mention_id, step=_(STEPS[step]), given=text, choices=", ".join(allowed)))
    return key


def named(text: str, allowed: Iterable[str]) -> str | None:
    """The key that was given by itself, by its name in either language, or by a letter."""
    low = text.casefold()
    for key in allowed:
        names = {key, *(translations(language).gettext(ANSWERS[key]).casefold() for language in LANGUAGES)}
        if low in names or AGREED.get(low) == key:
            return key
    return None


def read_day(mention_id: int, text: str, now: datetime) -> str:
    """A day to come, or `done`. Raises StoreError when it is neither."""
    if named(text, (DONE,)):
        return DONE
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if day <= local(now).date():
        wrong = _("mention {number}: {given!r} is no day to come: write it as 2026-12-01")
        raise StoreError(wrong.format(number=mention_id, given=text))
    return day.isoformat()


def receiver(given: str, units: Iterable[str]) -> str | None:
    """The unit of that name, or the e-mail address, to which a post is forwarded; None when it is neither."""
    text = " ".join(given.split())
    found = {unit.casefold(): unit for unit in units}.get(text.casefold())
    return found or (text if MAIL.fullmatch(text) else None)
