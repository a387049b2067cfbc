"""The impact assessment that listening rests on (GDPR article 35): named in listener.toml before anybody is listened to
without end.

The Swedish authority asks for one when two of its criteria hold; systematic monitoring and a large scale do here. What
a person searches for by hand, with a purpose, and the weekly audit go on without: the audit says so each time.
"""

from __future__ import annotations

from datetime import date

from listener import clock
from listener.config import Config
from listener.errors import ConfigError
from listener.models import Record


class Assessment(Record):
    """What the organisation's own file calls it, and the day it was decided."""

    reference: str
    on: date


def read_assessment(config: Config) -> Assessment | None:
    """[listening] dpia_ref and dpia_on; None when neither is there. Raises ConfigError for one without the other."""
    table = config.table("listening")
    reference = " ".join(str(table.get("dpia_ref", "")).split())
    day = table.get("dpia_on", "")
    if not reference and not day:
        return None
    if not reference:
        raise ConfigError(
            f'{config.path}: [listening] dpia_ref: name the assessment of that day, dpia_ref = "KS 2026/123"'
        )
    if not day:
        raise ConfigError(f"{config.path}: [listening] dpia_on: write the day of the assessment, dpia_on = 2026-11-01")
    on = day if isinstance(day, date) else date.fromisoformat(day)
    if on > clock.local(config.now).date():
        raise ConfigError(f"{config.path}: [listening] dpia_on: {on} is still to come: write the day it was decided")
    return Assessment(reference=reference, on=on)


def require_assessment(config: Config) -> Assessment:
    """The assessment. Raises ConfigError, saying what to do, where none is named."""
    found = read_assessment(config)
    if found is None:
        raise ConfigError(
            f"{config.path}: [listening] dpia_ref: name the impact assessment (GDPR article 35) before listening "
            'without end, dpia_ref = "KS 2026/123" and dpia_on = 2026-11-01; `listen config dpia` writes a draft of '
            "one; `listen --query` asks without"
        )
    return found


def named(config: Config) -> str | None:
    """The assessment in a few words; "" where none is named, None where nothing is listened for. Raises ConfigError."""
    if not config.table("queries"):
        return None
    found = read_assessment(config)
    return f"{found.reference}, {found.on}" if found else ""


def lacking(config: Config) -> str:
    """What to say where saved queries are asked again and again though no assessment is named; empty where one is."""
    if read_assessment(config) is not None or not config.table("queries"):
        return ""
    return (
        f"{config.path}: [listening] dpia_ref: the saved queries are asked without an impact assessment (GDPR article "
        "35): `listen config dpia` writes a draft of one"
    )
