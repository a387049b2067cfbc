"""What every command about questions works with: settings, store and units; how a step is noted and shown."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from listener.language import _

if TYPE_CHECKING:
    from listener.answers.clock import Question
    from listener.answers.flow import Step
    from listener.answers.settings import Duties
    from listener.config import Config
    from listener.organisation import Organisation
    from listener.store import Store


class Desk(NamedTuple):
    """What every command here works with; the questions of the log are up to date."""

    config: Config
    store: Store
    duties: Duties
    organisation: Organisation
    units: tuple[str, ...]

    def one(self, number: int) -> Question:
        from listener.answers.clock import one_question

        return covered(self.store, [one_question(self.store, self.duties, number, self.config.now)])[0]


def covered(store: Store, found: Sequence[Question]) -> list[Question]:
    """The questions without the words, the writer and the address of those that only some may read."""
    import msgspec

    from listener.store.restricted import restricted

    closed = restricted(store, [asked.logged.id for asked in found])
    replace, kept = msgspec.structs.replace, []
    for asked in found:
        if asked.logged.id in closed:
            post = replace(asked.logged.post, text=_("(restricted)"), title=None, author=None, url=None, links=())
            asked = replace(asked, sentence="", logged=replace(asked.logged, post=post, writer=""))
        kept.append(asked)
    return kept


@contextmanager
def at_desk(config_path: Path | None) -> Iterator[Desk]:
    """The settings, the store and the questions. Raises ConfigError, RegistryError or StoreError."""
    from listener.answers.clock import refresh
    from listener.answers.questions import ours_of
    from listener.answers.settings import read_duties
    from listener.config import load_config
    from listener.organisation import load_organisation
    from listener.registry import load_registry
    from listener.store import open_store

    config = load_config(config_path, os.environ)
    duties, organisation = read_duties(config), load_organisation(config)
    entries = load_registry(config.registry).entries if config.registry.exists() else ()
    if not entries:
        click.echo(_("the register is empty: what is said to your accounts is told by your name only"), err=True)
    units = dict.fromkeys([*(unit.name for unit in organisation.units), *(entry.unit for entry in entries)])
    with open_store(config.store, create=False) as store:
        refresh(store, duties, ours_of(organisation, entries), config.now)
        yield Desk(config, store, duties, organisation, tuple(units))


def print_question(asked: Question, form: str = "text") -> None:
    import msgspec

    from listener.cli import mentions_text as text

    if form == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(text.whole(asked)), indent=2).decode())
        return
    for line in text.show(asked):
        click.echo(line)


def named(desk: Desk, who: str | None) -> str:
    from listener.cli.person import person

    return person(desk.config, who)


def note(desk: Desk, number: int, steps: Mapping[Step, str], text: str, who: str | None) -> None:
    """Keep the steps, and say where the post stands then."""
    from listener.answers.flow import Step
    from listener.answers.triage import finish, receiver, take

    given = dict(steps)
    if Step.FORWARD in given:
        found = receiver(given[Step.FORWARD], desk.units)
        if found is None:
            told = _("--to {given!r}: neither an e-mail address nor a unit; there are {units}")
            raise click.UsageError(told.format(given=given[Step.FORWARD], units=", ".join(desk.units) or "–"))
        given[Step.FORWARD] = found
    finish(desk.store, take(desk.store, number, given, named(desk, who), desk.config.now, text))
    print_state(desk.one(number))


def print_state(asked: Question) -> None:
    from listener.cli.mentions_text import next_lines, state

    click.echo(f"{_('Mention')} {asked.logged.id}: {state(asked)}")
    for line in next_lines(asked):
        click.echo(line)
