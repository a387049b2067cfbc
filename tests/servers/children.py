"""Servers the tests start as child processes: waited for by a line they print, and always stopped."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
REAL = ROOT / ".cache" / "real"
PR_SET_PDEATHSIG = 1


class ServerFailed(RuntimeError):
    """A real server is not installed or did not start; the message says which, and holds the end of what it said."""


def installed(path: Path) -> Path:
    """`path`, if scripts/install_real_servers.py has put it there."""
    if not path.exists():
        raise ServerFailed(f"{path.relative_to(ROOT)} is missing: run `python scripts/install_real_servers.py` first")
    return path


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that nothing listened on a moment ago, all different."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]
    finally:
        for each in sockets:
            each.close()


class Output:
    """What a child prints: its last lines, and the first line that holds the ready mark."""

    def __init__(self, process: subprocess.Popen[str], ready: str) -> None:
        self.tail: deque[str] = deque(maxlen=40)
        self.ready_line: str | None = None
        self.ended = False
        self._told = threading.Event()
        self._thread = threading.Thread(target=self._read, args=(process, ready), daemon=True)
        self._thread.start()

    def _read(self, process: subprocess.Popen[str], ready: str) -> None:
        assert process.stdout is not None
        with suppress(ValueError):  # closed under it: something the child started held the pipe open after its end
            for line in process.stdout:
                self.tail.append(line.rstrip())
                if self.ready_line is None and ready in line:
                    self.ready_line = line
                    self._told.set()
        self.ended = True
        self._told.set()

    def wait(self, seconds: float) -> str | None:
        """The ready line; None when the child ended or `seconds` passed without it."""
        self._told.wait(seconds)
        return self.ready_line

    def read_out(self, seconds: float = 2.0) -> None:
        """Wait until what the ended child said is read."""
        self._thread.join(seconds)


@contextmanager
def child(
    command: Sequence[str | Path],
    *,
    ready: str,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    user: str | None = None,
    seconds: float = 60.0,
) -> Iterator[str]:
    """Run `command` until the block ends; yields the line that holds `ready`. Raises ServerFailed when it never comes.

    It gets a session of its own, so that what it starts is stopped with it, and it dies when the tests are killed.
    """
    name = Path(command[0]).name
    process = subprocess.Popen(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=dict(env) if env is not None else None,
        cwd=cwd,
        start_new_session=True,
        preexec_fn=_die_with_parent,
        **({"user": user, "group": user, "extra_groups": []} if user else {}),  # type: ignore[arg-type]
    )
    output = Output(process, ready)
    try:
        line = output.wait(seconds)
        if line is None:
            why = f"ended with {process.wait(5)}" if output.ended else f"was not ready within {seconds:.0f} s"
            raise ServerFailed(f"{name} {why}; it said:\n" + "\n".join(output.tail))
        yield line
    finally:
        stop(process, output)


def stop(process: subprocess.Popen[str], output: Output | None = None, seconds: float = 15.0) -> None:
    """End the child and everything it started: asked first, then killed. `output` is read to its end."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, how)
        except ProcessLookupError:
            break
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
    process.wait()
    if output is not None:
        output.read_out()
    if process.stdout is not None:
        process.stdout.close()


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
