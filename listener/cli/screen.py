"""`listen screen`: a pure filter from candidates, or domain names, to findings."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from listener.cli.answers import write_answers
from listener.cli.options import CONFIG, STRICT, form, registry_file
from listener.language import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from listener.screen.bulk import Screener
    from listener.screen.stream import Answer, Filter, Writer


@click.command(
    help=_("Judge a stream of candidate accounts (NDJSON or CSV), or of domain names; no network, no database.")
)
@click.argument("source", metavar=_("[INPUT]"), default="-")
@click.option(
    "--domains",
    is_flag=True,
    help=_("INPUT is a zone file or a list of domain names (.gz and .zst too); each flagged domain is written once."),
)
@registry_file(_("The registry.csv to compare with."))
@CONFIG
@form("ndjson", "json", "csv", "table", told=True)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar=_("FILE"),
    help=_("Write here instead of to stdout; for Parquet files a folder."),
)
@click.option("--only-flagged", is_flag=True, help=_("Leave out accounts that need no look."))
@STRICT
@click.option(
    "--jobs",
    type=click.IntRange(min=1, max=64),
    default=1,
    show_default=True,
    metavar="N",
    help=_("Work in this many processes."),
)
@click.option(
    "--cluster",
    metavar=_("ADDRESS"),
    help=_("Have a Dask cluster do the work: tcp://host:8786. INPUT is Parquet files, 'candidates/*.parquet'."),
)
def screen(source: str, domains: bool, registry_path: Path | None, config_path: Path | None, form: str,
           output: Path | None, only_flagged: bool, strict: bool, jobs: int, cluster: str | None) -> int:  # fmt: skip
    from listener.cli.screen_parts import into_folder, screen_parquet
    from listener.config import load_config
    from listener.organisation import load_organisation
    from listener.registry import load_registry
    from listener.screen.answers import COLUMNS, csv_row
    from listener.screen.bulk import Screener, kept
    from listener.screen.stream import Filter

    config = load_config(config_path, os.environ, registry_path)
    if into_folder(source, output, cluster) and output:
        return screen_parquet(source, config, output, form, only_flagged=only_flagged, strict=strict, jobs=jobs,
                              cluster=cluster)  # fmt: skip
    click.get_current_context().call_on_close(gc.unfreeze)
    with kept():
        organisation, registry = load_organisation(config), load_registry(config.registry)
        write, header = _writer(form), csv_row(list(COLUMNS))
        if domains:
            judged = _swept(source, Screener(organisation, registry), write)
        else:
            screening = Filter(organisation, registry, write, only_flagged=only_flagged, strict=strict)
            judged = _answered(source, screening, jobs)
    with judged as found:
        if output is None:
            return write_answers(sys.stdout.buffer, found, form, header, strict)
        with output.open("wb") as target:
            return write_answers(target, found, form, header, strict)


@contextmanager
def _swept(source: str, screener: Screener, write: Writer) -> Iterator[Iterator[Answer]]:
    from listener.screen.opening import open_input
    from listener.screen.sweep import Sweep

    with open_input(source) as stream:
        yield Sweep(screener, write).answers(stream)


@contextmanager
def _answered(source: str, screening: Filter, jobs: int) -> Iterator[Iterator[Answer]]:
    from listener.screen.opening import numbered, open_input
    from listener.screen.parts import is_parquet, plan, read_part
    from listener.screen.stream import answers

    if is_parquet(source):
        yield answers(chain.from_iterable(map(read_part, plan(source))), screening, jobs)
        return
    with open_input(source) as stream:
        yield answers(numbered(stream), screening, jobs)


def _writer(form: str) -> Writer:
    from functools import partial

    from listener.screen.answers import as_csv, as_ndjson, as_table

    if form == "table":
        from listener.report.labels import verdict_label

        return partial(as_table, verdict_label, _)
    return as_csv if form == "csv" else as_ndjson
