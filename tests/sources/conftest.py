"""Contexts for sources: loopback allowed, no pace, no real sleep, a frozen clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from listener.context import Context
from listener.http import Session

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
MakeContext = Callable[..., Context]


@pytest.fixture
def make_context() -> MakeContext:
    def make(source: str, settings: dict[str, Any] | None = None, **more: Any) -> Context:
        http = Session(
            "press@almby.example",
            allow_loopback=True,
            per_host_seconds=0.0,
            sleep=lambda _seconds: None,
            timeout=(2, 2),
            deadline=5.0,
        )
        return Context(source, http, now=NOW, settings=settings, allow_loopback=True, **more)

    return make
