"""What a site's robots.txt lets us fetch (RFC 9309), read with protego."""

from __future__ import annotations

from protego import Protego

MAX_BYTES = 512_000  # RFC 9309, 2.5: at least 500 kibibytes must be read
SLOWEST = 30.0  # seconds between requests that we accept from a Crawl-delay; a longer one would stall the run


class Robots:
    """The rules of one site for one agent."""

    def __init__(self, rules: Protego, agent: str) -> None:
        self._rules = rules
        self._agent = agent

    def allows(self, url: str) -> bool:
        return bool(self._rules.can_fetch(url, self._agent))

    @property
    def delay(self) -> float:
        """Seconds the site asks for between requests, at most SLOWEST; 0 when it asks for nothing."""
        return min(float(self._rules.crawl_delay(self._agent) or 0.0), SLOWEST)


def read_robots(status: int, body: bytes, agent: str) -> Robots:
    """The rules an answer to /robots.txt stands for: 2xx its text, 4xx no rules, anything else "nothing allowed"."""
    if 200 <= status < 300:
        text = body[:MAX_BYTES].decode("utf-8", "replace").replace("\x00", "")
    elif 400 <= status < 500:
        text = ""
    else:
        text = "User-agent: *\nDisallow: /"
    return Robots(Protego.parse(text), agent)
