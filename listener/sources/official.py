"""Official interfaces that answer in JSON: asked over the guarded session, with what they say when they refuse."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import requests

from listener.context import Context
from listener.errors import Blocked, Changed, CredentialError, SourceError
from listener.http import Response
from listener.models import Record
from listener.transport import header_dict, no_answer
from listener.urls import shown_url
from listener.walls import WALLS

_KEY = re.compile(r"[\x21-\x7e]{1,4000}")


class Reply(Record, frozen=True):
    """An answer in JSON, whatever its status below 500; header names are lower case."""

    status: int
    content: Any
    headers: dict[str, str]

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


def ask(
    ctx: Context,
    url: str,
    params: Mapping[str, str | int] | None = None,
    headers: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    login: tuple[str, str] | None = None,
) -> Reply:
    """One answer; `form` makes it a POST, `login` is sent as Basic authorization. Redirects are not followed.

    Raises Blocked (a wall without words, a challenge, a log-in), Throttled (429, 503), Changed (a good answer that is
    no JSON), SourceError.
    Keys belong in `headers`: what stands in `params` is part of an address.
    """
    try:
        answer = ctx.http.requests.request(
            "GET" if form is None else "POST",
            url,
            params=dict(params or {}),
            headers=dict(headers or {}),
            data=None if form is None else dict(form),
            auth=login,
            allow_redirects=False,
        )
    except requests.RequestException as failed:
        raise SourceError(f"{shown_url(url)}: {no_answer(failed)}") from failed
    return _read(Response(url=url, status=answer.status_code, headers=header_dict(answer.headers), body=answer.content))


def _read(answer: Response) -> Reply:
    place = shown_url(answer.url)
    if answer.status >= 500 and answer.status not in WALLS:
        raise SourceError(f"{place} answers {answer.status}")
    try:
        return Reply(status=answer.status, content=answer.json(), headers=answer.headers)
    except Changed:
        if answer.status in WALLS:
            raise Blocked(f"{place} answers {answer.status}: it does not let us look") from None
        if answer.status >= 300:
            raise SourceError(f"{place} answers {answer.status}") from None
        raise


def secret(ctx: Context, name: str, who: str) -> str:
    """A secret that must be there and fit into a header. Raises CredentialError, which names it and not its value."""
    value = ctx.secrets.get(name, "").strip()
    if not value:
        raise CredentialError(f"{who} wants a key: set {name}")
    if not _KEY.fullmatch(value):  # requests would repeat it in its error
        raise CredentialError(f"{who} wants a key: {name} holds characters that no key has")
    return value


def base_url(ctx: Context, usual: str) -> str:
    """The interface's address without a closing slash, as the settings or the source say."""
    return str(ctx.settings.get("base_url", usual)).rstrip("/")


def object_of(row: Any, name: str) -> dict[str, Any]:
    """The object under `name`; an empty one when there is none."""
    found = row.get(name) if isinstance(row, Mapping) else None
    return found if isinstance(found, dict) else {}


def object_in(row: Any, name: str) -> dict[str, Any]:
    """The object under `name`, which must be there. Raises Changed when it is not."""
    found = row.get(name) if isinstance(row, Mapping) else None
    if not isinstance(found, dict):
        raise Changed(f"the answer has no {name!r} where every one had")
    return found


def told(value: object) -> str:
    """A few of the interface's own words, fit to stand in a message: one line, no addresses, at most 200 characters."""
    return " ".join(re.sub(r"https?://\S+", "…", str(value)).split())[:200]
