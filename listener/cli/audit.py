"""`listen audit` and `listen discover`: the weekly job, and its first half alone."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from listener.cli.options import CONFIG, registry_file
from listener.language import _, ngettext

if TYPE_CHECKING:
    from listener.audit import Outcome
    from listener.config import Config
    from listener.models import SourceResult

SOURCE = click.option(
    "--source", "only", multiple=True, metavar=_("NAME"), help=_("Only this source; may be repeated.")
)
REGISTRY = registry_file(_("The registry.csv to compare with."))
FAIL_ON = click.option(
    "--fail-on",
    type=click.Choice(["new", "flagged"]),
    help=_("Leave with 1 when there is a new case, or any flagged account."),
)
QUIET = click.option("--quiet", "-q", is_flag=True, help=_("No progress on stderr."))


@click.command(help=_("Search the sources, judge and store what is found, check our own accounts against the rules."))
@SOURCE
@CONFIG
@REGISTRY
@FAIL_ON
@QUIET
def audit(
    only: tuple[str, ...], config_path: Path | None, registry_path: Path | None, fail_on: str | None, quiet: bool
) -> int:
    return _run(only, config_path, registry_path, fail_on, quiet, rules=True)


@click.command(help=_("Search the sources, judge and store what is found."))
@SOURCE
@CONFIG
@REGISTRY
@FAIL_ON
@QUIET
@click.option(
    "--bootstrap",
    "out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar=_("FILE"),
    help=_("Propose a first register instead, from your own sites and Wikidata, in a new FILE (- for stdout)."),
)
def discover(
    only: tuple[str, ...],
    config_path: Path | None,
    registry_path: Path | None,
    fail_on: str | None,
    quiet: bool,
    out: Path | None,
) -> int:
    if out is not None and (only or fail_on):
        raise click.UsageError(_("--bootstrap stands alone: leave out --source and --fail-on."))
    if out is not None:
        from listener.cli.bootstrap import bootstrap
        from listener.config import load_config
        from listener.run import silent

        return bootstrap(load_config(config_path, os.environ, registry_path), out, silent if quiet else _say)
    return _run(only, config_path, registry_path, fail_on, quiet, rules=False)


def _run(
    only: tuple[str, ...],
    config_path: Path | None,
    registry_path: Path | None,
    fail_on: str | None,
    quiet: bool,
    *,
    rules: bool,
) -> int:
    from listener.audit import audit as work
    from listener.config import load_config
    from listener.run import silent

    config = load_config(config_path, os.environ, registry_path)
    outcome = work(config, only, silent if quiet else _say, rules=rules)
    _summary(outcome)
    _overdue(config)
    if outcome.exit_code:
        return outcome.exit_code
    wanted = {"new": outcome.saved.get("new", 0), "flagged": sum(outcome.verdicts.values()), None: 0}[fail_on]
    return int(wanted > 0)


def _say(line: str) -> None:
    from listener.cli import struck
    from listener.terminal import plain

    print(plain(struck(line)), file=sys.stderr, flush=True)


def _overdue(config: Config) -> None:
    """Say which sources' answers nothing deletes in time."""
    from listener.records.retention import undecided

    if names := undecided(config):
        told = _(
            "NOT DELETED: the terms of {names} let answers be kept for a time only, and without a decision nothing is "
            "deleted: set [retention] decision_ref and run `listen retention` daily"
        )
        click.echo(told.format(names=", ".join(names)), err=True)


def _summary(outcome: Outcome) -> None:
    from listener.report.labels import verdict_label
    from listener.run import failed

    for verdict, count in sorted(outcome.verdicts.items(), key=lambda pair: -pair[1]):
        click.echo(f"{count:5}  {verdict_label(verdict)}")
    saved = outcome.saved
    click.echo(
        _("new {new}, changed {changed}, regressed {regressed}, faults {faults}, new mentions {mentions}").format(
            new=saved.get("new", 0),
            changed=saved.get("changed", 0),
            regressed=saved.get("regressed", 0),
            faults=outcome.faults,
            mentions=outcome.mentions,
        )
    )
    _incomplete([result for result in outcome.results if failed(result)])


def _incomplete(troubled: list[SourceResult]) -> None:
    """Say which sources could not be searched, and which only in part."""
    unseen = [one.source for one in troubled if one.completeness == "unavailable"]
    partly = [one.source for one in troubled if one.completeness != "unavailable"]
    if unseen:
        told = ngettext(
            "INCOMPLETE: {count} source could not be searched: {names}",
            "INCOMPLETE: {count} sources could not be searched: {names}",
            len(unseen),
        )
        click.echo(told.format(count=len(unseen), names=", ".join(unseen)), err=True)
    if partly:
        told = ngettext(
            "INCOMPLETE: {count} source was searched in part: {names}",
            "INCOMPLETE: {count} sources were searched in part: {names}",
            len(partly),
        )
        click.echo(told.format(count=len(partly), names=", ".join(partly)), err=True)
