"""How a case stands after something was done with it, in a line or two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from listener.language import _

if TYPE_CHECKING:
    from listener.models import Case
    from listener.store import Store


def print_waiting(store: Store, case: Case) -> None:
    """That it waits for a second person, when it does."""
    from listener.cli.case_text import proposal_line
    from listener.store.proposals import open_proposal

    if proposal := open_proposal(store, case.id):
        click.echo(proposal_line(proposal))
        told = _("It stands when a second person approves it: listen review approve {case} --who NAME")
        click.echo(told.format(case=case.id), err=True)


def print_state(case: Case) -> None:
    from listener.cli.case_text import name_of, until
    from listener.report.labels import state_label

    line = f"{_('Case')} {case.id}: {name_of(case)}: {state_label(case.state)}"
    if case.assignee:
        line += " · " + _("assigned to {who}").format(who=case.assignee)
    if case.snoozed_until:
        told = _("watched until {time}") if case.state == "watching" else _("on the allow-list until {time}")
        line += " · " + told.format(time=until(case.snoozed_until))
    click.echo(line)
