"""Whatever stands in any part of an answer, a reader reads it or says that the answer has changed."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from listener.errors import Changed
from listener.sources import load_sources

RECORDED = sorted((Path(__file__).parent / "cases").glob("*/*.json"))
ODD: tuple[Any, ...] = (5, True, [], {}, "", None, "\ud800", "å" * 10_000, [5], [None], [[]], [{}], {"a": 5})


def _places(part: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every part of a row, the inner ones too."""
    pairs = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, inner in pairs:
        yield (*path, key)
        yield from _places(inner, (*path, key))


def _with(row: Any, path: tuple[Any, ...], odd: Any) -> Any:
    """The row with something odd in that place."""
    changed = copy.deepcopy(row)
    part = changed
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = odd
    return changed


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_part_of_a_row_makes_a_reader_fail(path: Path) -> None:
    case: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    read = getattr(load_sources()[path.parent.name], case["read"])
    for place in _places(case["row"]):
        for odd in ODD:
            try:
                record = read(_with(case["row"], place, odd))
            except Changed:
                continue
            msgspec.json.encode(record)
