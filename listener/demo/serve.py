"""A small real HTTP server on loopback that answers by a pure function, and the ways it can be made to fail."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from listener.models import Record

LOOPBACK = "127.0.0.1"
CLOSED_ROBOTS = b"User-agent: *\nDisallow: /\n"


class Request(Record, frozen=True):
    """What a client asked for; header names are lower case."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes = b""

    def one(self, name: str, default: str = "") -> str:
        """The first value of a query parameter."""
        return self.query.get(name, [default])[0]

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number within [1, most]; the default when it is not one."""
        text = self.one(name)
        return min(max(int(text), 1), most) if text.isdigit() else default


class Reply(Record, frozen=True):
    """What a server answers."""

    status: int = 200
    body: bytes = b""
    kind: str = "application/json; charset=utf-8"
    headers: dict[str, str] = {}


class Fault(Record, frozen=True):
    """A way to fail, such as Fault(status=429, retry_after=30) or Fault(kind="huge").

    `status` answers so · `garbage` sends half an answer of the right content type · `slow` waits `seconds` first ·
    `huge` sends `size` bytes · `redirect` goes round for ever · `robots` forbids everything in robots.txt.
    The first `after` requests are still answered; with `only`, paths without that text always are.
    """

    kind: Literal["status", "garbage", "slow", "huge", "redirect", "robots"] = "status"
    status: int = 500
    retry_after: int | None = None
    seconds: float = 60.0
    size: int = 12_000_000
    after: int = 0
    only: str = ""


Connection = Any  # socketserver's own type for what it hands on: a socket
Answer = Callable[[Request], Reply]


def json_reply(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """An answer in JSON."""
    return Reply(status=status, body=json.dumps(content, ensure_ascii=False).encode(), headers=dict(headers or {}))


class Server:
    """One HTTP server on a free loopback port, answering by a pure function until told to fail."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.requests: list[Request] = []
        self._fault: Fault | None = None
        self._good_answers = 0
        self._released = threading.Event()
        self._http = _Listener((LOOPBACK, 0), _Handler)
        self._http.owner = self
        self.url = f"http://{LOOPBACK}:{self._http.server_address[1]}"
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def fail(self, fault: Fault | None) -> None:
        """Answer like this from now on; None heals."""
        self._released.set()
        self._released = threading.Event()
        self._good_answers = 0
        self._fault = fault

    def respond(self, request: Request) -> Reply:
        """The answer, through the fault in force."""
        self.requests.append(request)
        fault = self._fault
        if fault is None or fault.only not in request.path or self._good_answers < fault.after:
            self._good_answers += 1
            return self.answer(request)
        return self._failing(fault, request)

    def stop(self) -> None:
        """Close the port; answers under way are cut short."""
        self._released.set()
        self._http.shutdown()
        self._http.hang_up()
        self._http.server_close()
        self._thread.join()

    def _failing(self, fault: Fault, request: Request) -> Reply:
        if fault.kind == "status":
            headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
            return json_reply({"error": "ServerTrouble", "message": "told to fail"}, fault.status, headers)
        if fault.kind == "redirect":
            turn = int(request.one("turn", "0") or 0) + 1
            return Reply(status=302, headers={"Location": f"{self.url}{request.path}?turn={turn}"})
        if fault.kind == "robots" and request.path == "/robots.txt":
            return Reply(body=CLOSED_ROBOTS, kind="text/plain; charset=utf-8")
        if fault.kind == "slow":
            self._released.wait(fault.seconds)
        good = self.answer(request)
        if fault.kind == "garbage":
            return Reply(body=good.body[: len(good.body) // 2] + b"\x00\xff{[<", kind=good.kind)
        if fault.kind == "huge":
            return Reply(body=good.body + b" " * fault.size, kind=good.kind)
        return good


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    owner: Server

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self._open: set[Connection] = set()
        super().__init__(address, handler)

    def process_request(self, request: Connection, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Connection) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End the conversations that clients keep alive."""
        for connection in tuple(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer waits 40 ms for the acknowledgement of its own head
    server_version = "almby"
    sys_version = ""
    server: _Listener

    def do_GET(self) -> None:
        self._answer()

    do_POST = do_HEAD = do_GET  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the request is kept in Server.requests."""

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=parts.path,
            query=parse_qs(parts.query, keep_blank_values=True),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(self.headers.get("Content-Length") or 0)),
        )
        try:
            self._send(self.server.owner.respond(request))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client had enough, as it should of a huge or slow answer

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(reply.body)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)
