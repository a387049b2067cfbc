"""The invented municipality, running."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from listener.demo import Served, load_world, start


@pytest.fixture
def served() -> Iterator[Served]:
    with start(load_world(datetime(2026, 11, 20, 11, 0, tzinfo=UTC))) as running:
        yield running
