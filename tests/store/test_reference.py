"""The reference cannot lie: its views, columns and reasons are those of the store."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from listener.store import Store
from listener.store.cases import REASONS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "store.md"
VIEWS = ("to_review", "weekly_changes", "mention_counts", "source_health", "closed_cases")


def section(name: str) -> str:
    return re.split(r"(?m)^## ", PAGE.read_text(encoding="utf-8").split(f"\n## {name}\n", 1)[1], maxsplit=1)[0]


@pytest.mark.parametrize("view", VIEWS)
def test_every_column_of_a_view_is_explained_in_its_order(store: Store, view: str) -> None:
    told = re.findall(r"(?m)^\| `(\w+)` \|", section(view))
    assert told == [column.name for column in store.db.view(view).columns]


def test_no_view_is_left_out(store: Store) -> None:
    assert set(store.db.view_names()) == set(VIEWS)


def test_every_reason_is_listed() -> None:
    rows = re.findall(r"(?m)^\| `(\w+)` \| (.*) \|$", section("Reasons"))
    assert {state: tuple(re.findall(r"`(\w+)`", reasons)) for state, reasons in rows} == {
        state.value: reasons for state, reasons in REASONS.items()
    }
