"""Why there was no answer, in words: what client libraries wrap around it is no business of the reader."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from types import ModuleType

import pytest

from listener.context import Context
from listener.errors import SourceError
from listener.http import Session
from listener.language import translations
from listener.models import Term
from listener.sources import bluesky, mastodon
from listener.transport import no_answer
from listener.troubles import in_language

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def nobody() -> Iterator[str]:
    """The address of a port where nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


def asked(module: ModuleType, settings: dict[str, object]) -> str:
    """What the source says when its server cannot be reached."""
    session = Session("", allow_loopback=True, sleep=lambda _seconds: None)
    ctx = Context("x", session, now=NOW, settings=settings, allow_loopback=True)
    with pytest.raises(SourceError) as wrong:
        list(module.accounts(ctx, Term(text="Almby kommun")))
    return str(wrong.value)


@pytest.mark.network
@pytest.mark.parametrize("module", [bluesky, mastodon])
def test_a_closed_door_is_called_that(module: ModuleType, nobody: str) -> None:
    told = asked(module, {"base_url": nobody, "servers": [nobody]})
    assert told.endswith("connection refused")
    assert "Pool" not in told
    assert in_language(told, translations("sv").gettext).endswith("anslutningen nekades")


@pytest.mark.parametrize("module", [bluesky, mastodon])
def test_a_name_that_is_not_found_is_called_that(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: object, **_named: object) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr("listener.transport.resolve_public", unknown)
    told = asked(module, {"base_url": "https://no.example", "servers": ["no.example"]})
    assert told.endswith("the name is not found")
    assert in_language(told, translations("sv").gettext).endswith("namnet hittas inte")


def test_a_slow_server_is_called_that() -> None:
    outer = RuntimeError("HTTPSConnectionPool(host=…)")
    outer.__cause__ = TimeoutError("timed out")
    assert no_answer(outer) == "no answer in time"
