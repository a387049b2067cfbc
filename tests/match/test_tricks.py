"""What is done to a name or handle so that it reads as ours, and what only looks so: one row a trick."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pytest
from screened import TABLES, spelled, table

from listener.models import FLAGGED, Account, Verdict
from listener.organisation import read_organisation
from listener.registry import Registry
from listener.screen.bulk import Screener

ROWS = table("tricks")
ORGANISATIONS = tomllib.loads((TABLES / "tricks.toml").read_text(encoding="utf-8"))


@cache
def screener(name: str) -> Screener:
    return Screener(read_organisation(ORGANISATIONS[name], Path("listener.toml")), Registry(()))


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['organisation']}-{row['trick']}" for row in ROWS])
def test_a_trick_is_seen_through(row: dict[str, str]) -> None:
    text = spelled(row["text"])
    shown = {"handle": text} if row["field"] == "handle" else {"handle": "q81", "display_name": text}
    finding = screener(row["organisation"]).judge(Account(platform="x", **shown))
    if row["expected"] == "flagged":
        assert finding.verdict in FLAGGED, finding
    elif row["expected"] == "spared":
        assert finding.verdict not in FLAGGED, finding
    else:
        assert finding.verdict is Verdict(row["expected"]), finding
    assert not row["feature"] or row["feature"] in [signal.feature for signal in finding.signals], finding
