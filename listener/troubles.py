"""Errors and issues in the reader's language: raised and stored in English, read back by template where people read."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from listener.clock import local, read_time
from listener.sentences import pattern
from listener.trouble_texts import AND, FIELDS, KINDS, TEMPLATES, WORDS

LONGEST = 2000  # characters of a line that is translated
MOMENT = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z\b")
PREFIXES = 5  # places in front of a trouble, as in: tips.csv:3: no platform


def kind_label(kind: str, say: Callable[[str], str]) -> str:
    """What the kind of an issue is called."""
    return say(KINDS[kind]) if kind in KINDS else kind.replace("_", " ")


@cache
def patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each template with the pattern that reads its values back; those that say most themselves come first."""
    ordered = sorted(TEMPLATES, key=own_words, reverse=True)
    return tuple((template, re.compile(pattern(template, FIELDS), re.DOTALL)) for template in ordered)


def own_words(template: str) -> tuple[bool, int]:
    """Whether a template is all its own words, and how many signs of them it has beside its values."""
    bare = re.sub(r"\{\w+\}", "", template)
    return bare == template, len(bare)


def in_language(trouble: str, say: Callable[[str], str]) -> str:
    """The trouble with its own words translated by `say`, times as people read them, and all other values left alone;
    unknown lines stay as they are.
    """
    whole = known(trouble, say)
    if whole is None:
        whole = "\n".join(known(line, say) or line for line in trouble.split("\n"))
    return MOMENT.sub(as_read, whole)


def as_read(moment: re.Match[str]) -> str:
    """A stored time as people read it: in Swedish time, seconds only where there are any."""
    try:
        when = local(read_time(moment[0]))
    except (ValueError, OverflowError):
        return moment[0]
    return f"{when:%Y-%m-%d %H:%M:%S}".removesuffix(":00")


def known(text: str, say: Callable[[str], str]) -> str | None:
    """One trouble, or several, or one after the place where it is; None when it holds none that we know."""
    if len(text) > LONGEST or text[:1].isspace():  # an indented line shows what people wrote
        return None
    found = filled(text, say) or several(text, say)
    ends = [match.end() for match in re.finditer(": ", text)][:PREFIXES]
    for end in ends if found is None else ():
        found = filled(text[end:], say)
        if found is not None:
            return text[:end] + found
    return found


def several(text: str, say: Callable[[str], str]) -> str | None:
    """Troubles in a row, each translated; None when it is not a row, or nothing in it is known."""
    for mark in (" · ", "; "):
        parts = text.split(mark)
        told = [known(part, say) for part in parts] if 1 < len(parts) <= LONGEST // 50 else []
        if any(told):
            return mark.join(new or old for new, old in zip(told, parts, strict=True))
    return None


def filled(text: str, say: Callable[[str], str]) -> str | None:
    """The text by the first template that it fits."""
    for template, reader in patterns():
        if match := reader.fullmatch(text):
            return say(template).format(**{name: value(name, old, say) for name, old in match.groupdict().items()})
    return None


def value(field: str, text: str, say: Callable[[str], str]) -> str:
    """A value as it reads in a translated trouble."""
    if field == "names":
        return text.replace(" and ", f" {say(AND)} ")
    if field not in ("kind", "what", "trouble"):
        return text
    if text in WORDS:
        return say(text)
    return (known(text, say) or text) if field != "kind" else text
