"""`listen spikes`, as a person or a script runs it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from listener.cli import run

FIRST = datetime.fromisoformat("2026-09-01T00:00:00+02:00")
STORM = 24 * 20 + 13  # the hour it begins in


def hours(weeks: int = 4) -> Iterator[str]:
    """A quiet series of one or two mentions an hour by day, with one storm."""
    for hour in range(weeks * 168):
        count = (hour * 7 % 3) if 7 <= hour % 24 < 22 else 0
        yield f"{(FIRST + timedelta(hours=hour)).isoformat()},{count + 30 * (STORM <= hour < STORM + 5)}"


def written(path: Path, lines: Iterator[str] | list[str]) -> str:
    path.write_text("timestamp,count\n" + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return str(path)


def told(out: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.splitlines()]


def test_one_line_a_window(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["spikes", written(tmp_path / "serie.csv", hours())]) == 0
    out, err = capfd.readouterr()
    (window,) = told(out)
    assert set(window) == {"start", "end", "peak", "expected", "score", "count"}
    assert (window["start"], window["end"]) == ("2026-09-21T11:00:00Z", "2026-09-21T16:00:00Z")
    assert window["peak"] == 32
    assert window["count"] == sum(int(line.rpartition(",")[2]) for line in list(hours())[STORM : STORM + 5])
    assert isinstance(window["expected"], float)
    assert 2 < window["expected"] < 10
    assert err == ""


def test_a_time_without_an_offset_is_said_to_be_read_as_utc(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    bare = [line.replace("+02:00", "").replace("T", " ") for line in hours()]
    assert run(["spikes", written(tmp_path / "serie.csv", bare)]) == 0
    out, err = capfd.readouterr()
    assert told(out)[0]["start"] == "2026-09-21T13:00:00Z"
    assert err == ("line 2: a time without an offset, read as UTC; Swedish time is written as 2026-11-22T21:00+01:00\n")
    days = [f"2026-09-{day:02},5" for day in range(1, 31)]
    assert run(["spikes", written(tmp_path / "dagar.csv", days)]) == 0
    assert capfd.readouterr().err == ""


def test_other_forms(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "serie.csv", hours())
    assert run(["spikes", path, "--format", "csv"]) == 0
    head, row = capfd.readouterr().out.splitlines()
    assert head == "start,end,peak,expected,score,count"
    assert row.startswith("2026-09-21T11:00:00Z,2026-09-21T16:00:00Z,32,")
    target = tmp_path / "ut.json"
    assert run(["spikes", path, "--format", "json", "-o", str(target)]) == 0
    assert len(json.loads(target.read_text("utf-8"))) == 1
    monkeypatch.setenv("LANGUAGE", "sv")
    assert run(["spikes", path, "--format", "table"]) == 0
    assert "2026-09-21 13:00 – 2026-09-21 18:00" in (shown := capfd.readouterr().out)
    assert "omnämnanden, normalt" in shown


def test_empty_in_empty_out(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    empty, header = tmp_path / "tom.csv", tmp_path / "rubrik.csv"
    empty.touch()
    written(header, [])
    assert run(["spikes", str(empty)]) == run(["spikes", str(header)]) == 0
    assert capfd.readouterr() == ("", "")
    assert run(["spikes", str(empty), "--format", "json"]) == 0
    assert json.loads(capfd.readouterr().out) == []
    assert run(["spikes", str(tmp_path / "ingen.csv")]) == 2


def test_broken_rows_are_named_and_cost_nothing_else(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    lines = list(hours())
    whole = written(tmp_path / "hel.csv", lines)
    assert run(["spikes", whole]) == 0
    right = capfd.readouterr().out
    wrong = {
        2: "igår,3",
        50: "2026-09-01T01:00:00Z,-4",
        51: "2026-09-01T01:00:00Z",
        60: lines[3],
        61: "2106-01-01T00:00:00Z,9",
        70: "1971-01-01T00:00:00Z,9",
        80: "0001-01-01T00:00:00+14:00,1",
        90: f"2026-09-01T01:00:00Z,{'9' * 30}",
        95: "\0\ud83d,3",
        99: '"2026-09-01T01:00:00Z,3',
    }
    for number, line in wrong.items():
        lines.insert(number - 2, line.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))
    path = written(tmp_path / "trasig.csv", lines)
    assert run(["spikes", path]) == 3
    out, err = capfd.readouterr()
    assert out == right
    assert [int(line.split()[1].rstrip(":")) for line in err.splitlines()] == sorted(wrong)
    assert run(["spikes", path, "--strict"]) == 2


def test_a_forged_first_row_silences_nobody(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for forged in ("1999-01-01T00:00:00Z,1", "2106-01-01T00:00:00Z,1"):
        assert run(["spikes", written(tmp_path / "serie.csv", [forged, *hours()])]) == 3
        out, err = capfd.readouterr()
        assert len(told(out)) == 1
        assert len(err.splitlines()) == 1


def test_rows_left_out_are_zeros_and_a_long_pause_is_not(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    spared = [line for line in hours() if not line.endswith(",0")]
    assert run(["spikes", written(tmp_path / "glesa.csv", spared), "--bucket", "1h"]) == 0
    assert [window["start"] for window in told(capfd.readouterr().out)] == ["2026-09-21T11:00:00Z"]
    later = [line.replace("2026-", "2028-", 1) for line in hours()]
    assert run(["spikes", written(tmp_path / "paus.csv", [*hours(), *later])]) == 0
    assert [str(window["start"])[:4] for window in told(capfd.readouterr().out)] == ["2026", "2028"]


def test_buckets_are_coarser_when_asked_and_the_inputs_own_when_not(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    quarters = []
    for line in hours():
        at, _comma, count = line.rpartition(",")
        begins = datetime.fromisoformat(at)
        quarters += [f"{(begins + timedelta(minutes=15 * n)).isoformat()},{count if n == 0 else 0}" for n in range(4)]
    packed = tmp_path / "kvartar.csv.gz"
    packed.write_bytes(gzip.compress(b"timestamp;count\n" + "\n".join(quarters).replace(",", ";").encode()))
    assert run(["spikes", str(packed)]) == 0
    own = capfd.readouterr().out
    assert run(["spikes", str(packed), "--bucket", "1h"]) == 0
    assert capfd.readouterr().out == own
    assert told(own)[0]["end"] == "2026-09-21T16:00:00Z"
    assert run(["spikes", str(packed), "--bucket", "1d"]) == 0
    assert told(capfd.readouterr().out)[0]["start"] == "2026-09-20T22:00:00Z"  # a Swedish day


def test_the_columns_may_stand_in_any_order(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    turned = [",".join(["Almby", *reversed(line.split(","))]) for line in hours()]
    path = tmp_path / "omvand.csv"
    path.write_text("\ufeffbrand,count,timestamp\n" + "\n".join(turned), encoding="utf-8")
    assert run(["spikes", str(path)]) == 0
    assert len(told(capfd.readouterr().out)) == 1


def test_a_series_written_newest_first_is_told_to_be_sorted(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "sv")
    assert run(["spikes", written(tmp_path / "serie.csv", list(hours())[::-1])]) == 3
    first, *_, last = (lines := capfd.readouterr().err.splitlines())
    assert len(lines) == 6
    assert first == "rad 2: en tidpunkt i fel ordning: sortera raderna efter tid, äldst först; hoppas över"
    assert last == "rad 672: den sista av 671 rader i fel ordning; hoppas över"


def test_a_broken_row_is_told_in_swedish(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "sv")
    assert run(["spikes", written(tmp_path / "serie.csv", ["igår,3", *hours()])]) == 3
    told_once = "rad 2: ingen tidpunkt: skriv den som 2026-11-22T07:00:00+01:00; hoppas över\n"
    assert capfd.readouterr().err == told_once
