"""`listen report`: the weekly report on stdout, and as files in the reports folder."""

from __future__ import annotations

import os
from pathlib import Path

import click

from listener.cli.options import CONFIG, form
from listener.language import LANGUAGES, _


@click.command(
    help=_(
        "The weekly report as text, HTML or JSON. It is also written to the reports folder as HTML and JSON. "
        "latest is the running week; latest-complete the last one that is over, and makes up for missed ones."
    ),
    epilog=_("Example: listen report --week 2026-W47 --format html -o report.html"),
)
@click.option("--week", "week_text", default="latest", show_default=True, metavar=_("WEEK"),
              help=_("2026-W47, latest or latest-complete."))  # fmt: skip
@form("text", "html", "json", told=True)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar=_("FILE"),
              help=_("Write here instead of on stdout."))  # fmt: skip
@click.option("--language", type=click.Choice(LANGUAGES), help=_("Language of the report; else that of listener.toml."))
@CONFIG
def report(week_text: str, form: str, output: Path | None, language: str | None, config_path: Path | None) -> int:
    from listener.config import load_config
    from listener.report import FORMATS
    from listener.report.filing import file_missed, file_report, load_scope, write_file
    from listener.report.weeks import read_week
    from listener.store import open_store

    config = load_config(config_path, os.environ)
    week = read_week(week_text, config.now)
    scope = load_scope(config)
    if not config.store.exists():
        click.echo(_("{store}: no store here yet, so nothing has been found: run `listen audit` first").format(
            store=config.store), err=True)  # fmt: skip
    spoken = language or config.language
    with open_store(config.store) as store:
        if week_text == "latest-complete":
            for late in file_missed(config, store, scope, week, spoken):
                click.echo(_("made up for: {path}").format(path=late), err=True)
        found, path = file_report(config, store, scope, week, spoken)
    drawn = FORMATS[form](found, spoken)
    if output is None or str(output) == "-":
        click.echo(drawn, nl=False)
    else:
        write_file(output, drawn)
    if path is None:
        click.echo(_("Not filed in {folder}: there is nothing to tell of {week}.").format(
            folder=config.reports, week=found.week.name), err=True)  # fmt: skip
    else:
        click.echo(_("HTML report: {path}").format(path=path), err=True)
    return 0
