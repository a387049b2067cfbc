"""Bluesky's protocol (XRPC) spoken by atproto's client over our guarded session, its errors turned into ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import requests

from listener.errors import Blocked, Changed, SourceError, Throttled
from listener.http import HOPS, Session
from listener.sources.kept_session import KeptSession
from listener.transport import no_answer, ours

if TYPE_CHECKING:
    import httpx
    from atproto import Client


class NotAllowed(Blocked):
    """The server wants a log-in, or another one (401, 403)."""


class Refused(SourceError):
    """The server understood and says no; `word` is its own for why, such as AccountTakedown."""

    def __init__(self, message: str, word: str = "") -> None:
        super().__init__(message)
        self.word = word


def connect(http: Session, base_url: str) -> Client:
    """A client for the server at `base_url`; nothing is fetched yet."""
    from atproto import Client, Request

    request = Request(transport=_transport(http.requests), trust_env=False, max_redirects=HOPS)
    request.set_additional_headers({"User-Agent": http.user_agent})
    return Client(base_url, request=request)


def log_in(client: Client, server: str, who: str, password: str, kept: KeptSession | None = None) -> None:
    """Open a session: the one that was kept while it lasts or can be refreshed. Raises NotAllowed, SourceError."""
    text = kept.load() if kept is not None else None
    if kept is not None:
        client.on_session_change(lambda _event, session: kept.save(session.encode()))
    if text is not None and _resumed(client, text):
        return
    client.update_base_url(server)
    with _translated("com.atproto.server.createSession"):
        client.login(who, password, fetch_bsky_profile=False)


def _resumed(client: Client, text: str) -> bool:
    """Whether a session that was kept still holds. Raises Throttled."""
    try:
        with _translated("com.atproto.server.getSession"):
            client.login(session_string=text, fetch_bsky_profile=False)
        ask(client, "com.atproto.server.getSession", None)
    except Throttled:
        raise
    except SourceError:
        return False
    return True


def ask(client: Client, method: str, params: Any) -> dict[str, Any]:
    """One answer as it was sent: atproto's own records would refuse a whole page for one odd profile.

    Raises NotAllowed, Throttled, Changed, SourceError.
    """
    with _translated(method):
        content = client.invoke_query(method, params=params, output_encoding="application/json").content
    if not isinstance(content, dict):
        raise Changed(f"{method} answers with {type(content).__name__}, not with an object")
    return content


@contextmanager
def _translated(method: str) -> Iterator[None]:
    """What atproto and requests raise, as our errors."""
    import httpx
    from atproto.exceptions import AtProtocolError, RequestErrorBase, UnauthorizedError

    try:
        yield
    except UnauthorizedError as refused:
        status = refused.response.status_code if refused.response is not None else 401
        raise NotAllowed(f"{method} answers {status}") from refused
    except RequestErrorBase as failed:
        if failed.response is not None and failed.response.status_code == 429:
            raise Throttled(f"{method}: asked too often") from failed
        if failed.response is not None and failed.response.status_code < 500:
            raise Refused(f"{method} answers {failed.response.status_code}", _word(failed.response)) from failed
        if failed.response is not None:
            raise SourceError(f"{method} answers {failed.response.status_code}") from failed
        raise ours(failed) or SourceError(f"{method}: {no_answer(failed)}") from failed
    except (requests.RequestException, httpx.HTTPError) as failed:
        raise ours(failed) or SourceError(f"{method}: {no_answer(failed)}") from failed
    except (AtProtocolError, ValueError, RecursionError) as odd:
        raise Changed(f"{method}: the answer cannot be read ({str(odd)[:200]})") from odd


def _word(response: Any) -> str:
    """The server's own word for a refusal."""
    word = getattr(response.content, "error", None)
    return word[:100] if isinstance(word, str) else ""


def _transport(session: requests.Session) -> httpx.BaseTransport:
    """httpx, which atproto speaks, carried by our guarded session: same checks, same pace, same limits."""
    import httpx

    class Guarded(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            answer = session.request(
                request.method,
                str(request.url),
                headers=dict(request.headers),
                data=request.read() or None,
                allow_redirects=False,
            )
            spent = ("content-encoding", "content-length", "transfer-encoding")  # the body is decoded already
            headers = [(name, value) for name, value in answer.headers.items() if name.lower() not in spent]
            return httpx.Response(answer.status_code, headers=headers, content=answer.content, request=request)

    return Guarded()
