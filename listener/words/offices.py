"""Words of those who are elected: what they are called, where they sit, and how they run; Swedish, English, the EU."""

from __future__ import annotations

from collections.abc import Mapping

from listener.words.claims import words_in
from listener.words.phrases import listed

# what one who sits in a body is called, by the body's word in our name; `council` and `kommun` are every town's
SEATS: Mapping[str, tuple[str, ...]] = {
    "congress": ("congressman", "congresswoman", "congressperson", "congressmember"),
    "senate": ("senator",),
    "assembly": ("assemblyman", "assemblywoman", "assemblyperson", "assemblymember"),
    "representatives": ("representative",),
    "legislature": ("legislator",),
    "parliament": ("parliamentarian",),
    "european parliament": ("mep",),
    "europaparlamentet": ("mep", "europaparlamentariker"),
    "riksdag": ("riksdagsledamot", "riksdagsledamoten", "riksdagsman"),
    "riksdagen": ("riksdagsledamot", "riksdagsledamoten", "riksdagsman"),
    "sametinget": ("sametingsledamot", "sametingsledamoten"),
}
# an elected office, or the words of one who holds it; beside our name they say who speaks
OFFICES = listed(
    """
    minister, mayor, councillor, councilman, councilwoman, councilmember, alderman, commissioner, kommunalråd,
    kommunalrådet, borgarråd, oppositionsråd, regionråd, regionrådet, oppositionsregionråd, landstingsråd, statsråd,
    ledamot i, ledamot av, ersättare i, riksdagsledamot, riksdagsman, europaparlamentariker, mep, kommunstyrelsens
    ordförande, regionstyrelsens ordförande, fullmäktiges ordförande, ordförande i kommunstyrelsen, ordförande i
    regionstyrelsen, borgmästare, förtroendevald i, council leader, leader of the council, leader of the opposition
    """
)
# the words of one who holds an elected office
REPRESENTS = listed(
    """
    member of, representing, represent, represents, chairman of, chairwoman of, chair of, ranking member,
    representerar
    """
)
SERVES = listed("representative, serving, i serve, elected, re-elected")
# where elected people sit; of an organisation with a place, whose shops serve it too, an office must be in one
BODIES = words_in(
    """
    council parliament assembly cabinet senate congress legislature fullmäktige kommunfullmäktige regionfullmäktige
    landstingsfullmäktige stadsfullmäktige kommunstyrelsen regionstyrelsen stadsdelsnämnden riksdagen
    europaparlamentet sametinget
    """
)
ELECTION = listed(
    """
    candidate, running for, running, campaign, election, re-election, reelection, elect, *kandidat*, kandiderar,
    personval, valet 20*, val 20*, val20*, kryssa
    """
)
# right before an office that is sought
RUNS_FOR = listed(
    """
    running for, run for, runs for, candidate for, candidate as, kandidat till, kandidat för, kandidat som, kandiderar
    till, kandiderar för, kandiderar som
    """
)
FORMER = listed("former, formerly, fmr, ex, retired, ret, tidigare, före detta, fd, f d, late")
# they work for one who holds an office
STAFF = listed(
    """
    parodi*, satir*, memes, meme, fiktiv*, roast, intern, internship, staffer, aide to, aide for, staff assistant,
    alum of, praktikant, jobbar åt, jobbar för, arbetar för, reporter, journalist, correspondent, lobbyist
    """
)
# beside a person's surname: a campaign's name; 4 is read `for`
CAMPAIGN = words_in("team for 4 elect reelect vote campaign camp rösta rosta kryssa kandidat personval kampanj")
