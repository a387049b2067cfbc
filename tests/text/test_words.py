"""The composed form, also of what is made to be slow to compose."""

from __future__ import annotations

import random
import unicodedata

import pytest

from listener.text import words
from listener.text.words import nfc

POOL = "aeåA\u0301\u0316\u0344\u0f73\u0f71\u0f72\u0327\u0308\u030a\u212b\u1100\u1161\u11a8\u0345\u05b0か\u3099"


def test_runs_of_marks_are_composed_as_unicode_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "LONG", 0)
    monkeypatch.setattr(words, "MARKS", 2)
    words._runs.cache_clear()
    chance = random.Random(3)
    for _text in range(5_000):
        text = "".join(chance.choices(POOL, k=chance.randint(1, 12)))
        assert nfc(text) == unicodedata.normalize("NFC", text), ascii(text)
    words._runs.cache_clear()


def test_half_a_million_marks_are_composed() -> None:
    text = nfc("x" + "\u0301\u0316" * 250_000 + "y")
    assert text == "x" + "\u0316" * 250_000 + "\u0301" * 250_000 + "y"
    assert nfc(text) == text
