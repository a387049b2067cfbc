"""Posts in, matches out: what breaks a line, blocks of any size, order, several processes."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from listener.errors import ConfigError
from listener.query.saved import load_queries, read_queries
from listener.screen import posts
from listener.screen.candidates import LONGEST_LINE, Broken
from listener.screen.matching import Matching, answers, as_csv, as_ndjson
from listener.screen.posts import Block, blocks, read_post

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
TABLES = {
    "kommun": {"query": '"Almby kommun" OR "Almby kommuns" -hockey', "purpose": "omvärldsbevakning"},
    "bad": {"query": "badhus*", "sources": ["Bluesky", "web"], "lang": "sv-SE"},
}


def matching(**options: bool) -> Matching:
    return Matching(read_queries(Path("q.toml"), TABLES, NOW), as_ndjson, **options)


def found(given: bytes, **options: bool) -> list[dict[str, object]]:
    written = b"".join(answer.written for answer in answers(blocks(io.BytesIO(given)), matching(**options)))
    return [msgspec.json.decode(line) for line in written.splitlines()]


def broken(given: bytes) -> dict[int, str]:
    return dict(pair for answer in answers(blocks(io.BytesIO(given)), matching()) for pair in answer.broken)


def line(text: object = "I Almby kommun", **fields: object) -> bytes:
    return msgspec.json.encode({"id": "1", "text": text, **fields}) + b"\n"


def test_one_line_a_post_and_query_that_match() -> None:
    given = line("Badhuset i\nALMBY  kommun", ref={"a": [1]}, source="web", lang="sv") + line("nej") + line(ref=2)
    assert found(given) == [
        {"ref": {"a": [1]}, "id": "1", "query": "kommun", "spans": [[11, 24]]},
        {"ref": {"a": [1]}, "id": "1", "query": "bad", "spans": [[0, 8]]},
        {"ref": 2, "id": "1", "query": "kommun", "spans": [[2, 14]]},
    ]


@pytest.mark.parametrize(
    ("fields", "matches"),
    [({"source": "web", "lang": "sv"}, True), ({"platform": " Bluesky ", "lang": "SV-fi"}, True),
     ({"source": "mastodon", "lang": "sv"}, False), ({"source": "web", "lang": "en"}, False),
     ({"source": "web"}, False)],
)  # fmt: skip
def test_a_query_is_held_to_its_sources_and_language(fields: dict[str, str], matches: bool) -> None:
    assert bool(found(line("badhuset", **fields))) == matches


@pytest.mark.parametrize(
    "given",
    [b"nonsense", b"[]", b'"a"', b"\xff\xfe", b'{"id": "1"}', b'{"id": "1", "text": null}', b'{"id": "1", "text": 7}',
     b'{"text": "almby"}', b'{"id": "1", "text": "a"} {"id": "2", "text": "b"}', b'{"id": "1",', b"[" * 5000,
     b'{"id": "1", "text": "a", "author": "\xff"}', b'{"id": "1", "text": "a", "x": ' + b"[" * 9000 + b"}",
     b'{"id": "' + b"1" * LONGEST_LINE + b'", "text": "a"}'],
    ids=lambda given: given[:20],
)  # fmt: skip
def test_a_broken_line_is_named_and_costs_no_other(given: bytes) -> None:
    whole = line() + given + b"\n" + line()
    assert list(broken(whole)) == [2]
    assert len(found(whole)) == 2


def test_a_value_laid_over_two_lines_is_two_broken_lines() -> None:
    whole = b'{"id": "1",\n"text": "Almby kommun"}\n' + line() * 2
    assert list(broken(whole)) == [1, 2]
    assert len(found(whole)) == 2


def test_odd_values_of_what_may_be_missing_are_unknown() -> None:
    odd = line(author=[], url={}, links=7, lang=3, published_at="2106-13-45", reply_to=False, source=["web"], title=[1])
    assert len(found(odd)) == 1
    post = read_post(line(published_at="2106-02-07T06:28:16Z", links=["https://a.example", 4])).post
    assert (post.published_at, post.links) == (datetime(2106, 2, 7, 6, 28, 16, tzinfo=UTC), ("https://a.example",))
    assert read_post(line(published_at="1970-01-01T00:00:00Z")).post.published_at == datetime(1970, 1, 1, tzinfo=UTC)


def test_an_id_may_be_a_number_or_missing_beside_an_address() -> None:
    given = b'{"id": 17, "text": "almby kommun"}\n{"url": "https://a.example", "text": "almby kommun"}\n'
    assert [match["id"] for match in found(given)] == ["17", None]


def test_what_is_written_to_hurt_is_read() -> None:
    given = [
        b'{"id": "1", "text": "Almby\\u0000kommun"}',
        b'{"id": "2", "text": "\\ud800 A\\u0301lmby kommun almby kommun \\udfff"}',
        b"\xef\xbb\xbf" + line("\u202eAlmby kommun"),
        line("x" * 1_000_000 + " Almby kommun"),
        line("a" + "\u0301\u0316" * 100_000 + " Almby kommun"),
    ]
    told = found(b"\r\n".join(given))
    assert [match["id"] for match in told] == ["1", "2", "1", "1", "1"]
    assert told[3]["spans"] == [[1_000_001, 1_000_013]]
    with pytest.raises(Broken):
        read_post(b'{"id": "1", "text": "a", "ref": ' + b"1" * 5_000 + b"}")


def test_escapes_and_letters_taken_apart_count_in_composed_code_points() -> None:
    given = b'{"id":"1","text":"\\u00c5 a\\u030a \\ud83d\\ude00 \\u0041LMBY kommun"}\n'
    assert found(given)[0]["spans"] == [[6, 18]]


@pytest.mark.parametrize(
    ("text", "spans"),
    [("I Al\u00admby kom\u200bmun", [[2, 16]]), ("\ufeffAlmby kommun\u00ad", [[1, 13]]),
     ("Almby kommun\u00adhuset", [[0, 12]]), ("👨\u200d👩 Almby kommun", [[4, 16]]),
     ("Alm\u2060by ko\u0308mmun Almby ko\u00admmun", [[14, 27]]),
     ("A\u00ada\u0308 almby kommun", [[4, 16]])],
)  # fmt: skip
def test_soft_hyphens_hide_nothing_and_places_are_those_of_the_text_as_sent(text: str, spans: object) -> None:
    assert [match["spans"] for match in found(line(text))] == [spans]


@pytest.mark.parametrize("size", [1, 7, 64, 1 << 20])
def test_blocks_are_the_same_lines_however_they_come(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posts, "BLOCK", size)
    for given in (b"", b"\n", b"a", b"a\n", b"\n\na\n\nbc", b"abcdefghij\r\nk\n"):
        got = list(blocks(io.BytesIO(given)))
        assert [(block.first + at, text) for block in got for at, text in enumerate(block.lines)] == list(
            enumerate(given.removesuffix(b"\n").split(b"\n") if given else [], 1)
        )


def test_a_line_without_an_end_is_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posts, "LONGEST_LINE", 100)
    monkeypatch.setattr(posts, "BLOCK", 16)
    lines = [text for block in blocks(io.BytesIO(b"x" * 10_000 + b"\ny\n")) for text in block.lines]
    assert 100 <= len(lines[0]) < 200
    assert lines[1:] == [b"y"]


def test_several_processes_give_the_same_in_the_same_order() -> None:
    given = [Block(1 + 50 * part, [line(ref=part), b"nonsense", line("nej")] * 4) for part in range(9)]
    alone = list(answers(given, matching()))
    assert list(answers(given, matching(), jobs=2)) == alone
    assert sum(len(answer.broken) for answer in alone) == 36


def test_strict_stops_at_the_first_broken_line() -> None:
    answer = matching(strict=True).answer(Block(1, [line(), b"", b"nonsense", b"more", line()]))
    assert [number for number, _why in answer.broken] == [3]
    assert answer.written.count(b"\n") == 1


def test_csv_is_safe_in_a_spreadsheet() -> None:
    written = Matching(read_queries(Path("q.toml"), TABLES, NOW), as_csv).answer(Block(1, [line(ref="=1+1")])).written
    assert written == b"'=1+1,1,kommun,2-14\r\n"


@pytest.mark.parametrize(
    ("toml", "says"),
    [("", "[queries.NAME]"), ("queries = 1", "[queries.NAME]"), ("[queries.a]\nquery = 1", "[queries.a] query"),
     ('[queries.a]\nquery = "b"\n[queries.c]\nquery = "d AND"', "[queries.c] query, column 6"),
     ('[queries.a]\nquery = "b"\nsource = ["web"]', "sources"), ('[queries.a]\nquery = "b"\nsources = "web"', "list"),
     ("[queries.a", "not TOML")],
)  # fmt: skip
def test_a_wrong_file_of_queries_is_refused_by_name(toml: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "queries.toml"
    path.write_text(toml, encoding="utf-8")
    with pytest.raises(ConfigError) as wrong:
        load_queries(path, NOW)
    assert says in str(wrong.value)
    assert str(path) in str(wrong.value)
