"""The Swedish municipalities, regions and state bodies that bear a place's name: who a name may belong to besides us."""

from __future__ import annotations

# Short names as of 2026: facts, from Statistics Sweden's list of municipalities. An underscore stands for a space.
_MUNICIPALITIES = """
Ale, Alingsås, Alvesta, Aneby, Arboga, Arjeplog, Arvidsjaur, Arvika, Askersund, Avesta, Bengtsfors, Berg,
Bjurholm, Bjuv, Boden, Bollebygd, Bollnäs, Borgholm, Borlänge, Borås, Botkyrka, Boxholm, Bromölla, Bräcke, Burlöv,
Båstad, Dals-Ed, Danderyd, Degerfors, Dorotea, Eda, Ekerö, Eksjö, Emmaboda, Enköping, Eskilstuna, Eslöv, Essunga,
Fagersta, Falkenberg, Falköping, Falun, Filipstad, Finspång, Flen, Forshaga, Färgelanda, Gagnef, Gislaved, Gnesta,
Gnosjö, Gotland, Grums, Grästorp, Gullspång, Gällivare, Gävle, Göteborg, Götene, Habo, Hagfors, Hallsberg,
Hallstahammar, Halmstad, Hammarö, Haninge, Haparanda, Heby, Hedemora, Helsingborg, Herrljunga, Hjo, Hofors,
Huddinge, Hudiksvall, Hultsfred, Hylte, Hällefors, Härjedalen, Härnösand, Härryda, Hässleholm, Håbo, Höganäs,
Högsby, Hörby, Höör, Jokkmokk, Järfälla, Jönköping, Kalix, Kalmar, Karlsborg, Karlshamn, Karlskoga, Karlskrona,
Karlstad, Katrineholm, Kil, Kinda, Kiruna, Klippan, Knivsta, Kramfors, Kristianstad, Kristinehamn, Krokom, Kumla,
Kungsbacka, Kungsör, Kungälv, Kävlinge, Köping, Laholm, Landskrona, Laxå, Lekeberg, Leksand, Lerum, Lessebo,
Lidingö, Lidköping, Lilla_Edet, Lindesberg, Linköping, Ljungby, Ljusdal, Ljusnarsberg, Lomma, Ludvika, Luleå,
Lund, Lycksele, Lysekil, Malmö, Malung-Sälen, Malå, Mariestad, Mark, Markaryd, Mellerud, Mjölby, Mora, Motala,
Mullsjö, Munkedal, Munkfors, Mölndal, Mönsterås, Mörbylånga, Nacka, Nora, Norberg, Nordanstig, Nordmaling,
Norrköping, Norrtälje, Norsjö, Nybro, Nykvarn, Nyköping, Nynäshamn, Nässjö, Ockelbo, Olofström, Orsa, Orust, Osby,
Oskarshamn, Ovanåker, Oxelösund, Pajala, Partille, Perstorp, Piteå, Ragunda, Robertsfors, Ronneby, Rättvik, Sala,
Salem, Sandviken, Sigtuna, Simrishamn, Sjöbo, Skara, Skellefteå, Skinnskatteberg, Skurup, Skövde, Smedjebacken,
Sollefteå, Sollentuna, Solna, Sorsele, Sotenäs, Staffanstorp, Stenungsund, Stockholm, Storfors, Storuman,
Strängnäs, Strömstad, Strömsund, Sundbyberg, Sundsvall, Sunne, Surahammar, Svalöv, Svedala, Svenljunga, Säffle,
Säter, Sävsjö, Söderhamn, Söderköping, Södertälje, Sölvesborg, Tanum, Tibro, Tidaholm, Tierp, Timrå, Tingsryd,
Tjörn, Tomelilla, Torsby, Torsås, Tranemo, Tranås, Trelleborg, Trollhättan, Trosa, Tyresö, Täby, Töreboda,
Uddevalla, Ulricehamn, Umeå, Upplands_Väsby, Upplands-Bro, Uppsala, Uppvidinge, Vadstena, Vaggeryd, Valdemarsvik,
Vallentuna, Vansbro, Vara, Varberg, Vaxholm, Vellinge, Vetlanda, Vilhelmina, Vimmerby, Vindeln, Vingåker,
Vänersborg, Vännäs, Värmdö, Värnamo, Västervik, Västerås, Växjö, Vårgårda, Ydre, Ystad, Älmhult, Älvdalen,
Älvkarleby, Älvsbyn, Ängelholm, Åmål, Ånge, Åre, Årjäng, Åsele, Åstorp, Åtvidaberg, Öckerö, Ödeshög, Örebro,
Örkelljunga, Örnsköldsvik, Östersund, Österåker, Östhammar, Östra_Göinge, Överkalix, Övertorneå
"""
MUNICIPALITIES: tuple[str, ...] = tuple(name.strip().replace("_", " ") for name in _MUNICIPALITIES.split(","))

# The 21 regions: county councils, and Gotland, which is both region and municipality.
REGIONS: tuple[str, ...] = (
    "Region Blekinge", "Region Dalarna", "Region Gotland", "Region Gävleborg", "Region Halland",
    "Region Jämtland Härjedalen", "Region Jönköpings län", "Region Kalmar län", "Region Kronoberg", "Region Norrbotten",
    "Region Skåne", "Region Stockholm", "Region Sörmland", "Region Uppsala", "Region Värmland", "Region Västerbotten",
    "Region Västernorrland", "Region Västmanland", "Region Örebro län", "Region Östergötland", "Västra Götalandsregionen",
)  # fmt: skip

# Universities and university colleges named after a place.
UNIVERSITIES: tuple[str, ...] = (
    "Göteborgs universitet", "Karlstads universitet", "Linköpings universitet", "Linnéuniversitetet",
    "Luleå tekniska universitet", "Lunds universitet", "Malmö universitet", "Mittuniversitetet", "Mälardalens universitet",
    "Stockholms universitet", "Umeå universitet", "Uppsala universitet", "Örebro universitet", "Blekinge tekniska högskola",
    "Högskolan Dalarna", "Högskolan i Borås", "Högskolan i Gävle", "Högskolan i Halmstad", "Högskolan i Skövde",
    "Högskolan Kristianstad", "Högskolan Väst", "Jönköping University", "Södertörns högskola",
)  # fmt: skip
