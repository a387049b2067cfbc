"""Accounts with copies of one picture are met among others, and what was kept of it goes with them."""

from __future__ import annotations

import random

from listener.logos import Look
from listener.models import Account, Decision, Finding, State, Verdict
from listener.store import Store
from listener.store.accounts import save_findings
from listener.store.cases import save_decision
from listener.store.looks import APART, LOOK, RECOLOURED, look_alikes, save_looks
from listener.store.runs import start_run

from .conftest import NOW

LINES = bytes(range(32))
BLUE, RED = bytes([20, 60, 200] * 16), bytes([200, 60, 20] * 16)


def flipped(lines: bytes, bits: int) -> bytes:
    """The same with so many bits turned over, wherever they stand."""
    at = random.Random(7).sample(range(8 * len(lines)), bits)
    return (int.from_bytes(lines, "big") ^ sum(1 << bit for bit in at)).to_bytes(len(lines), "big")


def save(store: Store, *accounts: Account) -> None:
    found = [Finding(account=each, verdict=Verdict.IMPOSTOR, score=0.9) for each in accounts]
    save_findings(store, start_run(store, "audit", NOW, ["x"]), "x", found, NOW)


def account(number: int, **known: str) -> Account:
    return Account(platform="x", platform_id=str(number), handle=f"almby{number}", source="x", **known)


def met(store: Store, case: int) -> list[tuple[str, int]]:
    return [(other.kind, other.case_id) for other in look_alikes(store, case)]


def test_copies_are_met_in_the_same_colours_and_in_others(store: Store) -> None:
    save(store, *map(account, range(1, 7)))
    looks = {
        "x:1": Look(LINES, BLUE),
        "x:2": Look(flipped(LINES, 10), BLUE),
        "x:3": Look(LINES, RED),
        "x:4": Look(flipped(LINES, APART), RED),
        "x:5": Look(flipped(LINES, APART + 1), BLUE),
        "x:6": None,
        "x:stranger": Look(LINES, BLUE),
    }
    save_looks(store, looks)
    assert met(store, 1) == [(LOOK, 2), (RECOLOURED, 3), (RECOLOURED, 4)]
    assert met(store, 6) == []
    save_looks(store, {"x:3": None, "x:4": Look(bytes(32), BLUE)})
    assert met(store, 1) == [(LOOK, 2)], "another picture takes the place of the one before"


def test_what_a_picture_looks_like_goes_with_what_is_known_of_the_account(store: Store) -> None:
    save(store, account(1), account(2), account(3))
    save_looks(store, {f"x:{number}": Look(LINES, BLUE) for number in (1, 2, 3)})
    save(store, account(2, display_name="Almby", avatar="https://almby.example/new.png"))
    assert met(store, 1) == [(LOOK, 3)], "the account looks otherwise now"
    save_decision(store, Decision(case_id=3, who="kim", to=State.CONFIRMED, reason="child_abuse"), NOW)
    assert met(store, 1) == []
    assert store.rows("SELECT 1 FROM look_bands WHERE account_key = 'x:3'") == []
