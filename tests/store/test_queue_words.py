"""What the queue is searched by: the index finds what reading every word finds, and keeps nothing of what is gone."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from listener.models import Account, Decision, Finding, State, UnitKind, Verdict
from listener.store import Store, queue_words
from listener.store.accounts import save_findings
from listener.store.cases import save_decision
from listener.store.disposal import Disposal, delete_old, wipe
from listener.store.queue_page import ALL, OPEN, Asked, count_cases, next_case, page_of_cases
from listener.store.queue_words import FEW
from listener.store.runs import start_run
from listener.text.fold import fold
from listener.text.skeleton import skeleton

from .conftest import NOW

# Letters that are folded, read as others, written in two ways, or that a query language may mean something by.
LETTERS = 'aalmbyåäöÅÖéøßı0оаΚ"*()^ -_.:\n\u0301\u200dﷺ🙂🇸🇪'
UNITS = (None, "Åkerö förskola", "Kulturskolan", 'Ett "hus" i byn')


def town(chance: random.Random, count: int) -> list[Finding]:
    found = []
    for number in range(count):
        handle = "".join(chance.choices("almbyö_.0", k=chance.randrange(1, 12)))
        account = Account(
            platform="x", platform_id=str(number), handle=f"{handle}{number}", source="x",
            display_name="".join(chance.choices(LETTERS, k=chance.randrange(14))), url=f"https://x.com/{handle}",
        )  # fmt: skip
        unit = chance.choice(UNITS)
        kind = UnitKind.LOCAL_OFFICE if unit else None
        verdict = Verdict.UNAPPROVED_UNIT if unit else Verdict.IMPOSTOR
        found.append(Finding(account=account, verdict=verdict, score=0.9, unit=unit, unit_kind=kind))
    return found


def save(store: Store, found: list[Finding]) -> None:
    save_findings(store, start_run(store, "audit", NOW, ["x"]), "x", found, NOW)


def read_through(store: Store, text: str, state: str) -> set[int]:
    """What a search finds, told of every case one at a time."""
    said, read = fold(text), fold(skeleton(text))
    found = set()
    rows = store.rows("SELECT c.id, c.unit, c.state, a.record FROM cases c JOIN accounts a ON a.key = c.account_key")
    for row in rows:
        words = queue_words.words_of(msgspec.json.decode(row["record"], type=Account))
        held = said in words or read in words or bool(said and row["unit"] and said in fold(row["unit"]))
        numbered = text.removeprefix("#") == str(row["id"])
        if (held or numbered) and (state == ALL or row["state"] == state or (state == OPEN and row["state"] == "new")):
            found.add(row["id"])
    return found


def first_open(store: Store, text: str) -> int:
    return min((case.id for case in page_of_cases(store, Asked(text=text), NOW, 0, 1)), default=0)


def asked_for(chance: random.Random, found: list[Finding]) -> str:
    """A text of one letter or more: a piece of what somebody is called, or anything."""
    account = chance.choice(found).account
    told = chance.choice((account.display_name or "", account.handle or "", account.url or "", *filter(None, UNITS)))
    start = chance.randrange(len(told) or 1)
    piece = told[start : start + chance.randrange(1, 9)]
    return chance.choice((piece, piece.upper(), "".join(chance.choices(LETTERS, k=chance.randrange(1, 6))))).strip()


@pytest.mark.parametrize("few", [FEW, 3])
def test_the_index_finds_what_reading_every_word_finds(store: Store, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(queue_words, "FEW", few)
    chance = random.Random(1)
    found = town(chance, 60)
    save(store, found)
    renamed = town(chance, 30)  # half of them are called otherwise by now
    save(store, renamed)
    for case_id in range(1, 60, 3):
        save_decision(store, Decision(case_id=case_id, who="anna", to=State.DISMISSED, reason="namesake"), NOW)
    texts = {asked_for(chance, found + renamed) for _each in range(50)} | {"7", "#12", "a", "ö", "ÅK", '"', "\u200d"}
    hits = 0
    for text in sorted(texts - {""}):
        for state in (ALL, OPEN, "dismissed"):
            asked = Asked(text=text, state=state)
            told = [case.id for case in page_of_cases(store, asked, NOW, 0, 500)]
            assert set(told) == read_through(store, text, state), (text, state)
            assert count_cases(store, asked, NOW) == len(told), (text, state)
            hits += len(told)
        assert (next_case(store, Asked(text=text), NOW, 0) or 0) == first_open(store, text), text
    assert hits > 300, "the texts are found somewhere"


def test_the_index_knows_no_more_than_the_words(store: Store) -> None:
    chance = random.Random(2)
    save(store, town(chance, 40))
    save(store, town(chance, 40))
    store.conn.execute("INSERT INTO account_index (account_index, rank) VALUES ('integrity-check', 1)")
    for case_id in range(1, 11):
        save_decision(store, Decision(case_id=case_id, who="anna", to=State.DISMISSED, reason="namesake"), NOW)
    later = NOW + timedelta(days=400)
    plan = Disposal(kind="findings", before=later, count=0, decision_ref="KS 1")
    delete_old(store, [plan], "anna", later)
    assert store.rows("SELECT count(*) AS n, min(id) AS first FROM account_words") == [{"n": 30, "first": 11}]
    store.conn.execute("INSERT INTO account_index (account_index, rank) VALUES ('integrity-check', 1)")


def test_no_letter_of_who_is_gone_is_left(store: Store) -> None:
    save(store, [seen("Zjuqqe Wixxar"), seen("Almby kommun", "2")])
    save_decision(store, Decision(case_id=1, who="anna", to=State.DISMISSED, reason="namesake"), NOW)
    later = NOW + timedelta(days=400)
    assert letters(store, "juq")
    delete_old(store, [Disposal(kind="findings", before=later, count=0, decision_ref="KS 1")], "anna", later)
    wipe(store)
    assert not letters(store, "juq")
    assert letters(store, "lmb"), "who stays is found as before"
    assert count_cases(store, Asked(text="almby"), NOW) == 1


def seen(name: str, number: str = "1") -> Finding:
    account = Account(platform="x", platform_id=number, handle=f"h{number}", display_name=name, source="x")
    return Finding(account=account, verdict=Verdict.IMPOSTOR, score=0.9)


def letters(store: Store, three: str) -> bool:
    """Whether the index's own rows hold these letters anywhere; beginnings that words share are left out of them."""
    blocks: list[dict[str, Any]] = store.rows("SELECT block FROM account_index_data")
    return any(three.encode() in row["block"] or three[1:].encode() in row["block"] for row in blocks)


def test_an_account_seen_again_as_it_was_writes_nothing_into_the_index(store: Store) -> None:
    save(store, [seen("Almby kommun")])
    before = store.rows("SELECT * FROM account_index_data")
    save(store, [seen("Almby kommun")])
    assert store.rows("SELECT * FROM account_index_data") == before
    save(store, [seen("Almby bibliotek")])
    assert count_cases(store, Asked(text="kommun"), NOW) == 0
    assert count_cases(store, Asked(text="bibliotek"), NOW) == 1
