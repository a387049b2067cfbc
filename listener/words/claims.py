"""Words that claim authority, add nothing, or tell that someone else is speaking; one list a question."""

from __future__ import annotations


def words_in(text: str) -> frozenset[str]:
    """The words of a text parted by white space."""
    return frozenset(text.split())


# "we are the authority": beside our place or name they make it a claim
AUTHORITY = words_in(
    """
    kommun kommunen kommuns kommunens kn kmn komun kommunn kommune stad staden stads stadens officiell
    officiella officiellt offentlig myndighet myndigheten municipality munic city cityof town townof council
    citycouncil government govt gov gouvernement official officialpage officiel officielle hq authority
    """
)
# names of organisations consist of these and of what tells them apart; alone they tell nothing
GENERIC = words_in(
    """
    the of and for in on at to de du des la le les et au aux en av och för i på till united states swedish
    sverige sveriges svenska svensk statens stiftelsen national nationella federal royal kungliga public general
    state central board agency department ministry service services office administration authority commission
    committee council center centre institute institution myndigheten myndighet nämnden nämnd styrelsen verket
    rådet institutet inspektionen ombudsmannen program programme organization organisation group international
    european global research health development affairs security education social culture environment energy
    information north south east west inc ltd ab llc co company corporation association society foundation house
    """
)
# what fills a handle without saying who speaks
NOISE = words_in(
    """
    real the true my our we vi vår vårt vart mitt min info information support help hjälp hjalp kontakt contact
    kundtjanst kundservice service news nytt nyheter aktuellt live online web webb page sida sidan konto kontot
    account profil profile tv video webbvideo play media insta ig fb tt yt x sverige sweden swe se nu com net
    org eu dot team teamet new ny nya now idag today direkt direct app chat dm verifierad verified original only
    just i in av of for och and på pa till hos om vid de at a
    """
)
# "we are someone else": clubs, firms, churches, parties, media, other authorities
THIRD_PARTY = words_in(
    """
    ab hb aktiebolag bolag bolaget energi energy bostader bostäder bostad hyresbostader fastigheter fastighet
    hus bk if ff ik fk sk hk gk fc aik ifk bois bandy fotboll fotbollsklubb football soccer hockey innebandy
    handboll basket friidrott golf golfklubb ridklubb ridskola tennis padel gym crossfit orientering simklubb
    brottning kampsport förening föreningen forening foreningen forbund forbundet förbund förbundet riksforbund
    klubb klubben sällskap hembygdsförening villaägare hyresgästföreningen rödakorset rotary lions scout scouter
    scoutkår kyrka kyrkan kyrkans församling församlingen forsamling pastorat moske stift domkyrka universitet
    university högskola hogskola college studentkår studentkar student studenter nation region regionen regional
    län lan länet lanet länsstyrelsen lansstyrelsen landsting landstinget lst polisen polis police skatteverket
    försäkringskassan trafikverket arbetsförmedlingen länstrafik lanstrafik lanstrafiken länstrafiken trafik
    buss taxi flygplats airport moderaterna moderat socialdemokraterna socialdemokrat centerpartiet centern
    vänsterpartiet vansterpartiet miljöpartiet miljopartiet liberalerna kristdemokraterna sverigedemokraterna
    ssu muf luf partiet party democrats gop tidning tidningen tidningar bladet dagblad posten kuriren allehanda
    radio svt sr p4 tv4 press nyheter podd podden podcast hotell hotel hostel restaurang restaurant bar pub café
    cafe pizzeria pizza sushi bistro bageri konditori catering handel butik butiken shop store outlet företag
    foretag företagarna foretagarna business marknad auktion loppis mäklare maklare fastighetsbyrå bank sparbank
    försäkring advokat tandläkare tandvård dental klinik frisör salong spa bil bilar bilskola trafikskola
    verkstad bygg el vvs måleri städ flytt event festival marathon maraton loppet gala nattklubb
    nightclub galleria köpcentrum shopping turism hemtjänstbolag konsult consulting hc hockeyklubb ishockey cricket
    rugby records recordings ensemble orchestra orkester gaming esport gazette herald chronicle tribune
    yoga plumbing plumbers builders roofing landscaping realty realtor lawyers solicitors dentist
    association conservative conservatives republicans liberals greens facket fackförbund
    vårdförbundet lärarförbundet byggnads ltd gmbh oy inc llc krog krogen gästgiveri bröd bageriet
    brewery bryggeri distillery winery ranch motors däck möbler mode smycken blommor florist
    optik naprapat massage kiropraktor veterinär djurklinik hundklubb ridcenter coompanion studieförbundet
    hembygd rotaryklubb odd fellow frimurare församlingshem baptist methodist cathedral chapel church mosque synagogue
    """
)
# who is never a part of us, not even with our whole name: parties, unions, clubs, schools of others, who gathers at one
APART = words_in(
    """
    moderaterna socialdemokraterna sverigedemokraterna centerpartiet vänsterpartiet vansterpartiet miljöpartiet
    miljopartiet liberalerna kristdemokraterna ssu muf luf facket fackförbund vårdförbundet lärarförbundet byggnads
    föreningen klubben föräldraförening föräldraföreningen elevkår elevkåren friskola friskolan friskolor
    kunskapsskolan engelskaskolan montessori montessoriskola montessoriskolan montessoriförskola montessoriförskolan
    waldorf waldorfskola waldorfskolan waldorfförskola waldorfförskolan dansskola dansskolan hundskola hundskolan
    """
)
# and what beside a unit word is said of our own: the municipal music school, building and environment
BESIDE_UNITS = words_in("kommunala bygg")
