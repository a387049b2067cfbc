"""The sources' tables of listener.toml: their names, keys and terms gates, checked before anybody is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from listener.errors import ConfigError
from listener.settings_check import EVERY_SOURCE, check_kinds, check_known
from listener.sources import About, load_sources

GATED = {"terms_accepted": "text"}  # every source with a gate
PAID = {"max_dollars": "number"}  # every source with a price

# What a number may be: none of these means anything at 0.
BOUNDS = {
    "pages": (1, 100_000),
    "post_pages": (1, 10_000),
    "searches_per_run": (1, 100_000),
    "limit": (1, 100),
    "names": (1, 20_000),
    "port": (1, 65_535),
    "workers": (1, 50),
    "concurrency": (1, 200),
    "jobs": (1, 64),
}
_ADDRESS = r"\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*"
_NAME = r"(?=.{1,253}$)[\w-]+(?:\.[\w-]+)*\.?"
# What a text, or each of a list, looks like, and an example.
FORMS = {
    "version": (re.compile(r"v\d{1,3}\.\d{1,2}|20\d{4}", re.ASCII), '"v24.0" or "202511"'),
    "region": (re.compile(r"(?:[A-Z]{2})?"), '"SE"'),
    "language": (re.compile(r"(?:[a-z]{2,3}(?:-[A-Za-z]{2,4})?)?"), '"sv"'),
    "channels": (re.compile(r"@?[\w.\-·]{3,100}"), '["@almbykommun"]'),
    "invites": (re.compile(r"[\w-]{2,100}|https?://[^\s?#]{1,200}"), '["almby", "https://discord.gg/almby"]'),
    "handles": (re.compile(r"@?[\w.\-@]{1,100}"), '["almbykommun"]'),
    "nameserver": (re.compile(rf"(?:{_ADDRESS})(?::\d{{1,5}})?", re.ASCII), '"192.0.2.53"'),
    "nameservers": (re.compile(_ADDRESS, re.ASCII), '["192.0.2.53"]'),
    "server": (re.compile(rf"{_NAME}|{_ADDRESS}"), '"zonedata.iis.se"'),
    "proof_url": (re.compile(r".*\{handle\}.*"), '"https://{handle}/.well-known/atproto-did"'),
}


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
        if modules[name].__name__.startswith("listener."):
            check_bounds(path, where, table)
            check_forms(path, where, table)


def check_bounds(path: Path, where: str, table: Mapping[str, Any]) -> None:
    """Raises ConfigError for a number with which nothing is looked at, or all of the machine is taken."""
    for key in table.keys() & BOUNDS.keys():
        least, most = BOUNDS[key]
        if not least <= table[key] <= most:
            raise ConfigError(f"{path}: {where} {key}: write a whole number from {least} to {most}")


def check_forms(path: Path, where: str, table: Mapping[str, Any]) -> None:
    """Raises ConfigError for a text, or one in a list, that cannot be asked with: it would go into an address."""
    for key in table.keys() & FORMS.keys():
        form, example = FORMS[key]
        given = table[key] if isinstance(table[key], list) else [table[key]]
        if not all(form.fullmatch(str(text)) for text in given):
            raise ConfigError(f"{path}: {where} {key}: write it as {key} = {example}")


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
