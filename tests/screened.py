"""The invented municipality as the screening tests see it: listener.toml, registry.csv and a reader of truth tables."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

from listener.models import Account
from listener.organisation import Organisation, read_organisation
from listener.registry import Registry, read_registry
from listener.screen.bulk import Screener

TABLES = Path(__file__).parent / "tables"

TOML = """
[organisation]
name = "Almby kommun"
aliases = ["Almby stad", "Municipality of Almby"]
places = ["Almby"]
domains = ["almby.example", "öalmby.example"]
languages = ["sv", "en"]
own_symbol_phrase = "En verksamhet inom Almby kommun"
phones = ["012-34 56 78"]
org_numbers = ["212000-0000"]
allowed_platforms = ["facebook", "instagram", "x", "youtube", "linkedin", "bluesky", "mastodon", "web"]

[[organisation.units]]
name = "Stadsbiblioteket"
kind = "local_office"
aliases = ["Almby stadsbibliotek"]

[[organisation.units]]
name = "Näringslivskontoret"
kind = "department"

[[organisation.units]]
name = "Granängsskolan"
kind = "local_office"

[[organisation.units]]
name = "Rekryteringsteamet Norr"
kind = "team"

[organisation.unit_words]
local_office = ["naturum"]

[[organisation.siblings]]
name = "Region Almby län"
domains = ["regionalmby.example"]
handles = ["almbyregionen"]

[[organisation.siblings]]
name = "Almby universitet"
"""

REGISTRY = """\
platform,url,unit,status,owner_email,platform_id,handle,display_name,unit_kind,created_at
x,https://x.com/almbykommun,Almby kommun,approved,a@almby.example,1001,almbykommun,Almby kommun,,2012-03-01
facebook,https://www.facebook.com/almbykommun,Almby kommun,approved,a@almby.example,,almbykommun,Almby kommun,,
instagram,https://www.instagram.com/almbykommun,Almby kommun,approved,a@almby.example,,almbykommun,Almby kommun,,
x,https://x.com/grananggrund,Granängsskolan,approved,a@almby.example,1002,grananggrund,Granängsskolan,local_office,
mastodon,https://social.example/@almby,Almby kommun,approved,a@almby.example,,almby@social.example,Almby kommun,,
web,https://almby.example/,Almby kommun,approved,a@almby.example,,almby.example,Almby kommun,,
x,https://x.com/almbynytt,Almby nyheter,known_third_party,a@almby.example,1003,almbynytt,Almby nytt,,
x,https://x.com/almbyskoj,Skoj,parody_ok,a@almby.example,1004,almbyskoj,Almby skoj,,
x,https://x.com/almbykommunn,Almby kommun,defensive,a@almby.example,1005,almbykommunn,Almby kommun,,
x,https://x.com/almbyarkiv,Arkivet,archived,a@almby.example,1006,almbyarkiv,Arkivet,,
x,https://x.com/alnbykommun,Almby kommun,impostor_confirmed,a@almby.example,1007,alnbykommun,Almby kommun,,
"""


def organisation() -> Organisation:
    return read_organisation(tomllib.loads(TOML)["organisation"], Path("listener.toml"))


def registry() -> Registry:
    return read_registry(REGISTRY.encode(), "registry.csv")


def screener() -> Screener:
    return Screener(organisation(), registry())


def table(name: str) -> list[dict[str, str]]:
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def spelled(text: str) -> str:
    r"""A table's `\u200b` as the character itself, so that what cannot be seen can be read in the table."""
    return text.encode("latin-1", "backslashreplace").decode("unicode_escape") if "\\u" in text.lower() else text


def account(row: dict[str, str]) -> Account:
    return Account(
        platform=row["platform"] or "x",
        platform_id=row.get("platform_id") or None,
        handle=spelled(row["handle"]) or None,
        display_name=spelled(row["name"]) or None,
        description=row.get("description") or None,
        url=row.get("url") or None,
        links=tuple(row["links"].split()) if row.get("links") else None,
    )
