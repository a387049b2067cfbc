"""What is found out about a mention: who speaks, in which language, about which unit, under which tags."""

from __future__ import annotations

from pathlib import Path

import pytest

from listener.config import Config, load_config
from listener.enrich import Enricher, hashtags
from listener.errors import ConfigError
from listener.posts import Mention, Post
from listener.text.languages import language_of

REGISTRY = """platform,url,unit,status,owner_email
bluesky,https://bsky.app/profile/almby.example,Almby kommun,approved,kim@almby.example
bluesky,https://bsky.app/profile/almbyfans.example,Almby kommun,known_third_party,kim@almby.example
"""
SETTINGS = """
[organisation]
name = "Almby kommun"
domains = ["almby.example"]
units = [{ name = "Badhuset", aliases = ["simhallen"] }, { name = "Biblioteket i Norra Almby" }]
[listening.topics]
vatten = ["läcka", "vattenl*"]
[queries.bad]
query = "almby badhus"
tags = ["bad"]
unit = "Fritid"
alarms = 0.5
"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "registry.csv").write_text(REGISTRY, encoding="utf-8")
    (tmp_path / "listener.toml").write_text(SETTINGS, encoding="utf-8")
    return load_config(tmp_path / "listener.toml", {})


@pytest.fixture
def enrich(config: Config) -> Enricher:
    return Enricher(config)


def mention(text: str = "Hej", query: str = "almby", **known: object) -> Mention:
    post = Post(**{"platform": "bluesky", "id": "1", "text": text, "lang": "sv"} | known)  # type: ignore[arg-type]
    return Mention(post=post, query=query)


@pytest.mark.parametrize(
    ("known", "direction"),
    [
        ({"author": "Almby.example"}, "out"),
        ({"author": "almbyfans.example"}, "in"),
        ({"author": "kim.example"}, "in"),
        ({"author": "almby.example", "platform": "mastodon"}, "in"),
        ({"platform": "web", "url": "https://www.almby.example/nytt"}, "out"),
        ({"platform": "web", "url": "https://notalmby.example/nytt"}, "in"),
        ({"platform": "mastodon", "author": "troll@m.example", "url": "https://www.almby.example/nytt"}, "in"),
        ({"platform": "flashback", "url": "https://www.almby.example/nytt"}, "in"),
        ({}, "in"),
    ],
)
def test_what_our_own_accounts_and_sites_say_goes_out(
    enrich: Enricher, known: dict[str, object], direction: str
) -> None:
    assert enrich(mention(**known)).direction == direction  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Simhallens kö är lång", "Badhuset"),
        ("badhuset och biblioteket i norra Almby", "Biblioteket i Norra Almby"),
        ("simhallar", None),
        ("", None),
    ],
)
def test_the_unit_that_is_named(enrich: Enricher, text: str, unit: str | None) -> None:
    assert enrich(mention(text)).unit == unit


def test_a_query_lends_its_unit_and_its_tags(enrich: Enricher) -> None:
    notes = enrich(mention("En vattenläcka #Almby #almby", query="almby badhus"))
    assert (notes.unit, notes.tags) == ("Fritid", ("bad", "vatten", "almby"))
    assert enrich(mention("läckan")).tags == ()


def test_hashtags_are_few_and_no_part_of_an_address() -> None:
    assert hashtags("#Ett #två, https://a.example/#tre a#fyra #x") == ["ett", "två"]
    assert len(hashtags(" ".join(f"#tagg{number}" for number in range(99)))) == 10


def test_no_stranger_closes_a_post_to_readers_by_a_hashtag() -> None:
    assert hashtags("#Sekretess om #badhus") == ["badhus"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Varför är simhallen i Almby stängd igen?", "sv"),
        ("The swimming hall in Almby is open again today", "en"),
        ("لماذا المسبح في البلدية مغلق مرة أخرى اليوم", "ar"),
        ("Hvorfor er svømmehallen stengt igjen? Ingen har sagt noe til oss", "no"),
        ("Tack!", None),
        ("Almby badhus 🎉", None),
        ("https://a.example/varfor-ar-simhallen-stangd", None),
        ("", None),
        ("\ud800\0" * 99, None),
    ],
)
def test_the_language_or_none_rather_than_a_guess(text: str, language: str | None) -> None:
    assert language_of(text) == language


def test_a_language_that_is_told_is_not_looked_for(enrich: Enricher) -> None:
    assert enrich(mention("The swimming hall in Almby is open again today")).lang is None
    assert enrich(mention("The swimming hall in Almby is open again today", lang=None)).lang == "en"


@pytest.mark.parametrize("topics", ['vatten = "läcka"', "vatten = [1]"])
def test_topics_are_lists_of_words(tmp_path: Path, topics: str) -> None:
    (tmp_path / "listener.toml").write_text(f"[listening.topics]\n{topics}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"\[listening\.topics\]"):
        load_config(tmp_path / "listener.toml", {})


@pytest.mark.parametrize(
    ("line", "told"), [("tag = ['x']", "did you mean tags"), ("tags = 'x'", "list of texts"), ("alarms = -1", "alarms")]
)
def test_a_saved_query_with_a_wrong_key_is_refused(tmp_path: Path, line: str, told: str) -> None:
    (tmp_path / "listener.toml").write_text(f"[queries.bad]\nquery = 'badhus'\n{line}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=told):
        Enricher(load_config(tmp_path / "listener.toml", {}))
