"""What the query language finds, by hand-written truth tables, and how it says what it cannot read."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from listener.errors import QueryError
from listener.posts import Post
from listener.query import parse
from listener.query.explain import checked_here, outline
from listener.query.sensitive import sensitive_trait
from listener.text.words import nfc

TABLES = Path(__file__).parent / "tables"
NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


def table(name: str) -> list[dict[str, str]]:
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def post(text: str = "badhus i Almby", **fields: object) -> Post:
    return Post(**{"platform": "bluesky", "id": "1", "text": text, **fields})


def at(time: str) -> Post:
    return post(published_at=datetime.fromisoformat(time))


@pytest.mark.parametrize("row", table("query_matches.csv"), ids=lambda row: row["case"])
def test_finds(row: dict[str, str]) -> None:
    spans = parse(row["query"]).spans(row["text"])
    text = nfc(row["text"])
    found = "" if spans is None else " ".join(text[start:end].replace("\n", "/") for start, end in spans)
    assert found == nfc(row["found"])


@pytest.mark.parametrize("row", table("query_errors.csv"), ids=lambda row: row["case"])
def test_says_where_it_cannot_be_read(row: dict[str, str]) -> None:
    with pytest.raises(QueryError) as trouble:
        parse(row["query"])
    first, shown, caret, hint = str(trouble.value).splitlines()
    assert row["says"] in first
    assert f"column {row['column']}:" in first
    assert shown[2:] == row["query"].strip()
    assert caret == "  " + " " * (int(row["column"]) - 1) + "^"
    assert len(hint) > 10
    assert trouble.value.exit_code == 2


def test_no_match_is_told_from_a_match_without_a_place() -> None:
    assert parse("badhus").spans("simhall") is None
    assert parse("badhus").spans("badhus") == ((0, 6),)


def test_spans_count_code_points_of_the_composed_text() -> None:
    assert parse("kommun").spans("A\u030alby 🏊 kommun") == ((7, 13),)


@pytest.mark.parametrize(
    ("query", "fits", "fits_not"),
    [
        ("badhus source:bluesky", post(), post(platform="mastodon")),
        ("badhus source:feeds", post(platform="web", source="feeds"), post()),
        ("badhus -source:feeds", post(), post(source="feeds")),
        ("badhus lang:sv", post(lang="sv-SE"), post(lang="en")),
        ("badhus lang:sv", post(lang="sv"), post(lang=None)),
        ("badhus author:@Anna.example", post(author="anna.example"), post(author="bo.example")),
        ("badhus site:almby.example", post(url="https://www.almby.example/1"), post(url="https://almby.example.evil.example/")),
        ("badhus site:almby.example", post(links=("https://almby.example/x",)), post(links=())),
        ("badhus site:https://almby.example/bad", post(url="https://almby.example/1"), post(url="https://b.example/")),
        ("badhus (lang:en OR source:feeds)", post(source="feeds"), post(lang="sv")),
        ("badhus is:reply", post(reply_to="at://1"), post()),
        ("badhus is:original", post(), post(reply_to="at://1")),
        ("badhus link:almby.example", post(links=("https://www.almby.example/x",)), post(url="https://almby.example/1")),
        ("badhus link:almby.example/bad", post(links=("https://almby.example/Bad/1",)), post()),
        ("badhus link:almby.example/b", post(links=("http://m.almby.example/b",)), post(links=("almby.example", "x"))),
        ("badhus link:almby.example", post(links=("https://l.facebook.com/l.php?u=https://almby.example/",)), post()),
        ("badhus -link:almby.example", post(), post(links=("https://almby.example/x",))),
        ("badhus srcname:almbybladet", post(url="https://www.almbybladet.example/1"), post(url="https://almby.example/")),
        ('badhus srcname:"Almby-Bladet"', post(platform="web", author="Almby Bladet"), post(author="Almby Bladet")),
        ("badhus srcname:almby*", post(url="https://nyheter.almbybladet.example/"), post()),
        ("badhus srcname:feeds", post(source="feeds"), post()),
        ("badhus headline:stängt", post(title="Stängt i dag"), post(title="Öppet")),
        ("badhus headline:stängt", post(title="Stängt"), post()),
        ('badhus headline:"i dag"', post(title="Stängt i dag"), post(title="I vår dag")),
        ("badhus headline:stäng*", post(title="Stängning"), post(title="Öppet")),
        ("badhus -headline:stängt", post(), post(title="Stängt")),
        ("badhus intros:stängt", post(title="Stängt"), post()),
        ("badhus since:7d", at("2026-11-20T00:00Z"), at("2026-11-01T00:00Z")),
        ("badhus until:2026-11-20", at("2026-11-20T22:59Z"), at("2026-11-20T23:00Z")),
        ("badhus since:2026-11-20", at("2026-11-19T23:00Z"), at("2026-11-19T22:59Z")),
        ("badhus since:2026-11-20T08:00+01:00", post(), at("2026-11-20T06:59Z")),
    ],
)  # fmt: skip
def test_fields_are_held_against_the_post(query: str, fits: Post, fits_not: Post) -> None:
    asked = parse(query, NOW)
    assert asked.matches(fits) == ((0, 6),)
    assert asked.matches(fits_not) is None


def test_a_headline_is_shown_where_the_text_begins_with_it() -> None:
    article = post("Badhuset stängt\nI dag är badhuset stängt.", title="Badhuset stängt")
    assert parse("headline:stängt").matches(article) == ((9, 15),)
    assert parse("headline:stängt").matches(post("Läs mer", title="Badhuset stängt")) == ()
    assert parse("headline:dag").matches(article) is None


def test_the_first_paragraph_ends_at_its_line_and_after_sixty_words() -> None:
    article = post("Rubrik\n\nIngressen är kort.\nResten är lång.", title="Rubrik")
    assert parse("intros:ingressen").matches(article) == ((8, 17),)
    assert parse("intros:rubrik").matches(article) == ((0, 6),)
    assert parse("intros:resten").matches(article) is None
    long = post("ord " * 59 + "sista första")
    assert parse("intros:sista").matches(long) is not None
    assert parse("intros:första").matches(long) is None


def test_a_text_alone_has_no_headline_to_hold_words_to() -> None:
    assert parse("headline:badhus almby").spans("badhus i Almby") == ((0, 6), (9, 14))
    assert parse("almby -headline:badhus").spans("badhus i Almby") == ((9, 14),)


def test_tells_the_patterns_that_an_index_may_look_up() -> None:
    asked = parse('kommun* "hall* *skolan" !*Bad -*bort headline:k*un')
    assert asked.wild == ("kommun*", "hall*", "*skolan", "*bad", "k*un")
    assert parse("almby NEAR/3 badhus").wild == ()


def test_options_hold_like_fields() -> None:
    asked = parse("badhus").within(since=datetime(2026, 11, 20, tzinfo=UTC), lang="sv")
    assert asked.matches(post(lang="sv", published_at=datetime(2026, 11, 21, tzinfo=UTC)))
    assert asked.matches(post(lang="sv", published_at=datetime(2026, 11, 19, tzinfo=UTC))) is None
    assert asked.name == "badhus"


@pytest.mark.parametrize(
    ("query", "sent"),
    [
        ("badhus", ["badhus"]),
        ('"Almby kommun" badhus -simskola', ['"Almby kommun" badhus']),
        ("badhus OR simhall", ["badhus", "simhall"]),
        ("almby (badhus OR simhall)", ["almby badhus", "almby simhall"]),
        ("almby simsk*", ["almby"]),
        ("simsk*", ["simsk"]),
        ("badhus (lang:en OR source:feeds)", ["badhus"]),
        ("#badhus", ["badhus"]),
        ("almby -(badhus OR simhall)", ["almby"]),
        ("!Vara kommun since:7d", ["Vara kommun"]),
        ("almby NEAR/3 (badhus OR simhall)", ["almby badhus", "almby simhall"]),
        ("almby *skola", ["almby"]),
        ("*hallstahammar*skolan", ["hallstahammar"]),
        ("headline:badhus almby", ["badhus almby"]),
        ('almby OR "almby kommun" OR (almby badhus)', ["almby"]),
        ('"almby kommun" kommun', ['"almby kommun"']),
        ("almby OR almby almby", ["almby"]),
    ],
)
def test_platforms_are_asked_for_no_less_than_the_query(query: str, sent: list[str]) -> None:
    asked = parse(query)
    assert [alternative.to_platform("bluesky") for alternative in asked.alternatives()] == sent


def test_a_platform_without_phrases_gets_words() -> None:
    assert parse('"Almby kommun"').to_platform("elsewhere") == "Almby kommun"


def test_too_many_ways_are_looked_at_here_instead() -> None:
    words = " OR ".join(f"ord{n}" for n in range(10))
    assert len(parse(f"({words}) (kol OR ek)").alternatives()) == 2
    assert len(parse(words).alternatives()) == 10


def test_one_string_cannot_say_or() -> None:
    with pytest.raises(ValueError, match="alternatives"):
        parse("badhus OR simhall").to_platform("bluesky")


def test_says_what_is_narrower_than_meant_and_what_is_checked_here() -> None:
    assert parse("simsk*").narrowed
    assert not parse("almby simsk*").narrowed
    assert checked_here(parse('almby simsk* -badhus lang:sv "a b"').tree) == ("simsk*", "NOT badhus", "lang:sv")
    assert list(outline(parse("almby (badhus OR !Sim*) -(a b)").tree)) == [
        "AND", "  almby", "  OR", "    badhus", "    !Sim*", "  NOT", "    AND", "      a", "      b",
    ]  # fmt: skip


def test_phrases_are_what_is_looked_for() -> None:
    assert parse('"Almby kommun" (badhus OR sim*) -simskola').phrases == ("Almby kommun", "badhus", "sim")


def test_of_a_long_query_only_what_is_searched_for_is_a_phrase() -> None:
    words = " OR ".join(f"ord{number}" for number in range(40))
    assert parse(f"almby ({words})").phrases == ("almby",)
    assert len(parse(f"almby OR {words}").phrases) == 41


def test_hostile_queries_are_read_or_refused_at_once() -> None:
    for query in (
        "(" * 3000,
        "-" * 3000 + "a",
        "a " * 1999,
        "\x00almby\x00",
        "\ud800 almby",
        "\u202ealmby",
        "a" * 3999,
        "(" * 10_000 + "a" + ")" * 10_000,
        "*a" * 9_000,
        "almby NEAR/3 " * 500 + "almby",
        '"' + "almby " * 3_000 + '"~9',
        '"almby',
        "🏊🏊",
        "\u202eبلدية\u202c almby",
    ):
        try:
            parse(query).spans("almby" * 2000)
        except QueryError as refused:
            assert "^" in str(refused)  # noqa: PT017  either answer will do
    with pytest.raises(QueryError, match="longer than"):
        parse("a" * 100_000)
    assert parse(" OR ".join(f'"almby ord{number}"' for number in range(900))).spans("almby " * 2000) is None


def test_the_caret_stands_right_under_wide_and_composed_letters() -> None:
    with pytest.raises(QueryError) as trouble:
        parse("日本 x\u0323 OR")
    _first, shown, caret, _hint = str(trouble.value).splitlines()
    assert caret.index("^") == len("  ") + 4 + 1 + 1 + 1 + 2
    assert shown.endswith("OR")


@pytest.mark.parametrize(
    ("query", "trait"),
    [
        ("almby muslimer", "religion or belief"),
        ("almby muslim*", "religion or belief"),
        ("almby -musl*", "religion or belief"),
        ("almby *muslim*", "religion or belief"),
        ("almby NEAR/3 (muslimer OR bio)", "religion or belief"),
        ("almby headline:muslimer", "religion or belief"),
        ("almby *skola", None),
        ('"är sjuk" almby', "health"),
        ("almby fackförbundet", "union membership"),
        ("almby HBTQ", "sex life or orientation"),
        ("almby samer", "ethnic origin"),
        ("almby sverigedemokraterna", "political opinion"),
        ("almby badhus", None),
        ("almby judo", None),
        ("almby sdf", None),
        ('"Almby kommun" sjukhus', None),
    ],
)
def test_knows_questions_about_sensitive_traits(query: str, trait: str | None) -> None:
    assert sensitive_trait(parse(query).tree) == trait
