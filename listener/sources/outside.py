"""Who may be asked beyond the addresses that the settings name: nobody in a run on loopback, as tests and demos are."""

from __future__ import annotations

from listener.context import Context
from listener.urls import host

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


def may_ask(ctx: Context, url: str) -> bool:
    """Whether an address that an account, a page or a register names may be fetched in this run."""
    return not ctx.allow_loopback or host(url) in LOOPBACK
