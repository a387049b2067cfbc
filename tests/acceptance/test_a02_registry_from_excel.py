"""A2: the register from Swedish Excel, in every way it saves; a faulty file changes nothing and names every fault."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from listener.cli import run
from listener.registry import load_registry

COLUMNS = ["platform", "url", "unit", "status", "owner_email", "display_name", "purpose"]
UNITS = ["Vård och omsorg", "Örebro", "Å; ä", 'Kultur "och" fritid', "Skola,\nförskola"]
ROWS = [
    [
        "facebook",
        f"https://www.facebook.com/almby{number}",
        UNITS[number % len(UNITS)],
        "approved",
        f"enhet{number}@almby.example",
        "=1+1" if number == 3 else "",
        "Frågor, svar",
    ]
    for number in range(20)
]


def saved(mark: str, encoding: str, rows: list[list[str]] = ROWS, end: str = "\r\n") -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=mark, lineterminator=end)
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("mark", "encoding"), [(";", "utf-8-sig"), (";", "cp1252"), (",", "utf-8")])
def test_three_ways_to_save_give_identical_rows(folder: Path, mark: str, encoding: str) -> None:
    (folder / "f.csv").write_bytes(saved(mark, encoding))
    assert run(["registry", "import", "f.csv"]) == 0
    stored = load_registry(folder / "registry.csv")
    assert [[entry.columns[column] for column in COLUMNS] for entry in stored.entries] == ROWS
    assert (folder / "registry.csv").read_bytes() == saved(",", "utf-8"), "stored the same whatever came in"


def test_a_faulty_file_names_every_line_and_changes_nothing(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / "god.csv").write_bytes(saved(";", "cp1252"))
    assert run(["registry", "import", "god.csv"]) == 0
    before = (folder / "registry.csv").read_bytes()
    capfd.readouterr()

    rows = [[*row[:2], "Enhet", *row[3:]] for row in ROWS]  # one line a row, so that lines can be counted
    rows[5][0] = "friendster"  # line 7
    rows[10][1] = "http://m.facebook.com/Almby0/?lang=sv"  # line 12 repeats line 2
    rows[13][4] = ""  # line 15
    (folder / "fel.csv").write_bytes(saved(";", "utf-8-sig", rows))
    assert run(["registry", "import", "fel.csv"]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert "fel.csv:7: platform: 'friendster' is unknown: choose among facebook, instagram" in err
    assert "fel.csv:12: url: the same account as on line 2" in err
    assert "fel.csv:15: owner_email: is empty: fill it in" in err
    assert (folder / "registry.csv").read_bytes() == before
    assert sorted(path.name for path in folder.iterdir()) == ["fel.csv", "god.csv", "registry.csv"]


def test_diff_shows_added_changed_and_removed(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / "god.csv").write_bytes(saved(",", "utf-8"))
    assert run(["registry", "import", "god.csv"]) == 0
    rows = [list(row) for row in ROWS[1:]]
    rows[0][2] = "Museet"
    rows.append(["x", "https://twitter.com/almby", "Museet", "pending", "museum@almby.example", "", ""])
    (folder / "ny.csv").write_bytes(saved(";", "cp1252", rows))
    capfd.readouterr()
    assert run(["registry", "diff", "ny.csv"]) == 0
    assert capfd.readouterr().out.splitlines() == [
        "added: x https://x.com/almby Museet",
        "changed: https://www.facebook.com/almby1 unit: 'Örebro' is now 'Museet'",
        "removed: facebook https://www.facebook.com/almby0 Vård och omsorg",
    ]


def test_faults_are_told_in_swedish(
    folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "sv")
    monkeypatch.setenv("LANG", "sv_SE.UTF-8")
    (folder / "fel.csv").write_text(",".join(COLUMNS) + ",lösenord\n", encoding="utf-8")
    assert run(["registry", "import", "fel.csv"]) == 2
    assert "fel.csv:1: lösenord: lösenord hör inte hemma i registret" in capfd.readouterr().err
