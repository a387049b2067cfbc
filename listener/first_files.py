"""The first listener.toml and registry.csv of an organisation, written so that they load before they are edited."""

from __future__ import annotations

import json
from pathlib import Path
from string import Template

from listener.models import Record
from listener.municipalities import MUNICIPALITIES

TEMPLATES = Path(__file__).parent / "first"
COLUMNS = (
    "platform", "url", "unit", "status", "owner_email", "platform_id", "handle", "display_name", "unit_kind",
    "parent_unit", "org_id", "kind", "purpose", "audience", "language", "owner_role", "deputy_email", "login_holders",
    "approved_by", "approved_on", "decision_ref", "listed_on", "website_link", "avatar", "own_symbol",
    "min_posts_per_days", "crisis_role", "mfa", "review_by", "last_validated_on", "last_snapshot_on", "valid_from",
    "valid_to", "tags", "notes",
)  # fmt: skip
OPENINGS = {  # by whether it is Swedish, and whether lines are marked
    (True, True): "Inställningar för listen. Ändra raderna märkta ÄNDRA; resten kan stå tills du behöver det.",
    (True, False): "Inställningar för listen. Allt kan stå tills du behöver ändra det.",
    (False, True): "Settings for listen. Change the lines marked CHANGE; the rest can stand until you need it.",
    (False, False): "Settings for listen. All of it can stand until you need to change it.",
}
SWEDISH_ENDS = (".se", ".nu")
SWEDISH_WORDS = ("kommun", "stad", "landsting", "länsstyrelsen")
KINDS = ("kommun", "stad", "region", "municipality", "city", "council", "county")
BETWEEN = ("of", "the", "i")


class Start(Record, frozen=True):
    """What is known of the organisation on the first day; `placeholder` marks the lines that must be changed."""

    name: str
    domain: str
    places: tuple[str, ...]
    email: str
    placeholder: bool = False
    email_guessed: bool = False  # an address nobody gave goes out to servers: its line is marked


def place_in(name: str) -> str:
    """The place in an organisation's name: `Örebro kommun` is in Örebro, `Österåkers kommun` in Österåker.

    Empty for one that is named after no place, as an agency or a company: its name is no place.
    """
    kept = [word for word in name.split() if word.casefold() not in KINDS]
    while kept and kept[0].casefold() in BETWEEN:
        kept.pop(0)
    place = " ".join(kept)
    if not place or (place == name and name not in MUNICIPALITIES):
        return ""
    return place[:-1] if place not in MUNICIPALITIES and place[:-1] in MUNICIPALITIES else place


def is_swedish(start: Start) -> bool:
    """True when the domain or the name tells that the accounts speak Swedish, whatever the terminal speaks."""
    return start.domain.casefold().endswith(SWEDISH_ENDS) or any(
        word in SWEDISH_WORDS for word in start.name.casefold().split()
    )


def settings(start: Start, language: str) -> str:
    """listener.toml as text, with comments in `language` (sv, else en).

    The sentence that accounts must carry is in the organisation's own language: theirs to write, not the terminal's.
    """
    swedish = language == "sv"
    text = (TEMPLATES / f"listener.{'sv' if swedish else 'en'}.toml").read_text(encoding="utf-8")
    mark = f"  # {'ÄNDRA' if swedish else 'CHANGE'}"
    marked = start.placeholder or start.email_guessed
    phrase = f"En verksamhet inom {start.name}" if swedish or is_swedish(start) else f"A part of {start.name}"
    return Template(text).substitute(
        name=_toml(start.name),
        places=_toml(list(start.places)),
        domains=_toml([start.domain]),
        phrase=_toml(phrase),
        email=_toml(start.email),
        start=_toml([f"https://{start.domain}/"]),
        query=_toml(f'"{_without_quotes(start.name)}"'),
        edit=mark if start.placeholder else "",
        edit_email=mark if marked else "",
        opening=OPENINGS[swedish, marked],
    )


def register() -> str:
    """An empty registry.csv: the header, the needed columns first."""
    return ",".join(COLUMNS) + "\n"


def _toml(content: str | list[str]) -> str:
    """A TOML value; TOML's basic strings and lists are JSON's, but for a bare delete character."""
    return json.dumps(content, ensure_ascii=False).replace("\x7f", "\\u007f")


def _without_quotes(text: str) -> str:
    return text.replace('"', " ").strip()
