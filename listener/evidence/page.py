"""The open page of a flagged account, fetched once through the guarded session; closed platforms are left alone."""

from __future__ import annotations

from listener.config import Config
from listener.errors import SourceError
from listener.evidence.spool import Spool
from listener.http import Session
from listener.models import Account
from listener.urls import host, shown_url

SECONDS = 15.0  # for one page, its robots.txt and its redirects
MOST_SECONDS = 300.0  # for all pages of one run
PAUSE = 1.0  # seconds between two requests to one host
PICTURE_BYTES = 4_000_000
# Where every reader sees the same page without logging in. Elsewhere only what an official interface answers is kept.
OPEN = frozenset({"web"})
# Names that exist in no public DNS (RFC 2606, RFC 6761): there is nothing to fetch.
_NOWHERE = ("example", "test", "invalid", "localhost", "local", "onion")
_NOWHERE_DOMAINS = ("example.com", "example.net", "example.org")


def page_session(config: Config, spool: Spool | None = None) -> Session:
    """A session that fetches pages to be kept; what it is answered goes into the spool."""
    session = Session(
        config.contact,
        allow_loopback=config.allow_loopback,
        deadline=SECONDS,
        per_host_seconds=0.0 if config.allow_loopback else PAUSE,
        max_seconds=MOST_SECONDS,
    )
    session.record(spool)
    return session


def open_page(account: Account) -> str | None:
    """The address of the account's page when anyone may read it, and there can be one."""
    if account.platform not in OPEN or not account.url or nowhere(account.url):
        return None
    return account.url


def nowhere(url: str) -> bool:
    """True for an address under a name that is reserved and leads nowhere."""
    name = host(url)
    return name.rpartition(".")[2] in _NOWHERE or any(
        name == domain or name.endswith(f".{domain}") for domain in _NOWHERE_DOMAINS
    )


def fetch_page(session: Session, url: str) -> str:
    """Fetch a page, robots.txt obeyed; what came back is in the spool. Returns why it could not be read, or nothing.

    A wall is an answer too, and is kept as what it is.
    """
    try:
        session.get(url, robots=True, seconds=SECONDS)
    except SourceError as trouble:
        return str(trouble)
    return ""


def fetch_picture(session: Session, url: str) -> str:
    """The same for a profile picture."""
    if nowhere(url):
        return f"{shown_url(url)}: the name is not found"
    try:
        session.get(url, robots=True, seconds=SECONDS, max_bytes=PICTURE_BYTES)
    except SourceError as trouble:
        return str(trouble)
    return ""
