"""The demo's run: the real audit, a listening run and the weekly report, through the real connectors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from listener.audit import audit
from listener.clock import week_of
from listener.config import Config, load_config
from listener.demo.folder import write_folder
from listener.demo.stage import Served
from listener.heard import Heard, Wish
from listener.listen import listen
from listener.models import Record
from listener.report.filing import file_report, load_scope
from listener.report.records import Weekly
from listener.run import Progress, silent
from listener.saved import saved_queries
from listener.store import open_store

TALK = timedelta(days=84)


class Played(Record, frozen=True):
    """What one demo brought: this week's report, where it stands as HTML, how many mentions were logged."""

    report: Weekly
    html: Path
    mentions: int
    exit_code: int


def play(
    served: Served, folder: Path, environ: Mapping[str, str], language: str, progress: Progress = silent
) -> Played:
    """Audit the served municipality into a demo folder and write its weekly report in `language`."""
    settings = write_folder(folder, served, language)
    config = load_config(settings, demo_environ(served, environ))
    heard = listen_back(config, progress)  # first: the audit finds storms, and needs to know what is usual
    outcome = audit(config, progress=progress)
    report, html = write_report(config, language)
    code = outcome.exit_code or next((one.exit_code for one in heard if one.exit_code), 0)
    return Played(report=report, html=html, mentions=sum(one.new for one in heard), exit_code=code)


def listen_back(config: Config, progress: Progress = silent) -> list[Heard]:
    """One listening run for each saved query, as far back as the world's talk goes; what matched is in the log."""
    wish = Wish(since=config.now - TALK)
    with open_store(config.store) as store:
        return [listen(config, query, wish, store, progress) for query in saved_queries(config)]


def demo_environ(served: Served, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of a demo run: the clock is the user's, the secrets only the invented servers'."""
    rest = {key: value for key, value in environ.items() if not key.startswith("LISTEN_") or key == "LISTEN_NOW"}
    return {**rest, **served.environ()}


def write_report(config: Config, language: str) -> tuple[Weekly, Path]:
    """This week's report, filed in the demo's reports folder."""
    scope = load_scope(config)
    with open_store(config.store) as store:
        report, html = file_report(config, store, scope, week_of(config.now), language)
    return report, html or config.reports
