"""Pages as they came, written for the caller: those of flagged accounts become evidence, the rest is dropped."""

from __future__ import annotations

from typing import IO, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from listener.evidence.spool import Writer
from listener.redaction import Secrets, told_headers
from spiders.pages import headers


class KeepMiddleware:
    """Appends every answer to the file that the plan names."""

    def __init__(self, file: IO[bytes], most: int) -> None:
        self._file = file
        self._writer = Writer(file, Secrets(), most=most)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        path = crawler.settings.get("KEEP")
        if not path:
            raise NotConfigured
        try:
            file = open(path, "ab", buffering=0)  # noqa: SIM115  (closed when the crawl is)
        except OSError as gone:
            raise NotConfigured from gone
        middleware = cls(file, crawler.settings.getint("KEEP_BYTES"))
        crawler.signals.connect(middleware.close, signal=signals.engine_stopped)
        return middleware

    def process_response(self, request: Request, response: Response) -> Response:
        self._writer.add(
            response.url,
            response.status,
            list(headers(response)),
            response.body,
            asked=told_headers(dict(headers(request))),
        )
        return response

    def close(self) -> None:
        self._file.close()
