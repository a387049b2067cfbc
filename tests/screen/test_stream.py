"""Candidates in, findings out: forms of input, broken lines, order, several processes, memory."""

from __future__ import annotations

import csv
import io
import re
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from screened import organisation, registry

from listener.models import Account
from listener.screen.answers import COLUMNS, as_csv, as_fields, as_ndjson
from listener.screen.candidates import Broken, read_candidate, read_csv
from listener.screen.stream import BATCH, Filter, answers

FORMATS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "formats.md"


def lines(count: int) -> Iterator[tuple[int, bytes]]:
    for number in range(1, count + 1):
        handle = "almbyk0mmun" if number % 10 == 0 else f"bun{number}"
        yield number, b'{"ref": %d, "platform": "x", "handle": "%s"}' % (number, handle.encode())


def screening(**options: bool) -> Filter:
    return Filter(organisation(), registry(), as_ndjson, **options)


def test_every_field_may_be_odd_and_only_the_required_ones_break() -> None:
    row = b'{"platform": "X", "handle": 7, "links": "a b", "followers": "12", "created_at": "no", "verified": true}'
    account, ref = read_candidate(row)
    assert (account.platform, account.handle, account.links, account.followers) == ("x", "7", ("a", "b"), 12)
    assert (account.created_at, account.verified, ref) == (None, "true", None)
    old = read_candidate(b'{"platform": "x", "url": "u", "created_at": "Wed Feb 04 01:49:08 +0000 2009"}').account
    assert old.created_at is not None
    assert old.created_at.year == 2009


@pytest.mark.parametrize(
    "row",
    [b"", b"[]", b"nonsense", b"\xff\xfe", b'{"handle": "a"}', b'{"platform": "x"}', b'{"platform": "", "handle": "a"}',
     b'{"platform": "x", "display_name": "Almby"}', b'"a"', b"[" * 5000],
)  # fmt: skip
def test_a_broken_line_says_why(row: bytes) -> None:
    with pytest.raises(Broken, match=r"\w"):
        read_candidate(row)


def test_lone_surrogates_are_read_and_written() -> None:
    account, ref = read_candidate(b'{"ref": "\\ud800", "platform": "x", "handle": "\\udfffalmbykommun"}')
    written = as_ndjson(screening()._screener.judge(account), ref)
    assert msgspec.json.decode(written)["handle"] == "?almbykommun"


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("=almbykommun()", "'=almbykommun()"),
        ("+almbykommun", "'+almbykommun"),
        ("-almbykommun", "'-almbykommun"),
        ("@almbykommun", "'@almbykommun"),
        ("\uff1dalmbykommun", "'\uff1dalmbykommun"),
        ("\tal\rmby\n\x1b[2J\0\u202ekommun", "\ufffdal\ufffdmby\ufffd\ufffd[2J\ufffd\ufffdkommun"),
    ],
)
def test_a_spreadsheet_gets_no_formula_and_no_control_character(given: str, written: str) -> None:
    line = msgspec.json.encode({"ref": given, "platform": "x", "handle": given, "platform_id": given, "url": given})
    (answer,) = answers(iter([(1, line)]), Filter(organisation(), registry(), as_csv))
    assert answer.written.count(b"\n") == 1
    (cells,) = csv.reader(io.StringIO(answer.written.decode(), newline=""))
    row = dict(zip(COLUMNS, cells, strict=True))
    assert {row[column] for column in ("ref", "platform_id", "handle", "url")} == {written}
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_csv_has_the_same_names() -> None:
    rows = list(read_csv(["platform,handle,links,ref\r\n", '"x",almby,"a b",7\r\n', "\r\n", "x\r\n"]))
    assert rows[0] == (2, {"platform": "x", "handle": "almby", "links": "a b", "ref": "7"})
    with pytest.raises(Broken):
        read_candidate(rows[-1][1])


def told(heading: str) -> list[str]:
    """The fields of a table on the page of formats."""
    table = FORMATS.read_text("utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    return [name for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)]


def test_the_page_of_formats_names_every_field() -> None:
    assert sorted(told("A candidate")) == sorted({*Account.__struct_fields__, "ref"} - {"labels"})
    finding = screening()._screener.judge(Account(platform="x", handle="almbykommun"))
    assert told("A finding") == list(as_fields(finding, None))


def test_order_is_kept_and_jobs_change_nothing() -> None:
    alone = b"".join(answer.written for answer in answers(lines(9000), screening()))
    shared = b"".join(answer.written for answer in answers(lines(9000), screening(), jobs=2))
    assert alone == shared
    assert [msgspec.json.decode(line)["ref"] for line in alone.splitlines()] == list(range(1, 9001))


def test_only_flagged() -> None:
    found = b"".join(answer.written for answer in answers(lines(100), screening(only_flagged=True))).splitlines()
    assert len(found) == 10


def test_memory_does_not_grow_with_the_stream() -> None:
    work = screening()
    peaks = []
    for count in (2 * BATCH, 5 * BATCH):
        tracemalloc.start()
        for _answer in answers(lines(count), work):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5
