"""`listen evidence`: what was kept about flagged accounts, whether it is as it was taken, and a copy to hand over."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from listener.cli.opened import opened
from listener.cli.options import CONFIG, form
from listener.errors import ListenerError
from listener.language import N_, _, ngettext

if TYPE_CHECKING:
    from listener.config import Config
    from listener.evidence.verify import Alteration, Checked
    from listener.store import Store
    from listener.store.snapshots import Snapshot

KINDS = {
    "answer": N_("answer"),
    "page": N_("page"),
    "finding": N_("what was found"),
    "picture": N_("profile picture"),
    "screenshot": N_("screenshot"),
    "timestamp": N_("timestamp"),
    "destroyed": N_("destroyed"),
}
REASONS = {
    "child_abuse": N_("child abuse"),
    "retention": N_("retention"),
    "terms": N_("the platform's terms"),
}
ALTERATIONS = {
    "manifest": N_("manifest: row {where} was altered, removed or slipped in"),
    "changed": N_("{where}: altered (was {was}, is {now})"),
    "size": N_("{where}: the manifest has another size (was {was} bytes, is {now})"),
    "missing": N_("{where}: missing (was {was})"),
    "added": N_("{where}: not in the manifest"),
    "undestroyed": N_("{where}: destroyed by decision, but here"),
    "timestamp": N_("{where}: the timestamp does not fit the manifest: {now}"),
}
CASE = click.argument("case_id", metavar=_("CASE"), type=click.IntRange(1, 2**63 - 1))


@click.group(
    help=_(
        "List, check and export what was kept as evidence.\n\n"
        "Of every flagged account the answers that showed it are kept byte for byte, each in a file of its own, in a "
        "manifest whose rows seal each other.\n\n"
        "Example: listen evidence verify 12"
    )
)
def evidence() -> None:
    """The evidence of cases."""


@evidence.command("list", help=_("The snapshots of a case, oldest first."))
@CASE
@form("text", "json")
@CONFIG
def list_(case_id: int, form: str, config_path: Path | None) -> int:
    import msgspec

    from listener.store.cases import load_case
    from listener.store.snapshots import load_snapshots

    _config, store = opened(config_path)
    with store:
        rows = load_snapshots(store, case_id)
        if not rows:
            load_case(store, case_id)
    if form == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(rows), indent=2).decode())
        return 0
    if not rows:
        click.echo(_("No evidence of case {case} yet.").format(case=case_id), err=True)
    for row in rows:
        click.echo(line_of(row))
    return 0


def line_of(row: Snapshot) -> str:
    """One row of the manifest as people read it; addresses cannot be clicked."""
    from listener.cli.case_text import moment
    from listener.report.defang import defang
    from listener.store.events import MACHINE
    from listener.terminal import plain

    parts = [moment(row.at), _(KINDS.get(row.kind, row.kind))]
    if row.path is not None:
        parts += [row.path, _("{count} bytes").format(count=row.size), f"sha256 {row.sha256}"]
    if row.target is not None:
        parts += [_("row {number}").format(number=row.target), _(REASONS.get(row.reason, row.reason))]
    if row.who != MACHINE:
        parts.append(plain(row.who))
    if row.url:
        parts.append(defang(row.url))
    elif row.path is None and row.target is None:
        parts.append(_("(destroyed)"))
    return f"{row.id:>6}  " + " · ".join(parts)


@evidence.command(help=_("Is the evidence as it was taken? Leaves with 1 when anything was altered."))
@click.argument("case_id", metavar=_("CASE"), type=click.IntRange(1, 2**63 - 1), required=False)
@click.option("--all", "everything", is_flag=True, help=_("Every case, and what belongs to none."))
@CONFIG
def verify(case_id: int | None, everything: bool, config_path: Path | None) -> int:
    if (case_id is None) != everything:
        raise click.UsageError(_("Name a case, or --all."))
    config, store = opened(config_path)
    with store:
        checked = checked_case(config, store, case_id)
    for alteration in checked.alterations:
        click.echo(told(alteration))
    click.echo(summary(checked))
    return int(bool(checked.alterations))


def checked_case(config: Config, store: Store, case_id: int | None) -> Checked:
    """The check of one case or of all, timestamps included."""
    from listener.evidence.folder import Folder
    from listener.evidence.settings import read_settings
    from listener.evidence.timestamp import trouble_with
    from listener.evidence.verify import verify as check

    root = read_settings(config).timestamp_certificate

    def stamped(path: Path, of: str) -> str:
        return trouble_with(path.read_bytes(), of.encode(), root=root)

    return check(store, Folder.of(config.store), case_id, stamped)


def told(alteration: Alteration) -> str:
    """An alteration as a sentence."""
    from listener.terminal import plain

    line = _(ALTERATIONS[alteration.kind])
    return plain(line.format(where=alteration.where, was=alteration.was, now=alteration.now), 400)


def summary(checked: Checked) -> str:
    """What was checked, in one line."""
    files = ngettext("{count} file checked", "{count} files checked", checked.files).format(count=checked.files)
    if checked.destroyed:
        files += ", " + _("{count} destroyed by decision").format(count=checked.destroyed)
    if checked.timestamps:
        files += ", " + _("{count} timestamps").format(count=checked.timestamps)
    if not checked.alterations:
        return _("Intact: {files}.").format(files=files)
    wrong = ngettext("{count} alteration", "{count} alterations", len(checked.alterations))
    return _("ALTERED: {wrong}; {files}.").format(wrong=wrong.format(count=len(checked.alterations)), files=files)


@evidence.command(
    help=_(
        "Write the evidence of a case to a ZIP file, with the manifest, the hashes and how to check them.\n\n"
        "A FILE that ends in .wacz becomes a WACZ, which replay programs open."
    )
)
@CASE
@click.option(
    "-o", "--output", "target", required=True, metavar=_("FILE"), type=click.Path(path_type=Path, dir_okay=False),
    help=_("Where to write."),
)  # fmt: skip
@CONFIG
def export(case_id: int, target: Path, config_path: Path | None) -> int:
    from listener.evidence.export import export as write
    from listener.evidence.folder import Folder

    config, store = opened(config_path)
    with store:
        checked = checked_case(config, store, case_id)
        try:
            count, left_out = write(store, Folder.of(config.store), case_id, target, checked, config.now)
        except OSError as wrong:
            refused = _("{file}: {what}: choose another file")
            raise ListenerError(refused.format(file=target, what=_(wrong.strerror or ""))) from wrong
    warn(checked.alterations)
    written = ngettext("{count} file written to {file}", "{count} files written to {file}", count)
    click.echo(written.format(count=count, file=target), err=True)
    if left_out:
        told_of = ngettext(
            "{count} screenshot or timestamp is not in a WACZ: write a ZIP for it",
            "{count} screenshots and timestamps are not in a WACZ: write a ZIP for them",
            left_out,
        )
        click.echo(told_of.format(count=left_out), err=True)
    return int(bool(checked.alterations))


def warn(alterations: Iterable[Alteration]) -> None:
    """Say on stderr what is not as it was."""
    for alteration in alterations:
        click.echo(told(alteration), err=True)
