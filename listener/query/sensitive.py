"""Which queries ask about what the law calls sensitive: such a query may count posts, never line up the people."""

from __future__ import annotations

from listener.language import N_
from listener.query.backends import patterns
from listener.query.fields import fits
from listener.query.tree import STAR, Field, Node, leaves, sought

# Article 9 of the GDPR, in the words people use, Swedish and English. A star: any ending.
TRAITS = {
    N_("religion or belief"): """
        muslim* islam* shia* sunni* kristen* kristn* christian* jude judar* judisk* judend* jew jews jewish* judaism*
        katol* catholic* buddh* hindu* sikh* ateis* atheis* religi* troende moské* mosque* synagog* imam* jehova*
        mormon* baptist* pingstvän* frikyrk* konverti*""",
    N_("ethnic origin"): """
        romer* romsk* romani zigenar* gypsy gypsies samer* samisk* sami kurd* arab* afrikan* african* somali* syri*
        irak* iraq* iran* afghan* afgan* turk* polack* etnisk* etnicit* ethnic* racial* hudfärg* invandr* immigrant*
        utländsk* flykting* refugee* asylsök* migrant* svartskall* blatte*""",
    N_("political opinion"): """
        socialdemokrat* sosse* sossar* moderat* sverigedemokrat* sd centerpart* vänsterpart* miljöpart* liberal*
        kristdemokrat* kommunist* communis* socialis* nazis* fascis* nynazi* vänsterextrem* högerextrem* partimedlem*
        republican* democrat democrats antifa*""",
    N_("health"): """
        sjuk sjuka sjukdom* sjukskriv* cancer* diabet* adhd autis* asperger* depress* deprimer* psykisk* psykos*
        schizo* bipolär* bipolar* missbruk* alkoholis* alcoholic* narkoman* addict* hiv aids demens* dement*
        funktionsneds* funktionshind* disabled disabilit* handikapp* gravid* pregnan* abort* suicid* självmord*
        diagnos* illness* ätstörning* anorexi* covid*""",
    N_("sex life or orientation"): """
        homosex* bög* lesbisk* lesbian* gay gays bisex* hbt* lgbt* transperson* transsex* transgender* trans queer*
        pride otrohet* sexköp* prostitu* sexuell*""",
    N_("union membership"): """
        fackförbund* facket facklig* fackmedlem* fackombud* unionise* unionize* unionist* strejk* kommunalare
        lärarförbund* vårdförbund*""",
}


def sensitive_trait(tree: Node) -> str | None:
    """The trait that a query names, wanted or not; None when it names none. A msgid, for `_`."""
    asked = [word for part in sought(tree) for word in patterns(part)]
    for trait, listed in TRAITS.items():
        if any(alike(word, stem) for word in asked for stem in listed.split()):
            return trait
    return None


def names_author(tree: Node) -> bool:
    """Whether a query asks who wrote a post, wanted or not: it is about one person, whatever else it says."""
    return any(isinstance(leaf, Field) and leaf.name == "author" for leaf in leaves(tree))


def alike(asked: str, listed: str) -> bool:
    """Can one word be both? `muslim*` is asked for by muslim, muslimer, musl* and *muslim."""
    stem = listed.rstrip(STAR)
    if fits(asked, stem):
        return True
    first, *pieces = asked.split(STAR)
    if pieces and first and stem.startswith(first):
        return True
    return listed.endswith(STAR) and any(piece.startswith(stem) for piece in (first, *pieces))
