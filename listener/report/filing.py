"""Reports as files: each week's HTML and JSON in the reports folder, missed weeks made up for once."""

from __future__ import annotations

import os
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

from listener.clock import Week
from listener.config import Config
from listener.organisation import load_organisation
from listener.registry import load_registry
from listener.report import FORMATS
from listener.report.coverage import KINDS
from listener.report.records import Weekly
from listener.report.weekly import Scope, weekly
from listener.report.weeks import missed
from listener.sources import load_sources
from listener.store import Store
from listener.store.runs import load_reports, load_runs, save_report

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
FILED = ("html", "json")


def load_scope(config: Config) -> Scope:
    """Whose report it is, by listener.toml and registry.csv. Raises ConfigError or RegistryError."""
    organisation = load_organisation(config)
    registry = load_registry(config.registry)
    return Scope(
        organisation=organisation.name,
        domains=organisation.domains,
        entries=registry.entries,
        sources=tuple(sorted(name for name, source in load_sources().items() if "accounts" in source.ABOUT.finds)),
        queries=saved_queries(config),
    )


def saved_queries(config: Config) -> dict[str, str]:
    """The text of each query of listener.toml, and its name."""
    saved = config.table("queries").items()
    texts = {name: table.get("query", "") for name, table in saved if isinstance(table, dict)}
    return {unicodedata.normalize("NFC", " ".join(text.split())): name for name, text in texts.items()}


def file_report(config: Config, store: Store, scope: Scope, week: Week, language: str) -> tuple[Weekly, Path]:
    """Make the report of one week, write its files and return it with the path of its HTML.

    A week that is over is noted as reported; made again, it gives the same files.
    """
    report = weekly(store, scope, week, config.now)
    for form in FILED:
        write_file(config.reports / f"{week.name}.{form}", FORMATS[form](report, language))
    if week.end <= config.now:
        save_report(store, week.name, config.now, report.coverage.complete)
    return report, config.reports / f"{week.name}.html"


def file_missed(config: Config, store: Store, scope: Scope, target: Week, language: str) -> list[Path]:
    """Make the reports that are due since the first run and were never made; returns their HTML files, oldest first."""
    runs = [run for run in load_runs(store, EARLIEST, target.end) if run.kind in KINDS]
    due = missed(target, load_reports(store), runs[0].started_at if runs else None)
    return [file_report(config, store, scope, week, language)[1] for week in due]


def write_file(path: Path, text: str) -> None:
    """Write the file whole or not at all: nobody ever reads half a report."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text, encoding="utf-8", newline="\n")
    os.replace(fresh, path)
