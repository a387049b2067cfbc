"""`listen init`: a first listener.toml and registry.csv in this folder."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from listener.language import _

if TYPE_CHECKING:
    from listener.first_files import Start


@click.command(
    help=_("Write a first listener.toml and an empty registry.csv here; what is already here is never overwritten.")
)
@click.option("--name", metavar="TEXT", help=_("The organisation's name, such as Örebro kommun."))
@click.option("--domain", metavar=_("DOMAIN"), help=_("Its own domain, such as orebro.se."))
@click.option("--place", "places", multiple=True, metavar="TEXT", help=_("The name of the place; may be repeated."))
@click.option("--email", metavar=_("ADDRESS"), help=_("Where servers we visit can reach you."))
@click.option("--no-input", is_flag=True, help=_("Ask nothing; lines to change are marked in the file."))
def init(name: str | None, domain: str | None, places: tuple[str, ...], email: str | None, no_input: bool) -> None:
    from listener.config import FILE
    from listener.errors import ConfigError
    from listener.first_files import Start, place_in, register, settings

    target, registry = Path(FILE), Path("registry.csv")
    if target.exists():
        raise ConfigError(
            _("{file} is already here and was left as it is: edit it, or run `listen init` in another folder").format(
                file=target.resolve()
            )
        )
    no_input = no_input or bool(name and domain and not sys.stdin.isatty())
    guessed = no_input and not (name and domain)
    name = name or _asked(no_input, _("Name of the organisation"), _("Example Council"))
    domain = domain or _asked(no_input, _("Its own domain"), "council.example")
    place = places or (_asked(no_input, _("Name of the place, empty when it is named after none"), place_in(name)),)
    places = tuple(filter(None, place))
    given = email
    email = email or _asked(no_input, _("E-mail where servers we visit can reach you"), f"listen@{domain}")
    invented = not given and email == f"listen@{domain}"
    start = Start(name=name, domain=domain, places=places, email=email, placeholder=guessed, email_guessed=invented)
    _check(start)
    target.write_text(settings(start, _language()), encoding="utf-8")
    click.echo(_("Wrote {file}.").format(file=target.resolve()), err=True)
    if not registry.exists():
        registry.write_text(register(), encoding="utf-8")
        click.echo(_("Wrote {file}.").format(file=registry.resolve()), err=True)
    if guessed or invented:
        click.echo(_("Change the marked lines of {file} before the first audit.").format(file=FILE), err=True)
    click.echo(_("Next: listen registry import FILE, listen doctor, listen audit."), err=True)


def _asked(no_input: bool, question: str, default: str) -> str:
    """The answer of the person at the terminal; the default when nobody is to be asked."""
    if no_input:
        return default
    try:
        answer: str = click.prompt(question, default=default, show_default=bool(default), err=True)
    except click.Abort as left:
        if sys.stdin.isatty():
            raise
        told = _("nobody is at the terminal to be asked: give --name and --domain, or --no-input")
        raise click.UsageError(told) from left
    return answer.strip()


def _check(start: Start) -> None:
    """What is written must load: raise the ConfigError now rather than at the first audit."""
    import tomllib

    from listener.config import FILE
    from listener.first_files import settings
    from listener.organisation import read_organisation

    read_organisation(tomllib.loads(settings(start, "en"))["organisation"], Path(FILE))


def _language() -> str:
    """The language our words come in at this terminal: `sv` or `en`."""
    return _("language code: en").rpartition(" ")[2]
