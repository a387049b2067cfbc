"""The browser's only way out: a proxy on loopback that connects to checked public addresses, and to nothing else."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit

from listener.errors import Blocked
from listener.guard import PORTS, check_url, resolve_public

HEAD_BYTES = 64_000
CHUNK = 65_536
LINE_SECONDS = 20.0  # of silence after which a connection is cut
MOST_BYTES = 60_000_000  # through all connections of one page
MOST_LINES = 200  # connections of one page
AT_ONCE = 32


class Gate:
    """Serves one browser while the `with` block lasts; `port` is where. `refused` counts what it did not let out."""

    def __init__(self, allow_loopback: bool = False) -> None:
        self._allow_loopback = allow_loopback
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=AT_ONCE)
        self.port: int = self._listening.getsockname()[1]
        self.refused = 0
        self._room, self._lines = MOST_BYTES, MOST_LINES
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._threads = [threading.Thread(target=self._serve, daemon=True) for _number in range(AT_ONCE)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self._closed.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        with self._lock:
            lines = list(self._open)
        for line in lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        """One thread: one connection of the browser at a time."""
        while not self._closed.is_set():
            try:
                browser, _address = self._listening.accept()
            except OSError:
                return
            with browser, suppress(OSError):
                self._watch(browser)
                self._answer(browser)
            with self._lock:
                self._open.discard(browser)

    def _watch(self, line: socket.socket) -> None:
        line.settimeout(LINE_SECONDS)
        with self._lock:
            self._open.add(line)
            self._lines -= 1

    def _answer(self, browser: socket.socket) -> None:
        head = _read_head(browser)
        if not head:
            return
        try:
            host, port, first = _target(head, self._allow_loopback)
            outside = self._connect(host, port)
        except (Blocked, OSError, ValueError):
            self.refused += 1
            browser.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        with outside:
            self._watch(outside)
            if first:
                outside.sendall(first)
            else:
                browser.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=self._pass, args=(browser, outside), daemon=True)
            back.start()
            self._pass(outside, browser)
            back.join()
        with self._lock:
            self._open.discard(outside)

    def _connect(self, host: str, port: int) -> socket.socket:
        """A connection to the first checked address that answers."""
        if self._lines <= 0 or self._room <= 0:
            raise Blocked(f"{host}: the page asks for too much")
        trouble: OSError = OSError("no address")
        for address in resolve_public(host, port, self._allow_loopback)[:2]:
            try:
                return socket.create_connection((address, port), 5)
            except OSError as failed:
                trouble = failed
        raise trouble

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        """Bytes one way until either end is done, or the page has had its share."""
        with suppress(OSError):
            while self._room > 0 and (piece := source.recv(CHUNK)):
                self._room -= len(piece)
                sink.sendall(piece)
        for line in (source, sink):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


def _read_head(browser: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        piece = browser.recv(CHUNK)
        if not piece or len(head) > HEAD_BYTES:
            return b""
        head += piece
    return head


def _target(head: bytes, allow_loopback: bool) -> tuple[str, int, bytes]:
    """Host and port the browser asks for, and what to send there first (nothing for a tunnel).

    Raises Blocked or ValueError for what is not let out.
    """
    line, _end, rest = head.partition(b"\r\n")
    method, address, version = line.decode("latin-1").split(" ")
    if method == "CONNECT":
        host, _colon, port = address.rpartition(":")
        check_url(f"https://{address}/", allow_loopback)
        return host.strip("[]"), int(port), b""
    check_url(address, allow_loopback)
    parts = urlsplit(address)
    port_number = parts.port or 80
    if parts.scheme != "http" or method not in ("GET", "HEAD") or not (port_number in PORTS or allow_loopback):
        raise ValueError("only pages are let out")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = [
        header
        for header in rest.split(b"\r\n")
        if header and not header.lower().startswith((b"proxy-", b"connection:", b"keep-alive:"))
    ]
    whole = b"\r\n".join([f"{method} {path} {version}".encode("latin-1"), *headers, b"Connection: close", b"", b""])
    return parts.hostname or "", port_number, whole
