"""Strangers' text made safe to show."""

from __future__ import annotations

import pytest

from listener.report.defang import defang, defang_text, plain


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://almby-kommun.example/betala.php", "hxxps://almby-kommun[.]example/betala.php"),
        ("HTTP://Almby.example", "hxxp://Almby[.]example"),
        ("almby.example/x.y", "almby[.]example/x.y"),
        ("hxxps://almby[.]example", "hxxps://almby[.]example"),
        ("https://user@almby.example:8080/", "hxxps://user@almby[.]example:8080/"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("https://bsky.app/profile/https://evil.example", "hxxps://bsky[.]app/profile/hxxps://evil.example"),
    ],
)
def test_an_address_leads_nowhere(url: str, safe: str) -> None:
    assert defang(url) == safe


def test_a_sentence_has_no_live_address_left() -> None:
    text = "links to 'https://betala.example/x' and betala.example, not almby.example"
    safe = "links to 'hxxps://betala[.]example/x' and betala[.]example, not almby.example"
    assert defang_text(text, frozenset({"betala.example"})) == safe


def test_nothing_hides_or_turns_the_line() -> None:
    shown = plain("Almby\u202e nummok\x00\n\ud800 kommun")
    assert shown.isprintable()
    assert "<U+202E>" in shown


def test_endless_text_is_cut() -> None:
    assert len(plain("å" * 10_000)) < 400
