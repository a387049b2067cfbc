"""`listen crisis`: begin and end one, and draw the picture for those who decide."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from listener.cli.options import CONFIG, OUTPUT, form
from listener.language import LANGUAGES, _

if TYPE_CHECKING:
    from datetime import datetime

    from listener.crisis.pointers import Checked

WHO = click.option(
    "--who", metavar=_("NAME"), help=_("Who does it; else LISTEN_USER, else the account at the keyboard.")
)


@click.group(help=_("Listen closer, check official accounts, and draw the picture of a situation."))
def crisis() -> None:
    """Begin, look, end."""


@crisis.command(
    help=_(
        "Begin a crisis: sources are asked oftener, and every official account is checked at once: does each that is "
        "not used in a crisis say where information is (rule P10)?"
    )
)
@click.option("--name", required=True, metavar=_("NAME"), help=_("What it is called, in the picture and afterwards."))
@click.option("--query", "queries", multiple=True, metavar=_("NAME"),
              help=_("A saved query that it is about; may be repeated. Without one, all of them."))  # fmt: skip
@WHO
@CONFIG
def start(name: str, queries: tuple[str, ...], who: str | None, config_path: Path | None) -> int:
    from listener.cli.person import person
    from listener.cli.query import say_demo_is_down
    from listener.config import load_config
    from listener.crisis import course
    from listener.crisis.picture import load_scope
    from listener.store import open_store

    config = load_config(config_path, os.environ)
    scope = load_scope(config)
    with open_store(config.store) as store:
        begun = course.start(config, store, scope, name, queries, person(config, who), _say)
    _tell(_("The crisis {name} is on. Sources are asked {times} times as often."), name=begun.crisis.name,
          times=f"{1 / begun.crisis.factor:g}")  # fmt: skip
    _accounts(begun.accounts)
    say_demo_is_down(config, (one.why[0] for one in begun.accounts))
    for contact in scope.settings.contacts:
        _tell(_("Contact: {contact}"), contact=" · ".join(filter(None, (contact.role, contact.phone, contact.email))))
    _tell(_("The picture: listen crisis report. The end: listen crisis stop."))
    return 3 if begun.unseen else 0


@crisis.command(
    help=_(
        "The picture of a situation: what is said, by how many, where, what is asked, what is repeated, and what "
        "changed since the last one. It can be drawn in calm times too."
    )
)
@form("text", "html", "json")
@click.option("--since", metavar=_("WHEN"), help=_("From when; else from when the storm or the crisis began."))
@click.option("--language", type=click.Choice(LANGUAGES), help=_("Language of the picture; else that of reports."))
@OUTPUT
@WHO
@CONFIG
def report(
    form: str, since: str | None, language: str | None, output: Path | None, who: str | None, config_path: Path | None
) -> int:
    from listener.cli.person import person
    from listener.config import load_config
    from listener.crisis.forms import FORMATS
    from listener.crisis.picture import draw, load_scope
    from listener.report.filing import write_file
    from listener.store import open_store
    from listener.storms import watch

    config = load_config(config_path, os.environ)
    scope = load_scope(config)
    begin = _moment(since, config.now) if since else None
    with open_store(config.store, create=False) as store:
        watch(config, store, config.now)
        picture = draw(config, store, scope, person(config, who), since=begin)
    shown = FORMATS[form](picture, language or config.language)
    if output is None or str(output) == "-":
        click.echo(shown, nl=False)
    else:
        write_file(output, shown)
        _tell(_("The picture: {path}"), path=str(output))
    return 0 if picture.coverage.complete else 3


@crisis.command(help=_("End the crisis: sources are asked as usual again, and a summary is filed with the reports."))
@WHO
@CONFIG
def stop(who: str | None, config_path: Path | None) -> int:
    from listener.cli.person import person
    from listener.config import load_config
    from listener.crisis import course
    from listener.crisis.picture import load_scope
    from listener.store import open_store

    config = load_config(config_path, os.environ)
    scope = load_scope(config)
    with open_store(config.store, create=False) as store:
        ended = course.stop(config, store, scope, person(config, who))
    _tell(_("The crisis {name} is over. Sources are asked as usual."), name=ended.crisis.name)
    _tell(_("Summary: {path}"), path=str(ended.html))
    return 0


@crisis.command(help=_("Is a crisis on, since when, and what was done in it?"))
@CONFIG
def status(config_path: Path | None) -> int:
    from listener.config import load_config
    from listener.crisis.course import course_of
    from listener.crisis.telling import stage
    from listener.report.wording import Words
    from listener.store import open_store
    from listener.store.crises import last_crisis
    from listener.terminal import plain

    config = load_config(config_path, os.environ)
    words = Words(_("language code: en").rpartition(" ")[2])
    with open_store(config.store, create=False) as store:
        found = last_crisis(store)
        if found is None:
            click.echo(_("No crisis is on, and none has been."))
            return 0
        stages = course_of(store, found.id)
    text = _("The crisis {name} is over.") if found.stopped_at else _("The crisis {name} is on.")
    click.echo(plain(text.format(name=found.name)))
    for one in stages:
        click.echo(plain(f"  {words.moment(one.at)}  {stage(one, words)} ({one.who})"))
    return 0


def _moment(text: str, now: datetime) -> datetime:
    """A time that has been, as --since takes it elsewhere."""
    from listener.clock import local
    from listener.query.when import read_when

    try:
        when = read_when(text, now)
    except ValueError as wrong:
        raise click.BadParameter(str(wrong), param_hint="--since") from wrong
    if when >= now:
        told = _("{day} has not been yet: nothing can have been said since then")
        raise click.BadParameter(told.format(day=f"{local(when):%Y-%m-%d %H:%M}"), param_hint="--since")
    return when


def _say(line: str) -> None:
    from listener.terminal import plain

    click.echo(plain(line), err=True)


def _tell(text: str, **values: str) -> None:
    """A line to the person at the terminal."""
    _say(text.format(**values))


def _accounts(accounts: tuple[Checked, ...]) -> None:
    """Every official account and who must mend what, on stdout."""
    from listener.crisis.pointers import Pointing
    from listener.sentences import in_language
    from listener.terminal import plain
    from listener.troubles import in_language as trouble

    told = {
        Pointing.LACKS: _("does not say where information is"),
        Pointing.UNSEEN: _("could not be seen: look by hand"),
        Pointing.POINTS: _("says where information is"),
        Pointing.USED: _("is used in a crisis"),
    }
    for one in accounts:
        owners = ", ".join(filter(None, (one.owner_email, one.deputy_email)))
        click.echo(plain(f"{one.unit} ({one.platform}) {one.url}: {told[one.state]}"))
        if one.state in (Pointing.LACKS, Pointing.UNSEEN):
            why = in_language(one.hint, _) if one.hint else trouble(one.why[1], _)
            click.echo(plain("    " + " · ".join(filter(None, (owners, why)))))
