"""No log line for every page and row: Scrapy makes each of them before it looks whether anybody wants it."""

from __future__ import annotations

from typing import Any

from scrapy.logformatter import LogFormatter


class QuietFormatter(LogFormatter):
    """Says what went wrong, and nothing of what went well."""

    def crawled(self, *_words: Any, **_more: Any) -> None:  # type: ignore[override]
        """A page was fetched."""

    def scraped(self, *_words: Any, **_more: Any) -> None:  # type: ignore[override]
        """A row was yielded."""
