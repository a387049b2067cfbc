"""Mentions in every form, whatever strangers wrote in them."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import pytest

from listener.cli.mention_output import show_counts, show_mentions
from listener.mentions import Count
from listener.posts import Mention, Post, Reach
from listener.store.mention_search import Found
from listener.terminal import columns

Show = Callable[..., str]
EVIL = '=HYPERLINK("http://x.example")|`<b>\n[länk](x)\x1b[31m\u202e slut'


def mention(text: str = "nytt badhus", writer: str = "writer-abcd2345", copies: int = 0, **fields: object) -> Found:
    known = {
        "platform": "bluesky",
        "id": "1",
        "text": text,
        "url": "https://almby.example/1",
        "author": "anna.example",
        "published_at": datetime(2026, 7, 1, 22, 30, tzinfo=UTC),
        "source": "bluesky",
        "links": ("https://almby.example/a", "https://almby.example/b"),
    }
    post = Post(**known | fields)  # type: ignore[arg-type]
    return Found(
        mention=Mention(post=post, query="badhus", spans=((5, 11),)),
        at=post.published_at or datetime(2026, 7, 2, tzinfo=UTC),
        writer=writer,
        id=7,
        cluster=3,
        copies=copies,
    )


@pytest.fixture
def printed(capsysbinary: pytest.CaptureFixture[bytes]) -> Show:
    def show(form: str, *mentions: Found) -> str:
        show_mentions(mentions, form)
        return capsysbinary.readouterr().out.decode("utf-8")

    return show


def test_json_is_one_array(printed: Show) -> None:
    rows = json.loads(printed("json", mention(), mention(EVIL, id="2", published_at=None)))
    assert rows[0]["published_at"] == "2026-07-01T22:30:00Z"
    assert rows[0]["spans"] == [[5, 11]]
    assert (rows[0]["author"], rows[0]["cluster"], rows[0]["reach"]) == ("writer-abcd2345", 3, None)
    assert "anna" not in json.dumps(rows)
    assert rows[1]["text"] == EVIL
    assert rows[1]["published_at"] is None
    assert json.loads(printed("json")) == []


def test_ndjson_is_a_line_a_post(printed: Show) -> None:
    lines = printed("ndjson", mention(), mention(EVIL)).splitlines()
    assert [json.loads(line)["text"] for line in lines] == ["nytt badhus", EVIL]
    assert printed("ndjson") == ""


def test_csv_survives_a_spreadsheet(printed: Show) -> None:
    text = printed("csv", mention(), mention(EVIL, writer="@anna", reach=Reach(likes=3, replies=1)))
    assert "\r\n" in text
    first, second = csv.DictReader(io.StringIO(text, newline=""))
    assert (first["spans"], first["links"]) == ("5-11", "https://almby.example/a https://almby.example/b")
    assert second["text"] == "'" + EVIL
    assert second["author"] == "'@anna"
    assert (second["direction"], second["cluster"], second["reach"]) == ("in", "3", "likes=3 replies=1")
    assert printed("csv").startswith("published_at,source,")


def test_csv_does_not_steer_a_terminal(printed: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    text = printed("csv", mention(EVIL, reply_to="\x1b]0;x\x07"))
    assert not set(text) & set("\x1b\x07\u202e")
    assert "[länk](x)<U+001B>[31m<U+202E> slut" in text


def test_the_table_is_swedish_time_and_harmless(printed: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "90")
    lines = printed("table", mention(), mention(EVIL * 20, writer="ö" * 200), mention("日本" * 100)).splitlines()
    assert lines[1].startswith("2026-07-02 00:30")
    assert len(lines) == 1 + 2 * 3
    assert all(columns(line) <= 90 for line in lines)
    assert not [sign for sign in "\x1b\u202e" if sign in "".join(lines)]
    assert printed("table") == ""


def test_the_table_shows_the_place_that_matched(printed: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    late = mention("x " * 500 + "badhus")
    spans = msgspec.structs.replace(late.mention, spans=((1000, 1006),))
    assert "badhus" in printed("table", msgspec.structs.replace(late, mention=spans))


def test_copies_that_were_folded_are_counted_in_words(printed: Show) -> None:
    assert "https://almby.example/1 and 14 more like it" in printed("table", mention(copies=14))
    assert printed("md", mention(copies=1)).splitlines()[2].endswith(" and 1 more like it |")
    assert json.loads(printed("ndjson", mention(copies=14)))["copies"] == 14


def test_markdown_stays_one_row_a_post(printed: Show) -> None:
    lines = printed("md", mention(), mention(EVIL, url="https://almby.example/|<x>")).splitlines()
    assert len(lines) == 4
    assert lines[2] == "| 2026-07-02 00:30 | bluesky | writer-abcd2345 | nytt badhus <https://almby.example/1> |"
    assert "\\|\\`\\<b\\>" in lines[3]
    assert "\\[länk\\](x)" in lines[3]


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("table", "sv  12\n–    3\n"),
        ("md", "| lang | Mentions |\n|---|---|\n| sv | 12 |\n| – | 3 |\n"),
        ("ndjson", '{"lang":"sv","mentions":12}\n{"lang":null,"mentions":3}\n'),
        ("csv", "lang,mentions\r\nsv,12\r\n,3\r\n"),
    ],
)
def test_counts(form: str, text: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    show_counts([Count(value="sv", mentions=12), Count(value="", mentions=3)], "lang", form)
    shown = capsysbinary.readouterr().out.decode("utf-8")
    assert [line.split() for line in shown.splitlines()] == [line.split() for line in text.splitlines()]
