"""Words of Swedish and English that tell nothing of what is spoken about."""

from __future__ import annotations

from listener.words.claims import words_in

FILLER = words_in(
    """
    about after again aldrig all alla allihop allt alltid allts alltså also and andra annan annat any are aren att
    av bara because been before being between blev bli blir blivit borde bort borta both bra but bägge båda can com
    could dag dagar dagen day days dear del dem den denna dessa det detta did dig din dina dit ditt dock does dom
    don done during där därför därifrån då each efter eftersom egen ej eller emot en enda enligt ens er era ert ett
    fast few fick finns fler flera for fram framför from från further får fått för före först första gav ger get
    gick gjort gå gång gånger går gått gör göra ha had hade haft han hans har has hav have hej helt her here him
    himself his hit hon hos how hur här håll ibland idag igen igår ihop imorgon in inga ingen ingenting inget innan
    inte into is its itself ja jag jo just kan kanske klart kom kommer kunde kunna kvar let like lite lär läs läste
    långt låt made make man many may med medan mellan men mer mest mig might min mina mitt more most mot much must
    mycket måste nej ner new nog nor not now nu nya nyss nä när nästa nästan någon någonting något några och också
    off ofta oj ok okej olika om one only ops ordentligt oss other our out over own rätt sa sade same samma samt
    sedan sen ser she should sig sin sina sitt själv ska skall skulle som some still stor stora ställa står such
    säga säger sätt så sådan tack tar than that the their them then there these they this those through till tills
    too troligen tror två tycker typ under undrar until upon upp ut utan vad var vara varför varit varje vars vart
    vecka vem very vet vi vid vilka vilken vilket vill ville visa visst väl vår våra vårt was way were what when
    where which while who whom why will with would yes yet you your än ännu är även år åt över
    """
)
