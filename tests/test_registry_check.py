"""The register's own health, one row of the table at a time."""

from __future__ import annotations

from datetime import date

import pytest

from listener import dead_links, renamed
from listener.language import translations
from listener.registry import Registry, read_registry
from listener.registry_check import CHECKS, TITLES, add_months, read_date, registry_health

TODAY = date(2026, 11, 22)
HEALTHY = {
    "platform": "x",
    "url": "https://x.com/almby",
    "unit": "Almby",
    "status": "approved",
    "owner_email": "kommunikation@almby.example",
    "owner_role": "Kommunikationschef",
    "deputy_email": "press@almby.example",
    "login_holders": "kommunikatör; pressansvarig",
    "approved_by": "Kommundirektör",
    "review_by": "2027-05-01",
    "listed_on": "https://www.almby.example/sociala-medier",
    "last_snapshot_on": "2026-06-01",
    "handle": "almby",
}


def register(*changes: dict[str, str], without: str = "") -> Registry:
    columns = [column for column in HEALTHY if column != without]
    rows = [",".join({**HEALTHY, **change}[column] for column in columns) for change in changes]
    return read_registry("\n".join([",".join(columns), *rows]).encode(), "r.csv")


def rules(*changes: dict[str, str], domains: tuple[str, ...] = ("almby.example",), without: str = "") -> list[str]:
    return [fault.rule for fault in registry_health(register(*changes, without=without), domains, TODAY)]


def test_a_healthy_register_has_no_faults() -> None:
    assert rules({}) == []


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("owner_role", "", "owner_role"),
        ("deputy_email", "", "deputy_email"),
        ("login_holders", "", "login_holders"),
        ("login_holders", "kommunikatör", "login_holders"),
        ("login_holders", "1", "login_holders"),
        ("login_holders", "2", None),
        ("login_holders", "a|b", None),
        ("approved_by", "", "approved_by"),
        ("review_by", "", "review_by"),
        ("review_by", "2026-11-21", "review_by"),
        ("review_by", "2026-11-22", None),
        ("review_by", "i vår", "review_by"),
        ("listed_on", "", "listed_on"),
        ("listed_on", "https://almby.example.evil.example/", "listed_on"),
        ("listed_on", "sidan Sociala medier", None),
        ("owner_email", "almby@mail.example", "owner_email"),
        ("owner_email", "almby@evilalmby.example", "owner_email"),
        ("owner_email", "almby@bibliotek.almby.example", None),
        ("deputy_email", "almby@mail.example", "deputy_email"),
        ("last_snapshot_on", "", "last_snapshot_on"),
        ("last_snapshot_on", "2026-05-22", None),
        ("last_snapshot_on", "2026-05-21", "last_snapshot_on"),
        ("last_snapshot_on", "2026-06-01T12:00:00Z", None),
        ("url", "https://x.com/almby/status/1", "address"),
        ("url", "https://www.instagram.com/almby", "address"),
        ("handle", "almbykommun", "handle"),
        ("handle", "@Almby", None),
        ("handle", "", None),
    ],
)
def test_one_value(column: str, value: str, rule: str | None) -> None:
    assert rules({column: value}) == ([rule] if rule else [])


@pytest.mark.parametrize("status", ["archived", "defensive", "known_third_party", "parody_ok", "impostor_confirmed"])
def test_only_rows_in_use_need_owners(status: str) -> None:
    assert rules({"status": status, "owner_role": "", "last_snapshot_on": ""}) == []


def test_repeated_accounts() -> None:
    faults = registry_health(register({}, {"url": "https://twitter.com/Almby"}), ("almby.example",), TODAY)
    assert [(fault.rule, fault.detail) for fault in faults] == [("duplicate", "line 3 repeats line 2")]


def test_a_missing_column_is_one_fault_for_the_whole_register() -> None:
    faults = registry_health(register({}, {"url": "https://x.com/b", "handle": "b"}, without="owner_role"), (), TODAY)
    assert [(fault.rule, fault.url) for fault in faults] == [("owner_role", "")]


def test_without_domains_mailboxes_are_not_judged() -> None:
    assert rules({"owner_email": "almby@mail.example"}, domains=()) == []


def test_every_fault_has_a_name_and_advice_in_swedish() -> None:
    empty = dict.fromkeys(CHECKS, "")
    register_ = register({**empty, "owner_email": "a@b.example", "handle": "c"}, {"url": "https://x.com/share"}, {})
    faults = registry_health(register_, ("almby.example",), TODAY)
    swedish = translations("sv").gettext
    assert {fault.rule for fault in faults} == set(TITLES) - {dead_links.RULE, dead_links.DOMAIN_RULE, renamed.RULE}
    for rule, title in TITLES.items():
        assert swedish(title) != title, rule
    for fault in faults:
        assert swedish(fault.hint) != fault.hint


@pytest.mark.parametrize(
    ("day", "due"),
    [
        ("2026-05-01", "2026-11-01"),
        ("2026-08-31", "2027-02-28"),
        ("2027-08-31", "2028-02-29"),
        ("2026-12-15", "2027-06-15"),
    ],
)
def test_six_months_on(day: str, due: str) -> None:
    assert add_months(date.fromisoformat(day), 6) == date.fromisoformat(due)


def test_read_date() -> None:
    assert read_date(" 2026-11-22 ") == TODAY
    assert read_date("22/11 2026") is None
