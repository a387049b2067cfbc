"""The questions of the flow asked at a terminal, one at a time; each answer is kept before the next is asked."""

from __future__ import annotations

import click

from listener.answers.flow import OTHER, Step
from listener.answers.flow_words import ANSWERS, QUESTIONS, advice
from listener.answers.triage import finish, named, receiver, take
from listener.cli.mention_desk import Desk
from listener.cli.mentions_text import answers, next_lines, show, state
from listener.language import _
from listener.report.labels import label
from listener.store import StoreError


def walk(desk: Desk, number: int, who: str) -> None:
    """Ask until the flow is at its end or the person leaves off; it goes on from there another time."""
    for line in show(desk.one(number)):
        click.echo(line)
    click.echo(_("Leave off with Ctrl-C at any time: what you answered is kept."), err=True)
    while (step := desk.one(number).next) is not None:
        answer = asked(desk, step)
        if answer is None:
            break
        text = click.prompt(_("In your own words"), err=True) if answer == OTHER else ""
        try:
            finish(desk.store, take(desk.store, number, {step: answer}, who, desk.config.now, text))
        except StoreError as refused:
            click.echo(str(refused), err=True)
            continue
        if told := advice(step, answer):
            click.echo(_(told))
        if answer == "no" and step in (Step.TOLD, Step.REMOVED):
            break
    left = desk.one(number)
    click.echo(f"{_('Mention')} {number}: {state(left)}")
    for line in next_lines(left):
        click.echo(line)


def asked(desk: Desk, step: Step) -> str | None:
    """The answer to one question, asked again until it is one; None: not yet."""
    if step is Step.FOLLOW_UP:
        return str(click.prompt(f"{_(QUESTIONS[step])} ({_('such as 2026-12-01')})", err=True))
    if step is Step.FORWARD:
        while True:
            found = receiver(click.prompt(_(QUESTIONS[step]), err=True), desk.units)
            if found is not None:
                return found
            click.echo(_("neither an e-mail address nor a unit; there are {units}").format(
                units=", ".join(desk.units) or "–"), err=True)  # fmt: skip
    return chosen(step)


def chosen(step: Step) -> str | None:
    """One of the step's keys, given by itself or by its name; None: not yet."""
    keys = ("yes", "no") if step is Step.ANSWER else answers(step)
    question = _(QUESTIONS[step])
    if len(keys) == 2:
        question += f" [{'/'.join(label(ANSWERS, key) for key in keys)}]"
    else:
        for key in keys:
            click.echo(f"  {key:<20} {label(ANSWERS, key)}", err=True)
    while True:
        answer = named(click.prompt(question, err=True).strip(), keys)
        if answer is not None:
            return None if step is Step.ANSWER and answer == "no" else answer
        click.echo(_("choose one of {choices}").format(choices=", ".join(keys)), err=True)
