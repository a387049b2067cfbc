"""A limit to how long one page may be read: the page of somebody who wants to hold us up must not cost us the rest."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

READING = 5.0  # seconds for one page; an ordinary one takes hundredths


class TooLong(Exception):
    """The page is given up."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raises TooLong in the block when it takes longer, as soon as Python runs again; no limit outside the main thread.

    Scrapy's own time-out cannot tell: a page is read where its clock runs.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    armed = [True]

    def ring(_number: int, _frame: FrameType | None) -> None:
        if armed:
            raise TooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)  # again each second, should a callback swallow it
    try:
        try:
            yield
        finally:
            armed.clear()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)
