"""Every source reads its recorded answers, and has what it says it has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from listener.language import translations
from listener.sources import load_sources

CASES = Path(__file__).parent / "cases"
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
        for text in filter(None, (module.ABOUT.note, module.ABOUT.gate_text)):
            assert translations("sv").gettext(text) != text, f"{name}: translate {text!r}"
