"""Topics, questions and repeated claims: what belongs together comes together, and nobody is named."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from crisis.conftest import OURS, Say

from listener.crisis import themes
from listener.crisis.quoting import known_words, nameless
from listener.crisis.themes import claims, needs, topics
from listener.crisis.vocabulary import words as read
from listener.store.talk import Logged

Words = Callable[[Sequence[Logged], Sequence[Logged]], themes.Words]
ROOF = ("Taket på simhallen läcker", "Fukt i taket på simhallen", "Simhallens tak måste undersökas, taket läcker igen")
BUS = ("Går det bussar till ett annat bad?", "Ordna bussar till badet i Sjöviken!", "Bussar till badet vore bra")
USUAL = (
    "Biblioteket har öppet",
    "Fin konsert i går",
    "Cykelvägen är klar",
    "Vattnet smakar klor",
    "Soptunnorna tömda i dag",
)


@pytest.fixture
def talk(say: Say) -> list[Logged]:
    """Two matters, three writers each."""
    names = ("anna", "bo", "cecilia")
    return [say(text, name) for matter in (ROOF, BUS) for text, name in zip(matter, names, strict=True)]


@pytest.fixture
def history(say: Say) -> list[Logged]:
    return [say(text, "david") for text in USUAL * 8]


def test_two_matters_are_two_topics_named_by_their_own_words(
    talk: list[Logged], history: list[Logged], words: Words
) -> None:
    found = [one.topic for one in topics(talk, words(talk, history), None)]
    assert [topic.posts for topic in found] == [3, 3]
    named = {frozenset(topic.words) & {"taket", "läcker", "bussar", "badet"} for topic in found}
    assert named == {frozenset({"taket", "läcker"}), frozenset({"bussar", "badet"})}
    assert all(topic.writers == 3 for topic in found)


def test_copies_count_as_one_text_and_are_told(say: Say, history: list[Logged], words: Words) -> None:
    posts = [say("Dela innan de tar bort det om taket!", f"w{number}") for number in range(9)]
    posts += [say("Taket rasar snart, dela", "bo"), say("Något om skolmaten i dag", "eva")]
    (topic, *_rest) = (one.topic for one in topics(posts, words(posts, history), None))
    assert (topic.posts, topic.writers, topic.copies) == (10, 10, 8)


def test_a_topic_is_not_named_by_three_hundred_letters(say: Say, history: list[Logged], words: Words) -> None:
    posts = [say(f"{'x' * 300} i simhallen {number}", f"w{number}") for number in range(5)]
    (one,) = topics(posts, words(posts, history), None)
    assert "x" * 29 + "…" in one.topic.words
    assert len(one.topic.quote.text) <= 221


def test_a_topic_that_the_last_picture_had_is_not_new(talk: list[Logged], history: list[Logged], words: Words) -> None:
    first = topics(talk, words(talk, history), None)
    assert not any(one.topic.fresh for one in first)
    again = topics(talk, words(talk, history), first[0].clusters)
    assert {one.topic.fresh for one in again if one.clusters == first[0].clusters} == {False}
    assert [one.topic.fresh for one in again if one.clusters != first[0].clusters] == [True]


def test_topics_name_no_person(say: Say, words: Words) -> None:
    texts = (
        "Varför tiger Svensson om taket?",
        "Alla vet att Svensson visste om taket",
        "Och Svensson bara ler åt taket",
    )
    posts = [say(text, f"w{number}") for number, text in enumerate(texts * 3)]
    named = {word for one in topics(posts, words(posts, []), None) for word in one.topic.words}
    assert "taket" in named
    assert "svensson" not in named


def test_what_one_person_says_often_names_no_topic(say: Say, history: list[Logged], words: Words) -> None:
    posts = [say(f"Kvastskaft och taket nummer {number}", "anna") for number in range(5)] + [say("Taket läcker", "bo")]
    named = {word for one in topics(posts, words(posts, history), None) for word in one.topic.words}
    assert "kvastskaft" not in named


def test_questions_with_one_answer_are_one_line(say: Say, words: Words) -> None:
    asked = ["Betalar ni tillbaka årskortet till simhallen?", "Får man tillbaka pengarna för årskortet?",
             "När får vi tillbaka för årskortet, Almby kommun?", "Kan ni ordna bussar till ett annat bad?",
             "Ordnar kommunen bussar till badet i Sjöviken?"]  # fmt: skip
    posts = [say(text, f"w{number}") for number, text in enumerate(asked)]
    found = needs({post.id: post.post.text for post in posts}, posts, words(posts, []), {1, 4}.__contains__)
    assert sorted((need.asked, need.answered) for need in found) == [(2, 1), (3, 1)]
    waiting = next(need for need in found if need.asked == 3)
    assert waiting.waiting_since == posts[1].at
    assert waiting.quote is not None
    assert "årskortet" in waiting.quote.text
    assert found[0].asked == 3


def test_a_claim_is_what_several_repeat_with_where_it_stood_first(say: Say, words: Words) -> None:
    text = "Kommunen har vetat om taket i två år"
    posts = [say(text, name) for name in ("anna", "bo", "cecilia", "david")] + [say("Något annat", "eva")]
    posts += [say("Samma person igen", "eva") for _number in range(5)] + [
        say("När öppnar ni?", f"w{n}") for n in range(4)
    ]
    questions = {post.id for post in posts if post.post.text == "När öppnar ni?"}
    (claim,) = claims(posts, words(posts, []), questions)
    assert (claim.text, claim.posts, claim.writers) == (text, 4, 4)
    assert [quote.post for quote in claim.first] == [1, 2, 3]
    assert claim.last_at == posts[3].at


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Så Almby kommun stänger", "Så Almby kommun stänger"),
        ("Läraren Anna Svensson ljuger", "Läraren […] ljuger"),
        ("Rektor Svensson ljuger", "Rektor […] ljuger"),
        ("Hej Anna Maria von Svensson!", "[…]!"),
        ("Biblioteken Almby har stängt", "Biblioteken Almby har stängt"),
        ("Hör av dig till anna@almby.example eller @anna.bsky.social", "Hör av dig till @… eller @…"),
        ("Läs https://evil.example/x nu", "Läs hxxps://evil[.]example/x nu"),
        (
            "Chefen Anna Svensson, Storgatan 5, ljuger. När plogas Nygatan 7?",
            "Chefen […], …, ljuger. När plogas Nygatan 7?",
        ),
        ("SMS ALLA NU", "SMS ALLA NU"),
        ("a\u202eb\x00c", "a<U+202E>b<U+0000>c"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_a_quotation_names_nobody(text: str, shown: str) -> None:
    assert nameless(text, known_words(OURS)) == shown


def test_threats_and_numbers_are_masked_in_quotations() -> None:
    shown = nameless("Jag ska döda dig, ring 070-123 45 67", known_words(OURS))
    assert "döda" not in shown
    assert "123" not in shown


def test_a_quotation_is_short() -> None:
    assert len(nameless("ord " * 5000, frozenset())) <= 221


def test_hostile_texts_are_read_in_time(say: Say, words: Words) -> None:
    nasty = [
        "A " * 50_000,
        "@" * 50_000,
        "a." * 50_000,
        "Å" * 50_000,
        "1-" * 50_000,
        "https://" * 20_000,
        "\n" * 50_000,
    ]
    posts = [say(text, f"w{number}") for number, text in enumerate(nasty * 2)]
    for one in topics(posts, words(posts, []), None):
        assert len(str(one.topic.quote)) < 1000
    assert all(len(nameless(text, frozenset())) <= 230 for text in nasty)
    assert read("x" * 10_000) == [("x" * 5000, False)]
