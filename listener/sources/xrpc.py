"""Bluesky's protocol (XRPC): questions over our guarded session, a log-in that lasts, its errors turned into ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import requests

from listener.errors import Blocked, Changed, SourceError, Throttled
from listener.http import Session
from listener.models import Record
from listener.sources.fields import text_of
from listener.sources.kept_session import KeptSession
from listener.transport import no_answer

LONGEST_WORD = 100
PDS_SERVICE = "#atproto_pds"  # the entry of a DID document that names the server an account lives on


class NotAllowed(Blocked):
    """The server wants a log-in, or another one (401, 403)."""


class Refused(SourceError):
    """The server understood and says no; `word` is its own for why, such as AccountTakedown."""

    def __init__(self, message: str, word: str = "") -> None:
        super().__init__(message)
        self.word = word


class Tokens(Record):
    """A session: short-lived and long-lived token, and the server that the account lives on."""

    access: str
    refresh: str
    server: str


class Server:
    """One XRPC server, asked with the session's token once there is one."""

    def __init__(self, http: Session, base_url: str) -> None:
        self._requests = http.requests
        self._home = self._url = base_url.rstrip("/").removesuffix("/xrpc")
        self._tokens: Tokens | None = None
        self._kept: KeptSession | None = None

    def ask(self, method: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """One answer as it was sent. A token that has run out is renewed once.

        Raises NotAllowed, Refused, Throttled, Changed, SourceError.
        """
        token = self._tokens.access if self._tokens else ""
        try:
            return self._send("GET", method, token, params=params)
        except Refused as refused:
            if refused.word != "ExpiredToken" or not self._tokens:
                raise
        self._renew(self._tokens)
        return self._send("GET", method, self._tokens.access, params=params)

    def log_in(self, who: str, password: str, kept: KeptSession | None = None) -> None:
        """Open a session: the one that was kept while it lasts or can be renewed. Raises NotAllowed, SourceError."""
        self._kept = kept
        if kept is not None and self._resume(kept.load()):
            return
        self._tokens, self._url = None, self._home
        self._hold(self._send("POST", "com.atproto.server.createSession", "", json=_who(who, password)))

    def _resume(self, text: str | None) -> bool:
        """Whether a session that was kept still holds. Raises Throttled."""
        try:
            self._tokens = msgspec.json.decode(text or "", type=Tokens)
        except ValueError:
            return False
        self._url = self._tokens.server
        try:
            self.ask("com.atproto.server.getSession")
        except Throttled:
            raise
        except SourceError:
            return False
        return True

    def _renew(self, tokens: Tokens) -> None:
        self._hold(self._send("POST", "com.atproto.server.refreshSession", tokens.refresh))

    def _hold(self, content: Mapping[str, Any]) -> None:
        """Take over the session of an answer, and keep it for the next run."""
        access, refresh = text_of(content.get("accessJwt")), text_of(content.get("refreshJwt"))
        if not access or not refresh:
            raise Changed("Bluesky answers a log-in with no session")
        place = _own_server(content.get("didDoc"))
        if place.startswith(("https://", f"{self._home.partition('://')[0]}://")):
            self._url = place
        self._tokens = Tokens(access=access, refresh=refresh, server=self._url)
        if self._kept is not None:
            self._kept.save(msgspec.json.encode(self._tokens).decode())

    def _send(self, verb: str, method: str, token: str, **words: Any) -> dict[str, Any]:
        headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        try:
            answer = self._requests.request(
                verb, f"{self._url}/xrpc/{method}", headers=headers, allow_redirects=False, **words
            )
        except requests.RequestException as failed:
            raise SourceError(f"{method}: {no_answer(failed)}") from failed
        return _read(method, answer)


def _who(who: str, password: str) -> dict[str, str]:
    return {"identifier": who, "password": password}


def _read(method: str, answer: requests.Response) -> dict[str, Any]:
    """The object an answer holds. Raises NotAllowed, Refused, Throttled, Changed, SourceError."""
    status = answer.status_code
    if status in (401, 403):
        raise NotAllowed(f"{method} answers {status}")
    if status == 429:
        raise Throttled(f"{method}: asked too often")
    if 400 <= status < 500:
        raise Refused(f"{method} answers {status}", _word(answer))
    if not answer.ok or status >= 300:
        raise SourceError(f"{method} answers {status}")
    try:
        content = msgspec.json.decode(answer.content)
    except (ValueError, RecursionError) as odd:
        raise Changed(f"{method}: the answer cannot be read ({str(odd)[:200]})") from odd
    if not isinstance(content, dict):
        raise Changed(f"{method} answers with {type(content).__name__}, not with an object")
    return content


def _word(answer: requests.Response) -> str:
    """The server's own word for a refusal."""
    try:
        content = msgspec.json.decode(answer.content)
    except (ValueError, RecursionError):
        return ""
    word = content.get("error") if isinstance(content, dict) else None
    return word[:LONGEST_WORD] if isinstance(word, str) else ""


def _own_server(document: object) -> str:
    """The address of the server that a DID document names; empty when it names none."""
    services = document.get("service") if isinstance(document, dict) else None
    for service in services if isinstance(services, list) else ():
        if isinstance(service, dict) and str(service.get("id", "")).endswith(PDS_SERVICE):
            return (text_of(service.get("serviceEndpoint")) or "").rstrip("/")
    return ""
