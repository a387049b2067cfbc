"""A strict Jetstream on loopback: checks what it is asked for, replays by cursor, and misbehaves on demand."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from aiohttp import WSMsgType, web

POST = "app.bsky.feed.post"
KNOWN = {"wantedCollections", "wantedDids", "maxMessageSizeBytes", "cursor", "compress", "requireHello"}
START = 1_795_000_000_000_000  # microseconds
DID = "did:plc:almbyalmbyalmbyalmbyalmb"


class Jetstream:
    """Its events by time. `forgotten` is the time before which it keeps none."""

    def __init__(self) -> None:
        self.events: list[tuple[int, bytes]] = []
        self.asked: list[dict[str, str]] = []
        self.forgotten = 0
        self.status = 0  # answered instead of a WebSocket
        self.close_after: int | None = None  # frames of a connection
        self.closes = 3  # connections that are closed so
        self.twice = False  # every frame is told twice, the second time out of order
        self.mute = False  # nothing is told at all
        self.url = ""
        self.handles: dict[str, str] = {}
        self.found: list[dict[str, Any]] = []  # what its network's search answers
        self.search_status = 200
        self._news: asyncio.Condition
        self._loop: asyncio.AbstractEventLoop
        self._open: set[web.WebSocketResponse] = set()

    def post(self, text: str, key: str = "", did: str = DID, at: int | None = None, **record: Any) -> str:
        """Somebody writes; returns the at:// address."""
        when = at or self._next()
        key = key or f"3k{when}"
        whole = {"$type": POST, "text": text, "createdAt": "2026-11-18T12:00:00Z", "langs": ["sv"], **record}
        self.commit("create", key, did, when, whole)
        return f"at://{did}/{POST}/{key}"

    def commit(self, operation: str, key: str, did: str = DID, at: int | None = None, record: Any = None) -> None:
        """One operation of a repository."""
        when = at or self._next()
        commit = {"rev": "3k", "operation": operation, "collection": POST, "rkey": key, "record": record, "cid": "b"}
        self.raw(json.dumps({"did": did, "time_us": when, "kind": "commit", "commit": commit}).encode(), when)

    def raw(self, frame: bytes, at: int | None = None) -> None:
        """A frame as it is."""
        self.events.append((at or self._next(), frame))
        if self.url:
            asyncio.run_coroutine_threadsafe(self._tell(), self._loop).result(5)

    def cut(self) -> None:
        """Break every connection without a word."""

        async def cut() -> None:
            for socket in list(self._open):
                if socket._req is not None and socket._req.transport is not None:
                    socket._req.transport.abort()

        asyncio.run_coroutine_threadsafe(cut(), self._loop).result(5)

    def _next(self) -> int:
        return self.events[-1][0] + 1_000_000 if self.events else START

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()

    async def subscribe(self, request: web.Request) -> web.StreamResponse:
        """The endpoint, as strict as its documentation."""
        query = dict(request.query)
        self.asked.append(query)
        if self.status:
            return web.Response(status=self.status)
        if wrong := fault(query):
            return web.Response(status=400, text=wrong)
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(request)
        self._open.add(socket)
        teller = asyncio.create_task(self._talk(socket, int(query.get("cursor", 0))))
        try:
            async for message in socket:
                assert message.type is not WSMsgType.TEXT, "nothing was asked of the client"
        finally:
            teller.cancel()
            self._open.discard(socket)
        return socket

    async def profiles(self, request: web.Request) -> web.Response:
        """Whose handle is what."""
        actors = request.query.getall("actors", [])
        known = [{"did": did, "handle": handle} for did, handle in self.handles.items() if {did, handle} & set(actors)]
        return web.json_response({"profiles": known})

    async def search(self, _request: web.Request) -> web.Response:
        """What the network's search finds."""
        return web.json_response({"posts": self.found}, status=self.search_status)

    async def _talk(self, socket: web.WebSocketResponse, cursor: int) -> None:
        number = 0 if cursor else len(self.events)
        sent = 0
        while True:
            fresh = self.events[number:]
            number += len(fresh)
            due = [frame for at, frame in fresh if at >= max(cursor, self.forgotten) and not self.mute]
            for frame in [*due, *reversed(due)] if self.twice else due:
                if sent == self.close_after and len(self.asked) <= self.closes:
                    await socket.close()
                    return
                await (socket.send_bytes(frame) if frame[:1] == b"\xff" else socket._writer.send_frame(frame, 1))
                sent += 1
            async with self._news:
                if number == len(self.events):
                    await self._news.wait()


def fault(query: dict[str, str]) -> str:
    """What is wrong with a question; empty when nothing is."""
    if unknown := set(query) - KNOWN:
        return f"unknown {unknown}"
    if query.get("wantedCollections") != POST:
        return "posts alone were to be asked for"
    return "" if query.get("cursor", "1").isdigit() and query["maxMessageSizeBytes"].isdigit() else "no number"


@contextmanager
def serving(handlers: dict[str, Callable[[web.Request], Any]], begun: Callable[[str], None]) -> Iterator[None]:
    """Serve on a free port of loopback, in a thread of its own; `begun` is told the host and port, in its loop."""
    ready = threading.Event()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        app = web.Application()
        app.add_routes([web.get(path, handler) for path, handler in handlers.items()])
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        begun(f"127.0.0.1:{site._server.sockets[0].getsockname()[1]}")  # type: ignore[union-attr]
        ready.set()
        await stop.wait()
        await runner.cleanup()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()


@contextmanager
def jetstream() -> Iterator[Jetstream]:
    """One running server, with nothing written yet."""
    fake = Jetstream()

    def begun(place: str) -> None:
        fake._loop, fake._news = asyncio.get_running_loop(), asyncio.Condition()
        fake.url = f"ws://{place}"

    profiles, search = "/xrpc/app.bsky.actor.getProfiles", "/xrpc/app.bsky.feed.searchPosts"
    with serving({"/subscribe": fake.subscribe, profiles: fake.profiles, search: fake.search}, begun):
        yield fake
