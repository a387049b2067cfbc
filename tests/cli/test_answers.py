"""What the filters write: one list of JSON from several batches, a header for CSV alone, broken lines told."""

from __future__ import annotations

import io
import json

import pytest

from listener.cli.answers import write_answers

BATCHES = [(b"", ()), (b"1\n2\n", ((3, "not a JSON object"),)), (b"4\n", ())]


@pytest.mark.parametrize(
    ("form", "written"), [("ndjson", b"1\n2\n4\n"), ("csv", b"head\r\n1\n2\n4\n"), ("json", b"[1,\n2\n,4\n]\n")]
)
def test_each_form_is_written_whole(form: str, written: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    target = io.BytesIO()
    assert write_answers(target, BATCHES, form, b"head\r\n", False) == 3
    assert target.getvalue() == written
    assert capsys.readouterr().err == "line 3: not a JSON object; skipped\n"


def test_strict_stops_at_the_first_broken_line() -> None:
    target = io.BytesIO()
    assert write_answers(target, BATCHES, "ndjson", b"", True) == 2
    assert target.getvalue() == b"1\n2\n"


def test_nothing_is_an_empty_list(capsys: pytest.CaptureFixture[str]) -> None:
    target = io.BytesIO()
    assert write_answers(target, [], "json", b"head\r\n", False) == 0
    assert json.loads(target.getvalue()) == []
    assert capsys.readouterr().err == ""
