"""`listen pattern`: what the talk about a query looks like, with reasons; people confirm or reject it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from listener.cli.options import CONFIG, form
from listener.coordination.rulings import OTHER, REASONS
from listener.language import _

if TYPE_CHECKING:
    from datetime import datetime

    from listener.config import Config
    from listener.store.patterns import Ruled

SHOW = "show"
NUMBER = click.argument("number", metavar=_("NUMBER"), type=click.IntRange(1, 2**63 - 1))
WHO = click.option(
    "--who", metavar=_("NAME"), help=_("Who decides; else LISTEN_USER, else your account on this computer.")
)
TEXT = click.option(
    "--text", default="", metavar="TEXT", help=_("In your own words; needed when the reason is `other`.")
)


class Patterns(click.Group):
    """A group in which what is no command of its own is a query to look at."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in {*self.commands, *ctx.help_option_names}:
            args = [SHOW, *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=Patterns,
    help=_(
        "What does the talk about a query look like: criticism, heated criticism, a pile-on, an organised push?\n\n"
        "QUERY is the name of a saved query, or its text. The talk is compared with the query's own twelve weeks "
        "before; writers are shown by pseudonym and abusive words are masked. The answer is a pattern with reasons, "
        "not a judgement: people confirm or reject it, and that is kept.\n\n"
        "Example: listen pattern simhallen --since 3d"
    ),
)
def pattern() -> None:
    """Showing a pattern and ruling on it."""


@pattern.command(SHOW, help=_("Show the pattern of a query; `show` may be left out."))
@click.argument("query", metavar="QUERY")
@click.option("--since", metavar=_("WHEN"), help=_("Where the talk begins; a week ago when left out."))
@click.option("--until", metavar=_("WHEN"), help=_("Not newer than this."))
@form("text", "table", "json")
@CONFIG
def show(query: str, since: str | None, until: str | None, form: str, config_path: Path | None) -> int:
    from listener.cli.pattern_text import print_json, print_table, print_text
    from listener.config import load_config
    from listener.coordination.look import SPAN, look
    from listener.store import open_store

    config = load_config(config_path, os.environ)
    end = _moment(until, config, "--until", end=True) if until else config.now
    start = _moment(since, config, "--since") if since else end - SPAN
    if start >= end:
        raise click.UsageError(_("--since must lie before --until"))
    with open_store(config.store, create=False) as store:
        seen = look(config, store, _query_name(config, query), start, end)
    {"text": print_text, "table": print_table, "json": print_json}[form](seen)
    return 0


@pattern.command(help=_("Confirm a pattern: people have looked, and it is what it seems."))
@NUMBER
@click.option("--reason", required=True, type=click.Choice(list(REASONS["confirmed"])), help=_("Why."))
@TEXT
@WHO
@CONFIG
def confirm(number: int, reason: str, text: str, who: str | None, config_path: Path | None) -> int:
    return _rule(number, "confirmed", reason, text, who, config_path)


@pattern.command(help=_("Reject a pattern: people have looked, and it is something else."))
@NUMBER
@click.option("--reason", required=True, type=click.Choice(list(REASONS["rejected"])), help=_("Why."))
@TEXT
@WHO
@CONFIG
def reject(number: int, reason: str, text: str, who: str | None, config_path: Path | None) -> int:
    return _rule(number, "rejected", reason, text, who, config_path)


def _rule(number: int, ruling: Ruled, reason: str, text: str, who: str | None, config_path: Path | None) -> int:
    from listener.cli.pattern_text import ruled
    from listener.cli.person import person
    from listener.config import load_config
    from listener.store import open_store
    from listener.store.patterns import rule_on

    if reason == OTHER and not text.strip():
        raise click.UsageError(_("the reason `other` needs --text"))
    config = load_config(config_path, os.environ)
    name = person(config, who)
    with open_store(config.store, create=False) as store:
        kept = rule_on(store, number, config.now, name, ruling, reason, text)
    click.echo(_("pattern {count}: {what}").format(count=number, what=ruled(kept)))
    return 0


def _moment(text: str, config: Config, option: str, *, end: bool = False) -> datetime:
    from listener.query.when import read_when

    try:
        return read_when(text, config.now, end=end)
    except ValueError as wrong:
        raise click.BadParameter(str(wrong), param_hint=option) from wrong


def _query_name(config: Config, query: str) -> str:
    """The name under which the log keeps a saved query, or a query given as text."""
    from listener.enrich import saved
    from listener.query import parse
    from listener.terminal import plain

    kept = saved(config)
    if query in kept:
        return kept[query].asked.name
    name = parse(query, config.now).name
    if name not in {one.asked.name for one in kept.values()}:
        there = ", ".join(kept) or "–"
        told = _("no saved query {query!r}: read as the text of one; saved are {names}")
        click.echo(plain(told.format(query=query, names=there)), err=True)
    return name
