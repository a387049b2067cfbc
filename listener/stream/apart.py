"""Work that waits for others done beside the loop, in threads that never keep the program from ending."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from listener.errors import ListenerError

Made = TypeVar("Made")


def apart(work: Callable[[], Made]) -> asyncio.Future[Made]:
    """What `work` returns, or the ListenerError it raises."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Made] = loop.create_future()

    def settle(made: list[Made], trouble: ListenerError | None) -> None:
        if future.cancelled():
            return
        if made:
            future.set_result(made[0])
        else:
            future.set_exception(trouble or RuntimeError("a thread broke"))

    def run() -> None:
        made: list[Made] = []
        trouble = None
        try:
            made.append(work())
        except ListenerError as wrong:
            trouble = wrong
        finally:
            with suppress(RuntimeError):  # the loop is gone: nobody waits any more
                loop.call_soon_threadsafe(settle, made, trouble)

    threading.Thread(target=run, name="apart", daemon=True).start()
    return future
