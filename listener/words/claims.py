"""Words that claim authority, add nothing, or tell that someone else is speaking; one list a question."""

from __future__ import annotations

# "we are the authority": beside our place or name they make it a claim
AUTHORITY = frozenset(
    ["kommun", "kommunen", "kommuns", "kommunens", "kn", "kmn", "komun", "kommunn", "kommune", "stad", "staden", "stads", "stadens", "officiell", "officiella", "officiellt", "offentlig", "myndighet", "myndigheten", "municipality", "munic", "city", "cityof", "town", "townof", "council", "citycouncil", "government", "govt", "gov", "gouvernement", "official", "officialpage", "officiel", "officielle", "hq", "authority"]
)
# names of organisations consist of these and of what tells them apart; alone they tell nothing
GENERIC = frozenset(
    ["the", "of", "and", "for", "in", "on", "at", "to", "de", "du", "des", "la", "le", "les", "et", "au", "aux", "en", "av", "och", "för", "i", "på", "till", "the", "united", "states", "swedish", "sverige", "sveriges", "svenska", "svensk", "statens", "stiftelsen", "national", "nationella", "federal", "royal", "kungliga", "public", "general", "state", "central", "board", "agency", "department", "ministry", "service", "services", "office", "administration", "authority", "commission", "committee", "council", "center", "centre", "institute", "institution", "myndigheten", "myndighet", "nämnden", "nämnd", "styrelsen", "verket", "rådet", "institutet", "inspektionen", "ombudsmannen", "program", "programme", "organization", "organisation", "group", "international", "european", "global", "research", "health", "development", "affairs", "security", "education", "social", "culture", "environment", "energy", "information", "north", "south", "east", "west", "inc", "ltd", "ab", "llc", "co", "company", "corporation", "association", "society", "foundation", "the", "house"]
)
# what fills a handle without saying who speaks
NOISE = frozenset(
    ["real", "the", "true", "my", "our", "we", "vi", "vår", "vårt", "vart", "mitt", "min", "info", "information", "support", "help", "hjälp", "hjalp", "kontakt", "contact", "kundtjanst", "kundservice", "service", "news", "nytt", "nyheter", "aktuellt", "live", "online", "web", "webb", "page", "sida", "sidan", "konto", "kontot", "account", "profil", "profile", "tv", "video", "webbvideo", "play", "media", "insta", "ig", "fb", "tt", "yt", "x", "sverige", "sweden", "swe", "se", "nu", "com", "net", "org", "eu", "dot", "team", "teamet", "new", "ny", "nya", "now", "idag", "today", "direkt", "direct", "app", "chat", "dm", "verifierad", "verified", "original", "only", "just", "i", "in", "av", "of", "for", "och", "and", "på", "pa", "till", "hos", "om", "vid", "de", "du", "der", "and", "den", "det", "en", "ett", "at", "a"]
)
# "we are someone else": clubs, firms, churches, parties, media, other authorities
THIRD_PARTY = frozenset(
    ["ab", "hb", "aktiebolag", "bolag", "bolaget", "energi", "energy", "bostader", "bostäder", "bostad", "hyresbostader", "fastigheter", "fastighet", "hus", "bk", "if", "ff", "ik", "fk", "sk", "hk", "gk", "fc", "aik", "ifk", "bois", "bandy", "fotboll", "fotbollsklubb", "football", "soccer", "hockey", "innebandy", "handboll", "basket", "friidrott", "golf", "golfklubb", "ridklubb", "ridskola", "tennis", "padel", "gym", "crossfit", "orientering", "simklubb", "brottning", "kampsport", "förening", "föreningen", "forening", "foreningen", "forbund", "forbundet", "förbund", "förbundet", "riksforbund", "klubb", "klubben", "sällskap", "hembygdsförening", "villaägare", "hyresgästföreningen", "rödakorset", "rotary", "lions", "scout", "scouter", "scoutkår", "kyrka", "kyrkan", "kyrkans", "församling", "församlingen", "forsamling", "pastorat", "moske", "stift", "domkyrka", "universitet", "university", "högskola", "hogskola", "college", "studentkår", "studentkar", "student", "studenter", "nation", "region", "regionen", "regional", "län", "lan", "länet", "lanet", "länsstyrelsen", "lansstyrelsen", "landsting", "landstinget", "lst", "polisen", "polis", "police", "skatteverket", "försäkringskassan", "trafikverket", "arbetsförmedlingen", "länstrafik", "lanstrafik", "lanstrafiken", "länstrafiken", "trafik", "buss", "taxi", "flygplats", "airport", "moderaterna", "moderat", "socialdemokraterna", "socialdemokrat", "centerpartiet", "centern", "vänsterpartiet", "vansterpartiet", "miljöpartiet", "miljopartiet", "liberalerna", "kristdemokraterna", "sverigedemokraterna", "ssu", "muf", "luf", "partiet", "party", "democrats", "gop", "tidning", "tidningen", "tidningar", "bladet", "dagblad", "posten", "kuriren", "allehanda", "radio", "svt", "sr", "p4", "tv4", "press", "nyheter", "podd", "podden", "podcast", "hotell", "hotel", "hostel", "restaurang", "restaurant", "bar", "pub", "café", "cafe", "pizzeria", "pizza", "sushi", "bistro", "bageri", "konditori", "catering", "handel", "butik", "butiken", "shop", "store", "outlet", "företag", "foretag", "företagarna", "foretagarna", "business", "marknad", "auktion", "loppis", "mäklare", "maklare", "fastighetsbyrå", "bank", "sparbank", "försäkring", "advokat", "tandläkare", "tandvård", "dental", "klinik", "frisör", "salong", "spa", "bil", "bilar", "bilskola", "trafikskola", "verkstad", "bygg", "byggnads", "el", "vvs", "måleri", "städ", "flytt", "event", "festival", "marathon", "maraton", "loppet", "gala", "nattklubb", "nightclub", "galleria", "köpcentrum", "shopping", "turism", "hemtjänstbolag", "konsult", "consulting"]
)


def listed(*rows: str) -> tuple[str, ...]:
    """Phrases, one a row; longer ones first so that the reason quotes as much as it can."""
    return tuple(sorted((row.strip().casefold() for row in rows), key=len, reverse=True))


PARODY = listed(
    "parodi", "parody", "satir", "satirkonto", "satirisk", "satire", "satirical", "humorkonto", "skämtkonto", "spoof",
    "inte den riktiga", "not the real", "ej den riktiga", "fake account", "fejkkonto", "på skoj",
)  # fmt: skip
UNOFFICIAL = listed(
    "inofficiell", "inofficiella", "inofficiellt", "ej officiell", "ej officiella", "inte officiell", "unofficial",
    "not official", "not affiliated", "no affiliation", "inte kopplad till", "inte knuten till", "ingen koppling till",
    "drivs inte av", "not run by", "privat initiativ", "drivs av privatpersoner", "har inget med kommunen att göra",
    "fristående från",
)  # fmt: skip
FAN = listed(
    "du vet att du är från", "du vet att du kommer från", "du vet du är från", "vi som bor i", "vi som bor på",
    "vi som älskar", "vi som är uppvuxna", "vi som kommer från", "vi som växte upp", "vi i", "vi som gillar",
    "gamla bilder", "gamla vykort", "förr i tiden", "förr och nu", "köp och sälj", "köp & sälj", "köp/sälj", "köp-sälj",
    "säljes och köpes", "buy and sell", "buy & sell", "bortskänkes", "loppis i", "anslagstavla", "anslagstavlan",
    "supporter", "supporters", "supporterklubb", "fans", "fan club", "fan page", "fanclub", "fansida", "vänner av",
    "vänner till", "bevara", "rädda", "nej till", "ja till", "stoppa", "you know you are from", "you know you're from",
    "memories of", "friends of", "grannsamverkan", "byalag", "medborgargrupp", "invånargrupp",
)  # fmt: skip
AUTO_PLACE = listed(
    "den här sidan har skapats automatiskt", "automatiskt skapad sida", "automatiskt genererad",
    "automatically generated", "this page is automatically generated", "baserat på vad facebook-användare",
    "based on what facebook users are interested", "inofficiell sida skapad", "this unofficial page was created",
    "from wikipedia, the free encyclopedia", "unclaimed page", "sidan är inte bekräftad av",
)  # fmt: skip
OFFICIAL = listed(
    "officiell", "officiella", "officiellt", "official account", "official page", "official twitter", "official feed",
    "official", "välkommen till kommunens", "kommunens konto", "kommunens sida", "stadens konto", "stadens sida",
    "vi är kommunen", "here we speak for", "this is the account of", "det här är kommunens", "följ kommunen", "compte officiel",
)  # fmt: skip
FRAUD = listed(
    "bankid", "bank-id", "mobilt bankid", "swisha", "swish till", "betala nu", "betala avgift", "betala din",
    "obetald faktura", "obetald avgift", "faktura förfallen", "återbetalning", "skatteåterbäring", "utbetalning",
    "klicka på länken", "logga in här", "verifiera ditt", "bekräfta ditt konto", "kortuppgifter", "kontouppgifter",
    "vinnare", "du har vunnit", "vinn en", "gratis presentkort", "presentkort", "prispengar", "giveaway", "you have won",
    "claim your prize", "claim your", "gift card", "free grant", "grant money", "skicka dm", "skriv till oss i dm",
    "dm us", "dm for", "whatsapp", "telegram oss", "bitcoin", "crypto", "krypto", "investera", "refund",
    "pay now", "unpaid fee", "unpaid invoice", "verify your account", "login here", "loan approved", "snabblån",
)  # fmt: skip
# "this person speaks for us" needs a title and a claim; a title alone is a private account that names its employer
TITLES = listed(
    "kommundirektör", "stadsdirektör", "förvaltningschef", "kommunalråd", "borgarråd", "oppositionsråd", "presschef",
    "pressansvarig", "presskontakt", "pressekreterare", "pressekreteraren", "talesperson", "talesman", "kommunikatör",
    "kommunikationschef", "kommunikationsdirektör", "rektor", "enhetschef", "verksamhetschef", "avdelningschef",
    "områdeschef", "chef", "direktör", "handläggare", "samordnare", "utredare", "socialsekreterare", "bibliotekarie",
    "miljöinspektör", "stadsarkitekt", "näringslivschef", "skolchef", "säkerhetschef", "strateg", "ordförande",
    "spokesperson", "spokeswoman", "spokesman", "press officer", "press secretary", "mayor", "head of", "director",
    "communications officer", "city manager", "chief", "manager", "commissioner", "councillor", "principal", "inspector",
)  # fmt: skip
SPEAKS_FOR = listed(
    "talar för", "uttalar mig för", "uttalar sig för", "talesperson för", "spokesperson for", "speaks for",
    "i tjänsten", "tjänstekonto", "tjänstekontot", "i min roll som", "i rollen som", "företräder", "representerar",
    "representing", "officiell", "officiellt", "officiella", "official", "on behalf of", "å kommunens vägnar",
    "svarar på frågor om", "kontakta mig om", "work account", "jobbkonto", "arbetskonto", "här svarar jag",
)  # fmt: skip
OWN_VIEWS = listed(
    "åsikter är mina egna", "åsikterna är mina egna", "egna åsikter", "mina egna åsikter", "åsikter mina",
    "twittrar privat", "privat konto", "privatkonto", "som privatperson", "privatperson", "privat här", "skriver privat",
    "views my own", "views are my own", "opinions my own", "opinions are my own", "personal account", "tweets are my own",
    "all views", "my own views",
)  # fmt: skip
FREEMAIL = frozenset(
    ["gmail.com", "hotmail.com", "hotmail.se", "outlook.com", "live.se", "live.com", "yahoo.com", "yahoo.se", "icloud.com", "protonmail.com", "proton.me", "mail.com", "gmx.com", "telia.com", "bredband.net", "spray.se", "me.com", "mail.ru", "yandex.ru", "tutanota.com"]
)
