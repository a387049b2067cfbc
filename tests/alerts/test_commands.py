"""`listen alerts` at the terminal, and what an audit says of alerts that did not go out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from alerts.conftest import MAILED, NOW
from alerts.mail_server import mail_server
from almby_weeks import audit, finding

from listener.audit import tell_urgent
from listener.cli import run
from listener.config import Config
from listener.models import Verdict
from listener.store import Store
from listener.store.outbox import list_alerts

pytestmark = pytest.mark.network
Configured = Callable[..., Config]


def test_the_channels_can_be_tried_and_what_was_told_listed(
    configured: Configured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with mail_server() as box:
        configured(MAILED.format(to='gone@almby.example", "anna@almby.example', port=box.port))
        assert run(["alerts", "test"]) == 3
        told = capsys.readouterr().out.splitlines()
        assert "mail:anna@almby.example: sent" in told
        assert any(line.startswith("mail:gone@almby.example: ") and "550" in line for line in told)
        assert box.recipients == ["anna@almby.example"]
    assert run(["alerts", "list"]) == 0
    assert "A test of the alerts" in capsys.readouterr().out
    assert run(["alerts", "list", "--format", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["alert"]["kind"] == "test"
    assert sorted(way["tries"] for way in row["deliveries"]) == [1, 1]


def test_an_audit_tells_of_an_impostor_and_says_what_did_not_go_out(configured: Configured, store: Store) -> None:
    audit(store, NOW, (finding("almby", Verdict.IMPOSTOR, name="Almby kommun"),))
    lines: list[str] = []
    with mail_server() as box:
        box.trouble = "451 later"
        config = configured(MAILED.format(to="anna@almby.example", port=box.port))
        tell_urgent(config, store, lines.append)
        assert len(lines) == 1
        assert lines[0].startswith("alert mail:anna@almby.example: not sent: ")
        box.trouble = ""
        tell_urgent(config, store, lines.append)
        (mail,) = box.mails
    assert mail["subject"] == "[Almby kommun] Near-certain impostor: Bluesky"
    assert len(lines) == 1
    assert len(list_alerts(store)) == 1
