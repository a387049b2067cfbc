"""The fields of a query as conditions on the words of ours in the index (see `mention_rows.facets`)."""

from __future__ import annotations

from listener.query.tree import STAR, Field
from listener.store.outlets import LEVELS, LINK, MORE, NAME, PAGE, SITE
from listener.store.own_words import held, spelled, whole
from listener.urls import host

SOURCE, LANG, AUTHOR, REPLY = "qsq", "qlq", "qaq", "qrqreply"
_KINDS = {"source": SOURCE, "lang": LANG, "author": AUTHOR}


def needed(field: Field) -> str | None:
    """What every post has that the field asks for; None when the index cannot tell."""
    if field.name == "srcname":
        return _called(field.value)
    if field.name == "is":
        return held(REPLY) if field.value == "reply" else None
    if field.name in _KINDS:
        return held(_KINDS[field.name] + spelled(field.value)) if field.value else None
    told = _place(field)
    return f"({told} OR {held(MORE)})" if told else None


def enough(field: Field) -> str | None:
    """What only such posts have; None when the index cannot tell."""
    if field.name == "is":
        return needed(field)
    if not whole(field.value) or field.value.count("/") > 1:
        return None
    if field.name in ("site", "link"):
        return _place(field)
    return needed(field) if STAR not in field.value[:-1] else None


def _called(pattern: str) -> str | None:
    """By the letters before the first star; of a source whose name is nothing but letters it is the source's word."""
    first, star, _rest = pattern.partition(STAR)
    if not first:
        return None
    return f"({held(SOURCE + spelled(first) + star)} OR {held(NAME + spelled(first) + star)})"


def _place(field: Field) -> str | None:
    """The word of the host that site: or link: asks for, with a path that of the path's first step."""
    typed = host(field.value) or field.value if field.name == "site" else field.value
    site, slash, path = typed.removeprefix("www.").partition("/")
    if not 2 <= len(site.split(".")) <= LEVELS:
        return None
    if field.name == "site" or not path:
        return held((SITE if field.name == "site" else LINK) + spelled(site))
    step, further, _rest = path.partition("/")
    return held(PAGE + spelled(site + slash + step) + ("" if further else STAR))
