"""Through the command: impostors are found with the odd code points named, the innocent are spared."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from listener.cli import run

TOML = """
[organisation]
name = "Ålmby kommun"
places = ["Ålmby"]
domains = ["almby.example"]
languages = ["sv", "en"]

[[organisation.siblings]]
name = "Region Ålmby län"
[[organisation.siblings]]
name = "Ålmby universitet"
"""
REGISTRY = """\
platform,url,unit,status,owner_email,platform_id,handle,display_name
x,https://x.com/almbykommun,Ålmby kommun,approved,a@almby.example,1,almbykommun,Ålmby kommun
"""
INNOCENT = [
    {"handle": "regionalmby", "display_name": "Region Ålmby län"},
    {"handle": "almbyuniversitet", "display_name": "Ålmby universitet"},
    {"handle": "almbyparodi", "display_name": "Ålmby kommun (parodi)"},
    {
        "platform": "facebook",
        "display_name": "Du vet att du är från Ålmby när",
        "url": "https://www.facebook.com/groups/9",
    },
    {"platform": "facebook", "display_name": "Ålmby", "url": "https://www.facebook.com/pages/Almby/100000000001"},
]
IMPOSTORS = [
    {"handle": "almbyk0mmun", "display_name": "Ålmby k\u03bfmmun"},
    {"handle": "a1mbykommun", "display_name": "Ålmby kommun"},
    {"handle": "almby_kommun_se", "display_name": "Ålmby  kommun"},
]


def test_impostors_are_found_and_the_innocent_spared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("listener.toml").write_text(TOML, encoding="utf-8")
    Path("registry.csv").write_text(REGISTRY, encoding="utf-8")
    ours = {"handle": "AlmbyKommun", "display_name": unicodedata.normalize("NFD", "Ålmby kommun")}
    rows = [{"platform": "x", **row} for row in (*IMPOSTORS, ours, *INNOCENT)]
    Path("in.ndjson").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert run(["screen", "in.ndjson"]) == 0
    found = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    impostors, own, spared = found[:3], found[3], found[4:]
    assert [one["verdict"] for one in impostors] == ["impostor"] * 3
    for one in impostors:
        assert len({signal["feature"] for signal in one["signals"] if signal["score"] >= 0.5}) >= 2
    assert "U+03BF GREEK SMALL LETTER OMICRON for 'o'" in json.dumps(impostors[0])
    assert own["verdict"] == "official"
    kinds = ["namesake", "namesake", "parody", "fan_or_citizen_group", "auto_place_page"]
    assert [one["verdict"] for one in spared] == kinds
