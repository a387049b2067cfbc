"""`listen mentions`: the questions put to us, when they are due, and what is done with each."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from listener.cli.mention_desk import at_desk, covered, named, note, print_question
from listener.cli.options import CONFIG, form
from listener.language import LANGUAGES, _, ngettext

if TYPE_CHECKING:
    from datetime import datetime

    from listener.answers.clock import Question
    from listener.answers.flow import Step

WHO = click.option(
    "--who", metavar=_("NAME"), help=_("Who does it; else LISTEN_USER, else your account on this computer.")
)
TEXT = click.option("--text", default="", metavar="TEXT", help=_("In your own words; goes when the post is deleted."))
MENTION = click.argument("number", metavar=_("MENTION"), type=click.IntRange(1, 2**63 - 1))
TO = click.option("--to", metavar=_("UNIT-OR-ADDRESS"), help=_("To whom: a unit of yours, or an e-mail address."))


@click.group(
    help=_(
        "The questions put to you: when they are due, who has them, what became of them.\n\n"
        "A question is due a day of office hours after it came. Nothing is ever answered, sent or removed by the "
        "tool: you do that, and note it here.\n\n"
        "Example: listen mentions list --overdue"
    )
)
def mentions() -> None:
    """The answer clock and the steps of an incoming post."""


@mentions.command("list", help=_("The questions that wait for an answer, the one due first on top."))
@click.option("--open", "wanted", flag_value="open", help=_("Those that nobody has answered (as without an option)."))
@click.option(
    "--overdue", "wanted", flag_value="overdue", help=_("Those past their time, and follow-ups whose day came.")
)
@click.option(
    "--all",
    "wanted",
    flag_value="all",
    help=_("The answered and forwarded ones, too, and those whose writers took them away."),
)
@click.option("--unit", metavar=_("NAME"), help=_("Only those about this unit."))
@click.option("--since", metavar=_("WHEN"), help=_("Not older than this: 7d, 24h, 2026-11-01 or an RFC 3339 time."))
@form("table", "json", "ndjson", "csv")
@CONFIG
def list_(wanted: str | None, unit: str | None, since: str | None, form: str, config_path: Path | None) -> int:
    from listener.answers.clock import questions
    from listener.cli.mention_output import show_rows
    from listener.cli.mentions_text import COLUMNS, row, table

    with at_desk(config_path) as desk:
        first = read_since(since, desk.config.now) if since else None
        asked = chosen(questions(desk.store, desk.duties, desk.config.now, first), wanted or "open", unit)
        found = covered(desk.store, asked)
    if form != "table":
        show_rows([row(asked) for asked in found], COLUMNS, form)
        return 0
    for line in table(found) if found else ():
        click.echo(line)
    late = sum(asked.late for asked in found)
    told = ngettext("{count} question, {late} late", "{count} questions, {late} late", len(found))
    click.echo(told.format(count=len(found), late=late), err=True)
    return 0


def chosen(found: list[Question], wanted: str, unit: str | None) -> list[Question]:
    """Those that were asked for, the one due first on top."""
    tests: dict[str, Callable[[Question], bool]] = {
        "all": lambda asked: True,
        "open": lambda asked: asked.waits,
        "overdue": lambda asked: asked.late or asked.follow_up_late,
    }
    kept = [asked for asked in found if tests[wanted](asked)]
    if unit is not None:
        kept = [asked for asked in kept if (asked.logged.unit or "").casefold() == unit.casefold()]
    return sorted(kept, key=lambda asked: (asked.due, asked.logged.id))


def read_since(text: str, now: datetime) -> datetime:
    from listener.query.when import read_when

    try:
        return read_when(text, now)
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from wrong


@mentions.command(help=_("One post: what it says, when it is due, what was done and what comes next."))
@MENTION
@form("text", "json")
@CONFIG
def show(number: int, form: str, config_path: Path | None) -> int:
    with at_desk(config_path) as desk:
        print_question(desk.one(number), form)
    return 0


def stepping(command: Callable[..., int]) -> Callable[..., int]:
    """The options by which the steps of the flow are given."""
    from listener.answers.flow import Step
    from listener.answers.flow_words import OPTIONS, QUESTIONS

    for step in reversed([step for step in OPTIONS if step not in (Step.ANSWER, Step.FORWARD)]):
        command = click.option(OPTIONS[step], step.value, metavar=_("ANSWER"), help=_(QUESTIONS[step]))(command)
    return click.option("--answered", "answer", is_flag=True, help=_("You have answered it."))(TO(command))


@mentions.command(
    help=_(
        "Take a post through the questions of the flow, one at a time; every answer is kept with who and when.\n\n"
        "On a terminal you are asked. In scripts give the answers: --public yes --case no --remove no. What comes in "
        "the wrong order is refused, with what comes first."
    ),
    epilog=_("Example: listen mentions triage 12 --public yes --case no --remove no --answerable yes --mine yes"),
)
@MENTION
@stepping
@click.option(
    "--again-from", "again", metavar=_("STEP"), help=_("Take back this step and all after it, by a new entry.")
)
@TEXT
@WHO
@CONFIG
def triage(number: int, again: str | None, text: str, who: str | None, config_path: Path | None, **given: Any) -> int:
    from listener.answers.flow import Step
    from listener.answers.triage import go_back

    steps = {step: read_given(given[key]) for step, key in keys().items() if given[key]}
    with at_desk(config_path) as desk:
        if again is not None:
            if again not in [step.value for step in Step]:
                raise click.UsageError(_("--again-from: name a step, such as case or mine"))
            go_back(desk.store, number, Step(again), named(desk, who), desk.config.now)
        if steps:
            note(desk, number, steps, text, who)
        elif again is None and sys.stdin.isatty():
            from listener.cli.triage import walk

            walk(desk, number, named(desk, who))
        else:
            print_question(desk.one(number))
    return 0


def keys() -> dict[Step, str]:
    """Each step, and the name of its option's value, in the order of the flow."""
    from listener.answers.flow import Step

    return {step: "to" if step is Step.FORWARD else step.value for step in Step if step is not Step.BACK}


def read_given(value: str | bool) -> str:
    return value if isinstance(value, str) else "yes"


@mentions.command(help=_("Note that you have answered it on the platform."))
@MENTION
@TEXT
@WHO
@CONFIG
def answer(number: int, text: str, who: str | None, config_path: Path | None) -> int:
    from listener.answers.flow import Step

    with at_desk(config_path) as desk:
        note(desk, number, {Step.ANSWER: "yes"}, text, who)
    return 0


@mentions.command(help=_("Note that you have forwarded it to those who can answer; then tell the sender."))
@MENTION
@click.option(
    "--to", required=True, metavar=_("UNIT-OR-ADDRESS"), help=_("To whom: a unit of yours, or an e-mail address.")
)
@TEXT
@WHO
@CONFIG
def forward(number: int, to: str, text: str, who: str | None, config_path: Path | None) -> int:
    from listener.answers.flow import Step

    with at_desk(config_path) as desk:
        note(desk, number, {Step.FORWARD: to}, text, who)
    return 0


@mentions.command("follow-up", help=_("Say on which day you look at a post again, or that it was answered."))
@MENTION
@click.option("--until", metavar=_("DAY"), help=_("Look again then, such as 2026-12-01."))
@click.option("--done", is_flag=True, help=_("It has been answered: nothing more to follow up."))
@TEXT
@WHO
@CONFIG
def follow_up(number: int, until: str | None, done: bool, text: str, who: str | None, config_path: Path | None) -> int:
    from listener.answers.flow import DONE, Step

    if (until is None) == (not done):
        raise click.UsageError(_("give --until DAY, or --done"))
    with at_desk(config_path) as desk:
        note(desk, number, {Step.FOLLOW_UP: until or DONE}, text, who)
    return 0


@mentions.command("no-answer", help=_("Note that it needs no answer, and why."))
@MENTION
@click.option("--reason", required=True, metavar=_("REASON"), help=_(
    "no_question, opinion, answered_elsewhere, duplicate, individual_case, not_ours, abusive, reported, or other "
    "(needs --text)."))  # fmt: skip
@TEXT
@WHO
@CONFIG
def no_answer(number: int, reason: str, text: str, who: str | None, config_path: Path | None) -> int:
    from listener.answers.flow import Step

    with at_desk(config_path) as desk:
        note(desk, number, {Step.NO_ANSWER: reason}, text, who)
    return 0


@mentions.command("reply-text", help=_("Ready words for a reply, for you to fill in and send."))
@click.argument("kind", metavar=_("KIND"), type=click.Choice(["forwarded", "referred", "looking"]))
@click.option("--language", type=click.Choice(LANGUAGES), help=_("Language of the reply; else that of listener.toml."))
@click.option("--unit", default="", metavar=_("NAME"), help=_("Who will answer."))
@click.option("--day", default="", metavar=_("DAY"), help=_("By when, in words of your own."))
@click.option("--signature", default="", metavar=_("NAME"), help=_("Name or function that signs."))
@CONFIG
def reply_text(kind: str, language: str | None, unit: str, day: str, signature: str, config_path: Path | None) -> int:
    import os

    from listener.answers.ready import ready_text
    from listener.config import load_config
    from listener.organisation import load_organisation
    from listener.terminal import plain

    config = load_config(config_path, os.environ)
    values = {
        "organisation": load_organisation(config).name,
        "unit": unit,
        "day": day,
        "signature": signature,
        "channel": config.table("answers").get("channel", ""),
    }
    for line in ready_text(kind, language or config.language, values).splitlines():
        click.echo(plain(line))
    return 0
