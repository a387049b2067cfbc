"""`listen storms`: the unusual patterns in what is said, as the log has them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from listener.cli.options import CONFIG, form
from listener.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from listener.storms import Storm

COLUMNS = ("id", "query", "started_at", "raised_at", "last_at", "ended_at", "peak", "expected", "count", "writers",
           "new_writers", "threats", "score", "reasons")  # fmt: skip


@click.command(
    help=_(
        "The unusual patterns in what is said, newest first, each with its reasons. People decide what they mean.\n\n"
        "They are found after each listening, per saved query; `alarms` in its table says how many false alarms a week "
        "you put up with."
    )
)
@click.option(
    "--since",
    default="30d",
    show_default=True,
    metavar=_("WHEN"),
    help=_("Those that went on after this: 7d, 24h, 2026-11-01 or an RFC 3339 time."),
)
@form("table", "json", "ndjson", "csv")
@CONFIG
def storms(since: str, form: str, config_path: Path | None) -> int:
    from listener.cli.mention_output import show_rows
    from listener.config import load_config
    from listener.enrich import saved
    from listener.query.when import read_when
    from listener.store import open_store
    from listener.storms import storms as load

    config = load_config(config_path, os.environ)
    try:
        first = read_when(since, config.now)
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from wrong
    names = {query.asked.name: name for name, query in saved(config).items()}
    with open_store(config.store, create=False) as store:
        found = load(store, first, config.now)[::-1]
    if form != "table":
        show_rows([_row(storm, names) for storm in found], COLUMNS, form)
        return 0
    for storm in found:
        _tell(storm, names)
    if not found:
        click.echo(_("No unusual pattern since then."), err=True)
    return 0


def _row(storm: Storm, names: Mapping[str, str]) -> dict[str, Any]:
    """A storm as data; reasons are English sentences."""
    import msgspec

    return msgspec.to_builtins(storm) | {"query": names.get(storm.query, storm.query)}  # type: ignore[no-any-return]


def _tell(storm: Storm, names: Mapping[str, str]) -> None:
    """A storm for people, its reasons in their language."""
    from listener.clock import local
    from listener.sentences import in_language
    from listener.storms.reasons import TEMPLATES
    from listener.terminal import plain

    until = f"{local(storm.ended_at):%Y-%m-%d %H:%M}" if storm.ended_at else _("goes on")
    name = names.get(storm.query, storm.query)
    click.echo(plain(f"{storm.id}  {name}  {local(storm.started_at):%Y-%m-%d %H:%M} – {until}"))
    for reason in storm.reasons:
        click.echo(plain(f"    {in_language(reason, _, TEMPLATES)}"))
