"""Accounts of ours that bear another handle than the register gives them, and the queries that name the old one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from listener.enrich import phrase
from listener.models import Fault, Finding, Verdict
from listener.registry import Registry

RULE = "renamed"
CHANGED = "handle_changed"  # the signal of `registered` that tells it, found by the platform's own id
OURS = frozenset({Verdict.OFFICIAL, Verdict.OFFICIAL_CHANGED})


def renamed(findings: Iterable[Finding], registry: Registry, queries: Mapping[str, str]) -> Iterator[Fault]:
    """A fault for each account of ours whose handle is another one now; `queries` are the texts of the saved ones."""
    for finding in findings:
        told = next((signal.detail for signal in finding.signals if signal.feature == CHANGED), None)
        entry = registry.find(finding.account)
        if told is None or entry is None or finding.verdict not in OURS:
            continue
        hint = "Write the new handle in the register."
        if names := ", ".join(naming(entry.handle or "", queries)):
            hint = f"Write the new handle in the register, and in the queries that name the old one: {names}."
        yield Fault(rule=RULE, url=entry.url, unit=entry.unit, detail=told, hint=hint)


def naming(handle: str, queries: Mapping[str, str]) -> list[str]:
    """The queries in whose text the handle stands, by name."""
    said = phrase(handle)
    return [name for name, text in queries.items() if said and said in phrase(text)]
