"""Words that stand beside a name in host names made to deceive, endings that cost nothing, and what is only a place."""

from __future__ import annotations

from listener.words.claims import words_in

# what makes a host name look like the place to log in, pay, get help or win; Swedish and English
LURES = words_in(
    """
    login logon signin signup sign logga logginn loggain inloggning inlogg mypages minasidor mina sidor etjanster
    etjanst tjanster tjanst e bank bankid freja mobilt pay payment payments betala betalning faktura fakturor avgift
    avgifter skatt bidrag ansokan ansok boka bokning secure secured security sakerhet saker verify verified
    verification verifiera validate validation confirm confirmation bekrafta auth authentication authenticate sso otp
    identify identity legitimera account accounts myaccount konto konton wallet wallets update updates upgrade
    uppdatera uppdatering restore recover recovery unlock reset losenord password passwords support help helpdesk
    hjalp care kundservice kundtjanst kundcenter service services client clients customer customers portal portalen
    www vwv wwww http https web webb webmail mail mailserver epost post my mitt min id app apps api site sajt page
    online claim claims bonus gift gifts prize prizes reward rewards vinst tavling airdrop airdrops drop drops free
    gratis promo offer offers token tokens swap exchange trade trading buy sale sales shop butik store download
    install connect konfigurera official officiell officiella real genuine access check start join register
    registrera registration global international block alert alerts notice notices appeal forum news nyheter info
    information blog update node server test dev beta pro plus mobile mobil cloud digital
    """
)
# of these, what any shop, club or paper of a place has in its name: beside a place they tell nothing
SOFT = words_in(
    """
    shop sale sales store butik boka bokning forum news nyheter info information blog buy trade trading exchange swap
    online web webb site sajt page pro plus mobile mobil cloud digital global international block drop drops free
    gratis promo offer offers token tokens start join service services my mitt min app apps check test real wallet
    wallets vinst tavling prize prizes gift gifts care bank clients client download
    """
)
# endings that stand beside a name run together: `orebrose`, `examplecom`
ENDINGS = words_in("com org net info eu co io app online site xyz top nu se dk no fi de uk us")
# endings given away or sold for a coin, where names to be thrown away are registered: the former free ones of
# Freenom, and new ones at the head of the abuse rankings that Spamhaus and Interisle publish
CHEAP = words_in(
    """
    tk ml ga cf gq top xyz icu online site website space live club shop store click link buzz rest monster cyou cfd
    sbs bond quest lol win bid loan work fun host press pw cc ws su vip life world today support help services
    """
)
# a place's people, its definite and genitive forms and what is said of it: `orebroare`, `orebrobo`, `orebrogarden`
OF_A_PLACE = words_in(
    """
    s n en ar are aren arna arnas aren ares ars bo bor borna bon bons bo bos it iter ing ingar isk iska ska a an et
    bygd bygden trakten garden gard gardar hem hemmet holm berg by bys backa hus huset kvarn skog sjo sjon an viken
    norr norra soder sodra oster ostra vaster vastra city centrum
    """
)
