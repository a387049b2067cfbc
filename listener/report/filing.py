"""Reports as files: each week's HTML and JSON in the reports folder, missed weeks made up for once."""

from __future__ import annotations

import os
import re
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

from listener.answers.questions import ours_of
from listener.answers.settings import read_duties
from listener.assessment import named
from listener.clock import Week
from listener.config import Config
from listener.discover import enabled
from listener.evidence.folder import destroy
from listener.organisation import load_organisation
from listener.records.four_eyes import is_on
from listener.registry import load_registry
from listener.report import FORMATS
from listener.report.coverage import KINDS
from listener.report.owed import Promises
from listener.report.records import Reach, Weekly
from listener.report.weekly import Scope, weekly
from listener.report.weeks import missed, week_after
from listener.run import source_settings
from listener.sources import About, load_sources
from listener.sources.settings import gated
from listener.store import Store
from listener.store.runs import load_reports, load_runs, save_report

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
FILED = ("html", "json")
WEEK_FILE = re.compile(r"(2\d{3})-W(\d{2})\.(?:html|json)(?:\.new)?", re.ASCII)


def load_scope(config: Config) -> Scope:
    """Whose report it is, by listener.toml and registry.csv. Raises ConfigError or RegistryError."""
    organisation = load_organisation(config)
    registry = load_registry(config.registry)
    finders = {name: source for name, source in sorted(load_sources().items()) if "accounts" in source.ABOUT.finds}
    return Scope(
        organisation=organisation.name,
        domains=organisation.domains,
        entries=registry.entries,
        sources={name: reach(config, name, source) for name, source in sorted(load_sources().items())},
        queries=saved_queries(config),
        enabled=tuple(name for name, source in finders.items() if enabled(config, name, source)),
        promises=Promises(read_duties(config), ours_of(organisation, registry.entries)),
        four_eyes=is_on(config),
        assessment=named(config),
    )


def reach(config: Config, name: str, source: ModuleType) -> Reach:
    """What a source could look at, by what it says of itself, its settings and the terms that are accepted."""
    about: About = source.ABOUT
    closed = about.gate_text if gated(about, config.source(name)) else ""
    return Reach(
        platform=about.platform or name,
        closed=closed,
        posts=about.finds == ("posts",),
        on=not closed and enabled(config, name, source),
        others=source.reaches(source_settings(config, name)) if hasattr(source, "reaches") else (),
    )


def saved_queries(config: Config) -> dict[str, str]:
    """The text of each query of listener.toml, and its name."""
    saved = config.table("queries").items()
    texts = {name: table.get("query", "") for name, table in saved if isinstance(table, dict)}
    return {unicodedata.normalize("NFC", " ".join(text.split())): name for name, text in texts.items()}


def file_report(config: Config, store: Store, scope: Scope, week: Week, language: str) -> tuple[Weekly, Path | None]:
    """Make the report of one week, write its files and return it with the path of its HTML.

    A week that is over is noted as reported; made again, it gives the same files. One that no run can ever tell of is
    neither written nor noted, and has no path.
    """
    report = weekly(store, scope, week, config.now)
    if untold(store, week, config.now):
        return report, None
    for form in FILED:
        write_file(config.reports / f"{week.name}.{form}", FORMATS[form](report, language))
    if week.end <= config.now:
        save_report(store, week.name, config.now, report.coverage.complete)
    return report, config.reports / f"{week.name}.html"


def untold(store: Store, week: Week, now: datetime) -> bool:
    """A week to come, or one so long before the first run that its report cannot even tell of that run."""
    if week.start > now:
        return True
    first = first_run(store, now)
    return first is not None and week_after(week).end <= first


def first_run(store: Store, until: datetime) -> datetime | None:
    """When anybody first looked; None when nobody has, before `until`."""
    runs = load_runs(store, EARLIEST, until + timedelta(seconds=1))
    return next((run.started_at for run in runs if run.kind in KINDS), None)


def file_missed(config: Config, store: Store, scope: Scope, target: Week, language: str) -> list[Path]:
    """Make the reports that are due since the first run and were never made; returns their HTML files, oldest first."""
    due = missed(target, load_reports(store), first_run(store, target.end))
    paths = [file_report(config, store, scope, week, language)[1] for week in due]
    return [path for path in paths if path]


def file_again(config: Config, store: Store, opened: datetime) -> list[Path]:
    """Destroy the filed reports that may tell of a case opened then, and make them anew; returns the new HTML files.

    What may not be kept is gone from them even when they cannot be made: raises ConfigError or RegistryError then.
    """
    weeks = [week for week in filed_weeks(config.reports) if week_after(week).end > opened]
    for week in weeks:
        for form in (*FILED, *(f"{form}.new" for form in FILED)):
            destroy(config.reports / f"{week.name}.{form}")
    if not weeks:
        return []
    scope = load_scope(config)
    paths = [file_report(config, store, scope, week, config.language)[1] for week in weeks]
    return [path for path in paths if path]


def filed_weeks(folder: Path) -> list[Week]:
    """The weeks that have a file in the reports folder, oldest first."""
    names = [WEEK_FILE.fullmatch(path.name) for path in folder.iterdir()] if folder.is_dir() else []
    return sorted({Week(int(name[1]), int(name[2])) for name in names if name and 1 <= int(name[2]) <= 53})


def write_file(path: Path, text: str) -> None:
    """Write the file whole or not at all: nobody ever reads half a report."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text, encoding="utf-8", newline="\n")
    os.replace(fresh, path)
