"""The words that generated queries look for beside the name of a place, in Swedish."""

from __future__ import annotations


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Beside the place these tell that its municipality is meant: its bodies, its people, what it runs and decides.
CONTEXT = _listed(
    """
    kommunen kommunens kommunala kommunalt kommunalråd kommunalrådet kommunstyrelse kommunstyrelsen kommunfullmäktige
    fullmäktige kommundirektör kommundirektören kommunledningen kommunhuset kommunhus kommunpolitiker kommunpolitikerna
    kommuninvånare kommuninvånarna kommunanställda socialtjänst socialtjänsten socialnämnd socialnämnden hemtjänst
    hemtjänsten äldreomsorg äldreomsorgen äldreboende äldreboendet förskola förskolan förskolor förskolorna skola
    skolan skolor skolorna grundskola grundskolan gymnasiet fritids fritidsgård fritidsgården kulturskola kulturskolan
    bibliotek biblioteket badhus badhuset simhall simhallen bygglov bygglovet byggnadsnämnden detaljplan detaljplanen
    nämnd nämnden nämnderna snöröjning snöröjningen plogning renhållningen återvinningscentralen kommunalskatt
    kommunalskatten vattenskada vattenläcka dricksvatten dricksvattnet lekplats lekplatsen skolskjuts skolskjutsen
    skolmat skolmaten medborgarförslag medborgarlöfte upphandling municipality council
    """
)
# The same for a place whose name is a common word: few, so that every platform can be asked for each of them.
CLOSE = _listed("kommunen kommunalrådet kommunstyrelsen kommunfullmäktige socialtjänsten hemtjänsten kommunhuset")
CLOSE_GENITIVE = _listed("kommunalråd kommunstyrelse socialtjänst hemtjänst skolor politiker")
# After "i": a capital letter in the middle of a sentence is the place, and everyday words will do.
CLOSE_WITHIN = _listed("kommunens skolan förskolan äldreboendet badhuset biblioteket")
# After the name of a place these speak of somebody else.
SAID_OF_PLACES = _listed("ik if bk fk ff gk universitet högskola län församling station centralstation")
# Before a place's name these make it a surname; the most common in Sweden.
FIRST_NAMES = _listed(
    """
    anna maria eva karin kristina lena sara emma malin hanna elin johanna linda jenny ida julia amanda sofia lisa
    erik lars karl anders per johan nils mikael jan lennart hans olof peter gunnar fredrik daniel mattias andreas
    magnus stefan henrik jonas marcus martin david oskar alexander emil simon viktor
    """
)
