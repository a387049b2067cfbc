"""The web server of the page: what it reads of a request at most, and the page's own words for what is too much."""

from __future__ import annotations

from typing import Any

from flask import Flask
from waitress import create_server
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask, Task, WSGITask
from waitress.utilities import RequestEntityTooLarge

THREADS = 8  # most wait for the disk or the one writer; SQLite's readers do not wait for each other
MOST_BYTES = 1_000_000  # of a request that is read at all; what is too much for a form the page itself says
MOST_HEAD = 32_768  # bytes of a request's head
STOPS_WITHIN = 60  # seconds a connection may say nothing


class Unread(WSGITask):  # type: ignore[misc]
    """The page's own answer to a request whose body is left unread; its length alone is told, and is too much."""

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        environ.setdefault("CONTENT_LENGTH", str(self.channel.adj.max_request_body_size))  # it came in pieces
        return environ

    def build_response_header(self) -> bytes:
        self.set_close_on_finish()  # the body still comes, and would else be taken for the next request
        head: bytes = super().build_response_header()
        return head


def refusal(channel: HTTPChannel, request: Any) -> Task:
    """What answers a request that waitress will not read: the page where it is merely too large."""
    return (Unread if isinstance(request.error, RequestEntityTooLarge) else ErrorTask)(channel, request)


class Channel(HTTPChannel):  # type: ignore[misc]
    """A visitor's connection."""

    error_task_class = staticmethod(refusal)


def listening(app: Flask, host: str, port: int, sockets: dict[int, Any]) -> Any:
    """A server of the page; `run` serves until it is closed. Its sockets are kept in `sockets`, by numbers of its own.

    Raises OSError or ValueError when it cannot listen there.
    """
    server = create_server(
        app, map=sockets, host=host, port=port, threads=THREADS, ident="listen", max_request_body_size=MOST_BYTES,
        max_request_header_size=MOST_HEAD, channel_timeout=STOPS_WITHIN, clear_untrusted_proxy_headers=False,
    )  # fmt: skip
    for each in sockets.values():
        each.channel_class = Channel
    return server
