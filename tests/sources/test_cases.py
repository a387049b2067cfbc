"""Every source reads its recorded answers, and says truly what it is in the documentation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from listener.language import translations
from listener.sources import load_sources

CASES = Path(__file__).parent / "cases"
DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "sources.md"
RECORDED = sorted(CASES.glob("*/*.json"))


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_recorded_answer_reads_as_it_should(path: Path) -> None:
    case: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    record = getattr(load_sources()[path.parent.name], case["read"])(case["row"])
    read = json.loads(msgspec.json.encode(record))
    assert {key: read[key] for key in case["is"]} == case["is"]


def test_every_source_that_reads_rows_has_a_recorded_case_of_each_kind() -> None:
    recorded = {(path.parent.name, json.loads(path.read_text(encoding="utf-8"))["read"]) for path in RECORDED}
    readers = {
        (name, reader)
        for name, module in load_sources().items()
        for reader in ("read_account", "read_post")
        if hasattr(module, reader)
    }
    assert readers <= recorded


def test_every_source_has_what_its_about_promises() -> None:
    for name, module in load_sources().items():
        assert module.ABOUT.finds, name
        assert all(hasattr(module, found) for found in module.ABOUT.finds), name
        assert translations("sv").gettext(module.ABOUT.note) != module.ABOUT.note, f"{name}: translate its note"


def table() -> str:
    """The table of sources as the documentation shows it."""
    head = "| source | way in | finds | secrets | what to know |\n|---|---|---|---|---|\n"
    rows = []
    for name, module in sorted(load_sources().items()):
        about = module.ABOUT
        needs = ", ".join(f"`{secret}`" for secret in about.needs) or "–"
        rows.append(f"| {name} | {about.access} | {', '.join(about.finds)} | {needs} | {about.note} |\n")
    return head + "".join(rows)


def test_the_documentation_holds_the_table() -> None:
    assert table() in DOCS.read_text(encoding="utf-8")
