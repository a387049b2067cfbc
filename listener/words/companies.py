"""Words in the names of companies that municipalities own: beside the place they make neither us nor an impostor."""

from __future__ import annotations

from listener.words.claims import words_in

# Called after the place and one of these, with or without "AB": Almby Energi, Almbyhem, Tekniska verken i Almby.
COMPANY = words_in(
    """
    energi energin energibolag energibolaget kraft kraftnät elnät fjärrvärme bredband stadsnät bostäder bostads
    bostadsbolag bostadsbolaget bostadsstiftelse hem hyreshus hyresbostäder kommunbostäder kommunala fastigheter
    kommunfastigheter lokalfastigheter industrifastigheter verksamhetslokaler vatten avfall miljövatten tekniska
    verken tekniskaverken affärsverken destination moderbolag moderbolaget holding koncern koncernen
    """
)
# Parts of an organisation elsewhere, and companies when they stand right behind the place and nothing else does.
ALONE = words_in("parkering parkerings parkeringsbolag parkeringsbolaget vatten")
LIMITED = words_in("ab aktiebolag aktiebolaget")
