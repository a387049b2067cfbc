"""Swedish text as it is really written: what a query finds in it, live and through the index, case by case."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from listener.mentions import cleaned
from listener.posts import Post
from listener.query import parse
from listener.store.index_query import Asking
from listener.store.mention_rows import facets
from listener.text.words import TOKENISER, nfc

with (Path(__file__).parent / "tables" / "query_traps.csv").open(encoding="utf-8", newline="") as table:
    TRAPS = list(csv.DictReader(table))


def post(row: dict[str, str]) -> Post:
    return cleaned(Post(platform="web", id=row["case"], text=row["text"]), "feeds")


@pytest.mark.parametrize("row", TRAPS, ids=lambda row: row["case"])
def test_finds_just_this(row: dict[str, str]) -> None:
    text = post(row).text
    spans = parse(row["query"]).matches(post(row))
    found = "" if spans is None else " ".join(text[start:end].replace("\n", "/") for start, end in spans)
    assert found == nfc(row["found"])


@pytest.fixture
def index() -> Iterator[sqlite3.Connection]:
    """All the texts, indexed as the store does it."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute(f'CREATE VIRTUAL TABLE texts USING fts5(text, facets, title, tokenize="{TOKENISER}")')
        posts = [post(row) for row in TRAPS]
        rows = [(number, one.text, facets(one, one.lang), one.title) for number, one in enumerate(posts)]
        db.executemany("INSERT INTO texts (rowid, text, facets, title) VALUES (?, ?, ?, ?)", rows)
        yield db


def test_the_index_finds_the_same(index: sqlite3.Connection) -> None:
    for number, row in enumerate(TRAPS):
        query = parse(row["query"])
        asked = Asking().needed(query.tree)
        if asked is None:
            continue
        found = {one for (one,) in index.execute("SELECT rowid FROM texts WHERE texts MATCH ?", (asked,))}
        assert number in found or not row["found"], row["case"]


def test_there_are_enough_and_none_twice() -> None:
    assert len({(row["query"], row["text"]) for row in TRAPS}) == len(TRAPS) >= 300
    assert len({row["case"] for row in TRAPS}) == len(TRAPS)
    assert 100 < sum(bool(row["found"]) for row in TRAPS) < len(TRAPS) - 100
