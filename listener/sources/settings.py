"""The sources' tables of listener.toml: their names, keys and terms gates, checked before anybody is asked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from listener.errors import ConfigError
from listener.settings_check import EVERY_SOURCE, check_kinds, check_known
from listener.sources import About, load_sources

GATED = {"terms_accepted": "text"}  # every source with a gate
PAID = {"max_dollars": "number"}  # every source with a price


def check_sources(path: Path, tables: Mapping[str, Mapping[str, Any]]) -> None:
    """Raises ConfigError for a source that is none, or a key or a value that is not the source's.

    `tables` is [sources] of the file at `path`. The keys of sources that other packages bring without saying which they
    have are let through.
    """
    modules = load_sources()
    check_known(path, "[sources]", tables, modules)
    for name, table in tables.items():
        if keys := known_keys(modules[name]):
            where = f"[sources.{name}]"
            check_known(path, where, table, keys)
            check_kinds(path, where, table, keys)


def known_keys(module: ModuleType) -> dict[str, str]:
    """The settings a source has, with their kinds; none for another package's source that declares none."""
    about: About = module.ABOUT
    if not about.keys and not module.__name__.startswith("listener."):
        return {}
    quotas = {f"max_{quota.kind}": "number" for quota in about.quotas}
    gated, paid = GATED if about.gate else {}, PAID if about.dollars else {}
    return {**EVERY_SOURCE, **quotas, **gated, **paid, **about.keys}


def check_settings(module: ModuleType, settings: Mapping[str, Any]) -> None:
    """Raises ConfigError for settings with which the source cannot be asked, by its own check(settings)."""
    if hasattr(module, "check"):
        module.check(settings)


def gated(about: About, settings: Mapping[str, Any]) -> bool:
    """True while the source's terms are not accepted: it may not be asked."""
    return bool(about.gate) and settings.get("terms_accepted") != about.gate


def check_gate(name: str, about: About, settings: Mapping[str, Any]) -> None:
    """Raises ConfigError for a source that was turned on, or asked for by name, before its terms were accepted."""
    if gated(about, settings):
        raise ConfigError(
            f"[sources.{name}]: {about.gate_text}; when you may, set enabled = true and "
            f'terms_accepted = "{about.gate}", else leave the source out'
        )
