"""Continuous listening: lines that tell what is said as it is said, and sources asked in turn, into one log."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterable
from random import Random

from listener.assessment import require_assessment
from listener.config import Config
from listener.run import Progress, locked, silent
from listener.stream.desk import Status
from listener.stream.pace import Clock
from listener.stream.plan import Plan
from listener.stream.session import Limits, Session

__all__ = ["Limits", "Status", "stream"]

INTERRUPTED = 130
LISTENING = "listening; stop with Ctrl-C"  # said when nothing more can refuse it


def stream(
    config: Config,
    sources: Iterable[str] = (),
    queries: Iterable[str] = (),
    *,
    limits: Limits | None = None,
    show: Callable[[Status], None] = lambda _status: None,
    progress: Progress = silent,
) -> int:
    """Listen until stopped; returns the exit code: 0, 3 when a source failed to the last, 130 when interrupted.

    `show` is called with every sign of life. Raises ConfigError before any work, and where no impact assessment is
    named in the settings, or no longer; LockedError when another session listens already. An audit may run
    beside it: each has a lock of its own.
    """
    plan = Plan(config, sources, queries)
    require_assessment(config)
    lines = config.store.with_name(f"{config.store.name}.stream")
    with locked(lines):
        progress(LISTENING)
        session = Session(
            config,
            plan,
            clock=Clock(config.moment),
            dice=Random(),
            limits=limits or Limits(),
            show=show,
            progress=progress,
        )
        code = asyncio.run(session.run())
    if session.stopped_by == signal.SIGTERM:
        return 0
    return INTERRUPTED if session.stopped_by == signal.SIGINT else code
