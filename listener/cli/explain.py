"""`listen explain ACCOUNT`: why an account gets its verdict, step by step; nothing is fetched or stored."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from listener.cli.options import CONFIG, form, registry_file
from listener.language import _

if TYPE_CHECKING:
    from listener.explain import Explanation
    from listener.explain.subject import Subject


@click.command(
    help=_(
        "Why does an account get its verdict? Every signal, what it added to the score, and what decided.\n\n"
        "ACCOUNT is a profile's address, platform:handle, platform:id, a case number, or a file (- is stdin) with one "
        "candidate as JSON. Nothing is fetched: what the store or the register knows of it is judged, else what you "
        "give.\n\n"
        "Example: listen explain x:almbykommun"
    )
)
@click.argument("account", metavar=_("ACCOUNT"))
@form("text", "json", "markdown")
@click.option("--no-bars", is_flag=True, help=_("Leave out the bars, for a screen reader."))
@CONFIG
@registry_file(_("The registry.csv to look in."))
def explain(account: str, form: str, no_bars: bool, config_path: Path | None, registry_path: Path | None) -> None:
    from listener.cli.explain_text import markdown, text
    from listener.config import load_config
    from listener.explain import explain as explained
    from listener.explain.subject import find_subject
    from listener.organisation import load_organisation
    from listener.registry import load_registry

    config = load_config(config_path, os.environ, registry_path)
    organisation, registry = load_organisation(config), load_registry(config.registry)
    subject = find_subject(account, config, registry)
    told = explained(subject.account, organisation, registry)
    if form == "json":
        click.echo(as_json(told, subject))
        return
    lines = markdown(told, subject) if form == "markdown" else text(told, subject, bars=not no_bars)
    for line in lines:
        click.echo(line)


def as_json(told: Explanation, subject: Subject) -> str:
    """The explanation for programs: keys and sentences in English, numbers exact to the ten-thousandth."""
    import msgspec

    from listener.store.database import as_json as encoded

    finding, evidence = told.finding, told.evidence
    fields = {
        "platform": finding.account.platform,
        "platform_id": finding.account.platform_id,
        "handle": finding.account.handle,
        "url": finding.account.url,
        "known_from": subject.known,
        "case": subject.case.id if subject.case else None,
        "verdict": finding.verdict,
        "unit_kind": finding.unit_kind,
        "unit": finding.unit,
        "score": finding.score,
        "flagged": finding.flagged,
        "rule": finding.rule,
        "nearest": finding.nearest,
        "evidence": evidence._asdict() if evidence else None,
        "thresholds": told.thresholds,
        "questions": told.questions,
        "rest": told.rest,
        "unknown": told.unknown,
        "alternatives": told.alternatives,
    }
    return msgspec.json.format(encoded(fields), indent=2)
