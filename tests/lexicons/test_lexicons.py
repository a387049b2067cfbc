"""What the lexicons find and mask, and what they leave alone."""

from __future__ import annotations

import pytest

from listener.lexicons import RAISES, Hit, hits, kinds, mask


def test_a_hit_says_what_and_where() -> None:
    assert hits("Hej! Jag ska döda dig.") == (Hit(kind="threat", start=5, end=21),)
    assert hits("Hej! När öppnar badet?") == ()


@pytest.mark.parametrize(
    "text",
    [
        "jag ska d ö d a dig",
        "jag ska d.ö.d.a dig",
        "jag ska dööööda dig",
        "JAG SKA DODA DIG",
        "j4g ska d0da dig",
        "jag ska dö\u200bda dig",
        "jag ska do\u0308da dig",
        "jag skа dödа dig",  # two Cyrillic letters
        "jag ska d*da dig",
    ],
)
def test_disguised_spellings_are_read(text: str) -> None:
    assert kinds(text) == {"threat"}


def test_what_is_hit_is_masked_and_nothing_moves() -> None:
    text = "Svara nu din jävla idiot, mötet är på torsdag"
    masked = mask(text)
    assert masked.startswith("Svara nu ▇▇▇")
    assert masked.endswith(", mötet är på torsdag")
    assert len(masked) == len(text)


def test_numbers_of_private_persons_are_masked() -> None:
    assert mask("Hon heter 19811218-9876") == "Hon heter ▇▇▇▇▇▇▇▇▇▇▇▇▇"
    assert mask("mitt nummer är 070-123 45 67") == "mitt nummer är ▇▇▇▇▇▇▇ ▇▇ ▇▇"
    for harmless in ("diarienummer 811218-9875", "org.nr 212000-1967", "växeln 019-21 10 00", "den 2026-11-22"):
        assert mask(harmless) == harmless


def test_only_what_cannot_wait_raises() -> None:
    assert "insult" not in RAISES
    assert {"threat", "incitement", "doxxing"} == RAISES


def test_a_long_hostile_text_is_read_in_one_go() -> None:
    assert kinds("jag ska döda dig " * 5_000) == {"threat"}
    assert kinds("a" * 500_000) == frozenset()
    assert kinds("\x00\ud800 jag ska döda dig") == {"threat"}
