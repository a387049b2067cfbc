"""`listen supervision`: the weekly look at every official account, noted by those who looked."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from listener.cli.opened import write_export
from listener.cli.options import CONFIG, form
from listener.language import _, ngettext

if TYPE_CHECKING:
    from listener.answers.supervision import Watched
    from listener.config import Config
    from listener.models import Entry
    from listener.store import Store

COLUMNS = ("platform", "unit", "handle", "url", "last_at", "who", "days", "late")
LOG = ("at", "who", "platform", "unit", "url", "removed", "text")
UNKNOWN = "–"


@contextmanager
def opened(config_path: Path | None) -> Iterator[tuple[Config, Store, tuple[Entry, ...]]]:
    """The settings, the store and the register."""
    from listener.config import load_config
    from listener.registry import load_registry
    from listener.store import open_store

    config = load_config(config_path, os.environ)
    entries = load_registry(config.registry).entries
    with open_store(config.store) as store:
        yield config, store, entries


@click.group(
    help=_(
        "The supervision log: that somebody looks at every official account at least once a week, who, when, and "
        "what was seen.\n\n"
        "Example: listen supervision note --all --text 'nothing to remove'"
    )
)
def supervision() -> None:
    """Who looked at which account."""


@supervision.command("list", help=_("Every approved account and the last look at it, the most urgent first."))
@click.option("--overdue", is_flag=True, help=_("Only those that nobody looked at in time."))
@form("table", "json", "ndjson", "csv")
@CONFIG
def list_(overdue: bool, form: str, config_path: Path | None) -> int:
    from listener.answers.settings import read_duties
    from listener.answers.supervision import watched
    from listener.cli.mention_output import show_rows

    with opened(config_path) as (config, store, entries):
        days = read_duties(config).supervision_days
        rows = watched(store, entries, days, config.now)
    late = sum(row.late for row in rows)
    shown = [line(row, config) for row in rows if row.late or not overdue]
    if form != "table":
        show_rows(shown, COLUMNS, form)
        return 0
    for text in table(shown):
        click.echo(text)
    told = ngettext(
        "{late} of {count} accounts was not looked at in {days} days",
        "{late} of {count} accounts were not looked at in {days} days",
        late,
    )
    click.echo(told.format(late=late, count=len(rows), days=days), err=True)
    return 0


def line(row: Watched, config: Config) -> dict[str, Any]:
    """An account as flat data."""
    from listener.clock import rfc3339

    return {
        "platform": row.entry.platform,
        "unit": row.entry.unit,
        "handle": row.entry.handle,
        "url": row.entry.url,
        "last_at": row.look and rfc3339(row.look.at),
        "who": row.look and row.look.who,
        "days": (config.now - row.look.at).days if row.look else None,
        "late": row.late,
    }


def table(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    from listener.cli.case_text import aligned
    from listener.report.labels import platform_label

    heading = (_("platform"), _("unit"), _("address"), _("days since"), _("who"), _("state"))
    cells = [
        (
            platform_label(row["platform"]),
            row["unit"],
            row["url"],
            _("never") if row["days"] is None else str(row["days"]),
            row["who"] or UNKNOWN,
            _("late") if row["late"] else "",
        )
        for row in rows
    ]
    if cells:
        yield from aligned([heading, *cells], (12, 28, 60, 11, 20, 8))


@supervision.command(help=_("Note that you looked at an account, or at all of them, and what you saw."))
@click.argument("account", metavar=_("ADDRESS-OR-HANDLE"), required=False)
@click.option("--all", "everything", is_flag=True, help=_("Every approved account of the register."))
@click.option("--removed", type=click.IntRange(0, 1_000_000), default=0, metavar="N",
              help=_("How many posts of others had to be removed."))  # fmt: skip
@click.option("--text", default="", metavar="TEXT", help=_("What you saw; no names of private persons."))
@click.option("--who", metavar=_("NAME"), help=_("Who looked; else LISTEN_USER, else your account on this computer."))
@CONFIG
def note(
    account: str | None, everything: bool, removed: int, text: str, who: str | None, config_path: Path | None
) -> int:
    from listener.answers.supervision import chosen, official
    from listener.cli.person import person
    from listener.store.supervision import add_looks

    if (account is None) == (not everything):
        raise click.UsageError(_("name an account, or give --all"))
    with opened(config_path) as (config, store, entries):
        looked = official(entries) if account is None else [chosen(entries, account)]
        count = add_looks(store, looked, person(config, who), removed, " ".join(text.split()), config.now)
    told = ngettext("noted: {count} account looked at", "noted: {count} accounts looked at", count)
    click.echo(told.format(count=count))
    return 0


@supervision.command(help=_("Write the supervision log to a CSV file; - is stdout."))
@click.argument("target", metavar=_("FILE"), type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("--since", metavar=_("WHEN"), help=_("Not older than this: 7d, 24h, 2026-11-01 or an RFC 3339 time."))
@click.option("--excel", is_flag=True, help=_("For Excel: BOM, semicolons, and no cell that is a formula."))
@CONFIG
def export(target: Path, since: str | None, excel: bool, config_path: Path | None) -> int:
    from datetime import timedelta

    import msgspec

    from listener.cli.mentions import read_since
    from listener.clock import rfc3339
    from listener.spreadsheet import write_csv
    from listener.store.supervision import load_looks

    with opened(config_path) as (config, store, _entries):
        first = read_since(since, config.now) if since else None
        looks = load_looks(store, first, config.now + timedelta(seconds=1))
    whole = write_csv([msgspec.structs.asdict(look) | {"at": rfc3339(look.at)} for look in looks], LOG, excel)
    written = ngettext("{count} look written to {file}", "{count} looks written to {file}", len(looks))
    write_export(target, whole, written.format(count=len(looks), file=target))
    return 0
