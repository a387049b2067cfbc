"""A draft of the impact assessment: what listener.toml tells filled in, what people must judge left open."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from listener import clock
from listener.assessment import read_assessment
from listener.config import Config
from listener.discover import enabled
from listener.query.saved import SavedQuery, read_queries
from listener.records.retention import read_days
from listener.sources import load_sources
from listener.store.disposal import CLASSES

TEMPLATES = Path(__file__).parent / "templates"
LANGUAGES = ("sv", "en")


def draft(config: Config, language: str) -> str:
    """The draft as Markdown, in Swedish or English. Raises ConfigError for settings that cannot be read."""
    queries = read_queries(config.path, config.table("queries"), config.now).values()
    days = read_days(config)
    page = Environment(  # Markdown of our own settings: nothing is escaped
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    ).get_template(f"{language if language in LANGUAGES else 'en'}.md")
    return page.render(
        organisation=cell(str(config.table("organisation").get("name", "–"))),
        today=clock.local(config.now).date().isoformat(),
        assessed=known(config),
        queries=[(cell(one.name), cell(one.query.text), cell(one.purpose), cell(asked_of(one))) for one in queries],
        sources=listened_to(config),
        topics=[cell(topic) for topic in config.table("listening").get("topics", {})],
        decision=cell(str(config.table("retention").get("decision_ref", ""))),
        periods=[(kind, days.get(kind)) for kind in CLASSES],
        four_eyes=bool(config.table("review").get("four_eyes", True)),
    )


def known(config: Config) -> dict[str, str] | None:
    """The assessment that is named already: a draft written again is filled in with it."""
    found = read_assessment(config)
    return {"reference": cell(found.reference), "on": found.on.isoformat()} if found else None


def asked_of(query: SavedQuery) -> str:
    """The sources that a query is held to; empty for all."""
    return ", ".join(query.sources)


def listened_to(config: Config) -> list[str]:
    """The sources that are on and find posts."""
    found = load_sources().items()
    return [name for name, module in found if "posts" in module.ABOUT.finds and enabled(config, name, module)]


def cell(text: str) -> str:
    """On one line of a table."""
    return " ".join(text.split()).replace("|", "\\|")
