"""Web sites of a few pages, served on loopback for a test."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Page:
    body: bytes = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Site:
    """A web site of a few pages; `asked` holds every path that was requested, with its user agent."""

    pages: dict[str, Page]
    url: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        return [path for path, _agent in self.asked]


def page(html: str, **changes: Any) -> Page:
    return Page(body=html.encode(), **changes)


Serve = Callable[..., Site]


@contextmanager
def serving() -> Iterator[Serve]:
    """serve({path: Page}, host) starts a site on a free port of loopback; all are stopped at the end."""
    servers: list[ThreadingHTTPServer] = []

    def start(pages: dict[str, Page], host: str = "127.0.0.1") -> Site:
        site = Site(pages)

        class Reply(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.times.append(time.monotonic())
                site.asked.append((self.path, self.headers["User-Agent"] or ""))
                found = site.pages.get(self.path, Page(b"<h1>Sidan finns inte</h1>", 404))
                self.send_response(found.status)
                self.send_header("Content-Type", found.kind)
                self.send_header("Content-Length", str(len(found.body)))
                for name, value in found.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(found.body)

            def log_message(self, *_words: object) -> None:
                """Nothing on stderr."""

        server = ThreadingHTTPServer((host, 0), Reply)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        servers.append(server)
        site.url = f"http://{host}:{server.server_address[1]}/"
        return site

    try:
        yield start
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
