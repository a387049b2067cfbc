"""Phrases that tell who an account says it is: parody, fan, official, fraud, employee; Swedish and English."""

from __future__ import annotations

from listener.words.claims import words_in


def listed(text: str) -> tuple[str, ...]:
    """Phrases parted by commas, folded; longer ones first, so that a reason quotes as much as it can."""
    phrases = (" ".join(phrase.split()).casefold() for phrase in text.split(","))
    return tuple(sorted(filter(None, phrases), key=len, reverse=True))


PARODY = listed(
    """
    parodi, parody, satir, satirkonto, satirisk, satire, satirical, humorkonto, skämtkonto, spoof, inte den
    riktiga, not the real, ej den riktiga, fake account, fejkkonto, på skoj
    """
)
UNOFFICIAL = listed(
    """
    inofficiell, inofficiella, inofficiellt, ej officiell, ej officiella, inte officiell, unofficial, not
    official, not affiliated, no affiliation, inte kopplad till, inte knuten till, ingen koppling till, drivs
    inte av, not run by, privat initiativ, drivs av privatpersoner, har inget med kommunen att göra, fristående
    från
    """
)
FAN = listed(
    """
    du vet att du är från, du vet att du kommer från, du vet du är från, vi som bor i, vi som bor på, vi som
    älskar, vi som är uppvuxna, vi som kommer från, vi som växte upp, vi i, vi som gillar, gamla bilder, gamla
    vykort, förr i tiden, förr och nu, köp och sälj, köp & sälj, köp/sälj, köp-sälj, säljes och köpes, buy and
    sell, buy & sell, bortskänkes, loppis i, anslagstavla, anslagstavlan, supporter, supporters, supporterklubb,
    fans, fan club, fan page, fanclub, fansida, vänner av, vänner till, bevara, rädda, nej till, ja till,
    stoppa, you know you are from, you know you're from, memories of, friends of, grannsamverkan, byalag,
    medborgargrupp, invånargrupp
    """
)
AUTO_PLACE = listed(
    """
    den här sidan har skapats automatiskt, automatiskt skapad sida, skapades automatiskt, skapats automatiskt,
    automatiskt genererad, automatically generated, this page is automatically generated, baserat på vad
    facebook-användare, based on what facebook users are interested, inofficiell sida skapad, this unofficial
    page was created, from wikipedia, the free encyclopedia, unclaimed page, sidan är inte bekräftad av
    """
)
OFFICIAL = listed(
    """
    officiell, officiella, officiellt, official account, official page, official twitter, official feed,
    official, välkommen till kommunens, kommunens konto, kommunens sida, stadens konto, stadens sida, vi är
    kommunen, here we speak for, this is the account of, det här är kommunens, följ kommunen, compte officiel
    """
)
FRAUD = listed(
    """
    bankid, bank-id, mobilt bankid, swisha, swish till, betala nu, betala avgift, betala din, obetald faktura,
    obetald avgift, faktura förfallen, återbetalning, skatteåterbäring, utbetalning, klicka på länken, logga in
    här, verifiera ditt, bekräfta ditt konto, kortuppgifter, kontouppgifter, vinnare, du har vunnit, vinn en,
    gratis presentkort, presentkort, prispengar, giveaway, you have won, claim your prize, claim your, gift
    card, free grant, grant money, skicka dm, skriv till oss i dm, dm us, dm for, whatsapp, telegram oss,
    bitcoin, crypto, krypto, investera, refund, pay now, unpaid fee, unpaid invoice, verify your account, login
    here, loan approved, snabblån
    """
)
# "this person speaks for us" needs a title and a claim; a title alone is a private account that names its employer
TITLES = listed(
    """
    kommundirektör, stadsdirektör, förvaltningschef, kommunalråd, borgarråd, oppositionsråd, presschef,
    pressansvarig, presskontakt, pressekreterare, pressekreteraren, talesperson, talesman, kommunikatör,
    kommunikationschef, kommunikationsdirektör, rektor, enhetschef, verksamhetschef, avdelningschef,
    områdeschef, chef, direktör, handläggare, samordnare, utredare, socialsekreterare, bibliotekarie,
    miljöinspektör, stadsarkitekt, näringslivschef, skolchef, säkerhetschef, strateg, ordförande, spokesperson,
    spokeswoman, spokesman, press officer, press secretary, mayor, head of, director, communications officer,
    city manager, chief, manager, commissioner, councillor, principal, inspector
    """
)
SPEAKS_FOR = listed(
    """
    talar för, uttalar mig för, uttalar sig för, talesperson för, spokesperson for, speaks for, i tjänsten,
    tjänstekonto, tjänstekontot, i min roll som, i rollen som, företräder, representerar, representing,
    officiell, officiellt, officiella, official, on behalf of, å kommunens vägnar, svarar på frågor om, kontakta
    mig om, work account, jobbkonto, arbetskonto, här svarar jag
    """
)
OWN_VIEWS = listed(
    """
    åsikter är mina egna, åsikterna är mina egna, egna åsikter, mina egna åsikter, åsikter mina, twittrar
    privat, privat konto, privatkonto, som privatperson, privatperson, privat här, skriver privat, views my own,
    views are my own, opinions my own, opinions are my own, personal account, tweets are my own, all views, my
    own views
    """
)
FREEMAIL = words_in(
    """
    gmail.com hotmail.com hotmail.se outlook.com live.se live.com yahoo.com yahoo.se icloud.com protonmail.com
    proton.me mail.com gmx.com telia.com bredband.net spray.se me.com mail.ru yandex.ru tutanota.com
    """
)
