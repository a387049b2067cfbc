"""What every page says of itself, and how much of a suspect's text it shows at once."""

from __future__ import annotations

import re
from collections.abc import Callable

from .conftest import Browser, finding

Open = Callable[..., Browser]
Flag = Callable[..., None]


def test_a_page_says_whose_it_is(browser: Open) -> None:
    page = browser().get("/log-in").text
    assert "Log in – Almby kommun, listen</title>" in page
    assert "The review page of Almby kommun." in page
    assert "http://localhost/queue · as it was Friday 20 November 2026 07:00" in browser("reader").get("/queue").text


def test_a_wall_of_text_is_folded(browser: Open, flagged: Flag) -> None:
    made = finding(1)
    for number, text in enumerate(("Välkommen till Almby", "\U0001f468\u200d" * 3_000), 1):
        flagged(finding(number, account=type(made.account)(platform="x", platform_id=str(number), description=text)))
    one = browser("reader")
    assert "Show all of it" not in one.get("/case/1").text
    page = one.get("/case/2").text
    assert "Show all of it" in page
    assert len(re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)) < 30_000


def test_each_reason_is_shown_with_its_own_weight(browser: Open, flagged: Flag) -> None:
    flagged(finding(1))
    page = browser("reader").get("/case/1").text
    row = re.search(r"<tbody><tr>.*?</tr>", page, re.DOTALL)
    assert row
    assert "0.90" in row[0]
    assert 'width="90.0"' in row[0]


def test_too_many_words_are_not_cut_in_silence(browser: Open, flagged: Flag) -> None:
    flagged(finding(1))
    answer = browser("decider").decide(1, "dismissed", "namesake", text="å" * 5_001)
    assert answer.status_code == 422
    assert "The words are longer than 5,000 letters" in answer.text
