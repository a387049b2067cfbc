"""What people type to choose cases, reasons and dates, read into what the store understands, and who types."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

import click

from listener.language import LANGUAGES, _, translations
from listener.models import State, UnitKind, Verdict

if TYPE_CHECKING:
    from listener.records.queue import Wanted

WHO = click.option(
    "--who", metavar=_("NAME"), help=_("Who decides; else LISTEN_USER, else your account on this computer.")
)
TEXT = click.option(
    "--text", default="", metavar="TEXT", help=_("In your own words; needed when the reason is `other`.")
)
CASE = click.argument("case_id", metavar=_("CASE"), type=click.IntRange(1, 2**63 - 1))
Command = TypeVar("Command", bound=Callable[..., Any])


def repeated(option: str, name: str, words: str, kinds: type[StrEnum] | None = None) -> Callable[[Command], Command]:
    """An option that may be given several times, with any value or one of a closed set."""
    choice = click.Choice([kind.value for kind in kinds]) if kinds else None
    return click.option(option, name, type=choice, metavar=None if kinds else _("NAME"), multiple=True, help=words)


def choosing(command: Command) -> Command:
    """The options that say which cases."""
    options = (
        repeated("--state", "states", _("Only this state; may be repeated."), State),
        repeated("--verdict", "verdicts", _("Only this verdict; may be repeated."), Verdict),
        repeated("--unit-kind", "unit_kinds", _("Only this kind of unit; may be repeated."), UnitKind),
        repeated("--platform", "platforms", _("Only this platform; may be repeated.")),
        click.option("--all", "closed_too", is_flag=True, help=_("The closed cases, too.")),
    )
    for option in reversed(options):
        command = option(command)
    return command


def wanted_of(options: dict[str, Any]) -> Wanted:
    """The choice made with the options of `choosing`."""
    from listener.records.queue import Wanted

    return Wanted(
        states=frozenset(map(State, options["states"])),
        verdicts=frozenset(map(Verdict, options["verdicts"])),
        unit_kinds=frozenset(map(UnitKind, options["unit_kinds"])),
        platforms=frozenset(options["platforms"]),
        closed_too=options["closed_too"],
    )


def reason_key(given: str, state: State) -> str:
    """The key of a reason given by key or by its name in either language; as given when it is none, to be refused."""
    from listener.cli.case_text import REASON_NAMES
    from listener.store.cases import REASONS

    for key in REASONS.get(state, ()):
        called = {key, *(translations(language).gettext(REASON_NAMES[key]) for language in LANGUAGES)}
        if given.strip().casefold() in {name.casefold() for name in called}:
            return key
    return given
