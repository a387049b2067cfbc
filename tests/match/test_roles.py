"""People and parts: who holds an office, speaks for us, runs for us or belongs to us; and which words are ours."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from listener.language import translations
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
