"""Secrets taken out of what is recorded, by value and by name, before any byte of it reaches a disk."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote, quote_plus, urlsplit, urlunsplit

STAND_IN = "[redacted]"
HOST_STAND_IN = "redacted"  # brackets in a host make an address unreadable
SHORTEST = 6  # characters; a shorter value would be found everywhere
# LISTEN_ variables that hold no secret: an official handle must stay legible in the evidence.
OPEN = re.compile(r"LISTEN_(?:NOW|USER|ALLOW_LOOPBACK|.*_IDENTIFIER)")
_NAME = re.compile(
    r"(?:^|[-_.])(?:key|apikey|token|jwt|secret|password|passwd|pwd|sig|signature|proof|auth|authorization|credentials?"
    r"|session|sessionid|cookie)$|^(?:access_?token|api_?key|client_?secret|refresh_?token)$",
    re.IGNORECASE,
)
# An answer may hand our own token back, as the Graph API does in the addresses of its next page.
_HANDED_BACK = re.compile(
    rb"(?i)((?:access_token|refresh_token|client_secret|appsecret_proof|api_key)(?:=|%3D|\\u003d|\"\s*:\s*\"))[^&\"'\s<>\\]+"
)
_MAY_HAND_BACK = re.compile(rb"(?i)access_token|refresh_token|client_secret|appsecret_proof|api_key")
# What a request may show of itself: all else may hold a log-in.
TOLD = frozenset({"accept", "accept-encoding", "accept-language", "user-agent", "content-type", "if-none-match"})
_LOGIN = re.compile(r"^(?:bearer|basic|token|oauth)\s+(\S.*)$", re.IGNORECASE)


class Secrets:
    """What must never be written: the values of LISTEN_ variables, and every log-in that a request carried."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        self._spellings: dict[bytes, None] = {}
        for name, value in (environ or {}).items():
            if not OPEN.fullmatch(name):
                self.learn(value)

    def learn(self, value: str) -> None:
        """Take this value out from now on, percent-encoded or escaped in JSON too."""
        value = value.strip()
        if len(value) < SHORTEST:
            return
        for spelling in (value, quote(value, safe=""), quote_plus(value), json.dumps(value)[1:-1]):
            self._spellings[spelling.encode("utf-8", "surrogatepass")] = None

    def learn_login(self, headers: Mapping[str, str]) -> None:
        """Learn what the request logs in with."""
        for name, value in headers.items():
            if name.lower() in TOLD or not (_NAME.search(name) or name.lower() == "authorization"):
                continue
            login = _LOGIN.match(value)
            self.learn(login[1] if login else value)

    def clean(self, text: bytes) -> bytes:
        """The bytes with a stand-in for each secret."""
        text = self._without(text, STAND_IN)
        if _MAY_HAND_BACK.search(text):
            text = _HANDED_BACK.sub(rb"\1" + STAND_IN.encode(), text)
        return text

    def _without(self, text: bytes, stand_in: str) -> bytes:
        for spelling in self._spellings:
            if spelling in text:
                text = text.replace(spelling, stand_in.encode())
        return text

    def clean_text(self, text: str) -> str:
        """The same for text."""
        return self.clean(text.encode("utf-8", "surrogatepass")).decode("utf-8", "replace")

    def clean_url(self, url: str) -> str:
        """The address without log-in, without fragment, and without the values of parameters that name a secret.

        It can still be read as an address when a secret stands in its host.
        """
        try:
            parts = urlsplit(url)
        except ValueError:
            return self.clean_text(url.partition("?")[0])
        pairs = [_shown(pair) for pair in parts.query.split("&")] if parts.query else []
        rest = self.clean_text(urlunsplit(("", "", parts.path, "&".join(pairs), "")))
        scheme = f"{parts.scheme}:" if parts.scheme else ""
        place = f"//{parts.netloc.rpartition('@')[2]}" if parts.netloc else ""
        whole = f"{scheme}{place}{rest}".encode(
            "utf-8", "surrogatepass"
        )  # a secret may reach from the host into the path
        return self._without(whole, HOST_STAND_IN).decode("utf-8", "replace")

    def clean_headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """An answer's headers without cookies and the like."""
        return tuple(
            (name, self.clean_text(value).replace("\r", " ").replace("\n", " "))
            for name, value in headers
            if not _NAME.search(name) and name.lower() not in ("set-cookie", "set-cookie2")
        )


def _shown(pair: str) -> str:
    name, equals, _value = pair.partition("=")
    return f"{name}={STAND_IN}" if equals and _NAME.search(name) else pair


def told_headers(headers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What a request's headers may show."""
    return tuple((name, str(value)) for name, value in headers.items() if name.lower() in TOLD)
