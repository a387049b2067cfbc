"""Alerts to Teams, Slack and Mattermost: apprise talks to a server on loopback that looks at what it is given."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests
from alerts.conftest import NOW

from listener.alerts import Alert, send, webhook
from listener.alerts.post import NotSent
from listener.config import Config
from listener.store import Store

Configured = Callable[..., Config]
Make = Callable[..., Alert]
TOKEN = "abcdefghijklmnopqrstuvwxyz"


class Channel:
    """A chat server that keeps what it is sent, and answers as told."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, Any]]] = []
        self.status = 200
        self.moved = ""
        channel = self

        class Hook(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                channel.got.append((self.path, json.loads(self.rfile.read(length))))
                self.send_response(302 if channel.moved else channel.status)
                if channel.moved:
                    self.send_header("Location", channel.moved)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            def do_GET(self) -> None:
                channel.got.append((self.path, {}))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_said: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        self.port = self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def channel() -> Iterator[Channel]:
    opened = Channel()
    yield opened
    opened.close()


@pytest.mark.network
def test_mattermost_is_told_in_its_own_words(
    configured: Configured, store: Store, alert: Make, channel: Channel
) -> None:
    address = f"mmost://127.0.0.1:{channel.port}/{TOKEN}"
    config = configured('webhooks = ["chat"]', LISTEN_ALERT_URL_CHAT=address)
    (outcome,) = send(config, store, [alert()], NOW)
    assert (outcome.channel, outcome.sent, outcome.detail) == ("webhook:chat", True, "")
    ((path, payload),) = channel.got
    assert path == f"/hooks/{TOKEN}"
    assert "Unusual pattern: simhallen" in payload["text"]
    assert "90 posts in an hour." in payload["text"]
    assert "://" not in json.dumps(payload)  # nothing that a reader's own program would fetch


@pytest.mark.network
def test_teams_is_told_by_an_adaptive_card(
    configured: Configured, store: Store, alert: Make, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Teams' flows are asked over https only; here the last step goes to the same place without it."""
    encrypted = requests.post
    monkeypatch.setattr(requests, "post", lambda url, **sent: encrypted(url.replace("https:", "http:"), **sent))
    address = f"workflows://127.0.0.1:{channel.port}/0123456789abcdef/{TOKEN}"
    config = configured('webhooks = ["teams"]', LISTEN_ALERT_URL_TEAMS=address)
    (outcome,) = send(config, store, [alert()], NOW)
    assert outcome.sent
    ((path, payload),) = channel.got
    assert "/workflows/0123456789abcdef" in path
    card = json.dumps(payload)
    assert "AdaptiveCard" in card
    assert "90 posts in an hour" in card
    assert "githubusercontent" not in card
    assert '"Image"' not in card


@pytest.mark.network
def test_a_channel_that_refuses_is_asked_again_and_its_address_is_not_told(
    configured: Configured, store: Store, alert: Make, channel: Channel
) -> None:
    channel.status = 500
    address = f"mmost://127.0.0.1:{channel.port}/{TOKEN}"
    config = configured('webhooks = ["chat"]', LISTEN_ALERT_URL_CHAT=address)
    (outcome,) = send(config, store, [alert()], NOW)
    assert not outcome.sent
    assert "LISTEN_ALERT_URL_CHAT" in outcome.detail
    assert TOKEN not in outcome.detail
    channel.status = 200
    assert send(config, store, [], NOW)[0].sent


@pytest.mark.network
def test_no_redirect_is_followed(configured: Configured, store: Store, alert: Make, channel: Channel) -> None:
    channel.moved = f"http://127.0.0.1:{channel.port}/inside"
    config = configured('webhooks = ["chat"]', LISTEN_ALERT_URL_CHAT=f"mmost://127.0.0.1:{channel.port}/{TOKEN}")
    (outcome,) = send(config, store, [alert()], NOW)
    assert not outcome.sent
    assert [path for path, _payload in channel.got] == [f"/hooks/{TOKEN}"]


@pytest.mark.parametrize(
    "address",
    [
        f"mmost://127.0.0.1/{TOKEN}",
        f"mmosts://10.0.0.7/{TOKEN}",
        f"mmosts://169.254.169.254/{TOKEN}",
        f"workflows://192.168.1.1/0123456789abcdef/{TOKEN}",
        f"mmost://localhost/{TOKEN}",
        f"mmost://2130706433/{TOKEN}",
    ],
)
def test_an_address_of_this_network_is_refused_before_anything_is_sent(address: str) -> None:
    with pytest.raises(NotSent, match="leads to no public address"):
        webhook.tell("chat", address, "title", "body")


@pytest.mark.parametrize(
    "address",
    ["", "https://example.org/hook", "file:///etc/passwd", "json://example.org", "mailto://a:b@example.org", "x"],
)
def test_only_the_three_are_sent_to(address: str) -> None:
    with pytest.raises(NotSent, match="LISTEN_ALERT_URL_CHAT"):
        webhook.tell("chat", address, "title", "body")


def test_slacks_own_address_is_known_by_it() -> None:
    plugin = webhook.open_webhook("slack", f"https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/{TOKEN[:24]}")
    assert plugin.url().startswith("slack://")


@pytest.mark.network
def test_slack_is_given_no_picture_to_fetch(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack is asked at its own host only; here the last step goes to a server that looks at what it is given."""
    real = requests.request
    here = f"http://127.0.0.1:{channel.port}/hooks"
    monkeypatch.setattr(requests, "request", lambda how, _url, **sent: real(how, here, **sent))
    monkeypatch.setattr(webhook, "check_host", lambda *_given: None)
    webhook.tell("slack", f"https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/{TOKEN[:24]}", "title", "body")
    ((_path, payload),) = channel.got
    assert "body" in json.dumps(payload)
    assert "://" not in json.dumps(payload)


@pytest.mark.network
def test_mattermosts_own_address_is_taken_as_it_shows_it(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its addresses are https; here the last step goes to the same place without it."""
    encrypted = requests.post
    monkeypatch.setattr(requests, "post", lambda url, **sent: encrypted(url.replace("https:", "http:"), **sent))
    address = f"https://127.0.0.1:{channel.port}/chat/hooks/xr3j5x3p4pfk7kk6ck7b4e6ghh"
    webhook.tell("chat", address, "title", "body", allow_loopback=True)
    ((path, _payload),) = channel.got
    assert path == "/chat/hooks/xr3j5x3p4pfk7kk6ck7b4e6ghh"
