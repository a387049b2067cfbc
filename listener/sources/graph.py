"""Meta's Graph interface, shared by Facebook, Instagram and Threads: asked with proof, paged, refusals read by code."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from listener.context import Context
from listener.errors import Blocked, Changed, CredentialError, SourceError, Throttled
from listener.sources.fields import rows_of, text_of
from listener.sources.official import Reply, ask, base_url, object_of, secret, told

# developers.facebook.com/docs/graph-api/guides/error-handling and .../overview/rate-limiting
_TOKEN = frozenset({102, 104, 190, 463, 467})
_LATER = frozenset({4, 17, 32, 341, 368, 613, *range(80_000, 80_015)})
_NOT_ALLOWED = frozenset({3, 10, *range(200, 300)})
_PASSING = frozenset({1, 2})
_ABSENT = frozenset({803})  # "Some of the aliases you requested do not exist"
_HIDDEN = frozenset({(100, 33), (110, 2207013), (24, 2207013), (100, 2207013)})  # not there, or not for us to see
_USAGE = ("x-business-use-case-usage", "x-app-usage", "x-page-usage")
HOUR = timedelta(hours=1)


class NotAllowed(Blocked):
    """The app has not been granted what this asks for."""


class Absent(SourceError):
    """Nobody bears this name."""


class Hidden(SourceError):
    """Nobody bears this name, or it is not shown to us: the answer is the same."""


class Graph:
    """One host of the interface, with a token and, where there is one, the proof that we hold the app's secret.

    `who` is the platform in messages, `version` the interface's (`v25.0`), `kind` what a request spends.
    """

    def __init__(self, ctx: Context, who: str, usual: str, version: str, needs: tuple[str, str], kind: str) -> None:
        self._ctx, self._who, self._kind = ctx, who, kind
        self._names = needs
        self._token = secret(ctx, needs[0], who)
        self._secret = secret(ctx, needs[1], who) if ctx.secrets.get(needs[1]) else ""
        self._url = f"{base_url(ctx, usual)}/{ctx.settings.get('version', version)}"
        self.more = False  # whether the last page that was read has another one behind it

    def ask(self, path: str, params: Mapping[str, str], spends: int = 1) -> dict[str, Any]:
        """One answer, which costs as many requests as it names ids.

        Raises NotAllowed, Absent, Hidden, Throttled, Changed, CredentialError, SourceError.
        """
        self._ctx.spend(self._kind, spends)
        proven = {"appsecret_proof": proof(self._token, self._secret)} if self._secret else {}
        reply = ask(self._ctx, f"{self._url}/{path}", {**params, **proven}, {"Authorization": f"Bearer {self._token}"})
        error = object_of(reply.content, "error")
        if error or not reply.ok:
            raise self._refusal(reply, error)
        if not isinstance(reply.content, dict):
            raise Changed(f"{self._who} answers with something else than an object")
        return reply.content

    def pages(self, path: str, params: Mapping[str, str], most: int) -> Iterator[list[dict[str, Any]]]:
        """Up to `most` pages of rows, while the quota lasts; `more` tells whether that was not all.

        Followed by cursor: the address that comes with a page holds the token, and may be anyone's.
        """
        after, self.more = "", False
        for _page in range(most):
            if not self._ctx.afford(self._kind):  # which says so
                self.more = False
                return
            content = self.ask(path, {**params, "after": after} if after else params)
            paging = object_of(content, "paging")
            after = text_of(object_of(paging, "cursors").get("after")) or "" if paging.get("next") else ""
            self.more = bool(after)
            yield rows_of(content, "data")
            if not after:
                return

    def _refusal(self, reply: Reply, error: Mapping[str, Any]) -> SourceError | CredentialError:
        code, words = error.get("code"), told(error.get("message"))
        if code in _TOKEN or reply.status == 401:
            return CredentialError(f"{self._who} refuses the key ({words}): check {' and '.join(self._names)}")
        if code in _LATER:
            return Throttled(f"{self._who} asks us to wait ({words})", regained(reply.headers, self._ctx.now))
        if code in _NOT_ALLOWED:
            return NotAllowed(f"{self._who} does not allow this ({words}): the app needs Meta's review")
        if code in _ABSENT:
            return Absent(f"{self._who} knows no such name")
        if (code, error.get("error_subcode")) in _HIDDEN:
            return Hidden(f"{self._who} knows no such name, or does not show it to us")
        if reply.status == 403:
            return Blocked(f"{self._who} does not allow this ({words})")
        if code == 100 or not error:
            return Changed(f"{self._who} does not understand the question ({words})")
        if code in _PASSING:
            return SourceError(f"{self._who} failed for the moment ({words})")
        return SourceError(f"{self._who} failed ({words})")


def proof(token: str, secret: str) -> str:
    """appsecret_proof: HMAC-SHA256 of the token with the app's secret, in hexadecimal."""
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def regained(headers: Mapping[str, str], now: datetime) -> datetime:
    """When we may ask again: the longest wait that the usage headers name (minutes), else an hour from now."""
    waits = [minutes for name in _USAGE for minutes in _minutes(headers.get(name, ""))]
    longest = max(waits, default=0)
    return now + (timedelta(minutes=min(longest, 24 * 60)) if longest > 0 else HOUR)


def _minutes(text: str) -> Iterator[int]:
    """Every estimated_time_to_regain_access in a header of JSON."""
    try:
        waiting = [json.loads(text[:20_000])] if text else []
    except (ValueError, RecursionError):
        return
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            minutes = node.get("estimated_time_to_regain_access")
            if isinstance(minutes, int) and not isinstance(minutes, bool):
                yield minutes
            waiting.extend(value for value in node.values() if isinstance(value, dict | list))
        elif isinstance(node, list):
            waiting.extend(value for value in node if isinstance(value, dict | list))
