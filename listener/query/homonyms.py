"""Names of Swedish municipalities that mean something else as well: alone they find mostly that."""

from __future__ import annotations


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Common words (vara, mark, skara, köping), surnames and first names (Berg, Lund, Nora, Vilhelmina), places elsewhere
# (Salem, Boden, Mora in many a country). Picked by hand from the 290.
HOMONYMS = _listed(
    """
    ale berg boden dorotea eda falkenberg flen grums habo hjo kil kinda klippan köping lund mark mora nacka nora
    norberg orsa sala salem sandviken skara sunne säter trosa vara vilhelmina ydre ånge åre
    """
)
# Words that places are called after.
COMMON = _listed(
    """
    backa backe berga bro brunn by bäck dal dalen eke ed fors grund gård hall hammar haga hamn hed holm holma hult
    kyrka kulle land lid lunda löv mo myra näs ort os park rud sand sjö skog sten strand stad ström sund sved
    torp torn udde vall vik vika viken väg å ås äng ö
    """
)


def is_homonym(word: str) -> bool:
    """Is a folded word, or what it is the genitive of, the name of a municipality and something else as well?"""
    return word in HOMONYMS or word.removesuffix("s") in HOMONYMS


def is_common(word: str) -> bool:
    """As `is_homonym`, or a word that places are called after: a name of any place that needs a guard."""
    return is_homonym(word) or word in COMMON
