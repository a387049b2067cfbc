"""The first settings load as they are written, whatever the name."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from listener.first_files import Start, place_in, register, settings
from listener.organisation import read_organisation
from listener.registry import read_registry

NAMES = ["Örebro kommun", 'Byn "Å" kommun', "a\\b", "name\x7fwith delete", "${edit}", "Ström'stad\tkommun"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_name_is_written_so_that_it_loads(name: str, language: str) -> None:
    start = Start(name=name, domain="council.example", places=("Å",), email="listen@council.example")
    tables = tomllib.loads(settings(start, language))
    assert tables["organisation"]["name"] == name
    assert tables["report"]["language"] == language
    organisation = read_organisation(tables["organisation"], Path("listener.toml"))
    assert organisation.domains == ("council.example",)
    assert tables["queries"]


@pytest.mark.parametrize(("language", "mark"), [("sv", "# ÄNDRA"), ("en", "# CHANGE")])
def test_placeholders_are_marked(language: str, mark: str) -> None:
    start = Start(name="X kommun", domain="x.example", places=("X",), email="l@x.example", placeholder=True)
    assert settings(start, language).count(mark) == 4
    assert mark not in settings(Start(name="X", domain="x.example", places=("X",), email="l@x.example"), language)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Örebro kommun", "Örebro"),
        ("Österåkers kommun", "Österåker"),
        ("Göteborgs Stad", "Göteborg"),
        ("Västerås stad", "Västerås"),
        ("Kommun", ""),
        ("Almby universitet", ""),
        ("Örebro", "Örebro"),
        ("City of Almby", "Almby"),
    ],
)
def test_the_place_stands_in_the_name(name: str, place: str) -> None:
    assert place_in(name) == place


@pytest.mark.parametrize(
    ("name", "domain", "language", "phrase"),
    [
        ("Almby kommun", "almby.example", "en", "En verksamhet inom Almby kommun"),
        ("Almby Energi", "almbyenergi.se", "en", "En verksamhet inom Almby Energi"),
        ("Visit Almby", "visitalmby.NU", "en", "En verksamhet inom Visit Almby"),
        ("Almby Council", "almby.example", "sv", "En verksamhet inom Almby Council"),
        ("Almby Council", "almby.example", "en", "A part of Almby Council"),
        ("Stadium Council", "se.example", "en", "A part of Stadium Council"),
    ],
)
def test_accounts_of_a_swedish_organisation_carry_a_swedish_sentence(
    name: str, domain: str, language: str, phrase: str
) -> None:
    start = Start(name=name, domain=domain, places=("Almby",), email="listen@almby.example")
    assert tomllib.loads(settings(start, language))["organisation"]["own_symbol_phrase"] == phrase


def test_the_first_register_is_an_empty_one_that_loads() -> None:
    assert read_registry(register().encode(), "registry.csv").entries == ()
