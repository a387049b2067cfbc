"""How questions begin in Swedish and English, and what only looks like one: tables of patterns, in folded text."""

from __future__ import annotations

import re
from collections.abc import Iterable

# What may stand before the question itself: greetings, thanks, little words that lead over.
LEAD = (
    "hej(?:san)?( igen)?|haha+|lol|hejhej|tja|tjena|hallå|god (?:morgon|kväll|dag)|ok(?:ej)?|jaha|men|och|"
    "eller|så|tack(?: för svar)?|"
    "snälla|fråga(?: till)?|en fråga|får jag fråga|kan jag få fråga|ursäkta|"
    "hi|hello|hey|please|question|and|but|so|just wondering|i wonder|thanks"
)
ASKING = "när|hur|varför|vad|var|vart|vem|vems|vilken|vilket|vilka"
VERBS = (
    "är|var|blir|blev|kan|ska|skall|får|fick|har|hade|kommer|kom|gör|gjorde|går|tar|tog|öppnar|stänger|börjar|"
    "slutar|gäller|"
    "kostar|händer|hände|finns|måste|bör|borde|tänker|tänkte|brukar|vänder|anmäler|ansöker|söker|hittar|"
    "fungerar|funkar|"
    "betyder|svarar|ringer|mejlar|lämnar|hämtas|töms|sandas|plogas|byggs|stängs|öppnas|bygger|höjer|säljer|lägger|"
    "väljer|vet|säger|ligger|sitter|jobbar|ansvarar|äger|bestämmer|bestämde|menar|vill|behöver|skulle|kunde|lagas|"
    "betalar|bokar|hyr|lånar|skickar|låter|gällde|planerar|räknas|fås|bor|röstar|förnyar|läser"
)
NOUNS = "många|mycket|länge|lång|långt|ofta|stor|stort|gammal|snabbt|sent|tidigt|nära|dyrt"
# A sentence without a question mark asks when it begins so: the verb before the subject tells "när öppnar ni" from
# "när ni öppnar".
OPENINGS = (
    rf"(?:{ASKING}) (?:{VERBS})\b(?! som helst)",
    r"(?:när|hur|var|vart|varför) (?!jag|man|vi|ni|som|kul|bra|roligt|ofta)\w+ (?:man|jag|vi|ni)\b",
    r"vart (?:tog|ska|vänder|tar|kan|går|mejlar|ringer|skickar)\b",
    rf"hur (?:{NOUNS}) (?:{VERBS})\b",
    r"(?:vart|var|när|hur) (?:kan|ska|får|gör|hittar|vänder|anmäler|söker) (?:man|jag|vi)\b",
    r"vilk(?:en|et|a) \w+ (?:är|har|ska|kan|gäller|behövs|behöver|hämtas|öppnar|stänger|måste)\b",
    r"kan (?:ni|man|jag|vi|någon|du) \w+ \w+",
    r"(?:vet|har|tänker|planerar|kommer|ska|får|brukar|skulle|erbjuder|tar|hyr) ni \w+",
    r"(?:får|kan|måste|behöver|ska) (?:man|jag|vi) \w+ \w+",
    r"finns det \w+ \w+",
    r"(?:är|går|blir|stämmer|gäller) det \w+",
    r"(?:undrar|jag undrar|vi undrar|undrade) (?:om|när|hur|varför|vad|var|vart|vem|vilken|vilket|vilka)\b",
    r"(?:någon|nån) (?:här )?som vet\b",
    r"(?:when|where|why|how|what|who|which) (?:do|does|did|is|are|was|were|will|can|could|should|would|has|"
    r"have|about)\b",
    r"how (?:long|much|many|often) (?:do|does|is|are|will|did|has|have|\w+ (?:do|does|is|are))\b",
    r"(?:can|could|would|will|do|does|are|is) (?:you|i|we|there|anyone|somebody|someone)\b \w+",
    r"(?:does )?anyone know\b",
)
# Said to us directly, a bare verb in front asks too.
SPOKEN = (
    r"(?:gäller|funkar|fungerar|öppnar|stänger|börjar|kommer|finns|ingår|kostar|behövs|krävs|hinner|får|har|"
    r"kan|ska|är) \w+ \w+",
    r"(?:is|are|do|does|can|will|has|have) \w+ \w+",
)
# With a question mark but said to nobody in particular, it must at least be built as a question.
BUILT = (
    rf"(?:{ASKING}|{VERBS}|stämmer|kommer|behövs|klarar|hinner|röstar|undrar|jag undrar|någon|nån|nåt|vet|ni)\b.*",
    r"(?:i|on|på|till|från|av|under|vid|med|för|ur|åt) (?:vilk|vad|vem|which|what)\w*\b.*",
    r"(?:when|where|why|how|what|who|which|whose|is|are|do|does|did|can|could|will|would|should|has|have|any|"
    r"anyone)\b.*",
    rf".*\b(?:undrar|undrade|wonder|wondering) (?:om|{ASKING}|if|when|where|why|how|what|who)\b.*",
)
# A statement that begins with a verb: its second half has the verb first again ("finns det snö finns det spår").
CONDITION = rf"(?:är|har|ska|får|finns|kan|går|blir)\b[^,?]+,? (?:{VERBS})\b"
# Said with a question mark, or an opening, and asking nothing of us.
RHETORICAL = (
    r"(?:eller hur|inte sant|va|vafan|eller|jaså|jasså|okej|ok|seriöst|på riktigt|allvarligt(?: talat)?|really|"
    r"seriously|"
    r"wtf|jo|nej|ja|hm+|öh|tjena|hallå)",
    r".*\b(?:skämtar ni|skojar ni|driver ni med|menar (?:ni|du) allvar|are you (?:kidding|serious)|kidding me)\b.*",
    r".*\bär (?:ni|du|de|\w+(?: kommun)?) (?:\w+ )?(?:\w+ )?(?:dumma|kloka|galna|knäppa|sjuka|blinda|dumt)\b.*",
    r"hur (?:\w+ )?(?:dum|dumma|svårt|korkad|korkade|trög|jävla)\b.*",
    r".*\b(?:eller hur|inte sant)",
    r"(?:vem|who) (?:bryr sig|cares|vill inte|hade trott|kunde ana|orkar)\b.*",
    r"(?:vad|va|hur|vem) (?:fan|i helvete|tusan|sjutton)\b.*|what the (?:hell|f\w+)\b.*",
    r"varför är (?:jag|man|ingen) inte? ?(?:förvånad|överraskad)\b.*",
    r".*\b(?:ska eländet|ta slut|stå ut med|är det för fel på|något dummare|annat än|inte \w+(?: \w+)? skämmas)\b.*",
    r"(?:visste|minns|såg|håller) (?:du|ni)\b.*|(?:kommer|har) (?:du|ni) (?:ihåg|hört|provat|testat)\b.*|"
    r"har du sett\b.*",
    r".*\b(?:tjejer|grabbar|gott folk|kompisar|hörni|folket|guys|y'all)\b.*|varför \w+ (?:jag|man) ens\b.*",
    r"hur tänkte ni\b.*|är det \d{4}\b.*|nytt avsnitt\b.*|avsnitt \d+\b.*|new episode\b.*",
    r"(?:did you know|remember when|what do you think|have you (?:seen|heard|tried))\b.*",
    r"vad tycker (?:du|folk)\b.*|vad tror (?:du|ni|folk|alla)\b.*|ska vi (?:gissa|slå vad)\b.*",
    r".*\b(?:ljuga|ljuger|lura|lurar|svika|sviker|skyller|skylla)\b.*",
    r"(?:kan|har|lär|fattar|vet) (?:\w+ ){1,3}(?:ens|någonsin)\b.*",
    r".*\b(?:innan|tills|before|until) (?:\w+ ){0,3}(?:vaknar|fattar|förstår|begriper|skäms|lär sig|wakes?)\b.*",
    r"(?:vem|who) (?:behöver|needs)\b.*\b(?:när (?:man|vi) har|when (?:you|we) have)\b.*",
    r"kan (?:någon|nån) (?:ge(?! mig| oss)|säga åt|lära|väcka)\b.*|vad (?:gör|spelar) (?:väl )?det\b.*",
    r".*, (?:isn't|aren't|doesn't|don't|wasn't|won't) (?:it|they|he|she|we)",
    r"vilken (?:är din|är er)\b.*",
    r".*\b(?:är det bara jag|fler än jag|fler som|någon mer som|anyone else|just me)\b.*",
    r"(?:någon|nån) som (?:vill|ska|är sugen|hänger|hakar)\b.*",
    r"(?:kan|skulle|will|can) (?:ni|you) (?:bara )?(?:sluta|skärpa|stop|shut)\b.*",
    r"hur (?:mår ni|mår du|är läget|står det till)\b.*|how are you\b.*",
    r"(?:vem|who) \w+(?: inte|n't)\b.*|är inte\b.*|why not\b.*|gissa\b.*|guess\b.*",
    r"(?:quiz|debatt|tävling|omröstning)\b.*",
)
ANSWERED = (
    r"\s*(?:jag vet svaret|svaret är|i know the answer|jo|ja|nej|svar|absolut|självklart|klart|visst|no|yes|well|"
    r"because|därför)\b"
)
# Words of adverts and of invitations; with them a question to the reader is bait.
BAIT = (
    r"\b(?:boka|ansök|ansök här|köp|beställ|anmäl (?:dig|er)|läs mer|sök (?:tjänsten|jobbet)|välkommen|rabatt|"
    r"erbjudande|"
    r"ring nu|hos oss|vi söker|vi hjälper|hjälper dig|se sändningen|klicka|läs (?:vår|hela|mer)|intervju|"
    r"read our|book|buy|apply|sign up|call now|"
    r"discount|% off|learn more|join us|i kommentarerna|rösta|tävla|prenumerera|provat|"
    r"insändaren?|debattartikeln?|krönikan?)\b"
)
ONE_READER = r"\b(?:du|dig|din|ditt|dina)\b"
READER = r"\b(?:du|dig|din|ditt|dina|your|trött på|ready for|need an?|nyfiken)\b"
YOU = r"\b(?:ni|er|ert|era|eder|hos er)\b"
FIRST = r"\b(?:jag|mig|min|mitt|mina|vi|oss|vår|vårt|våra|my|me|we|our)\b"
THE_COUNCIL = r"\b(?:kommunen|kommunens|kommun)\b"


def one_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """Any of the patterns, as one."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
