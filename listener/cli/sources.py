"""`listen sources`: what is searched, by which lawful way in, how it went last time, and what is not searched."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from listener.cli.options import CONFIG, form
from listener.language import N_, _
from listener.report.labels import COMPLETENESS, label, source_label, unsearched

if TYPE_CHECKING:
    from listener.overview import Budget, LineState, Overview, Wanted

ACCESS = {
    "official_api": N_("official interface"),
    "open_feed": N_("open feed"),
    "public_page": N_("public pages"),
    "manual": N_("by hand"),
    "oembed": N_("embedding"),
}

FINDS = {"accounts": N_("accounts"), "posts": N_("posts"), "terms": N_("terms")}
STATES = {"on": N_("on"), "off": N_("off"), "gated": N_("terms wanted")}
WINDOWS = {"run": N_("a run"), "day": N_("today"), "week": N_("this week"), "month": N_("this month")}
KINDS = {
    "searches": N_("searches"),
    "lookups": N_("lookups"),
    "users": N_("users"),
    "posts": N_("posts"),
    "requests": N_("requests"),
    "counts": N_("counts"),
    "owned": N_("posts that mention us"),
    "sites": N_("sites"),
    "hosts": N_("hosts"),
    "pages": N_("pages"),
    "units": N_("units"),
    "paid_searches": N_("paid searches"),
}


@click.command(help=_("What is searched, by which way in, how it went last time, and what is not searched."))
@CONFIG
@form("table", "json")
def sources(config_path: Path | None, form: str) -> None:
    import msgspec

    from listener.config import load_config
    from listener.overview import overview

    found = overview(load_config(config_path, os.environ))
    if form == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    else:
        _table(found)


def _table(found: Overview) -> None:
    from listener.clock import local, read_time
    from listener.terminal import columns, padded, plain
    from listener.troubles import in_language

    width = max((columns(source_label(row.name)) for row in found.sources), default=0)
    for row in found.sources:
        state = label(STATES, row.state)
        went = f"{label(COMPLETENESS, row.last)} {local(read_time(row.last_at)):%Y-%m-%d %H:%M}" if row.last else "–"
        way, finds = label(ACCESS, row.access), ", ".join(label(FINDS, kind) for kind in row.finds)
        click.echo(f"{padded(source_label(row.name), width)} {state:12} {way:22} {finds:16} {went}")
        click.echo(f"    {_(row.note)}")
        if row.gate:
            click.echo(f"    {_(row.gate)}")
        if row.budgets:
            click.echo("    " + "; ".join(_budget(budget) for budget in row.budgets))
        if row.month_dollars:
            told = _("at most {run} US dollars a run, {month} a month; {spent} spent this month")
            run, month, spent = map(_money, (row.run_dollars, row.month_dollars, row.spent_dollars))
            click.echo("    " + told.format(run=run, month=month, spent=spent))
        if row.next_wanted:
            told = _("the next search for accounts: about {wanted}")
            click.echo("    " + told.format(wanted=", ".join(map(_wanted, row.next_wanted))))
        if row.next_dollars is not None:
            told = _("the next search for accounts: at most {dollars} US dollars")
            click.echo("    " + told.format(dollars=_money(row.next_dollars)))
        for trouble in row.detail.split(" · ") if row.detail else ():
            click.echo(f"    {plain(in_language(trouble, _))}")
        for line in row.lines:
            click.echo(f"    {plain(line.place)}: {_line(line)}")
        if row.missing:
            click.echo("    " + _("set {names} to use it fully").format(names=", ".join(row.missing)))
    click.echo("\n" + _("Not searched:"))
    for reason, platforms in _gaps(found).items():
        click.echo(f"  {', '.join(platforms)}: {reason}")


def _gaps(found: Overview) -> dict[str, list[str]]:
    """Why something is not searched, in words, with all of which that is so."""
    gaps: dict[str, list[str]] = {}
    for platform, gap in found.not_searched.items():
        gaps.setdefault(unsearched(gap.reason, gap.why, gap.through), []).append(source_label(platform))
    return gaps


def _line(line: LineState) -> str:
    """How a line that is listened to is doing."""
    from listener.clock import local, read_time
    from listener.terminal import plain
    from listener.troubles import in_language

    if not line.runs or not line.since:
        return _("not listened to now")
    if line.state:
        return plain(in_language(line.state, _))
    minutes = round((line.lag or 0) / 60)
    lag = _("{minutes} min behind").format(minutes=minutes) if minutes else _("up to date")
    told = _("listened to since {since}, {lag}")
    return told.format(since=f"{local(read_time(line.since)):%Y-%m-%d %H:%M}", lag=lag)


def _budget(budget: Budget) -> str:
    """What is left of one quota."""
    told = _("{kind}: {left} of {most} left {window}")
    window = label(WINDOWS, budget.window)
    return told.format(kind=label(KINDS, budget.kind), left=budget.left, most=budget.most, window=window)


def _wanted(wanted: Wanted) -> str:
    """What a search would take of one quota, and how much of that it may."""
    asked = f"{wanted.count} {label(KINDS, wanted.kind)}"
    if wanted.may >= wanted.count:
        return asked
    return _("{asked} (of which {may} now)").format(asked=asked, may=wanted.may)


def _money(dollars: float) -> str:
    """1.50; whole dollars without cents."""
    text = f"{dollars:.0f}" if dollars.is_integer() else f"{dollars:.2f}"
    return text.replace(".", _("."))
