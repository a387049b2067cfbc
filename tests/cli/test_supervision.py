"""The weekly look at every official account: who looked, what was seen, and which accounts nobody looked at in time."""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path

import pytest

from listener.cli import run
from listener.store import open_store

REGISTER = """platform,url,unit,status,owner_email,handle,platform_id
bluesky,https://bsky.app/profile/almby.example,Almby kommun,approved,web@almby.example,almby.example,did:plc:almby
x,https://x.com/almbykommun,Almby kommun,approved,web@almby.example,almbykommun,
mastodon,https://social.example/@almbykommun,=Biblioteket,approved,web@almby.example,almbykommun,
x,https://x.com/gamla,Almby kommun,archived,web@almby.example,gamla,
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    at(monkeypatch, "2026-11-16")
    monkeypatch.setenv("LISTEN_USER", "sara")
    (tmp_path / "listener.toml").write_text('[organisation]\nname = "Almby kommun"\n')
    (tmp_path / "registry.csv").write_text(REGISTER)
    return tmp_path


def at(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    monkeypatch.setenv("LISTEN_NOW", f"{day}T09:00:00+01:00")


def late(capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    assert run(["supervision", "list", "--overdue", "--format", "json"]) == 0
    return [row["url"] for row in json.loads(capsys.readouterr().out)]


def test_an_account_is_late_when_nobody_looked_for_a_week(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(late(capsys)) == 3, "the archived one needs no watching"
    assert run(["supervision", "note", "--all", "--text", "inget"]) == 0
    assert "3 accounts" in capsys.readouterr().out
    assert late(capsys) == []
    at(monkeypatch, "2026-11-20")
    assert run(["supervision", "note", "bluesky:almby.example", "--who", "ali", "--removed", "2"]) == 0
    at(monkeypatch, "2026-11-23")
    assert late(capsys) == []
    at(monkeypatch, "2026-11-24")
    assert late(capsys) == ["https://x.com/almbykommun", "https://social.example/@almbykommun"]
    (folder / "listener.toml").write_text('[organisation]\nname = "Almby kommun"\n[answers]\nsupervision_days = 14\n')
    assert late(capsys) == []


def test_an_account_that_changed_its_handle_is_still_the_one_that_was_looked_at(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["supervision", "note", "@almby.example"]) == 0
    renamed = REGISTER.replace("profile/almby.example", "profile/nya.example").replace(
        "e,almby.example,did", "e,nya,did"
    )
    (folder / "registry.csv").write_text(renamed)
    assert "https://bsky.app/profile/nya.example" not in late(capsys)


@pytest.mark.parametrize(
    ("account", "told"),
    [
        ("almbykommun", "there are 2: give the address"),
        ("gamla", "no approved account"),
        ("https://x.com/nobody", "no approved account"),
    ],
)
def test_an_account_that_is_not_clear_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], account: str, told: str
) -> None:
    assert run(["supervision", "note", account]) == 2
    assert told in capsys.readouterr().err
    assert run(["supervision", "note", "https://x.com/AlmbyKommun/"]) == 0
    assert run(["supervision", "note"]) == 2


def test_the_log_is_exported_for_a_spreadsheet_without_formulas(
    folder: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert (
        run(["supervision", "note", "mastodon:almbykommun", "--text", "=1+1 tog bort\nett hot", "--removed", "1"]) == 0
    )
    assert run(["supervision", "export", "log.csv", "--excel"]) == 0
    whole = (folder / "log.csv").read_bytes()
    assert whole.startswith(b"\xef\xbb\xbfat;who;platform;unit;url;removed;text\r\n")
    assert "2026-11-16T08:00:00Z;sara;mastodon;'=Biblioteket;" in whole.decode("utf-8-sig")
    assert ";1;'=1+1 tog bort ett hot\r\n" in whole.decode("utf-8-sig")
    assert run(["supervision", "export", "-", "--since", "2026-11-17"]) == 0
    assert capsysbinary.readouterr().out.splitlines()[-1] == b"at,who,platform,unit,url,removed,text"
    assert run(["supervision", "export", "no/folder.csv"]) == 2


def test_what_moves_the_cursor_is_written_out_on_a_terminal(
    folder: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["supervision", "note", "mastodon:almbykommun", "--text", "ett\x1b[2Jhot"]) == 0
    capsysbinary.readouterr()
    assert run(["supervision", "export", "-"]) == 0
    assert b"ett\x1b[2Jhot" in capsysbinary.readouterr().out, "a file or a program gets it as it is"
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert run(["supervision", "export", "-"]) == 0
    assert b"ett<U+001B>[2Jhot" in capsysbinary.readouterr().out


def test_a_note_stands_for_good(folder: Path) -> None:
    assert run(["supervision", "note", "--all"]) == 0
    with open_store(folder / "listener.db") as store:
        for statement in ("DELETE FROM supervision", "UPDATE supervision SET who = 'annan'"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                store.db.execute(statement)


def test_the_table_is_harmless(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["supervision", "note", "--all", "--who", "sara\x1b[2J"]) == 0
    assert run(["supervision", "list"]) == 0
    shown = capsys.readouterr()
    assert "\x1b" not in shown.out
    assert "0 of 3 accounts" in shown.err
