"""What [evidence] in listener.toml asks for."""

from __future__ import annotations

from pathlib import Path

from listener.config import Config
from listener.models import Record

MEGABYTE = 1_000_000


class EvidenceSettings(Record, frozen=True):
    """Whether snapshots are taken; the most pages fetched for them and bytes kept in one run; the optional extras.

    `timestamp_url` is an RFC 3161 authority (empty: none is asked), `timestamp_certificate` a file with its root.
    """

    enabled: bool = True
    pages: int = 50
    most_bytes: int = 200 * MEGABYTE
    screenshots: bool = False
    timestamp_url: str = ""
    timestamp_certificate: Path | None = None


def read_settings(config: Config) -> EvidenceSettings:
    """The table, each key's default where it is silent."""
    table, default = config.table("evidence"), EvidenceSettings()
    certificate = table.get("timestamp_certificate")
    return EvidenceSettings(
        enabled=table.get("enabled", default.enabled),
        pages=table.get("pages", default.pages),
        most_bytes=table.get("megabytes", default.most_bytes // MEGABYTE) * MEGABYTE,
        screenshots=table.get("screenshots", default.screenshots),
        timestamp_url=table.get("timestamp_url", default.timestamp_url),
        timestamp_certificate=config.folder / certificate if certificate else None,
    )
