"""`listen review`: list, show and decide flagged accounts; every decision has a reason and can be undone."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from listener.cli.case_input import CASE, TEXT, WHO, choosing, reason_key, wanted_of
from listener.cli.case_state import print_state, print_waiting
from listener.cli.opened import opened, write_export
from listener.cli.options import CONFIG, form
from listener.cli.second import approve, proposals, reject
from listener.language import _, ngettext
from listener.models import State

if TYPE_CHECKING:
    from datetime import datetime

    from listener.models import Case

DECIDABLE = ("triage", "confirmed", "action", "resolved", "dismissed", "watching", "registered")


@click.group(
    help=_(
        "List, show and decide flagged accounts.\n\n"
        "Every decision needs a reason and is kept with who, when and why; `undo` takes the last one back by a new "
        "entry. A dismissed account stays dismissed until it changes. Reports to others, and what is held against an "
        "employee, are proposed: another person approves or rejects.\n\n"
        "Example: listen review decide 12 dismissed --reason namesake"
    )
)
def review() -> None:
    """The queue and everything that can be done to a case."""


@review.command("list", help=_("The cases that wait for a decision, gravest and oldest first."))
@choosing
@form("table", "json", "csv", "ndjson")
@CONFIG
def list_(form: str, config_path: Path | None, **options: Any) -> int:
    from listener.records.queue import wanted_cases
    from listener.terminal import seen

    config, store = opened(config_path)
    with store:
        cases = wanted_cases(store, wanted_of(options), config.now)
    if form == "table":
        print_table(cases, config.now)
    else:
        click.echo(seen(as_bytes(cases, form), on_terminal=form == "csv" and sys.stdout.isatty()), nl=False)
    return 0


def print_table(cases: list[Case], now: datetime) -> None:
    from listener.cli.case_text import table

    if not cases:
        click.echo(_("Nothing waits for a decision here."), err=True)
        return
    for line in table(cases, now):
        click.echo(line)
    found = ngettext(
        "{count} case; `listen review show CASE` says why",
        "{count} cases; `listen review show CASE` says why",
        len(cases),
    )
    click.echo(found.format(count=len(cases)), err=True)


def as_bytes(cases: Iterable[Case], form: str, *, excel: bool = False) -> bytes:
    """Rows in a format for programs: names and addresses exactly as they are."""
    import msgspec

    from listener.records.queue import COLUMNS, read_row
    from listener.spreadsheet import write_csv
    from listener.store.database import as_json

    rows = [read_row(case) for case in cases]
    if form == "csv":
        table = [msgspec.structs.asdict(row) for row in rows]
        if excel:  # a Swedish Excel reads a decimal comma
            table = [row | {"score": str(row["score"]).replace(".", ",")} for row in table]
        return write_csv(table, COLUMNS, excel)
    if form == "json":
        return msgspec.json.format(as_json(rows).encode(), indent=2) + b"\n"
    return b"".join(as_json(row).encode() + b"\n" for row in rows)


@review.command(help=_("One case: every reason, the official account beside it, and what has been decided."))
@CASE
@form("text", "json")
@CONFIG
def show(case_id: int, form: str, config_path: Path | None) -> int:
    import msgspec

    from listener.cli import case_text
    from listener.store.cases import history, load_case
    from listener.store.database import as_json
    from listener.store.snapshots import counted

    _config, store = opened(config_path)
    with store:
        case, events, kept = load_case(store, case_id), history(store, case_id), counted(store, case_id)
    if form == "json":
        told = {"count": kept[0], "last_at": kept[1]}
        whole = {"case": msgspec.to_builtins(case), "history": msgspec.to_builtins(events), "snapshots": told}
        click.echo(msgspec.json.format(as_json(whole).encode(), indent=2).decode())
        return 0
    for line in case_text.show(case, events, kept):
        click.echo(line)
    return 0


@review.command(
    help=_(
        "Decide a case: triage, confirmed, action, resolved, dismissed, watching or registered.\n\n"
        "Reasons to dismiss: namesake, parody, fan_group, employee_private, third_party, duplicate, "
        "not_ours_harmless, wrong_match, other (needs --text). Each state has its own list; a wrong reason shows it."
    )
)
@CASE
@click.argument("state", metavar=_("STATE"), type=click.Choice(DECIDABLE))
@click.option(
    "--reason", required=True, metavar=_("REASON"), help=_("Why: a reason from the state's list, in either language.")
)
@TEXT
@click.option("--until", metavar=_("DATE"), help=_("Until when it is watched or allowed, such as 2026-12-24 or 14d."))
@WHO
@CONFIG
def decide(
    case_id: int, state: str, reason: str, text: str, until: str | None, who: str | None, config_path: Path | None
) -> int:
    return _decide(case_id, State(state), reason, text, until, who, config_path)


@review.command(help=_("Put a case aside until a date, or without one until the account changes."))
@CASE
@click.option("--until", metavar=_("DATE"), help=_("The day on which it comes back, such as 2026-12-24 or 14d."))
@TEXT
@WHO
@CONFIG
def snooze(case_id: int, until: str | None, text: str, who: str | None, config_path: Path | None) -> int:
    return _decide(case_id, State.WATCHING, "until_date" if until else "until_change", text, until, who, config_path)


def _decide(
    case_id: int, state: State, reason: str, text: str, until: str | None, who: str | None, config_path: Path | None
) -> int:
    from listener.cli.person import person
    from listener.models import Decision
    from listener.records.days import read_time_to_come
    from listener.records.decisions import decide as save
    from listener.store.barred import CHILD_ABUSE

    config, store = opened(config_path)
    decision = Decision(
        case_id=case_id,
        who=person(config, who),
        to=state,
        reason=reason_key(reason, state),
        text=text,
        until=read_time_to_come(until, config.now) if until else None,
    )
    with store:
        case = save(config, store, decision, config.now)
        print_state(case)
        print_waiting(store, case)
        if decision.reason == CHILD_ABUSE:
            from listener.report.filing import file_again

            for path in file_again(config, store, case.opened_at):
                click.echo(_("made anew without it: {path}").format(path=path), err=True)
            click.echo(_("Destroy what you exported, mailed, printed or backed up of it yourself."), err=True)
    return 0


@review.command(help=_("Take back the last decision on a case, by a new entry; nothing is removed."))
@CASE
@WHO
@CONFIG
def undo(case_id: int, who: str | None, config_path: Path | None) -> int:
    from listener.cli.person import person
    from listener.records.four_eyes import take_back

    config, store = opened(config_path)
    with store:
        case = take_back(config, store, case_id, person(config, who), config.now)
        print_state(case)
        print_waiting(store, case)
    return 0


@review.command(help=_("Give a case to a person or a unit."))
@CASE
@click.argument("assignee", metavar=_("WHO"))
@WHO
@CONFIG
def assign(case_id: int, assignee: str, who: str | None, config_path: Path | None) -> int:
    from listener.cli.person import person
    from listener.store.cases import assign as give

    config, store = opened(config_path)
    with store:
        print_state(give(store, case_id, assignee, person(config, who), config.now))
    return 0


@review.command(help=_("Write the cases to a CSV file; - is stdout."))
@click.argument("target", metavar=_("FILE"), type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@choosing
@click.option("--excel", is_flag=True, help=_("For Excel: BOM, semicolons, and no cell that is a formula."))
@CONFIG
def export(target: Path, excel: bool, config_path: Path | None, **options: Any) -> int:
    from listener.records.queue import wanted_cases

    config, store = opened(config_path)
    with store:
        cases = wanted_cases(store, wanted_of(options), config.now)
    whole = as_bytes(cases, "csv", excel=excel)
    written = ngettext("{count} case written to {file}", "{count} cases written to {file}", len(cases))
    write_export(target, whole, written.format(count=len(cases), file=target))
    return 0


for command in (proposals, approve, reject):
    review.add_command(command)
