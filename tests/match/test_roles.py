"""People and parts: who holds an office, speaks for us, runs for us or belongs to us; and which words are ours."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from listener.language import translations
from listener.match.vocabulary import office_words
from listener.models import Account, Finding, Verdict
from listener.organisation import read_organisation
from listener.registry import read_registry
from listener.screen.bulk import Screener
from listener.sentences import in_language

TOML = """
[organisation]
name = "Harland Congress"
aliases = ["Senate of Harland", "House of Representatives of Harland"]
domains = ["congress.example", "senate.example", "house.example"]
languages = ["en"]

[organisation.unit_words]
team = ["caucus", "cmte"]
"""
MEMBERS = (
    "Orla Fenwick", "Tobias Quarles", "Ines Marlow", "Peder Vane", "Ruth Okafor", "Silas Brandt", "Mona Lisle",
    "Hugo Tarrant", "Vera Stroud", "Amos Kettle", "Dora Finch", "Emil Rask", "Greta Holm", "Ivan Prowse",
)  # fmt: skip


def _rows() -> str:
    lines = ["platform,url,unit,status,owner_email,platform_id,handle,display_name"]
    for number, name in enumerate(MEMBERS):
        handle = "Rep" + name.split()[1]
        lines.append(f"x,https://x.com/{handle},{name},approved,a@house.example,{500 + number},{handle},{name}")
    lines.append(
        "facebook,https://www.facebook.com/LeaderFenwick,Orla Fenwick,approved,a@house.example,,LeaderFenwick,"
    )
    for town in ("Ashby", "Corran", "Dunmere", "Elvet"):
        lines.append(
            f"facebook,https://www.facebook.com/{town}hq,{town} HRDP,approved,a@house.example,,{town}hq,{town} HRDP"
        )
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def congress() -> Screener:
    organisation = read_organisation(tomllib.loads(TOML)["organisation"], Path("listener.toml"))
    return Screener(organisation, read_registry(_rows().encode(), "registry.csv"))


def _judged(screener: Screener, **fields: Any) -> Finding:
    return screener.judge(Account(**{"platform": "x", "handle": "q81zz", **fields}))


@pytest.mark.parametrize(
    ("fields", "feature"),
    [
        ({"display_name": "Lena Oster", "description": "Congresswoman for the seventh district"}, "office"),
        ({"display_name": "Lena Oster", "description": "Member of the Senate of Harland"}, "office"),
        ({"handle": "Oster4Congress"}, "seeks_office"),
        ({"description": "Lena Oster for Senate. Campaign account."}, "seeks_office"),
        ({"handle": "TeamFenwick"}, "campaign"),
        ({"handle": "roads", "description": "The Senate Cmte on Roads and Bridges"}, "text_part"),
        ({"handle": "RoadsCaucus"}, "handle_own_word"),
        ({"handle": "SenateRoads"}, "handle_house"),
        ({"handle": "CongresswomanLena"}, "handle_house"),
        ({"handle": "USRepLena"}, "handle_house"),
        ({"display_name": "Office of Rep. Lena Oster"}, "name_house"),
        ({"handle": "House_Roads"}, "handle_house"),
        ({"handle": "roadscmte"}, "handle_own_word"),
        ({"display_name": "Roads", "description": "Potholes and bridges, Senate of Harland"}, "text_part"),
        ({"display_name": "HRDP Granton"}, "name_house"),
        ({"handle": "LeaderFenwick", "platform_id": "9"}, "handle_elsewhere"),
        ({"handle": "houseexample"}, "handle_domain"),
        ({"platform": "facebook", "url": "https://www.facebook.com/groups/1", "description": "Senate of Harland"},
         "group_address"),
    ],
)  # fmt: skip
def test_what_speaks_of_us_is_heard_and_told_in_swedish(
    congress: Screener, fields: dict[str, str], feature: str
) -> None:
    details = {signal.feature: signal.detail for signal in _judged(congress, **fields).signals}
    assert feature in details, details
    assert in_language(details[feature], translations("sv").gettext) != details[feature]


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        ({"display_name": "Lena Oster", "description": "Senator. Tweets are my own."}, Verdict.EMPLOYEE_OFFICIAL),
        ({"display_name": "Lena Oster", "description": "Senator. Personal account."}, Verdict.UNRELATED),
        ({"display_name": "Lena Oster", "description": "Former Congresswoman, now a potter"}, Verdict.UNRELATED),
        ({"display_name": "Lena Oster", "description": "Intern with a congresswoman"}, Verdict.UNRELATED),
        ({"display_name": "Roads Cmte", "description": "The Senate Cmte on Roads"}, Verdict.UNAPPROVED_UNIT),
        ({"handle": "SenateRoads"}, Verdict.UNAPPROVED_UNIT),
        ({"handle": "LeaderFenwick", "platform_id": "9"}, Verdict.IMPOSTOR),
        ({"handle": "OrlaFenwick", "platform_id": "9"}, Verdict.UNAPPROVED_UNIT),
        (
            {"platform": "facebook", "display_name": "Orla Fenwick", "handle": "RepFenwick"},
            Verdict.UNAPPROVED_UNIT,
        ),
        ({"platform": "facebook", "display_name": "Orla Fenwick", "handle": "fenwickdesk"}, Verdict.IMPOSTOR),
        ({"display_name": "House of Tiles", "description": "Tiles since 1950"}, Verdict.UNRELATED),
        ({"display_name": "Repton Rowing", "handle": "rowrepton"}, Verdict.UNRELATED),
        ({"display_name": "Senators fans", "description": "For the Senate of Harland"}, Verdict.FAN_OR_CITIZEN_GROUP),
    ],
)  # fmt: skip
def test_who_is_who(congress: Screener, fields: dict[str, str], verdict: Verdict) -> None:
    finding = _judged(congress, **fields)
    assert finding.verdict is verdict, finding


@pytest.fixture(scope="module")
def bodies() -> dict[str, Screener]:
    """A parliament without a place of its own, and councils of three places, with nothing but the place registered."""
    made = {}
    for key, name, place, domain, also in (
        ("riksdag", "Vindmarks riksdag", "", "riksdagen.example", "Parliament of Vindmark"),
        ("kommun", "Almby kommun", "Almby", "almby.example", "Almbys kommun"),
        ("region", "Region Vindmark", "Vindmark", "regionvindmark.example", "Vindmarks region"),
        ("city", "Harrowmere City Council", "Harrowmere", "harrowmere.example", "City of Harrowmere"),
        ("union", "European Parliament", "", "europarl.example", "Europaparlamentet"),
    ):
        table: dict[str, Any] = {
            "name": name, "aliases": [also], "domains": [domain], "languages": ["sv", "en"]
        }  # fmt: skip
        organisation = read_organisation(table | ({"places": [place]} if place else {}), Path("listener.toml"))
        rows = (
            f"platform,url,unit,status,owner_email,handle\nx,https://x.com/{key}1,{name},approved,a@{domain},{key}1\n"
        )
        made[key] = Screener(organisation, read_registry(rows.encode(), "registry.csv"))
    return made


@pytest.mark.parametrize(
    ("whose", "fields"),
    [
        ("riksdag", {"description": "Riksdagsledamot för Norrstrand"}),
        ("riksdag", {"description": "Member of the Parliament of Vindmark"}),
        ("kommun", {"description": "Kommunalråd i Almby"}),
        ("kommun", {"display_name": "Oppositionsråd Tove Lid, Almby"}),
        ("kommun", {"description": "Ledamot i kommunfullmäktige, Almby kommun"}),
        ("region", {"description": "Regionrådet i Region Vindmark skriver här"}),
        ("region", {"description": "Representerar norra länet i regionfullmäktige, Vindmark"}),
        ("city", {"description": "Councillor for the harbour ward, Harrowmere"}),
        ("city", {"description": "Representing the harbour ward on Harrowmere City Council"}),
        ("union", {"description": "MEP, member of the European Parliament since spring"}),
    ],
)
def test_an_elected_person_is_told_in_any_council(
    bodies: dict[str, Screener], whose: str, fields: dict[str, str]
) -> None:
    finding = _judged(bodies[whose], **{"display_name": "Tove Lid"} | fields)
    assert "office" in {signal.feature for signal in finding.signals}
    assert finding.verdict is Verdict.EMPLOYEE_OFFICIAL, finding


@pytest.mark.parametrize(
    ("whose", "fields"),
    [
        ("riksdag", {"description": "Kandiderar till riksdagen"}),
        ("riksdag", {"description": "Tove Lid för riksdagen, val 2026"}),
        ("riksdag", {"display_name": "Tove till riksdagen"}),
        ("kommun", {"description": "Kandidat till kommunfullmäktige i Almby"}),
        ("region", {"description": "Kryssa Tove till regionfullmäktige i Vindmark #val2026"}),
        ("city", {"description": "Candidate for Harrowmere City Council"}),
        ("city", {"description": "Running for mayor of Harrowmere"}),
    ],
)
def test_a_candidate_is_told_and_not_flagged(bodies: dict[str, Screener], whose: str, fields: dict[str, str]) -> None:
    finding = _judged(bodies[whose], **{"display_name": "Tove Lid"} | fields)
    assert "seeks_office" in {signal.feature for signal in finding.signals}, finding
    assert finding.verdict is Verdict.UNRELATED, finding


@pytest.mark.parametrize(
    ("whose", "description"),
    [
        ("kommun", "Serving Almby since 1950. Best waffles in town."),
        ("kommun", "Tidigare kommunalråd i Almby, numera biodlare"),
        ("kommun", "Reporter som följer kommunalråden i Almby"),
        ("city", "Proud member of the Harrowmere chess club"),
        ("region", "Regionråd i Norrstrand"),
    ],
)
def test_who_holds_no_office_with_us_is_left_alone(bodies: dict[str, Screener], whose: str, description: str) -> None:
    finding = _judged(bodies[whose], display_name="Tove Lid", description=description)
    assert "office" not in {signal.feature for signal in finding.signals}
    assert finding.verdict is Verdict.UNRELATED, finding


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Senate of Harland", {"senator"}),
        ("Vindmarks riksdag", {"riksdagsledamot", "riksdagsledamoten", "riksdagsman"}),
        ("Harland Congress", {"congressman", "congresswoman", "congressperson", "congressmember"}),
        ("House of Representatives of Harland", {"representative"}),
        ("Lindviks kommun", set()),
    ],
)
def test_who_sits_in_a_body_is_called_by_words_that_exist(name: str, called: set[str]) -> None:
    table = {"name": name, "domains": ["body.example"]}
    assert office_words(read_organisation(table, Path("listener.toml"))).keys() == called
