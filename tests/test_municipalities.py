"""The built-in names of others."""

from __future__ import annotations

from pathlib import Path

from listener.models import Account, Verdict
from listener.municipalities import MUNICIPALITIES, REGIONS
from listener.organisation import Organisation, read_organisation
from listener.registry import Registry
from listener.screen.bulk import Screener


def town(name: str) -> Organisation:
    return read_organisation({"name": f"{name} kommun", "places": [name], "languages": ["sv"]}, Path("listener.toml"))


def test_all_are_there() -> None:
    assert len(set(MUNICIPALITIES)) == 290
    assert len(set(REGIONS)) == 21
    assert {"Upplands Väsby", "Malung-Sälen", "Håbo", "Habo", "Örebro"} <= set(MUNICIPALITIES)


def test_no_municipality_is_taken_for_another_one() -> None:
    """Linköping and Lidköping are a letter apart, Habo and Håbo fold to the same: none may be flagged for it."""
    close = ("Linköping", "Lidköping", "Habo", "Håbo", "Ale", "Åre", "Nora", "Mora", "Sala", "Malå")
    names = (*MUNICIPALITIES[::9], *close)
    for name in names:
        screener = Screener(town(name), Registry(()))
        for other in {*names, "Lidingö", "Salem", "Hedemora"} - {name}:
            finding = screener.judge(Account(platform="facebook", handle="q81", display_name=f"{other} kommun"))
            assert not finding.flagged, (name, other, finding.signals)


def test_each_municipality_is_found_by_its_own_name() -> None:
    for name in MUNICIPALITIES[::5]:
        screener = Screener(town(name), Registry(()))
        for spelling in (f"{name} kommun", f"{name.upper()} KOMMUN", f"{name}s kommun"):
            finding = screener.judge(Account(platform="facebook", handle="q81", display_name=spelling))
            assert finding.flagged, (name, spelling, finding.signals)
            assert finding.verdict is not Verdict.NAMESAKE
