"""The built-in names of others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from jellyfish import damerau_levenshtein_distance

from listener.models import Account, Verdict
from listener.municipalities import MUNICIPALITIES, REGIONS
from listener.organisation import Organisation, read_organisation
from listener.registry import Registry
from listener.screen.bulk import Screener
from listener.text.fold import compact, forms, genitive


def town(name: str) -> Organisation:
    return read_organisation({"name": f"{name} kommun", "places": [name], "languages": ["sv"]}, Path("listener.toml"))


def test_all_are_there() -> None:
    assert len(set(MUNICIPALITIES)) == 290
    assert len(set(REGIONS)) == 21
    assert {"Upplands Väsby", "Malung-Sälen", "Håbo", "Habo", "Örebro"} <= set(MUNICIPALITIES)


def written(name: str) -> Iterator[Account]:
    """The names and handles that a municipality may go by, an account each."""
    bare = genitive(name)
    names = (f"{name} kommun", f"{bare} kommun", f"{name} stad", name, f"Kommunen i {name}", f"{bare} bibliotek")
    yield from (Account(platform="facebook", handle="q81", display_name=text) for text in names)
    for form in forms(name)[:2]:
        handles = (f"{form}kommun", f"{genitive(form)}kommun", f"{form}stad", f"kommun_{form}", f"{form}kommun2026")
        yield from (Account(platform="x", handle=handle) for handle in (*handles, f"{form}official", f"{form}skolan"))


def resembles(one: str, other: str) -> bool:
    """Whether a name stands inside another, or is a letter from it."""
    one, other = compact(one), compact(other)
    if one in other or other in one:
        return True
    return abs(len(one) - len(other)) < 2 and damerau_levenshtein_distance(one, other) == 1


def test_no_municipality_is_taken_for_another_one() -> None:
    """Linköping and Lidköping are a letter apart, Berg stands inside Varberg: none may be flagged for it."""
    tried = 0
    for name in MUNICIPALITIES:
        others = [one for one in MUNICIPALITIES if resembles(one, name) and not set(forms(one)) & set(forms(name))]
        screener = Screener(town(name), Registry(())) if others else None
        for account in (account for other in others for account in written(other)):
            assert screener is not None
            finding = screener.judge(account)
            tried += 1
            assert not finding.flagged, (name, account, finding.signals)
    assert tried > 1000


def test_a_ring_apart_is_told_by_the_name_and_left_open_by_the_handle() -> None:
    for ours, theirs in (("Habo", "Håbo"), ("Håbo", "Habo")):
        screener = Screener(town(ours), Registry(()))
        assert not screener.judge(Account(platform="x", handle="habokommun", display_name=f"{theirs} kommun")).flagged
        assert screener.judge(Account(platform="x", handle="habokommun", display_name=f"{ours} kommun")).flagged


def test_no_region_is_taken_for_another_body() -> None:
    for region in REGIONS:
        place = region.removeprefix("Region ").removesuffix("s län").removesuffix(" län")
        organisation = read_organisation({"name": region, "places": [place]}, Path("listener.toml"))
        screener = Screener(organisation, Registry(()))
        theirs = [*REGIONS, "Region Västra Götaland", "Landstinget Sörmland", "Hallands län"]
        towns = [f"{name} kommun" for name in ("Kalmar", "Stockholm", "Örebro", "Uppsala", "Kil")]
        for name in (*theirs, *towns):
            if compact(name) != compact(region):
                for account in (Account(platform="x", handle=compact(name)), Account(platform="x", display_name=name)):
                    assert not screener.judge(account).flagged, (region, name)
        assert screener.judge(Account(platform="x", handle=compact(region))).flagged, region


def test_each_municipality_is_found_by_its_own_name() -> None:
    for name in MUNICIPALITIES[::5]:
        screener = Screener(town(name), Registry(()))
        for spelling in (f"{name} kommun", f"{name.upper()} KOMMUN", f"{name}s kommun"):
            finding = screener.judge(Account(platform="facebook", handle="q81", display_name=spelling))
            assert finding.flagged, (name, spelling, finding.signals)
            assert finding.verdict is not Verdict.NAMESAKE
