"""Cells that spreadsheets would run, and how they come back as they were."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.spreadsheet import neutralise, restore, write_csv

DANGEROUS = ['=HYPERLINK("http://x.example")', "@almby", "-1+1", "+46 19 00", "\tx", "\r=1", "\n=1", "＝1+1", "'=1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_formula_is_written_as_text_and_read_back(text: str) -> None:
    assert neutralise(text) == "'" + text
    assert restore(neutralise(text)) == text


@pytest.mark.parametrize("text", ["", "Örebro", "a=b", "'n Almby", "2026-11-22", " =1"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert neutralise(text) == restore(text) == text


@given(st.text(alphabet="'=+-@\t\ra ", max_size=8))
def test_restore_undoes_neutralise(text: str) -> None:
    assert restore(neutralise(text)) == text


def test_for_excel() -> None:
    written = write_csv(
        [{"name": "=1", "note": 'Vård; "omsorg"\nx', "n": None}], ["name", "note", "n", "-x"], excel=True
    )
    assert written.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows == [["name", "note", "n", "'-x"], ["'=1", 'Vård; "omsorg"\nx', "", ""]]
    assert written.endswith(b"\r\n")


def test_for_programs() -> None:
    assert write_csv([{"a": "=1", "b": "x,y"}, {}], ["a", "b"], excel=False) == b'a,b\r\n=1,"x,y"\r\n,\r\n'


def test_lone_surrogates_do_not_stop_an_export() -> None:
    assert write_csv([{"a": "x\ud800"}], ["a"], excel=False) == b"a\r\nx?\r\n"
