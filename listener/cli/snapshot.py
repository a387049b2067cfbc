"""`listen snapshot`: keep what a case or an open page shows now, by a person's order."""

from __future__ import annotations

import os
from pathlib import Path

import click

from listener.cli.options import CONFIG
from listener.language import _, ngettext


@click.command(
    help=_(
        "Take a snapshot now, of a case or of an open page.\n\n"
        "A case's source is asked again, and its page is fetched when anybody may read it; of closed platforms only "
        "what their interface answers is kept. robots.txt is obeyed. Nothing is decided and nothing is reported.\n\n"
        "Example: listen snapshot 12"
    )
)
@click.argument("what", metavar=_("CASE|URL"))
@click.option("--screenshot", is_flag=True, help=_("Also a picture of the open page, by Chromium."))
@click.option(
    "--who", metavar=_("NAME"), help=_("Who orders it; else LISTEN_USER, else your account on this computer.")
)
@CONFIG
def snapshot(what: str, screenshot: bool, who: str | None, config_path: Path | None) -> int:
    from listener.cli.evidence import line_of
    from listener.cli.person import person
    from listener.config import load_config
    from listener.records.snapshots import take_of_case, take_of_page
    from listener.terminal import plain
    from listener.troubles import in_language

    config = load_config(config_path, os.environ)
    orderer = person(config, who)
    if what.isdigit():
        taken = take_of_case(config, int(what[:18]), orderer, screenshot)
    else:
        taken = take_of_page(config, what, orderer, screenshot)
    for row in taken.rows:
        click.echo(line_of(row))
    for trouble in taken.troubles:
        click.echo(plain(in_language(trouble, _)), err=True)
    kept = ngettext("{count} file kept", "{count} files kept", len(taken.rows))
    click.echo(kept.format(count=len(taken.rows)), err=True)
    return 3 if taken.troubles else 0
