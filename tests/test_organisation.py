"""listener.toml's [organisation]: what is read, and that a wrong value names file and key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from screened import organisation

from listener.errors import ConfigError
from listener.models import UnitKind
from listener.organisation import read_organisation

PATH = Path("here/listener.toml")


def test_everything_is_read() -> None:
    found = organisation()
    assert found.names == ("Almby kommun", "Almby stad", "Municipality of Almby")
    assert found.folded_names[0] == "almby kommun"
    assert found.folded_places == ("almby",)
    assert found.domains == ("almby.example", "xn--almby-iua.example")
    assert found.units[0].kind is UnitKind.LOCAL_OFFICE
    assert found.unit_words == {UnitKind.LOCAL_OFFICE: ("naturum",)}
    assert [sibling.name for sibling in found.siblings] == ["Region Almby län", "Almby universitet"]


def test_a_translation_is_a_name() -> None:
    table = {"name": "Almby kommun", "translations": {"FI": ["Almbyn kunta"], "ar": ["بلدية ألمبي"]}}
    found = read_organisation(table, PATH)
    assert found.names == ("Almby kommun", "Almbyn kunta", "بلدية ألمبي")
    assert found.translations["fi"] == ("Almbyn kunta",)
    assert len(found.folded_names) == 3


def test_logos_are_looked_for_beside_the_settings() -> None:
    found = read_organisation({"name": "Almby kommun", "logos": ["logos/shield.svg", "/srv/shield.png"]}, PATH)
    assert found.logos == ("here/logos/shield.svg", "/srv/shield.png")


def test_a_name_is_enough() -> None:
    found = read_organisation({"name": " Almby  kommun "}, PATH)
    assert found.name == "Almby kommun"
    assert found.languages == ("sv", "en")
    assert found.allowed_platforms == ()


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ({}, "organisation.name"),
        ({"name": "  "}, "organisation.name"),
        ({"name": 7}, "organisation.name"),
        ({"name": "A b", "aliases": "Almby"}, "organisation.aliases"),
        ({"name": "A b", "places": [1]}, "organisation.places"),
        ({"name": "A b", "domains": ["almby"]}, "organisation.domains"),
        ({"name": "A b", "units": {"name": "x"}}, "organisation.units"),
        ({"name": "A b", "units": [{"kind": "team"}]}, "organisation.units[1].name"),
        ({"name": "A b", "units": [{"name": "X y", "kind": "office"}]}, "organisation.units[1].kind"),
        ({"name": "A b", "siblings": [{"name": "S"}, {"domains": ["x.example"]}]}, "organisation.siblings[2].name"),
        ({"name": "A b", "unit_words": ["simhall"]}, "organisation.unit_words"),
        ({"name": "A b", "logos": "shield.svg"}, "organisation.logos"),
        ({"name": "A b", "logos": ["https://almby.example/shield.svg"]}, "organisation.logos"),
        ({"name": "A b", "translations": ["Almbyn kunta"]}, "organisation.translations"),
        ({"name": "A b", "translations": {"finska": ["Almbyn kunta"]}}, "organisation.translations.finska"),
        ({"name": "A b", "translations": {"fi": "Almbyn kunta"}}, "organisation.translations.fi"),
        ({"name": "A b", "unit_words": {"office": ["simhall"]}}, "organisation.unit_words.office"),
    ],
)
def test_a_wrong_value_names_file_and_key(table: dict[str, Any], key: str) -> None:
    with pytest.raises(ConfigError) as wrong:
        read_organisation(table, PATH)
    assert str(wrong.value).startswith(f"{PATH}: {key}: ")
