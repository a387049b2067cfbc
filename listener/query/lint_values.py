"""Values of fields that no post can have: a source that does not exist, a word where a language code belongs."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from listener.language import _
from listener.query.tree import Field, leaves
from listener.query.warned import Typed, Warned

# ISO 639-1, as of 2026.
_CODES = """
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo
    es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka
    kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng
    nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su
    sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
LANGUAGES = frozenset(_CODES.split())
LONG = 3  # letters of a code of ISO 639-3, which languages without a short one have: all of them may be


def is_language(code: str) -> bool:
    """Can a post state it? A code of ISO 639-1, or any three letters; `code` is in small letters."""
    return code in LANGUAGES or (len(code) == LONG and code.isascii() and code.isalpha())


def unknown_values(typed: Typed, sources: Collection[str]) -> Iterator[Warned]:
    """Fields that nothing can match. Without `sources`, no name of a source is doubted."""
    for leaf in leaves(typed.tree):
        if not isinstance(leaf, Field):
            continue
        if leaf.name == "lang" and not is_language(leaf.value):
            yield Warned(
                code="never",
                column=typed.column(leaf),
                text=_("{value} is no language code").format(value=leaf.value),
                hint=_("Write two letters: lang:sv, lang:en."),
            )
        elif leaf.name == "source" and sources and leaf.value not in sources:
            yield Warned(
                code="never",
                column=typed.column(leaf),
                text=_("there is no source {value}").format(value=leaf.value),
                hint=_("`listen sources` lists them."),
            )
