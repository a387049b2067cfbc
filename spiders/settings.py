"""Scrapy's settings: polite, bounded, without cookies, and nothing listening."""

from __future__ import annotations

from typing import Any

from spiders.plan import Plan

BOT_NAME = "listener"
# Each by name: Scrapy imports them all, and other modules of the package need the extra redis.
SPIDER_MODULES = ["spiders.site", "spiders.pages", "spiders.threads"]

ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "listen"
COOKIES_ENABLED = False
HTTPPROXY_ENABLED = False  # a proxy would look names up for us, past the guard
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
DOWNLOAD_VERIFY_CERTIFICATES = True  # what a page of ours links to is proof, so it must be our page
TWISTED_DNS_RESOLVER = "spiders.guarded.GuardedResolver"
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # ours knows ports, and says why
    "spiders.guarded.GuardMiddleware": 110,  # after robots.txt has had its say (100)
    "spiders.reserving.ReservationMiddleware": 120,
    "spiders.keeping.KeepMiddleware": 130,  # above what unpacks an answer (590)
}
DOWNLOAD_HANDLERS = dict.fromkeys(("data", "file", "ftp", "s3"))

AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 30.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
CONCURRENT_REQUESTS = 8  # few, so that a page that tells more is not behind many that tell less
CONCURRENT_REQUESTS_PER_DOMAIN = 2
CONCURRENT_ITEMS = 4  # the default keeps a hundred idle tasks a page
DOWNLOAD_DELAY = 1.0
DOWNLOAD_TIMEOUT = 20
DOWNLOAD_MAXSIZE = 5_000_000
DOWNLOAD_WARNSIZE = 0
REDIRECT_MAX_TIMES = 5
RETRY_TIMES = 1
RETRY_HTTP_CODES = [408, 500, 502, 503, 504]  # not 429: a host that asks for peace gets it
DEPTH_LIMIT = 5
CLOSESPIDER_TIMEOUT = 600
MEMUSAGE_LIMIT_MB = 1_500

DUPEFILTER_CLASS = "spiders.seen.SeenFilter"
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # in the order of the page, not backwards
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5",
    "Accept-Language": "sv,en;q=0.8",
}
USER_AGENT = "listen"
LOG_LEVEL = "WARNING"
LOG_FORMATTER = "spiders.quiet.QuietFormatter"


def settings_for(plan: Plan) -> dict[str, Any]:
    """The settings of this module, bounded by a plan."""
    fixed = {name: value for name, value in globals().items() if name.isupper()}
    quick = plan.delay == 0
    return {
        **fixed,
        "USER_AGENT": plan.user_agent,
        "DEPTH_LIMIT": plan.depth,
        "CLOSESPIDER_TIMEOUT": plan.seconds,
        "DOWNLOAD_MAXSIZE": plan.max_bytes,
        "DOWNLOAD_DELAY": plan.delay * plan.workers,
        "AUTOTHROTTLE_ENABLED": not quick,
        "AUTOTHROTTLE_START_DELAY": plan.delay * plan.workers,
        "ALLOW_LOOPBACK": plan.allow_loopback,
        "ASK_RESERVATIONS": plan.spider != "site",
        "MOST_ASKED": 2 * plan.pages,  # each may redirect to another
        "KEEP": plan.keep,
        "KEEP_BYTES": plan.keep_bytes,
    }
