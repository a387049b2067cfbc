"""Generated queries are clean, find what is said of the organisation, and can be saved without harm to the file."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

import pytest

from listener.errors import ConfigError
from listener.organisation import Organisation, read_organisation
from listener.query import Query, parse
from listener.query.generate import distinct, for_organisation, for_unit
from listener.query.generate_toml import appended, table
from listener.query.lint import lint
from listener.registry import Registry, read_registry

LABELLED = Path(__file__).parent / "tables" / "query_generated.csv"
SETTINGS = Path("listener.toml")
REGISTER = """platform,url,unit,status,owner_email,handle
instagram,https://www.instagram.com/almbykommun,Almby kommun,approved,a@almby.example,almbykommun
x,https://x.com/almby,Almby kommun,approved,a@almby.example,almby
instagram,https://www.instagram.com/almbybibblan,Stadsbiblioteket,approved,a@almby.example,almbybibblan
"""


def organisation(name: str = "Almby kommun", **more: object) -> Organisation:
    place = name.removesuffix(" kommun")
    domain = f"{place.lower()}.example" if place.isalnum() else "almby.example"
    siblings = [
        {"name": f"Region {place} län"},
        {"name": f"{place} universitet"},
        {"name": f"Länsstyrelsen i {place} län"},
    ]
    given = {"name": name, "aliases": [f"{place} stad"], "places": [place], "domains": [domain], "siblings": siblings}
    units = [{"name": "Stadsbiblioteket", "kind": "local_office", "aliases": [f"{place} stadsbibliotek"]}]
    return read_organisation({**given, "units": units, **more}, SETTINGS)


def register(text: str = REGISTER) -> Registry:
    return read_registry(text.encode(), "registry.csv")


def labelled(name: str) -> list[tuple[bool, str]]:
    with LABELLED.open(encoding="utf-8", newline="") as file:
        return [(row["meant"] == "1", row["text"]) for row in csv.DictReader(file) if row["organisation"] == name]


def measured(query: Query, posts: list[tuple[bool, str]]) -> tuple[float, float]:
    found = [(meant, text) for meant, text in posts if query.spans(text) is not None]
    right = sum(meant for meant, _text in found)
    return right / len(found), right / sum(meant for meant, _text in posts)


@pytest.mark.parametrize("name", ["Almby kommun", "Vik kommun"])
def test_finds_what_is_said_of_the_organisation_and_little_else(name: str) -> None:
    posts = labelled(name)
    query = parse(for_organisation(organisation(name), register()).text)
    precision, recall = measured(query, posts)
    missed = [text for meant, text in posts if meant != (query.spans(text) is not None)]
    assert precision >= 0.95, missed
    assert recall >= 0.95, missed
    place = parse(name.removesuffix(" kommun"))
    assert measured(place, posts)[0] < precision - 0.2, "the bare name is far less precise"


@pytest.mark.parametrize(
    "name", ["Almby kommun", "Vik kommun", "Bergs kommun", "Örnsjö kommun", "Upplands-Almby kommun"]
)
def test_is_clean_and_short_enough_for_every_platform(name: str) -> None:
    for made in (
        for_organisation(organisation(name), register()),
        *(for_unit(organisation(name), register(), unit) for unit in organisation(name).units),
    ):
        query = parse(made.text)
        assert lint(query, ["bluesky", "mastodon"]) == ()
        assert not query.narrowed
        assert len(query.alternatives()) <= 44


@pytest.mark.parametrize("places", [[], ["the name"]])
@pytest.mark.parametrize(
    "name",
    ["Trafikkassan", "Vakthållningsmyndigheten", "Almbo", "Almby universitet", "Almbybostäder AB", "Region Almby"],
)
def test_an_organisation_that_is_no_municipality_is_asked_for_by_its_name(name: str, places: list[str]) -> None:
    ours = organisation(name, aliases=[], places=places and [name], siblings=[], units=[])
    made = for_organisation(ours, register("platform,url,unit,status,owner_email\n"))
    query = parse(made.text)
    assert query.spans(f"{name} svarade mig igen") is not None
    assert query.spans(f"{name}s chef slutar".replace("ss ", "s ")) is not None
    assert "kommun" not in made.text
    assert lint(query) == ()


def test_a_name_without_its_marks_is_left_out_when_it_is_another_municipality_s() -> None:
    ours = organisation("Håbo kommun", places=["Håbo"], domains=["haboheter.example"], siblings=[])
    for made in (for_organisation(ours, register()), for_unit(ours, register(), ours.units[0])):
        query = parse(made.text)
        for text in ("Habo kommun stänger Stadsbiblioteket", "#habokommun Stadsbiblioteket"):
            assert query.spans(text) is None, made.name
        for text in ("Håbo kommun stänger Stadsbiblioteket", "#haabokommun Stadsbiblioteket"):
            assert query.spans(text) is not None, made.name


def test_a_common_name_is_never_asked_for_alone() -> None:
    vik = parse(for_organisation(organisation("Vik kommun"), register()).text)
    asked = [search.to_platform("bluesky") for search in vik.alternatives()]
    assert "Vik kommunen" in asked
    assert "Vik" not in asked
    assert parse(for_organisation(organisation("Vik kommun"), register()).text).spans("vik kommunens tidning") is None


def test_names_in_other_languages_handles_and_ascii_forms_are_asked_for() -> None:
    made = for_organisation(
        organisation("Örnsjö kommun", translations={"fi": ["Örnsjön kunta"], "ar": ["بلدية أورنشو"]}), register()
    )
    query = parse(made.text)
    for text in (
        "Örnsjön kunta ilmoittaa",
        "بلدية أورنشو",
        "Ornsjo kommun",
        "#oernsjoekommun",
        "@almbykommun hej",
        "ornsjo.example",
    ):
        expected = text != "ornsjo.example"
        assert (query.spans(text) is not None) == expected, text


def test_a_handle_that_is_only_the_place_is_left_out() -> None:
    query = parse(for_organisation(organisation(), register()).text)
    assert query.spans("almby i solsken") is None
    assert query.spans("kolla almbybibblan") is not None


def test_a_unit_is_held_to_the_place() -> None:
    ours = organisation()
    query = parse(for_unit(ours, register(), ours.units[0]).text)
    for found in (
        "Almby stadsbibliotek",
        "stadsbibliotekets kafé i Almby",
        "#almbykommun stadsbiblioteket",
        "@almbybibblan",
    ):
        assert query.spans(found) is not None, found
    assert query.spans("Stadsbiblioteket i Vik") is None


def test_a_unit_of_a_place_that_is_a_common_word_is_held_to_the_place() -> None:
    ours = organisation("Vik kommun", siblings=[{"name": "Viks IK"}, {"name": "Region Vik"}])
    query = parse(for_unit(ours, register(), ours.units[0]).text)
    for text in ("Stadsbiblioteket i Vik", "Viks Stadsbibliotek är stängt: stadsbiblioteket", "Vik: stadsbiblioteket"):
        assert query.spans(text) is not None, text
    for text in (
        "stadsbiblioteket ligger vid en vik i Storby",
        "Viks IK läser högt på Stadsbiblioteket",
        "Anna Vik skriver om Stadsbiblioteket i Storby",
        "Vik IF möts på Stadsbiblioteket",
    ):
        assert query.spans(text) is None, text


def test_names_cannot_break_out_of_the_query_or_the_file() -> None:
    hostile = organisation('Almby" OR * OR "kommun', aliases=["AND", "'''", "(((", "a\nb kommun"])
    made = for_organisation(hostile, register())
    query = parse(made.text)
    assert query.spans("något helt annat") is None
    assert tomllib.loads(table(made))["queries"][made.name]["query"].split() == made.text.split()


def test_saving_leaves_the_file_as_it_was_and_adds_the_table() -> None:
    before = '# mine\n[organisation]\nname = "Almby kommun"\n\n[queries.kommunen]\nquery = "almby"  # kept'
    made = for_organisation(organisation(), register())
    after = appended(before, [made], SETTINGS)
    assert after.startswith(before)
    assert parse(tomllib.loads(after)["queries"]["almby-kommun"]["query"]).name == parse(made.text).name
    assert tomllib.loads(after)["queries"]["almby-kommun"]["purpose"] == "omvärldsbevakning"
    with pytest.raises(ConfigError, match="is there already"):
        appended(after, [made], SETTINGS)
    assert "\r\n[queries.almby-kommun]\r\n" in appended(before.replace("\n", "\r\n"), [made], SETTINGS)


def test_a_file_that_cannot_be_added_to_is_left_alone() -> None:
    made = for_organisation(organisation(), register())
    for text in ('queries = {kommunen = {query = "almby"}}\n', 'queries = "almby"\n', "[broken\n"):
        with pytest.raises(ConfigError, match="by hand"):
            appended(text, [made], SETTINGS)


def test_a_name_that_is_only_the_place_is_taken_for_a_municipality() -> None:
    made = for_organisation(read_organisation({"name": "Vik", "places": ["Vik"]}, SETTINGS), Registry(()))
    assert parse(made.text).spans("Viks kommun svarar") is not None
    assert parse(made.text).spans("en vik i Vik") is None


def test_others_than_municipalities_are_asked_for_by_name() -> None:
    region = read_organisation({"name": "Region Almby län", "places": ["Almby"], "domains": ["rl.example"]}, SETTINGS)
    query = parse(for_organisation(region, Registry(())).text)
    assert query.spans("Region Almby läns vårdcentraler") is not None
    assert query.spans("Skolan i Almby") is None
    assert lint(query, ["bluesky"]) == ()


def test_two_units_of_one_name_keep_a_query_each() -> None:
    units = [{"name": name, "kind": "local_office"} for name in ("بلدية", "日本", "Simhallen")]
    ours = organisation(units=units)
    made = distinct([for_unit(ours, register(), unit) for unit in ours.units])
    assert len({one.name for one in made}) == 3
    assert [one.unit for one in made] == ["بلدية", "日本", "Simhallen"]
