"""`listen discover --bootstrap`: a first register, written where no file stands yet."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from listener.language import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from listener.config import Config
    from listener.models import SourceResult
    from listener.run import Progress

STDOUT = "-"


def bootstrap(config: Config, out: Path, progress: Progress) -> int:
    """Propose a first register and write it to `out`, or to stdout for `-`; 3 or 4 when a source failed."""
    from listener.bootstrap import propose, written
    from listener.errors import ConfigError
    from listener.run import exit_code
    from listener.terminal import plain
    from listener.troubles import in_language, kind_label

    if str(out) != STDOUT and out.exists():
        raise ConfigError(_("{file} is already here and was left as it is: name another one").format(file=out))
    proposal = propose(config, progress)
    for result in proposal.results:
        for issue in result.issues:
            progress(f"  {result.source}: {kind_label(issue.kind, _)}: {in_language(issue.detail, _)}")
    if proposal.known:
        known = ngettext(
            "{count} account already stands in {file}", "{count} accounts already stand in {file}", proposal.known
        )
        click.echo(known.format(count=proposal.known, file=config.registry), err=True)
    if proposal.schools:
        named = _("No unit in {file} yet: {names}")
        click.echo(plain(named.format(file=config.path, names=", ".join(proposal.schools))), err=True)
    if not proposal.rows:
        click.echo(_nothing(proposal.results), err=True)
        return exit_code(list(proposal.results))
    if str(out) == STDOUT:
        sys.stdout.buffer.write(written(proposal))
    else:
        with out.open("xb") as file:  # another one may have written it meanwhile
            file.write(written(proposal))
    _say_next(out, len(proposal.rows))
    return exit_code(list(proposal.results))


def _nothing(results: Sequence[SourceResult]) -> str:
    """Why nothing was written: nothing was there, or it could not be looked."""
    from listener.run import failed

    if unseen := [result.source for result in results if failed(result)]:
        told = _(
            "Could not look everywhere ({sources}), and found nothing that the register lacks: nothing was written."
        )
        return told.format(sources=", ".join(unseen))
    return _("No account was found that the register lacks: nothing was written.")


def _say_next(out: Path, count: int) -> None:
    """What a person does with the rows."""
    told = ngettext("{count} account proposed, none approved.", "{count} accounts proposed, none approved.", count)
    click.echo(told.format(count=count), err=True)
    file = _("the file") if str(out) == STDOUT else str(out)
    steps = (
        _("Next: look at each row of {file}. Delete what is not yours, correct the unit, fill in owner_email,"),
        _("and set status to approved where the account is official. Then: listen registry import {file}"),
    )
    for step in steps:
        click.echo(step.format(file=file), err=True)
