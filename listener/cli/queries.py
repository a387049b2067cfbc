"""`listen query`: saved queries checked, and written for the organisation and its units."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from listener.cli.options import CONFIG, form, registry_file
from listener.language import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from listener.config import Config
    from listener.organisation import Organisation
    from listener.query.check import Checked
    from listener.query.generate import Generated
    from listener.registry import Registry


@click.group(help=_("Check queries, and write those of your organisation and its units."))
def query() -> None:
    """The saved queries of listener.toml."""


@query.command(
    help=_(
        "Can the queries be read, and will they do what they look like? Without TEXT or --queries the saved ones of "
        "listener.toml. Leaves with 2 when one cannot be read; warnings alone leave with 0.\n\n"
        "Example: listen query check 'badhus or simhall'"
    )
)
@click.argument("texts", nargs=-1, metavar=_("[TEXT]..."))
@click.option(
    "--queries",
    "queries_path",
    type=click.Path(path_type=Path),
    metavar=_("FILE"),
    help=_("Check the tables [queries.NAME] of this file."),
)
@form("text", "json", "ndjson")
@CONFIG
def check(texts: tuple[str, ...], queries_path: Path | None, form: str, config_path: Path | None) -> int:
    found = list(checked(texts, queries_path, config_path))
    show(found, form)
    wrong = sum(one.error is not None for one in found)
    doubts = sum(len(one.warnings) for one in found)
    told = [
        ngettext("{count} query", "{count} queries", len(found)).format(count=len(found)),
        ngettext("{count} error", "{count} errors", wrong).format(count=wrong),
        ngettext("{count} warning", "{count} warnings", doubts).format(count=doubts),
    ]
    click.echo(", ".join(told), err=True)
    return 2 if wrong else 0


def checked(texts: Sequence[str], queries_path: Path | None, config_path: Path | None) -> list[Checked]:
    """What was asked to be checked, with what the enabled sources can do when there is a listener.toml."""
    from listener.config import default_config, find_config, load_config
    from listener.errors import ConfigError
    from listener.heard import names_of_sources
    from listener.query.check import check_file, check_tables, check_texts

    try:
        config = load_config(config_path or find_config(os.environ), os.environ)
    except ConfigError:
        if config_path is not None or not (texts or queries_path):
            raise
        config = default_config(os.environ)
    sources, known = searched(config), names_of_sources()
    found = list(check_texts(texts, config.now, sources, known))
    if queries_path is not None:
        found += check_file(queries_path, config.now, sources, known)
    elif not texts:
        found += check_tables(config.path, config.table("queries"), config.now, sources, known)
    return found


def searched(config: Config) -> tuple[str, ...]:
    """The enabled sources that are asked for words."""
    from listener.discover import planned
    from listener.listen import searchable

    return tuple(name for name, module in planned(config, "posts", ()).items() if searchable(module))


def show(found: Sequence[Checked], form: str) -> None:
    """Each query with its error or its warnings, on stdout."""
    import msgspec

    from listener.terminal import plain

    if form == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2))
        return
    for one in found:
        if form == "ndjson":
            click.echo(msgspec.json.encode(one))
            continue
        name = plain(one.name if one.name is not None else one.query)
        if one.error is not None:
            click.echo(f"{name}: " + "\n".join(plain(line) for line in one.error.split("\n")))
            continue
        click.echo(f"{name}: " + (_("can be read") if one.warnings else _("nothing to remark")))
        for warned in one.warnings:
            place = _("column {column}").format(column=warned.column)
            click.echo(f"  {place}: {plain(warned.text)}. {plain(warned.hint)} [{warned.code}]")


@query.command(
    help=_(
        "Write a query for the organisation of listener.toml: its names with their inflections, handles, domains, and "
        "the place beside a word of what a municipality does; siblings and people of that name left out.\n\n"
        "Example: listen query generate --all-units --save"
    )
)
@click.option("--unit", "units", multiple=True, metavar=_("NAME"), help=_("For this unit instead; may be repeated."))
@click.option("--all-units", is_flag=True, help=_("For the organisation and every unit of listener.toml."))
@click.option("--save", is_flag=True, help=_("Add the tables at the end of listener.toml; nothing else is changed."))
@registry_file(_("The register with the handles; registry.csv beside listener.toml."))
@CONFIG
def generate(
    units: tuple[str, ...], all_units: bool, save: bool, registry_path: Path | None, config_path: Path | None
) -> int:
    from listener.config import load_or_default
    from listener.organisation import load_organisation
    from listener.query.generate_toml import appended, table
    from listener.registry import Registry, load_registry
    from listener.tune.write import read_settings, replace_settings

    config = load_or_default(config_path, os.environ, registry_path)
    organisation = load_organisation(config)
    registry = load_registry(config.registry) if config.registry.exists() else Registry(())
    made = generated(organisation, registry, units, all_units)
    if not save:
        click.echo("\n".join(table(one) for one in made), nl=False)
        return 0
    replace_settings(config.path, appended(read_settings(config.path), made, config.path))
    names = ", ".join(f"[queries.{one.name}]" for one in made)
    click.echo(_("added to {path}: {names}").format(path=config.path, names=names), err=True)
    return 0


def generated(organisation: Organisation, registry: Registry, units: Sequence[str], all_units: bool) -> list[Generated]:
    """The queries that were asked for, each name once. Raises ConfigError for a unit that listener.toml lacks."""
    from listener.errors import ConfigError
    from listener.query.generate import distinct, for_organisation, for_unit

    known = {unit.name.casefold(): unit for unit in organisation.units}
    unknown = next((name for name in units if name.casefold() not in known), None)
    if unknown is not None:
        raise ConfigError(f"{unknown!r} is no unit of listener.toml: write it under [[organisation.units]]")
    wanted = list(known.values()) if all_units else [known[name.casefold()] for name in dict.fromkeys(units)]
    made = [] if units and not all_units else [for_organisation(organisation, registry)]
    made += [for_unit(organisation, registry, unit) for unit in wanted]
    return distinct(made)
