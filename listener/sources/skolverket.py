"""Skolverket's register of school units: the names of our schools, so that they are searched for too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from listener.context import Context
from listener.errors import Changed, ConfigError, SourceError
from listener.language import N_
from listener.models import Term
from listener.sources import About, read_rows, truncated
from listener.sources.fields import required, rows_of
from listener.urls import shown_url

ABOUT = About(
    access="official_api",
    finds=("terms",),
    per_term=False,
    note=N_("names of schools to search for, no preschools and no people; wants [organisation] municipality_code"),
    base_url="https://api.skolverket.se/skolenhetsregistret",
    keys={"base_url": "address"},
)
ACTIVE = "AKTIV"
MOST = 1_000  # school units; Stockholm has some 700
_CODE = re.compile(r"\d{4}", re.ASCII)
# What tells the units of one school apart: `Tallåsskolan F-6`, `Tallåsskolan 2`, `Tallåsskolan, grundsär`.
_BEHIND = re.compile(r"(?:,.*|\s+(?:[Ff]\s?[-–]\s?\d|\d\s?[-–]\s?\d|\d{1,2}|[A-Da-d]))+$")

Row = Mapping[str, Any]


def check(settings: Mapping[str, Any]) -> None:
    """Raises ConfigError for settings with which nobody can be asked."""
    if not _CODE.fullmatch(str(settings.get("municipality_code", ""))):
        raise ConfigError('[organisation] municipality_code: Skolverket is asked by it; write it as "1880"')


def terms(ctx: Context) -> Iterator[Term]:
    """The name of each school in use, once. Raises ConfigError, SourceError, Changed.

    With [organisation] org_numbers only those the organisation runs itself; without, independent schools too.
    """
    check(ctx.settings)
    code = str(ctx.settings["municipality_code"])
    seen: set[str] = set()
    numbers = ["".join(filter(str.isdigit, str(number))) for number in ctx.settings.get("org_numbers", ())]
    for number in [number for number in numbers if number] or [""]:
        for name in read_rows(ctx, _school_units(ctx, code, number), read_unit):
            if name and name.casefold() not in seen:
                seen.add(name.casefold())
                yield Term(text=name, kind="unit")


def read_unit(row: Row) -> str | None:
    """The name of the school a unit belongs to; None for one that is closed, resting or to come. Raises Changed."""
    if required(row, "status") != ACTIVE:
        return None
    name = " ".join(required(row, "name").split())[:100]
    return _BEHIND.sub("", name) or name


def _school_units(ctx: Context, code: str, number: str) -> list[dict[str, Any]]:
    base_url = str(ctx.settings.get("base_url", ABOUT.base_url)).rstrip("/")
    asked = {"municipality_code": code, "status": ACTIVE}
    if number:
        asked["organization_number"] = number
    url = f"{base_url}/v2/school-units"
    response = ctx.http.get(url, params=asked, headers={"Accept": "application/json"})
    if not response.ok:
        raise SourceError(f"{shown_url(url)} answers {response.status}")
    content = response.json()
    found = content.get("data") if isinstance(content, Mapping) else None
    if not isinstance(found, Mapping):
        raise Changed("the answer holds no list 'attributes'")
    rows = rows_of(found, "attributes")
    if len(rows) > MOST:
        truncated(ctx, "units", f"more than {MOST} school units: the rest was left out")
    return rows[:MOST]
