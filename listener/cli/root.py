"""`listen` itself: the ad-hoc search by --query, and the table of commands, each loaded only when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from listener import __version__
from listener.language import N_, _

# name -> (where the command object stands, its line in `listen --help`)
COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("listener.cli.init:init", N_("Write a first listener.toml and registry.csv here.")),
    "demo": ("listener.cli.demo:demo", N_("Audit an invented municipality in ./demo, nothing to set up.")),
    "audit": ("listener.cli.audit:audit", N_("Discover, screen and store: the weekly job.")),
    "discover": ("listener.cli.audit:discover", N_("Only search the sources for accounts and store the findings.")),
    "stream": ("listener.cli.stream:stream", N_("Listen without end and log what the saved queries match.")),
    "pattern": ("listener.cli.pattern:pattern", N_("Criticism, a pile-on or an organised push? Shown with reasons.")),
    "report": ("listener.cli.report:report", N_("The weekly report as text, HTML or JSON.")),
    "review": ("listener.cli.review:review", N_("List, show and decide flagged accounts.")),
    "mentions": ("listener.cli.mentions:mentions", N_("The questions put to you, and when they are due.")),
    "supervision": ("listener.cli.supervision:supervision", N_("Who looked at which official account, and when.")),
    "serve": ("listener.cli.serve:serve", N_("The review page in a browser.")),
    "evidence": ("listener.cli.evidence:evidence", N_("List, check and export what was kept as evidence.")),
    "snapshot": ("listener.cli.snapshot:snapshot", N_("Take a snapshot now, of a case or an open page.")),
    "verify": ("listener.cli.verify:verify", N_("Is this address registered, unknown or flagged?")),
    "explain": ("listener.cli.explain:explain", N_("Why an account gets its verdict, step by step.")),
    "tune": ("listener.cli.tune:tune", N_("Refit the thresholds from your reviewers' decisions.")),
    "registry": ("listener.cli.registry:registry", N_("Import, check, compare and publish the register.")),
    "screen": ("listener.cli.screen:screen", N_("Judge a stream of candidate accounts or domains (pure filter).")),
    "query": ("listener.cli.queries:query", N_("Check queries, and write those of your organisation.")),
    "match": ("listener.cli.match:match", N_("Which of your queries does each post match? (pure filter)")),
    "logos": ("listener.cli.logos:logos", N_("Which of your logos does each picture carry? (pure filter)")),
    "storms": ("listener.cli.storms:storms", N_("The unusual patterns in what is said, and why.")),
    "spikes": ("listener.cli.spikes:spikes", N_("When were there unusually many? (pure filter)")),
    "links": ("listener.cli.links:links", N_("Links to social profiles on a saved page (pure filter).")),
    "crisis": ("listener.cli.crisis:crisis", N_("Listen closer, check official accounts, draw the picture.")),
    "alerts": ("listener.cli.alerts:alerts", N_("Try the channels of alerts, and list what was told.")),
    "retention": ("listener.cli.retention:retention", N_("Delete what may no longer be kept (gallring).")),
    "sources": ("listener.cli.sources:sources", N_("What is searched, how, and what is not.")),
    "doctor": ("listener.cli.doctor:doctor", N_("Check the installation, the settings and the sources.")),
    "config": ("listener.cli.config:config", N_("Show the settings in force, without secrets.")),
}
ALIASES = {"gallra": "retention"}


def spoken(command: click.Command) -> click.Command:
    """The command with its usage line in the reader's language; click has it in English only."""
    command.options_metavar = _("[OPTIONS]")
    if isinstance(command, click.Group):
        command.subcommand_metavar = _("COMMAND [ARGS]...")
        for below in command.commands.values():
            spoken(below)
    return command


class Commands(click.Group):
    """A group that imports a command only when it is called, so that `listen --help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = COMMANDS.get(ALIASES.get(cmd_name, cmd_name))
        if place is None:
            return None
        module, _colon, name = place[0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return spoken(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(line)) for name, (_place, line) in COMMANDS.items()])


EPILOG = N_("Example: listen --query '\"Örebro kommun\" badhus -simskola' --since 7d --limit 5 --format json")


@click.group(
    cls=Commands,
    invoke_without_command=True,
    help=_(
        "Finds accounts, pages and domains that claim the organisation's name, compares them with registry.csv, "
        "flags impostors and unapproved unit accounts, remembers decisions and reports every week."
    ),
    epilog=_(EPILOG),
    options_metavar=_("[OPTIONS]"),
    subcommand_metavar=_("[COMMAND] [ARGS]..."),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("--query", metavar="TEXT", help=_("Search what is said: phrases, AND OR NOT -word ( )."))
@click.option("--since", metavar=_("WHEN"), help=_("Not older than this: 7d, 24h, 2026-11-01 or an RFC 3339 time."))
@click.option("--until", metavar=_("WHEN"), help=_("Not newer than this."))
@click.option("--source", "source", multiple=True, metavar=_("NAME"), help=_("Only this source; may be repeated."))
@click.option("--lang", metavar=_("CODE"), help=_("Only posts in this language, such as sv."))
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(min=1),
    default=100,
    show_default=True,
    help=_("At most this many posts."),
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "ndjson", "csv", "md"]),
    help=_("How to print; a table on a terminal, else ndjson."),
)
@click.option("--offline", is_flag=True, help=_("Search only what is already logged."))
@click.option("--explain", is_flag=True, help=_("Show how the query was read and what goes to which source."))
@click.option("--purpose", metavar="TEXT", help=_("Why you search; kept with the search."))
@click.option(
    "--group-by",
    "group_by",
    metavar=_("FIELD"),
    help=_("Count by `source`, `lang`, `day` or `author` instead of listing."),
)
@click.option("--fold-copies", "fold_copies", is_flag=True, help=_("One line for all copies of a post, edited or not."))
@click.option("--save", "save", metavar=_("NAME"), help=_("Save the query under this name, to be asked in every run."))
@click.option("--fail-on-empty", is_flag=True, help=_("Leave with 1 when nothing was found."))
@click.option("--config", "config_path", type=click.Path(), metavar=_("FILE"), help=_("The listener.toml to use."))
@click.version_option(__version__, "--version", prog_name="listen")
@click.pass_context
def listen(ctx: click.Context, /, query: str | None, **options: Any) -> int | None:
    if query is not None and ctx.invoked_subcommand:
        raise click.UsageError(_("--query stands alone: leave out the command."))
    if query is not None:
        from listener.cli.query import search

        return search(query, **options)
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
    return None
