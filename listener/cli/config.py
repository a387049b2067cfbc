"""`listen config show`: the settings in force, without secrets."""

from __future__ import annotations

import os
from pathlib import Path

import click

from listener.cli.options import CONFIG, form
from listener.language import _


@click.group(help=_("Show the settings in force, without secrets."))
def config() -> None:
    """Group of one, so that more can be added beside it."""


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


def _tables(table: dict[str, object], path: tuple[str, ...]) -> None:
    from listener.terminal import plain

    for key, value in table.items():
        if isinstance(value, dict):
            _tables(value, (*path, key))
        else:
            click.echo(plain(f"{'.'.join((*path, key))} = {value}"))
