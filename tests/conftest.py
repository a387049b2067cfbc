"""What every test starts from: no network, no keys, English words, an empty home."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_socket import disable_socket, enable_socket, socket_allow_hosts

LOOPBACK = ["127.0.0.1", "::1", "localhost"]


@pytest.fixture(autouse=True)
def _no_network(request: pytest.FixtureRequest) -> Iterator[None]:
    """Sockets are refused; a test marked `network` or `realserver` may use loopback and nothing else."""
    if request.node.get_closest_marker("network") or request.node.get_closest_marker("realserver"):
        socket_allow_hosts(LOOPBACK, allow_unix_socket=True)
    else:
        disable_socket(allow_unix_socket=True)
    yield
    enable_socket()


@pytest.fixture(autouse=True)
def _bare_environment(_no_network: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings leak in from the machine: words are English, home is empty, no LISTEN_ variable is set.

    `_no_network` comes first, so that what a test patches in `socket` is undone before sockets are given back.
    """
    for name in list(os.environ):
        if name.startswith(("LISTEN_", "LC_", "XDG_")) or name in ("LANGUAGE", "NO_COLOR"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
