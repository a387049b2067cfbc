"""Whether words are the writer's own or another's, told on: news of a threat is no threat."""

from __future__ import annotations

import re

from listener.lexicons.spans import Span, touches

_QUOTED = re.compile(r"[\"“”„«»][^\"“”„«»\n]{1,300}[\"“”„«»]|(?<!\w)['‘’][^'‘’\n]{3,300}['’](?!\w)")
_REPORTS = re.compile(
    r"(?<!\w)(?:skrev|skriver|skrivit|sade|sa|säger|ropade|ropar|skrek|vrålade|löd|stod|står|citat|enligt|polisanmäl\w*|"
    r"anmäl\w*|åtala\w*|dömd\w*|döms|misstänk\w*|rätten|tingsrätten|kallade|kallad|kallas|kallat|fick|får|boken|filmen|"
    r"låten|texten|skylten|wrote|writes|written|said|says|shouted|yelled|told|tweeted|posted|according|reported|police|"
    r"court|charged|convicted|sentenced|called|calling|received|got|quote|song|film|movie|book|lyrics|episode)(?!\w)",
    re.IGNORECASE,
)


def reports(text: str) -> list[Span]:
    """What stands inside quotation marks while the words around it report, as "he wrote" does; in order, joined."""
    quotes = [found.span() for found in _QUOTED.finditer(text)]
    if not quotes:
        return []
    verbs = [found.span() for found in _REPORTS.finditer(text)]
    outside = any(not touches(verb, quotes) for verb in verbs)
    return quotes if outside else []
