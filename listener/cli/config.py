"""`listen config`: the settings in force, without secrets, and a draft of the assessment that listening rests on."""

from __future__ import annotations

import os
from pathlib import Path

import click

from listener.cli.options import CONFIG, form
from listener.language import LANGUAGES, _


@click.group(help=_("Show the settings in force, without secrets."))
def config() -> None:
    """What rests on listener.toml alone."""


@config.command(help=_("Print settings, paths and which secrets are set (never their values)."))
@CONFIG
@form("text", "json")
def show(config_path: Path | None, form: str) -> None:
    import msgspec

    from listener.config import load_config
    from listener.terminal import plain

    found = load_config(config_path, os.environ)
    shown = {
        "config": str(found.path.resolve()),
        "registry": str(found.registry),
        "store": str(found.store),
        "reports": str(found.reports),
        "language": found.language,
        "contact": found.contact,
        "settings": found.tables,
        "secrets_set": sorted(found.secrets),
    }
    if form == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(shown, enc_hook=str), indent=2).decode())
        return
    for key, value in shown.items():
        if key == "settings":
            _tables(found.tables, ())
        else:
            click.echo(plain(f"{key} = {value}"))


@config.command(
    help=_(
        "Write a draft of the impact assessment (GDPR article 35) that listening rests on: Markdown, with what "
        "listener.toml tells filled in. Name the finished one under [listening] as dpia_ref and dpia_on.\n\n"
        "Example: listen config dpia -o konsekvensbedomning.md"
    )
)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), metavar=_("FILE"),
              help=_("Write here instead of on stdout."))  # fmt: skip
@click.option("--language", type=click.Choice(LANGUAGES), help=_("Language of the draft; else that of listener.toml."))
@CONFIG
def dpia(output: Path | None, language: str | None, config_path: Path | None) -> None:
    from listener.assessment.draft import draft
    from listener.config import load_config
    from listener.report.filing import write_file

    found = load_config(config_path, os.environ)
    text = draft(found, language or found.language)
    if output is None or str(output) == "-":
        click.echo(text)
    else:
        write_file(output, text + "\n")
        click.echo(_("Wrote {file}.").format(file=output.resolve()), err=True)


def _tables(table: dict[str, object], path: tuple[str, ...]) -> None:
    from listener.terminal import plain

    for key, value in table.items():
        if isinstance(value, dict):
            _tables(value, (*path, key))
        else:
            click.echo(plain(f"{'.'.join((*path, key))} = {value}"))
