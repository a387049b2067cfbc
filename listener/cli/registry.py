"""`listen registry`: take in, check, compare and publish the register of official accounts."""

from __future__ import annotations

import os
import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from listener.cli.options import CONFIG, form, registry_file
from listener.language import LANGUAGES, _, ngettext

if TYPE_CHECKING:
    from listener.config import Config
    from listener.models import Entry, Fault
    from listener.registry import Difference

REGISTRY = registry_file(_("The register to work on; registry.csv beside listener.toml."))
FILE = click.argument("file", type=click.Path(path_type=Path), metavar=_("FILE"))


@click.group(help=_("Import, check, compare and publish the register."))
def registry() -> None:
    """The register of official accounts."""


@registry.command("import", help=_("Check a CSV file whole and make it the register; on any fault nothing changes."))
@FILE
@REGISTRY
@CONFIG
def import_(file: Path, registry_path: Path | None, config_path: Path | None) -> int:
    from listener.config import load_or_default
    from listener.registry import read_file, read_registry, save_registry

    target = load_or_default(config_path, os.environ, registry_path).registry
    fresh = read_registry(read_file(file), str(file), unique=True)
    save_registry(fresh, target)
    done = ngettext("{count} row is now in {path}", "{count} rows are now in {path}", len(fresh))
    click.echo(done.format(count=len(fresh), path=target), err=True)
    return 0


@registry.command(help=_("List what the register lacks: owners, deputies, logins, reviews, snapshots, repeated rows."))
@REGISTRY
@CONFIG
@click.option("--fail-on", type=click.Choice(["fault"]), help=_("Leave with 1 when there is a fault."))
@form("text", "json", "csv")
def check(registry_path: Path | None, config_path: Path | None, fail_on: str | None, form: str) -> int:
    from listener.clock import local
    from listener.config import load_or_default
    from listener.registry import load_registry
    from listener.registry_check import registry_health

    config = load_or_default(config_path, os.environ, registry_path)
    faults = registry_health(load_registry(config.registry), _domains(config), local(config.now).date())
    _print_faults(faults, form)
    counted = ngettext("{count} fault", "{count} faults", len(faults))
    click.echo(counted.format(count=len(faults)), err=True)
    return 1 if faults and fail_on else 0


@registry.command(help=_("Show what FILE adds to, changes in and removes from the register."))
@FILE
@REGISTRY
@CONFIG
@form("text", "json")
def diff(file: Path, registry_path: Path | None, config_path: Path | None, form: str) -> int:
    import msgspec

    from listener.config import load_or_default
    from listener.registry import compare, load_registry, read_file, read_registry

    stored = load_registry(load_or_default(config_path, os.environ, registry_path).registry)
    found = compare(stored, read_registry(read_file(file), str(file), unique=True))
    if form == "json":
        rows = {
            "added": [entry.columns for entry in found.added],
            "changed": found.changed,
            "removed": [entry.columns for entry in found.removed],
        }
        click.echo(msgspec.json.format(msgspec.json.encode(rows), indent=2))
    else:
        _print_difference(found)
    return 0


@registry.command(help=_("Write the public list of approved accounts as HTML, JSON and CSV into the folder OUT."))
@click.argument("out", type=click.Path(path_type=Path, file_okay=False), metavar=_("OUT"))
@REGISTRY
@CONFIG
@click.option("--language", type=click.Choice(LANGUAGES), help=_("The language of index.html."))
def publish(out: Path, registry_path: Path | None, config_path: Path | None, language: str | None) -> int:
    from listener.config import load_or_default
    from listener.organisation import load_organisation
    from listener.registry import load_registry
    from listener.registry_publish import publish as write

    config = load_or_default(config_path, os.environ, registry_path)
    name = load_organisation(config).name
    for path in write(load_registry(config.registry), name, out, config.now, language or config.language):
        click.echo(str(path))
    return 0


def _domains(config: Config) -> tuple[str, ...]:
    """Our own domains; none when nobody has said who we are."""
    from listener.organisation import load_organisation

    return load_organisation(config).domains if config.tables else ()


def _print_faults(faults: list[Fault], form: str) -> None:
    import msgspec

    from listener.registry_check import TITLES
    from listener.sentences import in_language
    from listener.spreadsheet import write_csv
    from listener.terminal import plain, seen

    if form == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(faults), indent=2))
    elif form == "csv":
        columns = ("rule", "url", "unit", "detail", "hint")
        rows = write_csv(map(msgspec.to_builtins, faults), columns, excel=False)
        click.echo(seen(rows, sys.stdout.isatty()), nl=False)
    else:
        for place, found in groupby(faults, key=lambda fault: (fault.url, fault.unit)):
            click.echo(plain(f"{place[0]} ({place[1]})" if place[0] else _("the register")))
            for fault in found:
                click.echo(plain(f"  {_(TITLES[fault.rule])} ({in_language(fault.detail, _)}): {_(fault.hint)}"))


def _print_difference(found: Difference) -> None:
    from listener.terminal import plain

    def row(entry: Entry) -> str:
        return f"{entry.platform} {entry.url} {entry.unit}"

    for entry in found.added:
        click.echo(plain(_("added: {row}").format(row=row(entry))))
    for change in found.changed:
        text = _("changed: {url} {column}: {before!r} is now {after!r}")
        click.echo(plain(text.format(url=change.url, column=change.column, before=change.before, after=change.after)))
    for entry in found.removed:
        click.echo(plain(_("removed: {row}").format(row=row(entry))))
