"""`listen serve token` and `listen serve log`: the systems that may ask the review page, and who came to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from listener.cli.opened import opened
from listener.language import N_, _, ngettext

if TYPE_CHECKING:
    from datetime import datetime

    from listener.store.tokens import Token

A_YEAR, NEVER = "365d", "never"
ROLES = ("reader", "reviewer", "decider", "registrar", "operator")
# outcome of a log-in -> what it is called
OUTCOMES = {
    "logged_in": N_("logged in"),
    "refused": N_("refused"),
    "waits": N_("refused: too many attempts"),
    "no_role": N_("refused: no role"),
    "closed": N_("refused: closed"),
    "unheeded": N_("a header that was not heeded"),
    "logged_out": N_("logged out"),
}


@click.group(help=_("The tokens with which other systems ask the interface under /api/v1."))
def token() -> None:
    """A group of commands; see each one's help."""


@token.command(
    "add",
    help=_("Make a token and show it, for the only time.\n\nExample: listen serve token add archive --role reader"),
)
@click.argument("name", metavar=_("NAME"))
@click.option("--role", required=True, type=click.Choice(ROLES), help=_("What they may do."))
@click.option(
    "--until", "day", default=A_YEAR, show_default=True, metavar=_("DAY"), help=_("Until when it holds, or `never`.")
)
@click.pass_obj
def add_one(config_path: Path | None, name: str, role: str, day: str) -> int:
    from listener.report.wording import Words
    from listener.store.tokens import add_token

    config, store = opened(config_path, create=True)
    with store:
        ends_at = end_of(day, config.now)
        click.echo(add_token(store, name, role, config.now, ends_at))
    click.echo(_("Keep it safe: it is not shown again. `listen serve token close` closes it."), err=True)
    if ends_at:
        told = _("It holds until {time}; `listen serve token until` gives it another day.")
        click.echo(told.format(time=Words(config.language).moment(ends_at, year=True)), err=True)
    return 0


def end_of(day: str, now: datetime) -> datetime | None:
    """The moment meant; None for never. Raises StoreError for what is no day, or past."""
    from listener.records.days import read_time_to_come

    return None if day.strip() == NEVER else read_time_to_come(day, now)


@token.command(
    "until",
    help=_(
        "Let a token hold until another day, or `never` end.\n\nExample: listen serve token until archive 2027-12-31"
    ),
)
@click.argument("name", metavar=_("NAME"))
@click.argument("day", metavar=_("DAY"))
@click.pass_obj
def until(config_path: Path | None, name: str, day: str) -> int:
    from listener.store.tokens import end_token

    config, store = opened(config_path, create=True)
    with store:
        end_token(store, name, end_of(day, config.now))
    return 0


@token.command("close", help=_("Let nobody ask with a token any more."))
@click.argument("name", metavar=_("NAME"))
@click.pass_obj
def close_one(config_path: Path | None, name: str) -> int:
    from listener.store.tokens import close_token

    config, store = opened(config_path, create=True)
    with store:
        close_token(store, name, config.now)
    return 0


@token.command("list", help=_("Every token: its role, when it was made, last used, closed and when it ends."))
@click.pass_obj
def list_them(config_path: Path | None) -> int:
    from listener.clock import rfc3339
    from listener.store.tokens import tokens

    config, store = opened(config_path, create=True)
    with store:
        for each in tokens(store):
            ends_at = rfc3339(each.ends_at) if each.ends_at else "–"
            words = (each.name, each.role, each.added_at, each.used_at or "–", each.closed_at or "–", ends_at)
            click.echo("  ".join((*words, *soon_over(each, config.now))))
    return 0


def soon_over(each: Token, now: datetime) -> tuple[str, ...]:
    """What must be known of a token that ends soon, or has ended."""
    from listener.store.tokens import SOON

    if each.closed_at or each.ends_at is None or each.ends_at - now > SOON:
        return ()
    if each.ended(now):
        return (_("has ended"),)
    days = (each.ends_at - now).days
    return (ngettext("ends in {days} day", "ends in {days} days", days).format(days=days),)


@click.command("log", help=_("Who logged in, when, how and from where, and who was refused; the newest first."))
@click.option("--last", default=100, show_default=True, type=click.IntRange(1, 100_000), help=_("At most so many."))
@click.pass_obj
def log(config_path: Path | None, last: int) -> int:
    from listener.clock import rfc3339
    from listener.store.log_ins import log_ins
    from listener.terminal import plain

    _config, store = opened(config_path, create=True)
    with store:
        for told in log_ins(store, last):
            words = (
                rfc3339(told.at),
                _(OUTCOMES[told.outcome]),
                plain(told.person) or "–",
                told.how,
                plain(told.place),
            )
            click.echo("  ".join(words))
    return 0
