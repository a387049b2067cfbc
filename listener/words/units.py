"""Words for parts of an organisation, by kind, with the inflections that Swedish and English names use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from listener.models import UnitKind

# local_office: a place people visit or a service with a door. department: a part with a head and a budget.
# team: a few people with a task.
SWEDISH: Mapping[UnitKind, str] = {
    UnitKind.LOCAL_OFFICE: """
        förskola grundskola skola gymnasieskola gymnasium särskola anpassad-grundskola komvux
        vuxenutbildning lärcenter kulturskola musikskola naturskola fritidshem fritidsgård ungdomsgård
        fritidsklubb öppen-förskola familjecentral familjecenter daghem dagmamma lekotek bibliotek
        stadsbibliotek folkbibliotek skolbibliotek bokbuss museum stadsmuseum konsthall konstmuseum galleri
        teater stadsteater konserthus kulturhus arkiv stadsarkiv badhus simhall äventyrsbad utomhusbad
        friluftsbad badplats idrottshall sporthall ishall isstadion idrottsplats arena fritidscenter
        friluftsgård motionsspår skidspår äldreboende servicehus vårdboende demensboende gruppboende
        gruppbostad boendestöd dagverksamhet daglig-verksamhet hemtjänst trygghetsboende träffpunkt mötesplats
        seniorcenter aktivitetshus allaktivitetshus medborgarhus medborgarkontor servicecenter kontaktcenter
        kundcenter turistbyrå återvinningscentral återvinning återbruk miljöstation brandstation vårdcentral
        rehab folkhälsocentral konsultcentrum jobbcenter arbetscenter navigatorcentrum ungdomsmottagning
        områdeskontor stadsdelskontor kommunhus stadshus rådhus slott stadspark djurpark parklek lekplats
        växthus gästhamn småbåtshamn hamn camping saluhall torg kyrkogård krematorium parkering parkeringshus
    """,
    UnitKind.DEPARTMENT: """
        förvaltning stadsdelsförvaltning skolförvaltning socialförvaltning kulturförvaltning
        fritidsförvaltning miljöförvaltning byggförvaltning nämnd stadsdelsnämnd socialnämnd skolnämnd
        byggnadsnämnd kulturnämnd kommunstyrelse stadsledningskontor kommunledningskontor kansli stadskansli
        kommunkansli avdelning sektor sektion stadsbyggnadskontor stadsbyggnad samhällsbyggnad miljökontor
        fastighetskontor trafikkontor exploateringskontor socialtjänst socialkontor äldreomsorg hemsjukvård
        omsorg vård-och-omsorg barn-och-utbildning utbildning räddningstjänst överförmyndare kommunrevision
        stadsdel kultur-och-fritid gatukontor parkförvaltning teknik-och-service näringslivskontor upphandling
        vatten-och-avlopp renhållning bygglov stadsmiljö elevhälsa arbetsmarknad
        bygg-och-miljö miljö-och-bygg plan-och-bygg
    """,
    UnitKind.TEAM: """
        enhet team arbetslag arbetsgrupp projekt projektgrupp press presstjänst pressjour kommunikation
        rekrytering jobba-hos karriär fältgrupp fältassistenter ungdomsråd elevråd föräldraråd
        pensionärsråd lag medborgarservice kundtjänst support växel fältare trygghetsvakt ordningsvakt
        parkarbetare vaktmästeri måltidsservice kostenhet lokalvård personalenhet löneservice utvecklingsenhet
        teckenspråk klimatkontrakt fixartjänst
    """,
}
ENGLISH: Mapping[UnitKind, str] = {
    UnitKind.LOCAL_OFFICE: """
        preschool school library museum theatre pool swimming-pool leisure-centre leisure-center
        community-centre community-center nursing-home care-home post-office local-office branch station
        fire-station police-station clinic health-centre embassy consulate detachment park archive
        visitor-centre tourist-office recycling-centre job-centre service-centre youth-centre campus
    """,
    UnitKind.DEPARTMENT: """
        department ministry directorate division agency committee subcommittee commission bureau
        council-office administration secretariat social-services planning-department housing-department
        education-department
    """,
    UnitKind.TEAM: """
        team unit task-force press-office newsroom recruitment careers jobs sales-team customer-service
        helpdesk caucus working-group project communications media-relations
    """,
}

# How Swedish words are bent, by ending; the first that fits decides. A row: ending, letters cut, what is added.
_BENDING: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    ("eum", 2, ("et", "er", "erna")),  # museum, museet, museer, museerna
    ("sium", 2, ("et", "er", "erna")),  # gymnasium, gymnasiet, gymnasier
    ("centrum", 2, ("et", "en", "umet")),  # centrum, centret
    ("ter", 2, ("ern", "rar", "rarna", "ret", "ren")),  # teater, teatern, teatrar; center, centret, centren
    ("a", 1, ("an", "or", "orna")),  # skola, skolan, skolor, skolorna
    ("ing", 0, ("en", "ar", "arna")),  # avdelning, avdelningen, avdelningar
    ("het", 0, ("en", "er", "erna")),  # enhet, enheten, enheter
    ("tion", 0, ("en", "er", "erna")),  # sektion, sektionen, sektioner
    ("else", 0, ("n", "r", "rna")),  # kommunstyrelse, kommunstyrelsen
    ("eri", 0, ("et", "er", "erna")),  # galleri, galleriet
    ("nde", 0, ("t", "n", "na")),  # boende, boendet, boenden
    ("are", 0, ("n", "na")),  # förmyndare, förmyndaren
    *((vowel, 0, ("n", "t", "er", "erna")) for vowel in "eiouyåäö"),  # byrå, byrån, byråer
    ("", 0, ("en", "et", "ar", "arna", "er", "erna")),  # hall, hus: which gender, only a dictionary knows
)


def inflect(word: str) -> tuple[str, ...]:
    """A Swedish unit word with its definite and plural forms and their genitives, the word itself first."""
    cut, endings = next((cut, added) for ending, cut, added in _BENDING if word.endswith(ending))
    stem = word[: len(word) - cut]
    bent = [word, *(stem + ending for ending in endings)]
    return tuple(dict.fromkeys(bent + [form + "s" for form in bent if not form.endswith("s")]))


def plural(word: str) -> tuple[str, ...]:
    """An English unit word and its plural."""
    if word.endswith("y") and word[-2] not in "aeiou":
        return (word, word[:-1] + "ies")
    return (word, word + "es" if word.endswith(("s", "ch")) else word + "s")


def unit_words(languages: Iterable[str], added: Mapping[UnitKind, Iterable[str]]) -> dict[str, UnitKind]:
    """Every form of the built-in words of `languages` and of the `added` ones, as written, with its kind."""
    found: dict[str, UnitKind] = {}
    spoken = set(languages)
    for language, table, bend in (("sv", SWEDISH, inflect), ("en", ENGLISH, plural)):
        for kind, words in table.items() if language in spoken else ():
            for word in words.split():
                found.update((form.replace("-", " "), kind) for form in bend(word))
    for kind, own in added.items():
        for word in own:
            found.update((form, kind) for form in (*inflect(word.lower()), *plural(word.lower())))
    return found
