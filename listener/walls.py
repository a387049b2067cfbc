"""Answers that are a wall instead of what was asked for: proof of a person, or a log-in, is wanted first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

WALLS = frozenset({401, 403, 407, 451, 999})  # 999 is LinkedIn's, 451 a court's
# Pages that ask "are you human?" instead of answering; from the vendors' own pages. Read in HTML only.
_CHALLENGE_HEADERS = {"cf-mitigated": "challenge", "x-amzn-waf-action": ""}
_CHALLENGE = re.compile(
    rb"<title>\s*(?:just a moment|attention required! \| cloudflare|please wait\.\.\. \| cloudflare|ddos-guard"
    rb"|checking your browser|pardon our interruption|access denied|verify you are human|bot verification)"
    rb"|_cf_chl_opt|captcha-delivery\.com|_Incapsula_Resource|/_Incapsula|px-captcha|awswafcookiedomainlist",
    re.IGNORECASE,
)
_CHALLENGE_WITHIN = 20_000  # bytes of a page that are searched
_LOG_IN_WITHIN = 200_000
_WORDS = r"(?:log[-_]?(?:in|on)|sign[-_]?in|logga-?in|inloggning|authwall|checkpoint|sso)"
_LOG_IN_PATH = re.compile(rf"(?:^|/){_WORDS}(?:\.\w{{1,5}})?(?:/|$)", re.IGNORECASE)
_LOG_IN_HOST = re.compile(rf"^(?:{_WORDS}|accounts?)\.", re.IGNORECASE)
_LOG_IN_FORM = re.compile(
    rb"<input\b[^>]{0,400}\btype\s*=\s*[\"']?password\b|<title>\s*(?:log[ -]?in|sign[ -]?in|logga in)\b", re.IGNORECASE
)


def is_challenge(headers: Mapping[str, str], body: bytes) -> bool:
    """True for a page that asks whether we are human instead of answering; header names are lower case."""
    for name, value in _CHALLENGE_HEADERS.items():
        if name in headers and value in headers[name]:
            return True
    if "html" not in headers.get("content-type", ""):
        return False
    return _CHALLENGE.search(body[:_CHALLENGE_WITHIN]) is not None


def wants_log_in(url: str, status: int, headers: Mapping[str, str], body: bytes) -> bool:
    """True where JSON was asked for and the answer leads to a log-in, or is the page of one."""
    if 300 <= status < 400:
        return leads_to_log_in(headers.get("location", ""))
    if "html" not in headers.get("content-type", "") and not body[:200].lstrip().startswith(b"<"):
        return False
    return leads_to_log_in(url) or _LOG_IN_FORM.search(body[:_LOG_IN_WITHIN]) is not None


def leads_to_log_in(url: str) -> bool:
    """True for an address that says that it is a log-in's."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return _LOG_IN_PATH.search(parts.path) is not None or _LOG_IN_HOST.search(parts.netloc) is not None
