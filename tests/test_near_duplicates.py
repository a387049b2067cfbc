"""What is a copy of what: edits do not hide one, and a template filled in again is none."""

from __future__ import annotations

import pytest

from listener.near_duplicates import SHORT, Compared, fingerprint, likeness

FIRST = "Nu räcker det, kommunen stänger simhallen i Almby utan att fråga en enda av oss som badar där varje vecka"


def alike(one: str, other: str) -> bool:
    return likeness(Compared(one), Compared(other)) > 0


@pytest.mark.parametrize(
    "copy",
    [
        FIRST.upper(),
        f"Sprid! {FIRST} https://bild.example/7 @redaktionen",
        FIRST.replace("utan att fråga", "utan att faktiskt fråga").replace("simhallen", "simhalen"),
        FIRST.replace("Almby", "Almyb"),
        FIRST.replace(" ", "\n\n"),
        f"{FIRST} 😡😡 Läs och dela med alla i Berga.",
        " ".join(FIRST.split()[2:]),
    ],
)
def test_an_edited_copy_is_a_copy(copy: str) -> None:
    assert alike(FIRST, copy)


LEAK = "Vattenläcka på Storgatan i Almby. Vi lagar läckan och räknar med att vara klara söndag klockan 14."


@pytest.mark.parametrize(
    "copy",
    [
        f"Vad säger ni? {LEAK.removeprefix('Vattenläcka ')}",  # a comment stands where a word was left out
        f"{LEAK.replace(' Vi lagar', ' lagar')} RT",
        LEAK.replace("Almby", "Almyb").replace("klara", "faktiskt klara"),
        LEAK.replace("Vi lagar", "Vil agar"),  # a blank in the wrong place
        f"Helt otroligt 😡 {LEAK.upper()}",
        LEAK.upper().replace("LÄCKAN", "verkligen LÄCKAN"),
    ],
)
def test_an_edited_copy_of_a_template_is_a_copy(copy: str) -> None:
    assert alike(LEAK, copy)


@pytest.mark.parametrize(
    "other",
    [
        LEAK.replace("14", "1"),
        LEAK.replace("14", "15").replace("Vi lagar", "Vi lagar faktiskt"),
        f"Sprid detta! {LEAK.replace('Almby', 'Berga')}",
        LEAK.replace("söndag", "måndag").upper(),
        LEAK.replace("Storgatan", "Nygatan").upper(),
        f"Så här ser det ut: {LEAK.replace('Storgatan', 'Nygatan')} Läs och dela",
    ],
)
def test_a_template_filled_in_again_and_edited_is_no_copy(other: str) -> None:
    assert not alike(LEAK, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Vattenläcka på Storgatan i Almby. Vi arbetar med att laga läckan och är klara klockan 14.",
            "Vattenläcka på Nygatan i Norra Berga. Vi arbetar med att laga läckan och är klara klockan 9.",
        ),
        (
            "Välkommen till öppet hus på biblioteket i Almby på onsdag, vi bjuder på fika och sagostund!",
            "Välkommen till öppet hus på biblioteket i Almby på lördag, vi bjuder på fika och sagostund!",
        ),
        (FIRST, "Biblioteket har fått nya böcker om trädgård och katter, kom och låna innan de tar slut i helgen"),
        ("Tack så mycket Almby", "Tack så mycket, Almby kommun"),
    ],
)
def test_two_things_said_are_not_one(one: str, other: str) -> None:
    assert not alike(one, other)


def test_short_texts_are_copies_when_their_letters_are_the_same() -> None:
    assert alike("Tack Almby!", "tack, almby 🎉 @kim")
    assert not alike("Tack Almby!", "Tack Almbys")
    made, same = fingerprint(Compared("Tack Almby!")), fingerprint(Compared("TACK almby https://a.example/"))
    assert made == same
    assert made is not None
    assert made.bands == ()


@pytest.mark.parametrize("text", ["", "😡😡", "https://a.example/ @kim", "\0", "\ud800"])
def test_what_has_no_letters_has_no_print(text: str) -> None:
    assert fingerprint(Compared(text)) is None


def test_a_huge_text_is_compared_by_its_beginning() -> None:
    made = fingerprint(Compared(FIRST * 60 + "x" * 1_000_000))
    assert made == fingerprint(Compared(FIRST * 60 + "y" * 1_000_000))


def bands(text: str) -> set[int]:
    made = fingerprint(Compared(text))
    return set(made.bands) if made else set()


def test_copies_share_a_band_and_strangers_hardly_ever_do() -> None:
    other = "Biblioteket har fått nya böcker om trädgård och katter, kom och låna innan de tar slut"
    assert len(FIRST) > SHORT
    assert bands(FIRST) & bands(f"Sprid! {FIRST}")
    assert not bands(FIRST) & bands(other)
