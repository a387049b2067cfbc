"""The generated table, and the script that makes it."""

from __future__ import annotations

import importlib.util
import unicodedata
from pathlib import Path

import pytest

from listener.text.confusables import CONFUSABLES, VERSION
from listener.text.skeleton import DRAWN, SUPPLEMENT, skeleton

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "make_confusables.py"
LINES = """\
# Date: 2099-07-22, 05:49:37 GMT
# Version: 99.1.0
03BF ;\t006F ;\tMA\t# omicron
217F ;\t0072 006E ;\tMA\t# small roman numeral one thousand
006D ;\t0072 006E ;\tMA\t# m
0416 ;\t0416 0301 ;\tMA\t# not read as Latin
"""


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    source = tmp_path / "confusables.txt"
    source.write_text(LINES, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("make_confusables", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    target = tmp_path / "confusables.py"
    monkeypatch.setattr(module, "TARGET", target)
    monkeypatch.setattr("sys.argv", ["make_confusables.py", str(source)])
    assert module.main() == 0
    return target


def test_the_script_keeps_what_is_read_as_latin_and_says_the_version(script: Path) -> None:
    made: dict[str, object] = {}
    exec(script.read_text(encoding="utf-8"), made)
    assert made["VERSION"] == "99.1.0"
    assert "of 2099-07-22" in script.read_text(encoding="utf-8")
    assert made["CONFUSABLES"] == {0x3BF: "o"}


def test_the_table_is_read_as_ascii() -> None:
    assert int(VERSION.partition(".")[0]) >= 17
    assert len(CONFUSABLES) > 500
    assert all(reads.isascii() and reads.isalnum() and code > 127 for code, reads in CONFUSABLES.items())


@pytest.mark.parametrize("code", sorted(SUPPLEMENT))
def test_each_supplement_is_a_lower_case_letter_that_uts_39_leaves_apart(code: int) -> None:
    assert code not in CONFUSABLES
    assert unicodedata.category(chr(code)) in ("Ll", "Lo")
    assert skeleton(chr(code)) == SUPPLEMENT[code]


def test_each_drawn_letter_is_the_one_its_name_ends_with() -> None:
    assert {"ɢ": "g", "ᴀ": "a", "🅶": "g", "🅐": "a", "🇾": "y"}.items() <= {
        chr(code): reads for code, reads in DRAWN.items()
    }.items()
    assert all(unicodedata.name(chr(code)).lower().endswith(f" {reads}") for code, reads in DRAWN.items())
    assert all(skeleton(chr(code)) == reads for code, reads in DRAWN.items())
