"""Profile pictures fetched to be compared with our logos, and thrown away: few, small, and never kept."""

from __future__ import annotations

from listener.config import Config
from listener.errors import SourceError
from listener.http import Session
from listener.logos.avatars import Avatars
from listener.organisation import Organisation

MOST = 500  # pictures fetched in one run
MOST_BYTES = 4_000_000  # of one; platforms serve profile pictures of some hundred kB
SECONDS = 15.0  # for one answer, a robots.txt too
MOST_SECONDS = 300.0  # for all of one run
PAUSE = 0.2  # seconds between two pictures of one host: they come from servers made for it


def fetched_avatars(config: Config, organisation: Organisation) -> Avatars:
    """The pictures of one run: through the guarded session, by each host's robots.txt, within the limits above."""
    session = Session(
        config.contact,
        allow_loopback=config.allow_loopback,
        max_bytes=MOST_BYTES,
        deadline=SECONDS,
        per_host_seconds=0.0 if config.allow_loopback else PAUSE,
        max_seconds=MOST_SECONDS,
    )
    asked = 0

    def fetch(url: str) -> bytes | None:
        nonlocal asked
        if asked >= MOST:
            return None
        asked += 1
        try:
            answer = session.get(url, robots=True, seconds=SECONDS)
        except SourceError:  # could not look is never "not there"
            return None
        return answer.body if answer.ok else None

    return Avatars(organisation.logos, fetch)
