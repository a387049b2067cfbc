"""aiohttp's connections behind our guard: names looked up by us, every address checked before it is connected to."""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from listener.errors import Blocked
from listener.guard import check_address, resolve_public

if TYPE_CHECKING:
    from aiohttp import AddrInfoType
    from aiohttp.abc import AbstractResolver, ResolveResult

LOOKUPS = 32  # names looked up at once, in threads


def resolver(threads: ThreadPoolExecutor, allow_loopback: bool) -> AbstractResolver:
    """What aiohttp looks names up with: the guard's own look-up, whose addresses are then connected to."""
    from aiohttp.abc import AbstractResolver

    class Guarded(AbstractResolver):
        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
        ) -> list[ResolveResult]:
            loop = asyncio.get_running_loop()
            try:
                found = await loop.run_in_executor(threads, resolve_public, host, port, allow_loopback)
            except Blocked as refused:
                raise OSError(str(refused)) from refused
            return [_result(host, address, port) for address in found]

        async def close(self) -> None:
            """Nothing is held."""

    return Guarded()


def checked_socket(allow_loopback: bool, place: AddrInfoType) -> socket.socket:
    """The socket for one connection; a bare address comes here without having passed the resolver. Raises OSError."""
    family, kind, protocol, _name, address = place
    try:
        check_address(str(address[0]), allow_loopback)
    except Blocked as refused:
        raise OSError(str(refused)) from refused
    return socket.socket(family, kind, protocol)


def _result(host: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    return {"hostname": host, "host": address, "port": port, "family": family, "proto": 0, "flags": flags}
