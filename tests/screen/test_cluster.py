"""Candidates in Parquet files screened in parts: the same findings here and on a cluster, also when a worker dies."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

LISTEN = [sys.executable, "-m", "listener", "screen"]
SETTINGS = """
[organisation]
name = "Almby kommun"
places = ["Almby"]
domains = ["almby.example"]
logos = ["logo.svg"]
"""
SHIELD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 240"><path fill="{}" d="M10 10h180v110q0 90-90 115Q10 210'
    ' 10 120z"/><path fill="#fff" d="M100 40l18 50h54l-44 32 16 54-44-33-44 33 16-54-44-32h54z"/></svg>'
)
REGISTRY = "platform,url,unit,status,owner_email,handle\nx,https://x.com/almbykommun,Almby kommun,approved,a@almby.example,almbykommun\n"  # noqa: E501
FILES, ROWS = 12, 200
WAIT = 120.0


def candidate(number: int) -> dict[str, object]:
    """Most rows speak of us, so that a part is real work; names and links vary."""
    return {
        "ref": number,
        "platform": ("x", "instagram", "tiktok")[number % 3],
        "handle": ("almby{}skolan", "almbyk0mmun{}", "bagaren{}", "almby_bibliotek_{}")[number % 4].format(number),
        "display_name": ("Almby kommun", "Örjans bageri i Almby", None)[number % 3],
        "description": "Officiellt konto för Almby kommun. Swisha avgiften!" if number % 5 == 0 else "Hej",
        "links": ["https://almby.example/skola"] if number % 7 == 0 else None,
        "followers": number,
        "avatar": "copy.svg" if number % 40 == 0 else None,
    }


def town(folder: Path) -> Path:
    """A folder with our two files, a logo, and candidates in FILES Parquet files."""
    (folder / "candidates").mkdir(parents=True)
    (folder / "listener.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "registry.csv").write_text(REGISTRY, encoding="utf-8")
    (folder / "logo.svg").write_text(SHIELD.format("#123a7a"), encoding="utf-8")
    (folder / "copy.svg").write_text(SHIELD.format("#7a1232"), encoding="utf-8")
    for file in range(FILES):
        rows = [candidate(file * ROWS + number) for number in range(ROWS)]
        pq.write_table(pa.Table.from_pylist(rows), folder / "candidates" / f"c{file:02d}.parquet", row_group_size=90)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return town(tmp_path / "town")


def screen(folder: Path, *more: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*LISTEN, "candidates/*.parquet", *more], cwd=folder, capture_output=True, timeout=WAIT, check=False
    )


def findings(folder: Path) -> list[bytes]:
    return sorted(line for path in folder.glob("part-*.ndjson") for line in path.read_bytes().splitlines())


@pytest.fixture
def cluster() -> Iterator[dict[str, object]]:
    script = Path(__file__).with_name("dask_cluster.py")
    with subprocess.Popen([sys.executable, str(script), "2"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as started:
        assert started.stdout
        assert started.stdin
        yield json.loads(started.stdout.readline())
        started.stdin.close()
        started.wait(WAIT)


def until(happened: object, work: subprocess.Popen[bytes]) -> None:
    """Look again every few milliseconds, for as long as `work` goes on."""
    assert callable(happened)
    ends = time.monotonic() + WAIT
    while not happened() and work.poll() is None and time.monotonic() < ends:
        time.sleep(0.005)


def test_parquet_gives_the_findings_that_lines_give(folder: Path) -> None:
    lines = b"".join(json.dumps(candidate(n)).encode() + b"\n" for n in range(FILES * ROWS))
    (folder / "all.ndjson").write_bytes(lines)
    plain = subprocess.run([*LISTEN, "all.ndjson"], cwd=folder, capture_output=True, timeout=WAIT, check=True).stdout
    assert screen(folder).stdout == plain
    assert screen(folder, "-o", "two", "--jobs", "2").returncode == 0
    parts = sorted((folder / "two").glob("part-*.ndjson"))
    assert b"".join(part.read_bytes() for part in parts) == plain


def test_a_run_that_was_killed_goes_on_where_it_was(folder: Path) -> None:
    assert screen(folder, "-o", "whole").returncode == 0
    with subprocess.Popen(
        [*LISTEN, "candidates/*.parquet", "-o", "cut"], cwd=folder, stderr=subprocess.DEVNULL
    ) as work:
        until(lambda: any((folder / "cut").glob("part-*.ndjson")), work)
        work.kill()
    (folder / "cut" / f"part-{FILES - 1:05d}.ndjson").unlink(missing_ok=True)  # should the machine have been so quick
    before = {path.name: path.stat().st_mtime_ns for path in (folder / "cut").glob("part-*.ndjson")}
    assert 1 <= len(before) < FILES
    again = screen(folder, "-o", "cut")
    assert again.returncode == 0, again.stderr
    assert f"{len(before)} of {FILES} parts are there already" in again.stderr.decode()
    assert findings(folder / "cut") == findings(folder / "whole")
    for name, written in before.items():
        assert (folder / "cut" / name).stat().st_mtime_ns == written, "a finished part was made again"


def test_other_candidates_or_logos_want_another_folder(folder: Path) -> None:
    assert screen(folder, "-o", "out").returncode == 0
    (folder / "logo.svg").write_text(SHIELD.format("#444444"), encoding="utf-8")
    assert b"name an empty folder" in screen(folder, "-o", "out").stderr


def test_a_folder_of_other_findings_is_left_alone(folder: Path) -> None:
    assert screen(folder, "-o", "out").returncode == 0
    other = screen(folder, "-o", "out", "--only-flagged")
    assert other.returncode == 2
    assert b"name an empty folder" in other.stderr


def test_broken_rows_are_named_and_kept_in_mind(folder: Path) -> None:
    pq.write_table(
        pa.Table.from_pylist([{"platform": "x", "handle": "a"}, {"platform": None, "handle": "b"}]),
        folder / "candidates" / "d.parquet",
    )
    first = screen(folder, "-o", "out")
    assert first.returncode == 3
    assert b"d.parquet: line 2: no platform" in first.stderr
    assert screen(folder, "-o", "out").returncode == 3


def test_a_damaged_file_is_named(folder: Path) -> None:
    (folder / "candidates" / "d.parquet").write_bytes(b"PAR1nonsense")
    done = screen(folder, "-o", "out")
    assert done.returncode == 2
    assert b"candidates/d.parquet: cannot be read as Parquet" in done.stderr


@pytest.mark.network
def test_a_lost_worker_changes_nothing(folder: Path, cluster: dict[str, object]) -> None:
    assert screen(folder, "-o", "here").returncode == 0
    pids = cluster["pids"]
    assert isinstance(pids, list)
    assert len(pids) == 2
    command = [*LISTEN, "candidates/*.parquet", "-o", "there", "--cluster", str(cluster["address"])]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE) as work:
        until(lambda: any((folder / "there").glob("part-*.ndjson")), work)
        done = len(list((folder / "there").glob("part-*.ndjson")))
        os.kill(pids[0], signal.SIGKILL)
        _out, told = work.communicate(timeout=WAIT)
    assert 1 <= done < FILES, f"the worker was to die in the middle: {told.decode()}"
    assert work.returncode == 0, told
    here = findings(folder / "here")
    assert findings(folder / "there") == here
    assert any(b"avatar_carries_logo" in line for line in here), "pictures were to be compared too"


@pytest.mark.network
def test_no_scheduler_is_said(folder: Path) -> None:
    done = screen(folder, "-o", "out", "--cluster", "127.0.0.1:x")
    assert done.returncode == 2
    assert b"no Dask scheduler answers" in done.stderr
    assert b"Traceback" not in done.stderr
