"""`listen sources`: what is searched, by which lawful way in, how it went last time, and what is not searched."""

from __future__ import annotations

import os
from pathlib import Path

import click

from listener.language import _


@click.command(help=_("What is searched, by which way in, how it went last time, and what is not searched."))
@click.option(
    "--config", "config_path", type=click.Path(path_type=Path), metavar="FILE", help=_("The listener.toml to use.")
)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help=_("How to print."))
def sources(config_path: Path | None, form: str) -> None:
    import msgspec

    from listener.config import load_config
    from listener.coverage import overview

    config = load_config(config_path, os.environ)
    rows = overview(config)
    if form == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(rows), indent=2).decode())
        return
    for row in rows:
        on = _("on") if row.enabled else _("off")
        click.echo(f"{row.name:12} {on:4} {row.access:13} {', '.join(row.finds):16} {row.last or '–':12} {_(row.note)}")
        if row.missing:
            click.echo(f"{'':12} " + _("set {names} to use it fully").format(names=", ".join(row.missing)))
