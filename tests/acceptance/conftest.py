"""A town for every walk-through."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from town import NOW, Town

from listener.clock import read_time
from listener.demo import load_world, start


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    folder = tmp_path / "almby"
    folder.mkdir()
    with start(load_world(read_time(NOW))) as served:
        yield Town(served, folder)
