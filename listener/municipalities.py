"""The Swedish municipalities, regions and universities: who else may bear the name of a place."""

from __future__ import annotations

from collections.abc import Iterator

from listener.text.fold import genitive


def _listed(text: str) -> tuple[str, ...]:
    return tuple(name.strip().replace("_", " ") for name in text.split(","))


# Short names as of 2026: facts, from Statistics Sweden's list of municipalities. An underscore stands for a space.
MUNICIPALITIES: tuple[str, ...] = _listed(
    """
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
)

# The 21 regions: county councils, and Gotland, which is both region and municipality.
REGIONS: tuple[str, ...] = _listed(
    """
Region_Blekinge, Region_Dalarna, Region_Gotland, Region_Gävleborg, Region_Halland, Region_Jämtland_Härjedalen,
Region_Jönköpings_län, Region_Kalmar_län, Region_Kronoberg, Region_Norrbotten, Region_Skåne, Region_Stockholm,
Region_Sörmland, Region_Uppsala, Region_Värmland, Region_Västerbotten, Region_Västernorrland, Region_Västmanland,
Region_Örebro_län, Region_Östergötland, Västra_Götalandsregionen
    """
)

# What regions are called besides: short forms, and one that no rule makes.
_OTHER_REGIONS = ("VGR", "VGregion", "Region Västra Götaland", "Västra Götalands län", "Landstinget Västra Götaland")

# Words in the names of municipalities, and no others.
MUNICIPAL = frozenset({"kommun", "kommunen", "kommuns", "stad", "staden", "stads", "municipality", "city"})

# Universities and university colleges named after a place.
UNIVERSITIES: tuple[str, ...] = _listed(
    """
Göteborgs_universitet, Karlstads_universitet, Linköpings_universitet, Linnéuniversitetet,
Luleå_tekniska_universitet, Lunds_universitet, Malmö_universitet, Mittuniversitetet, Mälardalens_universitet,
Stockholms_universitet, Umeå_universitet, Uppsala_universitet, Örebro_universitet, Blekinge_tekniska_högskola,
Högskolan_Dalarna, Högskolan_i_Borås, Högskolan_i_Gävle, Högskolan_i_Halmstad, Högskolan_i_Skövde,
Högskolan_Kristianstad, Högskolan_Väst, Jönköping_University, Södertörns_högskola
    """
)


def region_names() -> Iterator[str]:
    """What the regions and their counties are called: `Region Kalmar län`, `Regionen Kalmar`, `Kalmar län`."""
    for region in REGIONS:
        yield region
        place = region.removeprefix("Region ").removesuffix(" län")
        if place != region:
            yield from (f"{word} {place}" for word in ("Region", "Regionen", "Landstinget", "Länsstyrelsen"))
            yield from (f"Länsstyrelsen i {place} län", f"{place} län", f"{genitive(place)} län")
    yield from _OTHER_REGIONS


def municipal_names(place: str) -> Iterator[str]:
    """What the municipality of a place is called: another body than the region there, but on Gotland."""
    if place not in MUNICIPALITIES or place == "Gotland":
        return
    for name in (place, genitive(place)):
        yield from (f"{name} kommun", f"{name} stad")
    for word in ("Kommun", "Kommunen", "Kommunen i", "Staden", "Municipality of", "City of"):
        yield f"{word} {place}"
