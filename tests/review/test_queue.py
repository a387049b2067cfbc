"""What the queue shows and finds, and what a case shows; decisions, two people at once, hostile content."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from listener.models import Account, Finding, Verdict
from listener.store import Store
from listener.store.cases import history, load_case

from .conftest import NEAREST, Browser, finding

Open = Callable[..., Browser]
Flag = Callable[..., None]


def numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r'class="open" href="/case/(\d+)', text)]


def test_the_gravest_stand_first_and_the_kinds_are_counted_as_in_the_report(browser: Open, flagged: Flag) -> None:
    flagged(finding(1, Verdict.UNAPPROVED_UNIT), finding(2), finding(3, Verdict.UNCLEAR), finding(4))
    page = browser("reader").get("/queue").text
    assert numbers(page) == [2, 4, 1, 3]
    assert "<strong>2</strong> Suspected impostors" in page
    assert "<strong>1</strong> Local offices" in page
    assert browser("reader", "sv").get("/queue").text.count("Lokala enheter") == 1


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("/queue?verdict=impostor", [2]),
        ("/queue?unit_kind=local_office", [1]),
        ("/queue?platform=mastodon", []),
        ("/queue?text=BYKOMMUN2", [2]),
        ("/queue?owner=kim", [1]),
        ("/queue?state=dismissed", [3]),
        ("/queue?state=all&from=1", [1, 3]),
        ("/queue?days=30", []),
        ("/queue?state=nonsense&days=x&verdict=", [2, 1]),
    ],
)
def test_filters_are_addresses(browser: Open, flagged: Flag, address: str, found: list[int]) -> None:
    flagged(finding(1, Verdict.UNAPPROVED_UNIT), finding(2), finding(3, Verdict.UNCLEAR))
    one = browser("decider")
    assert one.decide(3, "dismissed", "namesake").status_code == 302
    one.get("/case/1")
    one.post("/case/1/assign", assignee="kim", seen="1")
    assert numbers(one.get(address).text) == found


@pytest.mark.parametrize("asked", ["östra", "Östra skolan", "ÅKERÖ", "åkerö", "västra"])
def test_a_unit_is_found_whatever_letter_it_begins_with(browser: Open, flagged: Flag, asked: str) -> None:
    flagged(
        finding(1, Verdict.UNAPPROVED_UNIT, unit="Östra skolan"),
        finding(2, Verdict.UNAPPROVED_UNIT, unit="Åkerö förskola"),
        finding(3, Verdict.UNAPPROVED_UNIT, unit="Skolan i Västra"),
        finding(4),
    )
    found = {"Ö": [1], "Å": [2], "V": [3]}[asked[0].upper()]
    for state in ("open", "all"):
        assert numbers(browser("reader").get(f"/queue?state={state}&text={asked}").text) == found, state


def test_a_list_of_many_is_paged_to_its_end(browser: Open, flagged: Flag) -> None:
    flagged(finding(1))
    one = browser("reader")
    assert "from=99850" in one.get("/queue?state=all&from=99900").text
    assert "from=99800" in one.get("/allowed?from=99900").text


def test_a_decision_leads_to_the_next_case_and_is_taken_back_by_a_new_event(
    browser: Open, flagged: Flag, store: Store
) -> None:
    flagged(finding(1), finding(2))
    one = browser("decider")
    answer = one.decide(1, "dismissed", "other", text="Vår egen kampanj")
    assert answer.location == "/case/2"
    assert "Case 1: dismissed" in one.get(answer.location).text
    assert (load_case(store, 1).state, history(store, 1)[-1].text) == ("dismissed", "Vår egen kampanj")
    seen = str(history(store, 1)[-1].id)
    one.get("/case/1")
    assert one.post("/case/1/undo", seen=seen).status_code == 302
    assert load_case(store, 1).state == "new"
    assert [event.kind for event in history(store, 1)] == ["opened", "decision", "undo"]


def test_a_decision_without_its_reason_says_so_and_keeps_what_was_typed(
    browser: Open, flagged: Flag, store: Store
) -> None:
    flagged(finding(1))
    answer = browser("decider").decide(1, "dismissed", "", text="mitt resonemang")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "mitt resonemang" in answer.text
    assert load_case(store, 1).state == "new"


def test_two_people_at_once_the_second_sees_it_and_chooses(browser: Open, flagged: Flag, store: Store) -> None:
    flagged(finding(1))
    first, second = browser("decider"), browser("reviewer")
    second.get("/case/1")
    seen = str(history(store, 1)[-1].id)
    assert first.decide(1, "confirmed", "impostor").status_code == 302
    answer = second.post("/case/1/decide", to="dismissed", seen=seen, **{"reason-dismissed": "namesake"})
    assert answer.status_code == 409
    told = answer.text.partition('role="alert"')[2].partition("</p>")[0]
    assert "decider, Friday 20 November 07:00: decision · confirmed · impostor" in told
    assert load_case(store, 1).state == "confirmed"
    anyway = re.search(r'name="anyway" value="(\d+)"', answer.text)
    assert anyway
    again = {"reason-dismissed": "namesake", "seen": seen, "anyway": anyway[1]}
    assert second.post("/case/1/decide", to="dismissed", **again).status_code == 302
    assert load_case(store, 1).state == "dismissed"


def test_differing_letters_are_marked_and_named(browser: Open, flagged: Flag) -> None:
    flagged(finding(1))
    page = browser("reader").get("/case/1").text
    assert "<mark>о</mark>" in page
    assert "letter 8: о is U+043E CYRILLIC SMALL LETTER O" in page
    assert "<mark>1</mark>" in page, "the handle has a digit more"


HOSTILE = "<script>alert(1)</script>\u202e\"'><img src=x onerror=alert(1)>"


def test_hostile_names_links_and_texts_are_shown_harmless(browser: Open, flagged: Flag) -> None:
    account = Account(
        platform="web", handle="evil.example", display_name=HOSTILE + "x" * 10_000, description=HOSTILE * 50,
        url="javascript:alert(1)", links=("data:text/html,<script>1</script>", "https://evil.example/"), source="x",
    )  # fmt: skip
    flagged(Finding(account=account, verdict=Verdict.LOOKALIKE_SITE, score=0.9, nearest=NEAREST))
    one = browser("reader")
    for path in ("/queue", "/case/1"):
        page = one.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "\u202e" not in page
        assert 'href="javascript' not in page
        assert 'href="data:' not in page
        assert "https://evil.example" not in page, "no address of theirs can be clicked"
    assert len(one.get("/queue").text) < 200_000
