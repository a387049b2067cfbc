"""The provider of log-ins as it describes itself: fetched by our guarded session, held against the settings, kept."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from listener.config import Config
from listener.doors import Oidc, is_issuer
from listener.errors import Changed, SourceError
from listener.http import Session

KEPT = timedelta(hours=1)
ANEW = timedelta(minutes=1)  # before keys that did not fit are asked for again: a forger must not make us ask
FAILED = timedelta(seconds=30)  # before a service that did not answer is asked again: each asking holds a visitor up
TURN = 1.0  # seconds that one visitor waits while another asks
MOST_BYTES = 500_000
MOST_KEYS = 50
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
WELL_KNOWN = "/.well-known/openid-configuration"


@contextmanager
def guarded(config: Config) -> Iterator[Session]:
    """A session for one log-in: bounded in bytes and seconds, and never on an address that is not public."""
    http = Session(
        config.contact, allow_loopback=config.allow_loopback, timeout=(3, 8), max_bytes=MOST_BYTES,
        per_host_seconds=0.0, deadline=10.0, max_seconds=20.0,
    )  # fmt: skip
    try:
        yield http
    finally:
        http.requests.close()


class Provider:
    """One issuer. What it says of itself, and its keys, are asked for when needed and kept for an hour."""

    def __init__(self, oidc: Oidc, allow_loopback: bool) -> None:
        self.oidc = oidc
        self.allow_loopback = allow_loopback
        self._lock = threading.Lock()
        self._described: tuple[datetime, dict[str, Any]] | None = None
        self._keys: tuple[datetime, KeySet] | None = None
        self._failed_at: datetime | None = None

    @contextmanager
    def asking(self, now: datetime) -> Iterator[None]:
        """One visitor at a time asks the service. Raises SourceError when it lately failed, or is being waited for."""
        if self._failed_at and now - self._failed_at < FAILED:
            raise SourceError("the log-in service did not answer a moment ago")
        if not self._lock.acquire(timeout=TURN):
            raise SourceError("the log-in service is slow to answer")
        try:
            yield
        except SourceError:
            self._failed_at = now
            raise
        finally:
            self._lock.release()

    def described(self, http: Session, now: datetime) -> dict[str, Any]:
        """Its discovery document. Raises SourceError when it cannot be had, Changed when it is another issuer's."""
        if self._described and now - self._described[0] < KEPT:
            return self._described[1]
        with self.asking(now):
            if not self._described or now - self._described[0] >= KEPT:  # else asked for while this visitor waited
                told = http.get(self.oidc.issuer.rstrip("/") + WELL_KNOWN).json()
                self._described = (now, self.checked(told))
            return self._described[1]

    def checked(self, told: object) -> dict[str, Any]:
        """The document, if it is this issuer's and leads nowhere unencrypted."""
        if not isinstance(told, dict) or told.get("issuer") != self.oidc.issuer:
            raise Changed("the log-in service says that it is another: see [review.oidc] issuer")
        for name in NEEDED:
            if not self.may_ask(told.get(name)):
                raise Changed("the log-in service does not say where to log in")
        return {name: value for name, value in told.items() if not name.endswith("_endpoint") or self.may_ask(value)}

    def may_ask(self, address: object) -> bool:
        """Whether this is an address that a log-in may use; one that asks something (?) is."""
        return isinstance(address, str) and is_issuer(address.partition("?")[0], self.allow_loopback)

    def keys(self, http: Session, now: datetime, anew: bool = False) -> KeySet:
        """What it signs with. Raises SourceError when it cannot be had, Changed when there is none."""
        address = self.described(http, now)["jwks_uri"]
        age = ANEW if anew else KEPT
        if self._keys and now - self._keys[0] < age:
            return self._keys[1]
        with self.asking(now):
            if not self._keys or now - self._keys[0] >= age:
                self._keys = (now, read_keys(http.get(address).json()))
            return self._keys[1]

    def method(self, described: Mapping[str, Any], with_secret: bool) -> str:
        """How to prove who we are when a code is exchanged."""
        if not with_secret:
            return "none"
        known = described.get("token_endpoint_auth_methods_supported")
        basic = not isinstance(known, list) or "client_secret_basic" in known
        return "client_secret_basic" if basic else "client_secret_post"

    def log_out_address(self, back: str) -> str:
        """Where one logs out of the provider too; empty when it does not say, or was not asked yet."""
        told = self._described[1].get("end_session_endpoint") if self._described else None
        if not isinstance(told, str):
            return ""
        asked = urlencode({"client_id": self.oidc.client_id, "post_logout_redirect_uri": back})
        return f"{told}{'&' if '?' in told else '?'}{asked}"


def read_keys(told: object) -> KeySet:
    """Public keys for signatures; what is no such key is left out."""
    listed = told.get("keys") if isinstance(told, dict) else None
    fit = [
        key for key in listed or () if isinstance(key, dict) and key.get("kty") in ("RSA", "EC", "OKP")
        and key.get("use", "sig") == "sig"
    ]  # fmt: skip
    try:
        return KeySet.import_key_set({"keys": fit[:MOST_KEYS]})
    except (JoseError, ValueError, TypeError, KeyError) as wrong:
        raise Changed("the log-in service shows no keys that can be read") from wrong
