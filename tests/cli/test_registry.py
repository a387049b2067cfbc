"""`listen registry`, as a person at the terminal sees it; import itself is walked through in acceptance A2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from listener.cli import run

HEADER = "platform,url,unit,status,owner_email\n"
ROW = "x,https://x.com/almby,Almby,approved,kommunikation@almby.example\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LISTEN_NOW", "2026-11-22T07:00:00+01:00")
    (tmp_path / "registry.csv").write_text(HEADER + ROW, encoding="utf-8")
    return tmp_path


def configure(folder: Path) -> None:
    (folder / "listener.toml").write_text(
        '[organisation]\nname = "Almby kommun"\ndomains = ["almby.example"]\n', encoding="utf-8"
    )


def test_check_lists_faults_and_fails_only_when_asked(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / "registry.csv").write_text(HEADER + ROW + ROW.replace("https://x.com/almby", "twitter.com/Almby"))
    assert run(["registry", "check"]) == 0
    out = capfd.readouterr().out
    assert "the register\n  no owner role (the register has no column owner_role): Add the column." in out
    assert "https://x.com/Almby (Almby)\n  the account stands twice (line 3 repeats line 2)" in out
    assert run(["registry", "check", "--fail-on", "fault"]) == 1


def test_check_knows_the_official_domains(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    configure(folder)
    (folder / "registry.csv").write_text(HEADER + ROW.replace("@almby.example", "@mail.example"))
    assert run(["registry", "check", "--format", "json"]) == 0
    faults = json.loads(capfd.readouterr().out)
    assert [fault["detail"] for fault in faults if fault["rule"] == "owner_email"] == [
        "owner_email: mail.example is not ours"
    ]


def test_check_as_csv(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["registry", "check", "--format", "csv"]) == 0
    assert capfd.readouterr().out.startswith("rule,url,unit,detail,hint\r\nowner_role,")


def test_a_faulty_register_stops_check_diff_and_publish(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    configure(folder)
    (folder / "registry.csv").write_text(HEADER + "friendster,https://x.com/a,U,approved,a@almby.example\n")
    for command in (["check"], ["diff", "registry.csv"], ["publish", "ut"]):
        assert run(["registry", *command]) == 2
        assert "registry.csv:2: platform: 'friendster' is unknown" in capfd.readouterr().err
    assert not (folder / "ut").exists()


def test_diff(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / "ny.csv").write_text(HEADER + ROW.replace("Almby", "Museet") + ROW.replace("x.com/almby", "x.com/ny"))
    assert run(["registry", "diff", "ny.csv"]) == 0
    out = capfd.readouterr().out.splitlines()
    assert out == ["added: x https://x.com/ny Almby", "changed: https://x.com/almby unit: 'Almby' is now 'Museet'"]
    assert run(["registry", "diff", "ny.csv", "--format", "json"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert [len(found[key]) for key in ("added", "changed", "removed")] == [1, 1, 0]


def test_publish(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    configure(folder)
    assert run(["registry", "publish", "ut"]) == 0
    assert capfd.readouterr().out.splitlines() == [
        str(Path("ut") / name) for name in ("registry.csv", "registry.json", "index.html", "index.en.html")
    ]
    assert 'lang="sv"' in (folder / "ut" / "index.html").read_text("utf-8")


def test_publish_needs_to_know_who_we_are(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["registry", "publish", "ut"]) == 2
    assert "organisation" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("x,https://x.com/intent/tweet?text=hej,Almby,approved,a@almby.example", "share button"),
        ("x,https://x.com/almby/status/123,Almby,approved,a@almby.example", "a post"),
        ("facebook,https://x.com/almby,Almby,approved,a@almby.example", "on x, not on facebook"),
        ("facebook,https://www.facebook.com/sharer.php?u=x,Almby,approved,a@almby.example", "share button"),
    ],
)
def test_an_address_that_is_no_profile_is_refused_by_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], row: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("new.csv").write_text(f"platform,url,unit,status,owner_email\n{row}\n", encoding="utf-8")
    assert run(["registry", "import", "new.csv"]) == 2
    told = capsys.readouterr().err
    assert "new.csv:2: url:" in told
    assert said in told
    assert not Path("registry.csv").exists()
