"""`listen retention` (gallra): delete by decision what may no longer be kept, and print the protocol."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from listener.cli.options import CONFIG, form
from listener.language import N_, _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from listener.store.disposal import Disposal

CLASSES = {
    "mentions": N_("mentions"),
    "findings": N_("closed cases"),
    "snapshots": N_("snapshots of closed cases"),
    "skipped": N_("traces of accounts that were not flagged"),
    "searches": N_("searches"),
    "logs": N_("run logs"),
    "supervision": N_("the supervision log"),
    "looks": N_("the log of texts shown in clear"),
    "tips": N_("tips that somebody has looked at"),
}


@click.command(
    help=_(
        "Delete what is older than the periods under [retention] in listener.toml, by the decision named there.\n\n"
        "Deleted text is gone from tables, search index, write-ahead log and free pages. Who decided what, when and "
        "why stays. Without decision_ref nothing is deleted.\n\n"
        "Example: listen retention --dry-run"
    )
)
@click.option("--dry-run", is_flag=True, help=_("Show what would go, by class; change nothing."))
@form("table", "json")
@click.option("--who", metavar=_("NAME"), help=_("Who deletes; else LISTEN_USER, else your account on this computer."))
@CONFIG
def retention(dry_run: bool, form: str, who: str | None, config_path: Path | None) -> int:
    from listener.cli.person import person
    from listener.config import load_config
    from listener.records.retention import preview, retain

    config = load_config(config_path, os.environ)
    done = preview(config) if dry_run else retain(config, person(config, who))
    if form == "json":
        print_json(done)
    else:
        print_table(done, dry_run)
    return 0


def _class(kind: str) -> str:
    """What a class is called; one of a platform's terms names its source."""
    from listener.records.retention import TERMS

    if kind.startswith(TERMS):
        return _("past the time that the terms of {source} allow").format(source=kind.removeprefix(TERMS))
    return _(CLASSES[kind])


def print_json(done: Sequence[Disposal]) -> None:
    import msgspec

    from listener.clock import rfc3339

    lines = [
        {
            "class": disposal.kind,
            "count": disposal.count,
            "before": rfc3339(disposal.before),
            "decision_ref": disposal.decision_ref,
            "at": disposal.at and rfc3339(disposal.at),
            "who": disposal.who,
        }
        for disposal in done
    ]
    click.echo(msgspec.json.format(msgspec.json.encode(lines), indent=2).decode())


def print_table(done: Sequence[Disposal], dry_run: bool) -> None:
    from listener.clock import local
    from listener.terminal import padded, plain

    if not done:
        click.echo(_("No class has a period under [retention]: everything is kept."))
        return
    heading = _("Would be deleted by decision {ref}:") if dry_run else _("Deleted by decision {ref}:")
    click.echo(heading.format(ref=plain(done[0].decision_ref)))
    names = [_class(disposal.kind) for disposal in done]
    for name, disposal in zip(names, done, strict=True):
        when = _("older than {day}").format(day=local(disposal.before).date().isoformat())
        click.echo(f"  {padded(name, max(map(len, names)))}  {disposal.count:>7}  {when}")
    decided = {disposal.kind for disposal in done}
    for name in (name for name in CLASSES if name not in decided):
        click.echo("  " + _("{name}: no period decided, all kept").format(name=_(CLASSES[name])))
    if dry_run:
        click.echo(_("Nothing was changed."))
    elif done[0].at:
        entry = _("Entered in the protocol {time} by {who}.")
        click.echo(entry.format(time=f"{local(done[0].at):%Y-%m-%d %H:%M}", who=plain(done[0].who or "")))
