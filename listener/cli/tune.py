"""`listen tune`: thresholds refitted from the reviewers' decisions, and written only when somebody agrees."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from listener.cli.options import CONFIG, form
from listener.language import _

if TYPE_CHECKING:
    from listener.config import Config
    from listener.tune import Lessons, Proposal

YES = frozenset({"y", "yes", "j", "ja"})


@click.command(
    help=_(
        "Refit the thresholds from what your reviewers decided, and show what would change on your own history.\n\n"
        "Nothing is written without --apply, and then only when you say yes. Only what was flagged is in the history: "
        "it can show that a threshold is too low, hardly that it is too high.\n\n"
        "Example: listen tune --apply"
    )
)
@click.option("--apply", "wanted", is_flag=True, help=_("Write the proposed thresholds to listener.toml, when asked."))
@click.option("--yes", is_flag=True, help=_("With --apply: do not ask."))
@click.option("--dry-run", is_flag=True, help=_("Show the lines of listener.toml that would change; write nothing."))
@click.option(
    "--missed-costs",
    type=click.FloatRange(0.5, 1000),
    default=5.0,
    show_default=True,
    metavar="N",
    help=_("A missed account costs as much as this many false alarms."),
)
@form("text", "json")
@CONFIG
def tune(
    wanted: bool, yes: bool, dry_run: bool, missed_costs: float, form: str, config_path: Path | None
) -> int:  # fmt: skip
    from listener.config import load_config

    if yes and not wanted:
        raise click.UsageError(_("--yes goes with --apply."))
    config = load_config(config_path, os.environ)
    proposal, lessons = proposed(config, missed_costs)
    show(proposal, lessons, form)
    if not proposal.changes:
        return 0
    if dry_run:
        show_change(config, proposal)
    elif wanted:
        write(config, proposal, yes)
    else:
        click.echo(_("Nothing was written. `listen tune --apply` writes it, when you say yes."), err=True)
    return 0


def proposed(config: Config, missed_costs: float) -> tuple[Proposal, Lessons]:
    """The proposal from the store's decisions, and the lessons it is built on."""
    from listener.organisation import load_organisation
    from listener.registry import load_registry
    from listener.screen.index import Index
    from listener.store import open_store
    from listener.store.decided import decided_cases
    from listener.tune import Costs, propose, read_lessons

    organisation = load_organisation(config)
    index = Index(organisation, load_registry(config.registry))
    with open_store(config.store, create=False) as store:
        history = decided_cases(store)
    lessons = read_lessons(history, index)
    return propose(lessons.lessons, organisation.thresholds, config.now, Costs(missed=missed_costs)), lessons


def show(proposal: Proposal, lessons: Lessons, form: str) -> None:
    import msgspec

    from listener.cli.tune_text import text
    from listener.store.database import as_json

    if form == "text":
        for line in text(proposal, lessons):
            click.echo(line)
        return
    whole = {"left_out": lessons.left_out, "changes": proposal.changes, **msgspec.structs.asdict(proposal)}
    click.echo(msgspec.json.format(as_json(whole), indent=2))


def rewritten(config: Config, proposal: Proposal) -> tuple[str, str]:
    """listener.toml as it is and as it would be."""
    from listener.clock import local
    from listener.tune.write import read_settings, retuned

    text = read_settings(config.path)
    return text, retuned(text, proposal.changes, proposal.now, local(config.now).date(), config.path)


def show_change(config: Config, proposal: Proposal) -> None:
    from difflib import unified_diff

    before, after = rewritten(config, proposal)
    name = str(config.path)
    click.echo("")
    for line in unified_diff(before.splitlines(), after.splitlines(), name, name, n=1, lineterm=""):
        click.echo(line)
    click.echo(_("Nothing was written."), err=True)


def write(config: Config, proposal: Proposal, yes: bool) -> None:
    """Write it, if somebody says yes."""
    from listener.tune.write import replace_settings

    if not yes and not sys.stdin.isatty():
        raise click.UsageError(_("nobody is at the terminal to be asked: add --yes"))
    question = _("Write this to {file}? yes/no").format(file=config.path)
    if not yes and click.prompt(question, default=_("no"), err=True).strip().casefold() not in YES:
        click.echo(_("Nothing was written."), err=True)
        return
    _before, after = rewritten(config, proposal)
    replace_settings(config.path, after)
    back = ", ".join(f"{name} = {getattr(proposal.now, name)}" for name in proposal.changes)
    done = _("Written to {file}. The next run judges by it. To take it back, write under [matching]: {values}")
    click.echo(done.format(file=config.path, values=back), err=True)
