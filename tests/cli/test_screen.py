"""`listen screen` as a person or a script runs it."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from pathlib import Path

import pytest
from screened import REGISTRY, TOML

from listener.cli import run

LINES = [
    {"ref": {"any": [1]}, "platform": "x", "handle": "almbyk0mmun"},
    {"ref": None, "platform": "x", "handle": "dailybun", "display_name": "The Daily Bun"},
    {"ref": 3, "platform": "x", "handle": "almbykommun", "platform_id": "1001"},
]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("listener.toml").write_text(TOML, encoding="utf-8")
    Path("registry.csv").write_text(REGISTRY, encoding="utf-8")
    Path("in.ndjson").write_text("\n".join(map(json.dumps, LINES)) + "\n", encoding="utf-8")


def test_one_finding_a_line_with_the_documented_keys(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["screen", "in.ndjson"]) == 0
    found = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert [one["ref"] for one in found] == [{"any": [1]}, None, 3]
    assert [one["verdict"] for one in found] == ["impostor", "unrelated", "official"]
    keys = "ref platform platform_id handle url verdict unit_kind unit score nearest signals"
    assert " ".join(found[0]) == keys
    assert list(found[0]["signals"][0]) == ["feature", "asks", "score", "detail"]
    assert found[0]["nearest"]["handle"] == "almbykommun"
    assert found[2]["score"] == 0


def test_a_broken_line_is_named_and_skipped(capfd: pytest.CaptureFixture[str]) -> None:
    Path("in.ndjson").write_text('{"platform": "x", "handle": "a"}\n\nnot json\n{"platform": "x", "handle": "b"}\n')
    assert run(["screen", "in.ndjson"]) == 3
    out, err = capfd.readouterr()
    assert len(out.splitlines()) == 2
    assert "line 3" in err
    assert run(["screen", "--strict", "in.ndjson"]) == 2
    assert len(capfd.readouterr().out.splitlines()) == 1


def test_nothing_in_nothing_out(capfd: pytest.CaptureFixture[str]) -> None:
    Path("empty").touch()
    assert run(["screen", "empty"]) == 0
    assert capfd.readouterr().out == ""
    assert run(["screen", "--format", "json", "empty"]) == 0
    assert json.loads(capfd.readouterr().out) == []


def test_forms(capfd: pytest.CaptureFixture[str]) -> None:
    run(["screen", "--format", "json", "in.ndjson"])
    assert len(json.loads(capfd.readouterr().out)) == 3
    run(["screen", "--format", "csv", "--only-flagged", "in.ndjson"])
    rows = list(csv.DictReader(io.StringIO(capfd.readouterr().out)))
    assert [(row["handle"], row["verdict"]) for row in rows] == [("almbyk0mmun", "impostor")]
    assert "'0' for 'o'" in rows[0]["reasons"]
    run(["screen", "--format", "table", "-o", "out.txt", "in.ndjson"])
    assert capfd.readouterr().out == ""
    assert re.search(r"almbyk0mmun .*reads like", Path("out.txt").read_text(encoding="utf-8"))


@pytest.mark.parametrize("source", [["in.ndjson"], ["--domains", "zone.txt"]])
def test_a_table_gives_its_reasons_in_the_readers_language(
    source: list[str], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("zone.txt").write_text("alrnby.test\n")
    assert run(["screen", "--format", "table", *source]) == 0
    english = capfd.readouterr().out
    monkeypatch.setenv("LANGUAGE", "sv")
    assert run(["screen", "--format", "table", *source]) == 0
    swedish = capfd.readouterr().out
    assert re.search("reads like|looks like", english)
    assert re.search("läses som|ser ut som|liknar", swedish)
    assert not re.search("reads like|looks like|display name|handle", swedish)


def test_a_long_name_is_cut_to_the_width_of_its_column(capfd: pytest.CaptureFixture[str]) -> None:
    line = {"platform": "x", "handle": "almbyk0mmun\u202e" + "漢" * 60}
    Path("in.ndjson").write_text(json.dumps(line) + "\n", encoding="utf-8")
    assert run(["screen", "--format", "table", "in.ndjson"]) == 0
    said = capfd.readouterr().out
    assert "\u202e" not in said
    assert f" almbyk0mmun<U+202E>{'漢' * 20}…  " in said  # 60 columns


def test_csv_in(capfd: pytest.CaptureFixture[str]) -> None:
    Path("in.csv").write_text("\ufeffplatform,handle,ref\nx,almbyk0mmun,a\nx,dailybun,b\n", encoding="utf-8")
    assert run(["screen", "in.csv"]) == 0
    found = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert [(one["ref"], one["verdict"]) for one in found] == [("a", "impostor"), ("b", "unrelated")]


def test_domains_give_only_flagged_names(capfd: pytest.CaptureFixture[str]) -> None:
    names = "almby.test.\nalmby.example\ndailybun.test\n\nALRNBY.test\n"
    Path("zone.txt").write_text(names)
    Path("zone.gz").write_bytes(gzip.compress(names.encode()))
    for source in ("zone.txt", "zone.gz"):
        assert run(["screen", "--domains", source]) == 0
        found = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
        verdicts = [(one["handle"], one["verdict"]) for one in found]
        assert verdicts == [("almby.test", "unclear"), ("alrnby.test", "lookalike_site")]


def test_a_missing_or_damaged_input_is_named(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["screen", "nowhere"]) == 2
    assert "nowhere" in capfd.readouterr().err
    Path("bad.gz").write_bytes(b"\x1f\x8bnot gzip at all")
    assert run(["screen", "bad.gz"]) == 2


def test_a_wrong_file_given_for_domains_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    Path("wrong").write_bytes(b"# ok\nalmbykommun.nu\n" + b"\x00\x01 junk\n" * 30 + b'{"platform": "x"}\n')
    assert run(["screen", "--domains", "wrong"]) == 3
    out, err = capfd.readouterr()
    assert len(out.splitlines()) == 1
    assert err.startswith("line 3: no domain name")
    assert len(err.splitlines()) == 21
    assert "line 33: the last of 11 more such lines" in err
    assert run(["screen", "--strict", "--domains", "wrong"]) == 2
    Path("wrong").write_text("almbykommun.nu\n$INCLUDE more.zone\n", encoding="utf-8")
    assert run(["screen", "--domains", "wrong"]) == 3
    assert "line 2: $INCLUDE: the file that it names is not read" in capfd.readouterr().err
