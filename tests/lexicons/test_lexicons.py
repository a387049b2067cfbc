"""What the lexicons find and mask, and what they leave alone."""

from __future__ import annotations

import csv

import pytest
from lexicons.test_abuse import TABLE

from listener.lexicons import RAISES, Hit, hits, kinds, mask
from listener.lexicons.phrases import load_phrases


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
        "jag ska d00da dig",
        "jag ska kn*vhugga dig",
        "jag ska sla*ta dig",
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


@pytest.mark.parametrize(
    "text",
    [
        "Hon fick ett sms där det stod vi vet var du bor",
        "Mannen nekar till att ha sagt jag ska slå ihjäl dig",
        "Jag har aldrig sagt att jag ska döda dig",
        "Police say a man told staff I will kill you",
        "Nobody should have to hear I will kill you at work",
    ],
)
def test_what_is_told_on_is_no_threat(text: str) -> None:
    assert kinds(text) == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "Han sa nej, så nu ska jag döda dig",
        "Polisen skrattade. Jag ska döda dig",
        "Efter att ha läst beslutet ska jag döda dig",
        "Du ska ha en kniv i ryggen",
        "They said no. I will kill you",
    ],
)
def test_a_threat_behind_a_report_is_a_threat(text: str) -> None:
    assert kinds(text) == {"threat"}


def test_the_gate_turns_no_phrase_away(monkeypatch: pytest.MonkeyPatch) -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file) if row["part"] == "i"]
    phrases = load_phrases()
    found = [phrases.find(text.casefold()) for text in texts]
    assert any(found)
    monkeypatch.setattr(phrases, "_likely", lambda _folded: range(len(phrases._phrases)))
    assert [sorted(phrases.find(text.casefold())) for text in texts] == [sorted(one) for one in found]
