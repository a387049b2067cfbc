"""Secrets taken out of what is recorded or said, by value and by name, before any byte of it leaves the process."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote, quote_plus, urlsplit, urlunsplit

STAND_IN = "[redacted]"
HOST_STAND_IN = "redacted"  # brackets in a host make an address unreadable
SHORTEST = 6  # characters; a shorter value would be found everywhere, and is looked for as a whole word of a message
CUT = 12  # characters of a secret that give it away in a message that was cut short
# LISTEN_ variables that hold no secret: an official handle must stay legible in the evidence.
OPEN = re.compile(r"LISTEN_(?:NOW|USER|SMTP_USER|ALLOW_LOOPBACK|.*_IDENTIFIER)")
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
# A log-in that somebody repeats, ours or one we were handed for a while; no word of prose is as long.
_REPEATED = re.compile(r"\b(bearer|basic|oauth)(\s+|%20|\+)[\w.~+/=%-]{20,}", re.IGNORECASE)


class Secrets:
    """What must never be written: the values of LISTEN_ variables, and every log-in that a request carried."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        self._spellings: dict[bytes, None] = {}
        self._words: dict[str, None] = {}
        for name, value in (environ or {}).items():
            if not OPEN.fullmatch(name):
                self.learn(value)

    def learn(self, value: str) -> None:
        """Take this value out from now on, however it is spelled; of a log-in and of an address the secret part too."""
        value = value.strip()
        if login := _LOGIN.match(value):
            self.learn(login[1])
        if "://" in value and (password := _password(value)):
            self.learn(password)
        if len(value) < SHORTEST:
            self._words |= dict.fromkeys([value] if value else ())
            return
        found = {*self._spellings, *_spellings(value)}
        self._spellings = dict.fromkeys(sorted(found, key=lambda one: (-len(one), one)))  # the longest first

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

    def strike(self, text: str) -> str:
        """A message without secrets: those too that are short, that were cut off, or that stand in a log-in."""
        text = self.clean_text(text)
        for spelling in self._spellings:
            text = _without_cut(text, spelling.decode("utf-8", "replace"))
        for word in self._words:
            text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", STAND_IN, text)
        return _REPEATED.sub(rf"\1 {STAND_IN}", text)

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


def _password(url: str) -> str:
    """The password in an address."""
    try:
        return urlsplit(url).password or ""
    except ValueError:
        return ""


def _spellings(value: str) -> Iterator[bytes]:
    """The value as addresses, JSON, pages, Python and log-ins write it."""
    quoted = quote(value, safe="")
    texts = {
        *(value, " ".join(value.split()), quoted, quote(value), quote_plus(value)),
        *(json.dumps(value)[1:-1], json.dumps(value)[1:-1].replace("/", "\\/"), html.escape(value), repr(value)[1:-1]),
        re.sub(r"%[0-9A-F]{2}", lambda code: code[0].lower(), quoted),
    }
    for text in texts:
        yield text.encode("utf-8", "surrogatepass")
    for coded in _in_base64(value.encode("utf-8", "surrogatepass")):
        yield from {coded, coded.translate(bytes.maketrans(b"+/", b"-_"))}


def _in_base64(value: bytes) -> Iterator[bytes]:
    """What every base64 text shows that holds the value, whatever stands before and after it."""
    for before, lead in ((0, 0), (1, 2), (2, 3)):
        coded = base64.b64encode(bytes(before) + value)
        yield coded[lead : len(coded) - (0, 3, 2)[(before + len(value)) % 3]]


def _without_cut(text: str, secret: str) -> str:
    """The text without what begins as the secret does."""
    head = secret[:CUT]
    if len(secret) < CUT + 4:
        return text
    while (start := text.find(head)) >= 0:
        shared = CUT
        while text[start : start + shared + 1] == secret[: shared + 1] and shared < len(secret):
            shared += 1
        text = text[:start] + STAND_IN + text[start + shared :]
    return text


def _shown(pair: str) -> str:
    name, equals, _value = pair.partition("=")
    return f"{name}={STAND_IN}" if equals and _NAME.search(name) else pair


def told_headers(headers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What a request's headers may show."""
    return tuple((name, str(value)) for name, value in headers.items() if name.lower() in TOLD)
