"""The register as the pages read it: loaded anew only when its file has changed."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

from flask import g

from listener.clock import local
from listener.models import Entry, Fault
from listener.organisation import load_organisation
from listener.registry import Registry, load_registry
from listener.registry_check import registry_health


def register() -> Registry:
    """The register as it stands; empty when there is none. Raises RegistryError when it is faulty."""
    path: Path = g.config.registry
    if not path.is_file():
        return Registry(())
    known = path.stat()
    return load(path, known.st_mtime_ns, known.st_size)


def entries() -> tuple[Entry, ...]:
    return register().entries


def health() -> dict[str, list[Fault]]:
    """What is wrong in the register itself today, by address; what is wrong with all of it under ""."""
    domains = load_organisation(g.config).domains if g.config.table("organisation") else ()
    return checked(register(), domains, local(g.now).date())


@lru_cache(maxsize=4)
def load(path: Path, changed: int, size: int) -> Registry:  # noqa: ARG001  a changed file is another one
    return load_registry(path)


@lru_cache(maxsize=4)
def checked(registry: Registry, domains: tuple[str, ...], today: date) -> dict[str, list[Fault]]:
    found: dict[str, list[Fault]] = {}
    for fault in registry_health(registry, domains, today):
        found.setdefault(fault.url, []).append(fault)
    return found
