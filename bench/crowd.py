"""An invented municipality of any size and a crowd of Swedish strangers, some of whom speak under its name."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path


def listed(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())


FIRST = listed(
    """
    anna maria erik lars karin anders johan eva per lena nils sara emma jonas elin oskar hugo alma elsa wilma
    ali fatima amira zahra leila hassan ahmed yusuf omar maja vera stina olle gustav axel filip ludvig isak
    tilde signe märta åsa örjan håkan göran björn jörgen mårten pär malin ida hanna julia klara moa linnea ebba
    nora tuva liv agnes lovisa
    """
)
LAST = listed(
    """
    andersson johansson karlsson nilsson eriksson larsson olsson persson svensson gustafsson lindberg lindström
    lindgren bergström sandberg forsberg sjöberg wallin engström danielsson håkansson lundin björk ek holm ström
    dahl lind berg norén åberg öberg hedlund sundberg hermansson samuelsson fransson nyström holmgren arvidsson
    löfgren söderberg hassan mohammed ahmed ali hussein nguyen kovač novák öztürk rahimi karimi
    """
)
TRADES = listed(
    """
    bageri blommor bygg cykel frisör foto golv keramik kafé konditori krog ljud måleri möbler plåt redovisning
    rör salong snickeri städ trädgård tryck vin yoga verkstad musik design dans dykning kennel stall fiske jakt
    orientering segling
    """
)
STEMS = listed(
    """
    alm ask berg björk bo bäck dal ek eng fjäll fors furu gran gräs hag hammar hassel havs hed hjort hol höj kil
    klint kvarn lin ljung lund lång lärk löv mar myr norr näs nöt ori ost ren ro ros rönn sand sjö skog sol sten
    ström sten sund söder tall torp tun vall varg vass vik väster ytter åker ång öst
    """
)
KINDS = listed(
    """
    bibliotek förskola simhall museum fritidsgård skola arkiv badhus gymnasium kulturhus idrottshall äldreboende
    """
)
BIOS = (
    "Här berättar vi om vad vi gör till vardags och fest. Välkommen!",
    "Mamma till tre 👧👦👶 | kaffe ☕ | löpning | bor i skogen",
    "Foto, resor & mat. DM för samarbete 📸",
    "Vi bygger och renoverar sedan 1987. Ring 070-123 45 67 eller maila info@firma.example",
    "he/him · data science · opinions my own",
    "Supporter sedan barnsben. Allt om matcherna, spelarna och läktarna 💛🖤",
    "Lärare, körsångare och glad amatör i trädgården",
    "Öppet tisdag–söndag 11–18. Boka bord på vår hemsida.",
    "🇸🇪🇫🇮 just another dog account",
    None,
    None,
)
PLACES = ("Uppsala", "Malmö", "Sverige", "Luleå, Sweden", "Västerås", "stockholm", "Kiruna", None, None, None)
PLATFORMS = {
    "x": "https://x.com/",
    "facebook": "https://www.facebook.com/",
    "instagram": "https://www.instagram.com/",
    "tiktok": "https://www.tiktok.com/@",
    "youtube": "https://www.youtube.com/@",
}
PLAIN = str.maketrans("åäöčüá", "aaocua")
LOOKS = {"o": "0", "i": "1", "l": "1", "e": "3", "m": "rn", "a": "4"}
LETTERS = "abcdefghijklmnopqrstuvwxyz"
ABOUT_US = 50  # one candidate in so many

Entry = tuple[str, str]  # a registered handle and its unit


def write_house(folder: Path, entries: int, chance: random.Random) -> list[Entry]:
    """The municipality's two files; returns what is registered."""
    found: dict[str, str] = {}
    rows = ["platform,url,unit,status,owner_email,handle,display_name"]
    while len(found) < entries:
        stem = "".join(chance.sample(STEMS, 3) if chance.random() < 0.3 else (_syllable(chance) for _n in range(3)))
        kind = chance.choice(KINDS)
        unit = chance.choice((f"{stem}s {kind}", f"{stem}{kind}", f"{kind} {stem}")).capitalize()
        handle = unit.lower().replace(" ", chance.choice(("", "_", "."))).translate(PLAIN)
        handle = chance.choice((f"{handle}almby", f"almby{handle}", handle))
        if handle not in found:
            found[handle] = unit
            named = chance.choice((unit, f"{unit} Almby", f"{unit}, Almby kommun"))
            rows.append(f'x,https://x.com/{handle},{unit},approved,a@almby.example,{handle},"{named}"')
    (folder / "registry.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "listener.toml").write_text(
        '[organisation]\nname = "Almby kommun"\nplaces = ["Almby"]\ndomains = ["almby.example"]\n', encoding="utf-8"
    )
    return list(found.items())


def _syllable(chance: random.Random) -> str:
    return chance.choice("bdfghjklmnprstv") + chance.choice("aeiouyåäö") + chance.choice(("", "", "l", "n", "r", "s"))


def write_candidates(path: Path, count: int, entries: list[Entry], chance: random.Random) -> None:
    """A line of NDJSON a candidate."""
    with path.open("w", encoding="utf-8") as file:
        for number, fields in enumerate(candidates(count, entries, chance)):
            file.write(json.dumps({"ref": number, **fields}, ensure_ascii=False) + "\n")


def candidates(count: int, entries: list[Entry], chance: random.Random) -> Iterator[dict[str, object]]:
    """Strangers, and every ABOUT_US-th one about us: copied, misspelt, disguised, added to, or only told of."""
    for number in range(count):
        platform, form = chance.choice(list(PLATFORMS.items()))
        about_us = number % ABOUT_US == 0
        handle, name = _about_us(entries, chance) if about_us else _stranger(chance)
        fields: dict[str, object] = {"platform": platform, "handle": handle, "display_name": name}
        if chance.random() < 0.8:
            fields["url"] = form + handle
        bio, place = chance.choice(BIOS), chance.choice(PLACES)
        if about_us and chance.random() < 0.1:
            bio = "Vi finns i Almby kommun. Läs mer på almby.example"
        yield fields | ({"description": bio} if bio else {}) | ({"location": place} if place else {})


def _stranger(chance: random.Random) -> Entry:
    first, last = chance.choice(FIRST), chance.choice(LAST)
    if chance.random() < 0.2:
        trade = chance.choice(TRADES)
        name = chance.choice((f"{last.title()}s {trade}", f"{trade.title()} & {chance.choice(TRADES)}"))
        return name.lower().replace(" ", "").replace("&", "").translate(PLAIN), name
    mark = chance.choice(("", "_", "."))
    digits = str(chance.randrange(1, 2010)) if chance.random() < 0.5 else ""
    name = chance.choice((f"{first} {last}", f"{first} {last}", first, f"{first} 🌸", f"{first[0]}. {last}")).title()
    front, back = chance.choice(
        (
            (first, last),
            (first, chance.choice(TRADES)),
            (last, first[0]),
            (chance.choice(STEMS) + chance.choice(STEMS), first),
        )
    )
    return f"{front}{mark}{back}{digits}".translate(PLAIN), name


def _about_us(entries: list[Entry], chance: random.Random) -> Entry:
    handle, unit = chance.choice(entries)
    way = chance.randrange(6)
    if way == 0:
        return misspelt(handle, chance), unit
    if way == 1:
        return handle.translate(str.maketrans(dict([chance.choice(list(LOOKS.items()))]))), _stranger(chance)[1]
    if way == 2:
        return handle + chance.choice(("_official", "se", ".support", "2026", "_info")), f"{unit} i Almby"
    if way == 3:
        return _stranger(chance)[0], misspelt(unit, chance)
    if way == 4:
        return misspelt("almbykommun", chance), "Almby kommun"
    return f"almby{chance.choice(KINDS)}{chance.randrange(99)}".translate(
        PLAIN
    ), f"{chance.choice(KINDS)} Almby".title()


def misspelt(text: str, chance: random.Random) -> str:
    """`text` one or two edits away: a letter dropped, put in, changed or swapped with the next."""
    letters = list(text)
    for _edit in range(chance.choice((1, 1, 2))):
        place = chance.randrange(len(letters) - 1)
        way = chance.randrange(4)
        if way == 0:
            del letters[place]
        elif way == 1:
            letters.insert(place, chance.choice(LETTERS))
        elif way == 2:
            letters[place] = chance.choice(LETTERS)
        else:
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
    return "".join(letters)
