"""Servers that cannot start fail loudly, and none is left behind."""

from __future__ import annotations

import os
import select
import sys

import pytest
from servers.children import REAL, ServerFailed, child, free_ports, installed

PYTHON = [sys.executable, "-u", "-c"]


def test_a_missing_server_says_what_to_run() -> None:
    with pytest.raises(ServerFailed, match=r"run `python scripts/install_real_servers\.py` first"):
        installed(REAL / "no-such-server")


def test_a_server_that_breaks_is_told_by_its_last_words() -> None:
    command = [*PYTHON, "print('no room on the disk'); raise SystemExit(3)"]
    with (
        pytest.raises(ServerFailed, match=r"(?s)ended with 3;.*no room on the disk"),
        child(command, ready="listening"),
    ):
        pytest.fail("it never was ready")


def test_a_server_that_is_never_ready_is_stopped() -> None:
    command = [*PYTHON, "import time; print('starting'); time.sleep(60)"]
    with (
        pytest.raises(ServerFailed, match=r"(?s)not ready within.*starting"),
        child(command, ready="listening", seconds=0.5),
    ):
        pytest.fail("it never was ready")


def test_what_was_started_ends_with_the_block_and_with_it_what_it_started() -> None:
    spawn = "import subprocess, sys; inner = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])"
    with child([*PYTHON, f"{spawn}; print('listening', inner.pid); inner.wait()"], ready="listening") as line:
        inner = os.pidfd_open(int(line.split()[1]))
    try:
        assert select.select([inner], [], [], 5.0)[0]
    finally:
        os.close(inner)


@pytest.mark.network
def test_free_ports_are_all_different() -> None:
    assert len(set(free_ports(20))) == 20
