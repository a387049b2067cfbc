"""The browser's way out leads to checked addresses only, is bounded, and ends with its page."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from listener.evidence.browser_gate import Gate

pytestmark = pytest.mark.network


@pytest.fixture
def site() -> Iterator[int]:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = f"{self.path} {self.headers['X-Kept']} {self.headers['Proxy-Authorization']}".encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def said(gate: Gate, asked: str) -> bytes:
    """What the gate answers to these bytes."""
    with socket.create_connection(("127.0.0.1", gate.port), 5) as line:
        line.sendall(asked.encode("latin-1"))
        answer = b""
        while piece := line.recv(65_536):
            answer += piece
        return answer


def test_a_page_comes_through_and_a_tunnel_too(site: int) -> None:
    with Gate(allow_loopback=True) as gate:
        asked = (
            f"GET http://127.0.0.1:{site}/a?b=1 HTTP/1.1\r\nHost: x\r\nX-Kept: yes\r\nProxy-Authorization: p\r\n\r\n"
        )
        assert said(gate, asked).endswith(b"/a?b=1 yes None")
        tunnel = f"CONNECT 127.0.0.1:{site} HTTP/1.1\r\n\r\n"
        with socket.create_connection(("127.0.0.1", gate.port), 5) as line:
            line.sendall(tunnel.encode())
            assert line.recv(100).startswith(b"HTTP/1.1 200")
            line.sendall(b"GET /t HTTP/1.0\r\n\r\n")
            assert line.recv(1000).startswith(b"HTTP/1.0 200")
    assert gate.refused == 0


@pytest.mark.parametrize(
    "asked",
    [
        "GET http://127.0.0.1:{port}/ HTTP/1.1",
        "CONNECT 127.0.0.1:{port} HTTP/1.1",
        "CONNECT localhost:443 HTTP/1.1",
        "CONNECT 169.254.169.254:443 HTTP/1.1",
        "CONNECT [::1]:443 HTTP/1.1",
        "CONNECT 10.0.0.1:443 HTTP/1.1",
        "CONNECT 2130706433:443 HTTP/1.1",
        "CONNECT 93.184.216.34:25 HTTP/1.1",
        "GET http://93.184.216.34:22/ HTTP/1.1",
        "GET http://192.168.0.1/ HTTP/1.1",
        "GET file:///etc/passwd HTTP/1.1",
        "GET ftp://93.184.216.34/ HTTP/1.1",
        "POST http://93.184.216.34/ HTTP/1.1",
        "GET / HTTP/1.1",
        "nonsense",
        "CONNECT : HTTP/1.1",
        "CONNECT a:b:c HTTP/1.1",
    ],
)
def test_nothing_private_odd_or_sent_is_let_out(site: int, asked: str) -> None:
    with Gate() as gate:
        answer = said(gate, asked.format(port=site) + "\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 403")
    assert gate.refused == 1


def test_a_name_that_leads_to_this_machine_is_refused(site: int, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443))]
    monkeypatch.setattr("listener.guard.socket.getaddrinfo", lambda *_a, **_k: found)
    with Gate() as gate, socket.socket() as line:
        line.connect(("127.0.0.1", gate.port))
        line.sendall(b"CONNECT rebind.almby.se:443 HTTP/1.1\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 403")


def test_a_page_has_its_share_and_no_more(site: int) -> None:
    with Gate(allow_loopback=True) as gate:
        gate._room = 0
        asked = f"GET http://127.0.0.1:{site}/ HTTP/1.1\r\nHost: x\r\n\r\n"
        assert said(gate, asked).startswith(b"HTTP/1.1 403")
        gate._room = 1000
        with socket.create_connection(("127.0.0.1", gate.port), 5) as line, suppress(OSError):
            for _piece in range(1000):  # a head without end: the gate hangs up
                line.sendall(b"x" * 10_000)
            pytest.fail("ten megabytes of head were taken")
