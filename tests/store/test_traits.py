"""What accounts share: kept with them, moved with them, and gone with them."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import sqlite_utils

from listener.clock import rfc3339
from listener.models import Account, Decision, Finding, State, Verdict
from listener.store import Store, open_store
from listener.store.accounts import save_findings
from listener.store.cases import save_decision
from listener.store.database import as_json
from listener.store.disposal import Disposal, delete_old
from listener.store.notes import add_note, notes_of
from listener.store.proposals import open_proposal, propose
from listener.store.runs import start_run
from listener.store.schema import migrations
from listener.store.traits import alike, traits_of

from .conftest import NOW


def account(number: int | None, **known: object) -> Account:
    said = {"platform": "x", "platform_id": number and str(number), "handle": "almby1", "source": "x", **known}
    return Account(**said)  # type: ignore[arg-type]


def save(store: Store, *accounts: Account) -> None:
    found = [Finding(account=each, verdict=Verdict.IMPOSTOR, score=0.9) for each in accounts]
    save_findings(store, start_run(store, "audit", NOW, ["x"]), "x", found, NOW)


def kept(store: Store) -> set[str]:
    return {row["trait"] for row in store.rows("SELECT trait FROM account_traits")}


def test_a_name_is_kept_as_it_is_read_a_link_as_its_site_and_a_picture_by_its_own_name() -> None:
    made = account(
        1,
        display_name="Almby k\u03bfmmun!",  # a Greek o
        links=("https://a.b.evil.example/x", "https://evil.example/y", "no address"),
        avatar="https://cdn.example/img/bafkreihdwdcefgh4dqkjv67uzcmw7ojee@jpeg",
    )
    assert set(traits_of(made)) == {
        "name:almbykommun", "site:evil.example", "picture:bafkreihdwdcefgh4dqkjv67uzcmw7ojee"
    }  # fmt: skip
    assert list(traits_of(account(1, display_name="Ö", avatar="https://x.example/a.png"))) == []


def test_traits_follow_a_rename_and_a_platform_id_learned_later(store: Store) -> None:
    save(store, account(None, display_name="Almby kommun"))
    save(store, account(7, display_name="Almby bibliotek"))
    assert kept(store) == {"name:almbybibliotek"}
    assert [row["account_key"] for row in store.rows("SELECT account_key FROM account_words")] == ["x:7"]


def test_retention_takes_traits_words_notes_and_proposals_along(store: Store) -> None:
    save(store, account(1, display_name="Almby kommun"), account(2, handle="almby2", display_name="Almby kommun"))
    add_note(store, 1, "anna", "unikt-ord", NOW)
    report = Decision(case_id=1, who="anna", to=State.ACTION, reason="other", text="unikt-skäl")
    propose(store, report, NOW)
    save_decision(store, Decision(case_id=1, who="anna", to=State.DISMISSED, reason="namesake"), NOW)
    assert [other.case_id for other in alike(store, 2)] == [1]
    later = NOW + timedelta(days=400)
    plan = Disposal(kind="findings", before=later, count=0, decision_ref="KS 1")
    delete_old(store, [plan], "anna", later)
    assert alike(store, 2) == []
    assert [note.text for note in notes_of(store, 1)] == [None]
    waiting = open_proposal(store, 1)
    assert waiting is not None
    assert waiting.text == ""
    dump = "\n".join(store.conn.iterdump())
    assert "unikt" not in dump
    assert rfc3339(NOW) in dump, "who and when stay"


def test_accounts_that_were_kept_before_get_their_traits(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    conn = sqlite3.connect(path)
    db = sqlite_utils.Database(conn)
    migrations.apply(db, stop_before="m031_case_work")
    made = account(1, display_name="Almby kommun")
    row = {
        "key": "x:1", "platform": "x", "record": as_json(made), "fingerprint": "f", "first_seen_at": rfc3339(NOW),
        "last_seen_at": rfc3339(NOW), "observation": "seen", "source": "x",
    }  # fmt: skip
    db.table("accounts").insert(row)
    case = {"account_key": "x:1", "platform": "x", "verdict": "impostor", "score": 0.9, "state": "new"}
    db.table("cases").insert(case | {"opened_at": rfc3339(NOW), "changed_at": rfc3339(NOW)})
    conn.commit()
    conn.close()
    with open_store(path) as store:
        assert kept(store) == {"name:almbykommun"}
        assert store.rows("SELECT words FROM account_words")[0]["words"].startswith("almby kommun")
