"""One answer as a WARC 1.1 file of its own: what was asked, what came back, and how it was obtained."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import quote, urlsplit

from listener import __version__
from listener.evidence.spool import Exchange

Span = tuple[int, int]

# The body is kept as it was read, so what said how it was packed on the way is kept under another name.
_PACKED = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_ORIGINAL = "X-Archive-Orig-"


def tool() -> str:
    """What writes the evidence, and in which version."""
    from importlib.metadata import version

    return f"listen {__version__}, warcio {version('warcio')}"


def write_answer(exchange: Exchange, body: bytes, spans: Sequence[Span], about: dict[str, str]) -> bytes:
    """A gzipped WARC file: warcinfo, the answer, the request, and metadata.

    Without `spans` the answer is a `response` record of the whole body (or of what was kept of it). With them it is a
    `resource` record of these parts of the body, byte for byte, a line break after each; the metadata name the parts
    and the SHA-256 of the whole.
    """
    file = _File(exchange.at, about)
    answer = file.part(exchange, body, spans) if spans else file.response(exchange, body)
    file.request(exchange, answer)
    file.metadata(exchange.url, answer, _obtained(exchange, spans, about))
    return file.content()


def write_statement(url: str, content: bytes, content_type: str, at: datetime, about: dict[str, str]) -> bytes:
    """A gzipped WARC file with something of our own making: a `resource` record and its metadata."""
    file = _File(at, about)
    kept = file.resource(url, content, content_type)
    file.metadata(url, kept, about)
    return file.content()


def _obtained(exchange: Exchange, spans: Sequence[Span], about: dict[str, str]) -> dict[str, str]:
    told = dict(about)
    told["answer-status"] = str(exchange.status)
    told["answer-length"] = str(exchange.size)
    told["answer-sha256"] = exchange.sha256
    if spans:
        told["kept-bytes"] = ", ".join(f"{start}-{end}" for start, end in spans)
        told["answer-headers"] = "; ".join(f"{name}: {value}" for name, value in exchange.headers)[:4000]
    if exchange.kept < exchange.size:
        told["cut-after"] = str(exchange.kept)
    if exchange.redacted:
        told["redacted"] = "our own log-in stood in the answer and was taken out"
    return told


class _File:
    """The records of one file."""

    def __init__(self, at: datetime, about: dict[str, str]) -> None:
        from warcio.warcwriter import WARCWriter

        self._out = BytesIO()
        self._writer = WARCWriter(self._out, gzip=True, warc_version="1.1")
        self._date = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"
        fields = {"software": tool(), "format": "WARC File Format 1.1", "robots": "obey", **about}
        self._add("", "warcinfo", _fields(fields), "application/warc-fields")

    def response(self, exchange: Exchange, body: bytes) -> str:
        from warcio.statusandheaders import StatusAndHeaders

        headers = [_renamed(name, value) for name, value in exchange.headers]
        headers.append(("Content-Length", str(len(body))))
        status = f"{exchange.status} {_header(exchange.reason)}".strip()
        http = StatusAndHeaders(status, headers, protocol="HTTP/1.1")
        cut = {"WARC-Truncated": "length"} if exchange.kept < exchange.size else {}
        return self._add(exchange.url, "response", body, http=http, **cut)

    def part(self, exchange: Exchange, body: bytes, spans: Sequence[Span]) -> str:
        rows = b"".join(body[start:end].rstrip(b"\r\n") + b"\n" for start, end in spans)
        return self.resource(exchange.url, rows, exchange.content_type or "application/octet-stream")

    def resource(self, url: str, content: bytes, content_type: str) -> str:
        return self._add(url, "resource", content, content_type)

    def request(self, exchange: Exchange, answer: str) -> None:
        from warcio.statusandheaders import StatusAndHeaders

        parts = urlsplit(exchange.url)
        target = _header((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        headers = [("Host", _header(parts.netloc)), *((name, _header(value)) for name, value in exchange.asked)]
        http = StatusAndHeaders(f"{exchange.method} {target} HTTP/1.1", headers, is_http_request=True)
        self._add(exchange.url, "request", b"", http=http, **{"WARC-Concurrent-To": answer})

    def metadata(self, url: str, answer: str, told: dict[str, str]) -> None:
        refers = {"WARC-Concurrent-To": answer}
        self._add(url, "metadata", _fields(told), "application/warc-fields", **refers)

    def content(self) -> bytes:
        return self._out.getvalue()

    def _add(
        self, url: str, kind: str, content: bytes, content_type: str = "", http: Any = None, **headers: str
    ) -> str:
        record = self._writer.create_warc_record(
            url,
            kind,
            payload=BytesIO(content),
            length=len(content),
            warc_content_type=content_type,
            http_headers=http,
            warc_headers_dict={"WARC-Date": self._date, **headers},
        )
        self._writer.write_record(record)
        return str(record.rec_headers.get_header("WARC-Record-ID"))


def _renamed(name: str, value: str) -> tuple[str, str]:
    return (f"{_ORIGINAL}{name}" if name.lower() in _PACKED else _header(name)), _header(value)


def _line(text: str) -> str:
    """Text that ends no header: strangers write it."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _header(text: str) -> str:
    """The same in ASCII, other letters percent-encoded: headers know no more."""
    return "".join(letter if letter.isascii() else quote(letter) for letter in _line(text))


def _fields(told: dict[str, str]) -> bytes:
    return "".join(f"{name}: {_line(value)}\r\n" for name, value in told.items() if value).encode("utf-8", "replace")
