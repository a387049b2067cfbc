"""Which posts are questions to us: measured on labelled posts, and the rules one by one."""

from __future__ import annotations

import pytest
from answers.questions_table import labelled, measured, ours
from hypothesis import given
from hypothesis import strategies as st

from listener.answers.questions import question
from listener.posts import Post

OURS = ours()


def told(text: str, **more: str) -> str | None:
    """How the text was told to be a question, and to whom; None when it is none."""
    found = question(Post(**{"platform": "x", "id": "1", "text": text} | more), OURS)
    return None if found is None else f"{found.told_by} {found.addressed}"


def test_the_detector_is_right_on_the_labelled_posts() -> None:
    rows = list(labelled("questions.csv"))
    precision, recall = measured(rows)
    assert len(rows) >= 300
    assert precision >= 0.95, [row.text for row in rows if row.told and not row.asks]
    assert recall >= 0.95, [row.text for row in rows if row.asks and not row.told]


def test_it_does_almost_as_well_on_posts_its_rules_were_not_written_from() -> None:
    precision, recall = measured(list(labelled("questions_kept_apart.csv")))
    assert precision >= 0.85
    assert recall >= 0.85


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("När öppnar Almby simhall?", "mark name"),
        ("@almbykommun när öppnar ni", "opening handle"),
        ("@ALMBYKOMMUN när öppnar ni", "opening handle"),
        ("@almbyfans när spelar ni", None),  # registered, but not ours
        ("När öppnar Storby simhall?", None),  # somebody else's
        ("Tack @almbykommun", None),
    ],
)
def test_a_question_must_be_put_to_us(text: str, how: str | None) -> None:
    assert told(text) == how


@pytest.mark.parametrize(
    "text",
    [
        "Almby kommun, öppnar simhallen klockan 8?",
        "När öppnar simhallen i Almby, kl 8?",
        "När öppnar simhallen i Almby, kl. 8?",
        "Hej Almby kommun! Öppnar simhallen kl 10.30?",
        "Almby kommun: får man bada 24/12?",
        "När stänger Almby simhall den 24 december 2026?",
        "Hallå Almby kommun!!! När plogas Storgatan 5?",
        "Hur många platser har skolan i Almby i årskurs 7?",
        "Almby kommun, kan ni svara på ärende 2026/113?",
        "Finns det förskoleplats i Almby för barn födda 2025?",
        "Almby kommun varför plogas inte Nygatan??",
        "Jag bor i Almby och undrar hur man ansöker om bygglov?",
    ],
)
def test_a_question_may_ask_of_hours_dates_and_numbers(text: str) -> None:
    found = question(Post(platform="x", id="1", text=text), OURS)
    assert found is not None
    assert found.sentence.endswith(text.rpartition("! ")[2])


def test_a_reply_to_an_account_of_ours_is_told_by_its_id() -> None:
    assert told("När blir det klart?", reply_to="at://did:plc:almby/app.bsky.feed.post/3k") == "mark reply"
    assert told("När blir det klart?", reply_to="at://did:plc:other/app.bsky.feed.post/3k") is None
    assert told("När blir det klart?", reply_to="at://did:plc:almbyfans/app.bsky.feed.post/3k") is None


def test_an_article_is_no_question_and_a_video_s_title_neither() -> None:
    assert told("När öppnar Almby simhall?", platform="web") is None
    assert told("Vad händer i Almby kommun?\nEn film.", platform="youtube", title="Vad händer i Almby kommun?") is None
    assert told("När öppnar Almby simhall?", platform="reddit", title="När öppnar Almby simhall?") == "mark name"


def test_the_sentence_that_asks_is_told() -> None:
    found = question(
        Post(platform="x", id="1", text="Hej! Det är mörkt här. När lagas lampan, Almby kommun? Tack."), OURS
    )
    assert found is not None
    assert found.sentence == "När lagas lampan, Almby kommun?"


@given(st.text(max_size=300), st.booleans())
def test_any_text_has_an_answer(text: str, reply: bool) -> None:
    found = question(Post(platform="x", id="1", text=text), OURS, reply)
    assert found is None or found.sentence


@pytest.mark.parametrize(
    "text", ["är ni " * 300_000, "?" * 1_000_000, ", kan" * 200_000, "\n>" * 100_000], ids=["words", "?", ",", ">"]
)
def test_only_the_beginning_of_an_endless_post_is_looked_at(text: str) -> None:
    asked = question(Post(platform="x", id="1", text=text), OURS, reply_to_us=True)
    assert asked is None or len(asked.sentence) <= 10_000
