"""What a site reserves against text and data mining: in headers, in a page, in /.well-known/tdmrep.json."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from spiders.settings import ROBOTSTXT_USER_AGENT

RESERVATIONS = "/.well-known/tdmrep.json"  # TDM Reservation Protocol, W3C Community Group report of 10 May 2024
NO_MINING = frozenset({"noai", "notdm", "noml"})
MOST_RULES = 500
LONGEST_RULES = 200_000  # bytes of a tdmrep.json


def header_optouts(headers: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The opt-outs of an answer's headers: `tdm-reservation: 1`, `X-Robots-Tag: noai`; each as it was said."""
    found = []
    for name, value in headers:
        match name.casefold():
            case "tdm-reservation" if value.strip() == "1":
                found.append("tdm-reservation")
            case "x-robots-tag":
                found += _robots_tag(value)
    return tuple(dict.fromkeys(found))


def _robots_tag(value: str) -> list[str]:
    """The words of X-Robots-Tag that forbid mining to everybody, or to us by name."""
    agent, colon, said = value.partition(":")
    if colon and agent.strip().casefold() != ROBOTSTXT_USER_AGENT:
        return []
    words = re.split(r"[\s,]+", (said if colon else value).casefold())
    return [word for word in words if word in NO_MINING]


def page_optouts(root: etree._Element) -> tuple[str, ...]:
    """The opt-outs of a page: meta `tdm-reservation` 1, or `robots` with noai or notdm."""
    found = []
    for meta in root.iter("meta"):
        name, content = (meta.get("name") or "").casefold(), (meta.get("content") or "").strip().casefold()
        if name == "tdm-reservation" and content == "1":
            found.append("tdm-reservation")
        elif name in ("robots", ROBOTSTXT_USER_AGENT):
            found += [word for word in re.split(r"[\s,]+", content) if word in NO_MINING]
    return tuple(dict.fromkeys(found))


class Reservations:
    """The rules of one site's tdmrep.json; those of a file that is none reserve nothing."""

    def __init__(self, body: bytes) -> None:
        self._rules: list[tuple[str, bool]] = []
        try:
            rows = json.loads(body[:LONGEST_RULES])
        except (ValueError, RecursionError):
            return
        for row in rows[:MOST_RULES] if isinstance(rows, list) else ():
            if isinstance(row, dict) and isinstance(row.get("location"), str):
                self._rules.append((row["location"][:500], _is_one(row.get("tdm-reservation"))))

    def reserve(self, url: str) -> bool:
        """Whether the first rule that fits this address reserves it."""
        parts = urlsplit(url)
        place = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        return next((reserved for location, reserved in self._rules if fits(location, place)), False)


def _is_one(value: Any) -> bool:
    return value is True or str(value).strip() == "1"


def fits(location: str, place: str) -> bool:
    """Whether a place is at a location as robots.txt writes them: `*` is anything, a closing `$` the end.

    Each piece between two `*` is looked for once, from where the one before it ended: no way back, so linear time.
    """
    first, *pieces = location.removesuffix("$").split("*")
    if not place.startswith(first):
        return False
    end = len(first)
    last = (pieces.pop() if pieces else None) if location.endswith("$") else None
    for piece in pieces:
        found = place.find(piece, end)
        if found < 0:
            return False
        end = found + len(piece)
    if not location.endswith("$"):
        return True
    return end == len(place) if last is None else len(place) - len(last) >= end and place.endswith(last)
