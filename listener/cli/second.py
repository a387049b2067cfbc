"""The second person of `listen review`: what waits for one, and approving or refusing it."""

from __future__ import annotations

from pathlib import Path

import click

from listener.cli.case_input import CASE, TEXT, WHO
from listener.cli.case_state import print_state
from listener.cli.opened import opened
from listener.cli.options import CONFIG
from listener.language import _


@click.command(help=_("What waits for a second person: reports to others, and what is held against an employee."))
@CONFIG
def proposals(config_path: Path | None) -> int:
    from listener.cli.case_text import name_of, proposal_line
    from listener.store.cases import load_case
    from listener.store.proposals import open_proposals

    _config, store = opened(config_path)
    with store:
        waiting = open_proposals(store)
        for proposal in waiting:
            click.echo(f"{_('Case')} {proposal.case_id}: {name_of(load_case(store, proposal.case_id))}")
            click.echo(f"  {proposal_line(proposal)}")
    if not waiting:
        click.echo(_("Nothing waits for a second person."), err=True)
    return 0


@click.command(help=_("Make what another person has proposed for a case stand; nobody approves their own."))
@CASE
@WHO
@CONFIG
def approve(case_id: int, who: str | None, config_path: Path | None) -> int:
    from listener.cli.person import person
    from listener.records.four_eyes import approve as stand
    from listener.store.proposals import load_proposal

    config, store = opened(config_path)
    with store:
        print_state(stand(store, load_proposal(store, case_id), person(config, who), config.now))
    return 0


@click.command(help=_("Refuse what another person has proposed for a case, or take back what you proposed."))
@CASE
@TEXT
@WHO
@CONFIG
def reject(case_id: int, text: str, who: str | None, config_path: Path | None) -> int:
    from listener.cli.person import person
    from listener.store.cases import load_case
    from listener.store.proposals import load_proposal, turn_down

    config, store = opened(config_path)
    with store:
        turn_down(store, load_proposal(store, case_id), person(config, who), text, config.now)
        print_state(load_case(store, case_id))
    return 0
