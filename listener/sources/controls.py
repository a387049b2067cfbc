"""Whether a look-up can be believed: a name that everybody knows must be there, one that nobody has must not."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from listener.context import Context
from listener.errors import Changed, Throttled

EVERY = 15  # misses after which the well-known name is asked for again


class LookUp:
    """Look-ups of one public page, believed only while they tell the existing from the missing.

    A platform that has had enough of us answers as if nobody bore the name. So the well-known name is asked for first,
    after every fifteen misses, and by `settle` in the end: Throttled when it is not there. A random name is asked for
    once: Changed when it is there. `who` is the platform in messages; `look` answers with what a name shows, or None.
    """

    def __init__(self, ctx: Context, who: str, well_known: str, look: Callable[[str], object | None]) -> None:
        self._ctx, self._who, self._well_known, self._look = ctx, who, well_known, look
        self._misses = 0

    def trusted(self) -> None:
        """Check both sides, once a run. Raises Throttled, Changed."""
        if self._ctx.memory.get("trusted"):
            return
        self._must_be_there()
        if self._look(nobody()) is not None:
            raise Changed(f"{self._who} shows a page for a name that nobody has: its answers tell nothing")
        self._ctx.memory["trusted"] = True

    def missed(self) -> None:
        """Note that a name was not there. Raises Throttled when the well-known one is gone as well."""
        self._misses += 1
        if self._misses >= EVERY:
            self.settle()

    def settle(self) -> None:
        """Believe the misses so far, or raise Throttled: what was not shown then is unknown and not missing."""
        if self._misses:
            self._misses = 0
            self._must_be_there()

    def _must_be_there(self) -> None:
        if self._look(self._well_known) is None:
            raise Throttled(f"{self._who} does not show {self._well_known!r} either: it answers nobody for now")


def nobody() -> str:
    """A name that nobody bears, another one each time: sixteen random letters."""
    return "q" + secrets.token_hex(8)[:15]
