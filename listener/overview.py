"""Every source and what is known of it: on or off, its way in, how it went last, and the platforms nobody searches."""

from __future__ import annotations

from listener.config import Config
from listener.discover import enabled
from listener.models import Record
from listener.report.coverage import unsearched
from listener.report.labels import UNSEARCHED
from listener.sources import load_sources
from listener.store import open_store


class SourceRow(Record, frozen=True):
    """One source; `last` is its completeness in the latest run, `missing` the secrets that would open more of it."""

    name: str
    enabled: bool
    access: str
    finds: tuple[str, ...]
    note: str
    last: str = ""
    last_at: str = ""
    detail: str = ""
    missing: tuple[str, ...] = ()


class Overview(Record, frozen=True):
    """The sources there are, and the platforms that are not searched with the reason why."""

    sources: tuple[SourceRow, ...]
    not_searched: dict[str, str]


def overview(config: Config) -> Overview:
    """What is searched and what is not; reads the store when there is one, asks nobody."""
    health = _health(config)
    rows = []
    for name, module in load_sources().items():
        about, last = module.ABOUT, health.get(name, {})
        rows.append(
            SourceRow(
                name=name,
                enabled=enabled(config, name, module),
                access=about.access,
                finds=about.finds,
                note=about.note,
                last=last.get("completeness") or "",
                last_at=last.get("last_at") or "",
                detail=last.get("detail") or "",
                missing=tuple(secret for secret in about.needs if secret not in config.secrets),
            )
        )
    names = [row.name for row in rows]
    closed = unsearched(names, names, (), ())
    return Overview(sources=tuple(rows), not_searched={gap.platform: UNSEARCHED[gap.reason] for gap in closed})


def _health(config: Config) -> dict[str, dict[str, str | None]]:
    """The last word on each source, from the view `source_health`."""
    if not config.store.exists():
        return {}
    rows = open_store(config.store).rows("SELECT source, completeness, last_at, detail FROM source_health")
    return {str(row["source"]): row for row in rows}
