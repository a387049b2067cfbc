"""A real Chromium photographs a hostile page: it draws the page, and reaches nothing but public addresses."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import pytest

from listener.errors import Blocked, SourceError
from listener.evidence import browser_gate
from listener.evidence.screenshot import NAMES, shoot

pytestmark = [
    pytest.mark.realserver,
    pytest.mark.skipif(
        not any(map(shutil.which, NAMES)),
        reason="NO BROWSER HERE, SO NO SCREENSHOT WAS TESTED: install chromium (apt-get install chromium)",
    ),
]
AGENT = "listen/test (+press@almby.example)"
PAGE = """<!doctype html><title>Almby kommun</title><body style="margin:0;background:#00c800">
<img src="/logo.png"><img src="http://127.0.0.1:{private}/inside"><iframe src="http://169.254.169.254/"></iframe>
<script>
document.body.style.background = navigator.userAgent.startsWith("listen/") ? "#c80000" : "#0000c8";
fetch("http://localhost:{private}/fetched").catch(() => 0);
new WebSocket("ws://127.0.0.1:{private}/socket");
new RTCPeerConnection({{iceServers: [{{urls: "stun:127.0.0.1:{private}"}}]}}).createDataChannel("x");
navigator.sendBeacon("http://127.0.0.1:{private}/beacon", "x");
window.open("http://127.0.0.1:{private}/opened");
location.hash = "a";
</script>"""


class Served:
    """A server on loopback that notes what it was asked."""

    def __init__(self, content: str = "") -> None:
        asked: list[str] = []
        self.asked, self.content = asked, content
        served = self

        class Page(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                body = served.content.encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_said: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
        self.port = self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def inside() -> Iterator[Served]:
    served = Served()
    yield served
    served.close()


@pytest.fixture
def outside(inside: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A page whose address counts as public; the server `inside` beside it does not."""
    served = Served()
    served.content = PAGE.format(private=inside.port)

    def only_outside(url: str, allow_loopback: bool = False) -> None:
        if f"127.0.0.1:{served.port}" not in url:
            raise Blocked(f"{url} is not public")

    monkeypatch.setattr(browser_gate, "check_url", only_outside)
    yield served
    served.close()


def test_a_page_is_drawn_and_nothing_private_is_reached(outside: Served, inside: Served) -> None:
    from PIL import Image

    picture = shoot(f"http://127.0.0.1:{outside.port}/", AGENT, allow_loopback=True)
    with Image.open(BytesIO(picture)) as drawn:
        assert drawn.size == (1280, 2000)
        assert drawn.convert("RGB").getpixel((1200, 1900)) == (200, 0, 0), "its script ran, and knew who we are"
    assert "/logo.png" in outside.asked
    assert inside.asked == []


def test_a_page_without_end_is_given_up(outside: Served) -> None:
    outside.content = "<script>for(;;);</script>"
    with pytest.raises(SourceError, match="the browser drew nothing"):
        shoot(f"http://127.0.0.1:{outside.port}/", AGENT, allow_loopback=True, seconds=6.0)


def test_a_private_address_is_not_opened_at_all() -> None:
    with pytest.raises(Blocked):
        shoot("http://127.0.0.1/", AGENT)
