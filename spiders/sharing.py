"""scrapy-redis's scheduler for workers that all begin with the same start pages: each page is queued once."""

from __future__ import annotations

from scrapy import Request
from scrapy_redis.scheduler import Scheduler


class SharedScheduler(Scheduler):  # type: ignore[misc]
    """Knows and queues a request in one step; the first worker that brings a start page queues it for all."""

    def enqueue_request(self, request: Request) -> bool:
        """Queue a request unless it is known; True when it was queued."""
        once = "" if request.dont_filter else str(self.df.request_fingerprint(request))
        if request.meta.pop("start", False):
            once = f"start {request.url}"
        return bool(self.queue.push(request, once))
