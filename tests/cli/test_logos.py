"""`listen logos` as a person or a script runs it."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import pytest
from pictures import corner, png, saved

from listener.cli import run
from listener.demo.shield import shield_svg
from listener.logos.opening import open_picture


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A drawn coat of arms, a copy of it, a stranger's picture, and a file of junk; the list names what is missing."""
    from PIL import Image

    monkeypatch.chdir(tmp_path)
    Path("almby.svg").write_text(shield_svg(), encoding="utf-8")
    Path("other.png").write_bytes(saved(corner((200, 200)), "PNG"))
    pixels = open_picture(Path("almby.svg")).pixels
    copy = Image.new("RGB", (pixels.shape[1], pixels.shape[0]), "white")
    arms = Image.fromarray(pixels)
    copy.paste(arms, mask=arms)
    Path("copy å.jpg").write_bytes(saved(copy.resize((213, 256)), "JPEG"))
    Path("junk.png").write_bytes(png(60_000, 60_000))
    Path("list").write_text("copy å.jpg\r\n\nother.png\njunk.png\nmissing.png\ncopy å.jpg\n", encoding="utf-8")


@pytest.mark.parametrize("jobs", [["--jobs", "1"], ["--jobs", "2"], []])
def test_one_line_a_picture_in_the_order_they_came(jobs: list[str], capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["logos", "--reference", "almby.svg", *jobs, "list"]) == 3
    out, err = capfdbinary.readouterr()
    rows = [json.loads(line) for line in out.splitlines()]
    assert [row["image"] for row in rows] == ["copy å.jpg", "other.png", "copy å.jpg"]
    assert all(list(row) == ["image", "reference", "score", "how"] for row in rows)
    assert rows[0] == rows[2]
    assert rows[0]["reference"] == "almby.svg"
    assert rows[0]["score"] > 0.8 > 0.5 > rows[1]["score"]
    told = err.decode().splitlines()
    assert [line[:24] for line in told] == ["line 4: junk.png: more t", "line 5: missing.png: No "]


def test_strict_stops_at_the_first_broken_line(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["logos", "--reference", "almby.svg", "--strict", "list"]) == 2
    out, err = capfd.readouterr()
    assert len(out.splitlines()) == 2
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "svg", "null"])
def test_a_picture_in_place_of_a_list_gets_one_line(form: str, capfd: pytest.CaptureFixture[str]) -> None:
    if form in ("svg", "null"):
        Path("my logo").write_bytes(b"copy.jpg\0other.png\0" if form == "null" else shield_svg().encode())
    else:
        Path("my logo").write_bytes(saved(corner((200, 200)), form))
    assert run(["logos", "--reference", "almby.svg", "-o", "found", "my logo"]) == 2
    said = "listen: my logo: not a list of paths, one a line: write `echo 'my logo' | listen logos …`\n"
    assert capfd.readouterr() == ("", said)
    assert not Path("found").exists()


def test_nothing_in_nothing_out(capfd: pytest.CaptureFixture[str]) -> None:
    Path("empty").touch()
    assert run(["logos", "--reference", "almby.svg", "empty"]) == 0
    assert run(["logos", "--reference", "almby.svg", "--format", "json", "empty"]) == 0
    assert capfd.readouterr().out == "[]\n"


def test_other_forms(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["logos", "--reference", "almby.svg", "--format", "json", "-o", "out.json", "list"]) == 3
    assert [row["image"] for row in json.loads(Path("out.json").read_text("utf-8"))][1] == "other.png"
    capfd.readouterr()
    run(["logos", "--reference", "almby.svg", "--format", "csv", "list"])
    assert next(csv.DictReader(io.StringIO(capfd.readouterr().out)))["reference"] == "almby.svg"
    run(["logos", "--reference", "almby.svg", "--format", "table", "list"])
    assert "almby.svg" in capfd.readouterr().out


def test_a_reference_that_cannot_be_read_stops_it_before_any_work(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["logos", "--reference", "almby.svg", "--reference", "junk.png", "list"]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith("listen: junk.png: more than ")


def test_without_the_extra_a_line_says_how_to_get_it(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "cv2", None)
    assert run(["logos", "--reference", "almby.svg", "list"]) == 2
    assert "pip install 'listener[logos]'" in capfd.readouterr().err


def test_what_moves_the_cursor_is_written_out(capfd: pytest.CaptureFixture[str]) -> None:
    Path("list").write_bytes(b"\x1b[2Jno\xff.png\n")
    assert run(["logos", "--reference", "almby.svg", "list"]) == 3
    assert "\x1b" not in capfd.readouterr().err
