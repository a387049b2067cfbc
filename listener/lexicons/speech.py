"""Whether words are the writer's own or another's, told on: news of a threat is no threat."""

from __future__ import annotations

import re

from listener.lexicons.spans import Span, joined, touches

_QUOTED = re.compile(r"[\"“”„«»][^\"“”„«»\n]{1,300}[\"“”„«»]|(?<!\w)['‘’][^'‘’\n]{3,300}['’](?!\w)")
_REPORTS = re.compile(
    r"(?<!\w)(?:skrev|skriver|skrivit|sade|sa|säger|ropade|ropar|skrek|vrålade|löd|stod|står|citat|enligt|polisanmäl\w*|"
    r"anmäl\w*|åtala\w*|dömd\w*|döms|misstänk\w*|rätten|tingsrätten|kallade|kallad|kallas|kallat|fick|får|boken|filmen|"
    r"låten|texten|skylten|wrote|writes|written|said|says|shouted|yelled|told|tweeted|posted|according|reported|police|"
    r"court|charged|convicted|sentenced|called|calling|received|got|quote|song|film|movie|book|lyrics|episode)(?!\w)",
    re.IGNORECASE,
)

# "He wrote that I should die": what follows in the clause is told on, with or without quotation marks. Only what nobody
# says while he threatens: "I never said", "they wrote", "charged with".
_TELLS = re.compile(
    r"(?<!\w)(?:(?:aldrig|inte) (?:sagt|skrivit|hotat)|hot(?:et|en)? som|vittna\w* om|(?:behöva|behövt|fick|fått) höra|"
    r"(?:sms|mejl|mail|brev|lapp|meddelande|kommentar)\w* (?:där det (?:stod|står)|med (?:texten|orden)|som löd)|"
    r"(?:okej|ok|fel|förbjudet|olagligt|brottsligt|straffbart) att (?:säga|skriva|tycka)|"
    r"(?:åtal|döm|misstänk|gr[ei]p|häkta|anmäl|neka|förneka|fäll)\w*(?: \w+)? att ha|hot av typen|"
    r"ska ha (?:sagt|skrivit|ropat|hotat|fått höra)|enligt (?:åtal|polis|dom|anmäl)\w*|"
    r"(?:han|hon|hen|de|dom|någon|mannen|kvinnan|personen) (?:sa|sade|skrev|skrek|ropade|hotade)|"
    r"(?:never|not|n[o']t|nobody) (?:said|say|wrote|written|threatened)|(?:court|jury) heard|police say|threats? like|"
    r"(?:charged|accused|convicted|arrested|jailed|suspected|sentenced|fined) (?:with|of|for|after)|"
    r"(?:denie[sd]|deny) (?:saying|writing)|(?:right|okay|wrong|illegal|criminal) to (?:say|write)|"
    r"(?:have|has|had|having) to (?:hear|read|listen to)|"
    r"(?:text|message|email|letter|note)s? (?:that )?(?:said|saying)|"
    r"(?:he|she|they|someone|somebody|man|woman|caller) (?:said|wrote|shouted|yelled|screamed|texted|told \w+))"
    r"(?!\w)[,:]?[^.!?,;:\n]{1,120}",
    re.IGNORECASE,
)


def reports(text: str) -> list[Span]:
    """What another is told to have said, in order, joined.

    That is the rest of a clause behind "he wrote", and what stands in quotation marks while the words around it report.
    """
    told = [found.span() for found in _TELLS.finditer(text)]
    quotes = [found.span() for found in _QUOTED.finditer(text)]
    verbs = [found.span() for found in _REPORTS.finditer(text)] if quotes else []
    outside = any(not touches(verb, quotes) for verb in verbs)
    return joined([*told, *quotes] if outside else told)
