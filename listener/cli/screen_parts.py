"""The part of `listen screen` that reads Parquet files into a folder of findings, here or on a cluster."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from listener.cli.answers import PARTIAL
from listener.language import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from listener.config import Config
    from listener.screen.findings import Folder
    from listener.screen.parts import Part, Recipe, Screened

TELL_EVERY = 5.0  # seconds


def into_folder(source: str, output: Path | None, cluster: str | None) -> bool:
    """Whether this is work for parts: Parquet files, and a folder for what is found."""
    from listener.screen.parts import is_parquet

    if cluster is not None and not (is_parquet(source) and output):
        raise click.UsageError(_("--cluster needs Parquet files and a folder: 'candidates/*.parquet' -o findings/"))
    return is_parquet(source) and output is not None and (output.is_dir() or not output.suffix)


def screen_parquet(source: str, config: Config, output: Path, form: str, *, only_flagged: bool, strict: bool,
                   jobs: int, cluster: str | None) -> int:  # fmt: skip
    """Screen every part that the folder does not hold yet. Exit code: 3 when rows or parts were broken."""
    from msgspec.structs import replace

    from listener.logos.avatars import Avatars
    from listener.organisation import load_organisation
    from listener.registry import load_registry
    from listener.screen.findings import Folder, described
    from listener.screen.parts import WRITERS, Recipe, plan

    if form not in WRITERS or strict:
        raise click.UsageError(_("A folder of findings goes with --format ndjson or csv, and without --strict."))
    organisation = load_organisation(config)
    organisation = replace(organisation, logos=tuple(os.path.abspath(logo) for logo in organisation.logos))
    sees = cluster is not None and Avatars(organisation.logos).references is not None
    recipe = Recipe(organisation, load_registry(config.registry), form, only_flagged, sees)
    parts = plan(source)
    folder = Folder(output, form)
    files = [path for path in (config.path, config.registry) if path is not None] + list(map(Path, organisation.logos))
    folder.open(described(parts, files, form=form, only_flagged=only_flagged))
    todo = folder.missing(parts)
    if len(todo) < len(parts):
        there = _("{count} of {all} parts are there already")
        click.echo(there.format(count=len(parts) - len(todo), all=len(parts)), err=True)
    failed = 0
    for done in told(_run(recipe, todo, jobs, cluster), todo):
        failed += not _kept(done, folder)
    return PARTIAL if failed or folder.broken() else 0


def _run(recipe: Recipe, parts: list[Part], jobs: int, cluster: str | None) -> Iterator[Screened]:
    if not parts:
        return iter(())
    if cluster is None:
        from listener.screen.parts import on_this_machine

        return on_this_machine(recipe, parts, jobs)
    from listener.screen.parts import PartError

    try:
        from listener.screen.cluster import on_cluster
    except ImportError as missing:
        raise PartError("--cluster needs Dask: pip install 'listener[cluster]'") from missing
    return on_cluster(cluster, recipe, parts)


def _kept(done: Screened, folder: Folder) -> bool:
    """Save a part, and say which of its rows were broken; False when there is nothing to save."""
    from listener.screen.answers import COLUMNS, csv_row
    from listener.troubles import in_language

    if done.answer is None:
        lost = _("part {number}: {why}; run the same command again for it")
        click.echo(lost.format(number=done.part.number, why=in_language(done.why, _)), err=True)
        return False
    folder.save(done.part, done.answer, csv_row(list(COLUMNS)) if folder.form == "csv" else b"")
    for row, why in done.answer.broken:
        place = f"{done.part.path}: {_('line {number}: {why}; skipped')}"
        click.echo(place.format(number=row, why=in_language(why, _)), err=True)
    return True


def told(screened: Iterator[Screened], parts: list[Part]) -> Iterator[Screened]:
    """What is done, with a line on stderr every few seconds and at the end."""
    candidates, started, last = 0, time.monotonic(), time.monotonic()
    for count, done in enumerate(screened, 1):
        yield done
        candidates += done.part.stop - done.part.start
        now = time.monotonic()
        if now - last >= TELL_EVERY or count == len(parts):
            last = now
            rate = candidates / max(now - started, 0.001)
            line = _("{count} of {all} parts, {rate} candidates a second")
            click.echo(line.format(count=count, all=len(parts), rate=f"{rate:,.0f}"), err=True)
