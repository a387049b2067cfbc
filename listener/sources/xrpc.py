"""Bluesky's protocol (XRPC) spoken by atproto's client over our guarded session, its errors turned into ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import requests

from listener.errors import Blocked, Changed, SourceError, Throttled
from listener.http import HOPS, Session
from listener.transport import no_answer, ours

if TYPE_CHECKING:
    import httpx
    from atproto import Client


class NotAllowed(Blocked):
    """The server wants a log-in, or another one (401, 403)."""


def connect(http: Session, base_url: str) -> Client:
    """A client for the server at `base_url`; nothing is fetched yet."""
    from atproto import Client, Request

    request = Request(transport=_transport(http.requests), trust_env=False, max_redirects=HOPS)
    request.set_additional_headers({"User-Agent": http.user_agent})
    return Client(base_url, request=request)


def log_in(client: Client, who: str, password: str) -> None:
    """Open a session. Raises NotAllowed, SourceError."""
    with _translated("com.atproto.server.createSession"):
        client.login(who, password, fetch_bsky_profile=False)


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
        if failed.response is not None:
            raise SourceError(f"{method} answers {failed.response.status_code}") from failed
        raise ours(failed) or SourceError(f"{method}: {no_answer(failed)}") from failed
    except (requests.RequestException, httpx.HTTPError) as failed:
        raise ours(failed) or SourceError(f"{method}: {no_answer(failed)}") from failed
    except (AtProtocolError, ValueError, RecursionError) as odd:
        raise Changed(f"{method}: the answer cannot be read ({str(odd)[:200]})") from odd


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
