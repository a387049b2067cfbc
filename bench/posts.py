"""Posts and saved queries as a municipality's listening meets them, all invented and the same at every run."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

SEED = 20261122
MATCHING = 0.015  # share of posts that say what some query asks for
NAMING = 0.08  # share that name a place and match nothing
ESCAPED, EMOJI, FOREIGN, APART, LOUD = 0.10, 0.15, 0.02, 0.01, 0.05  # shares of posts written so
_BEGINNINGS = """
    Al Berg Björk Brå Dal Ek Fager Gran Grön Hag Hall Hav Hög Karl Kvarn Lin Ljung Lund Mar Myr Norr Näs Ros Rud
    Sand Skog Sten Ström Sund Tall Tor Ulv Vad Vik Väst Ås Älv Ör Öst
"""
_MIDDLES = ["", "a", "e", "er", "gård", "lands", "mo", "rike", "s", "sjö", "ta", "ö"]
_ENDINGS = """
    berga borg by bäck fors ham holm hult köping lunda löv mark näs rum ryd stad sund torp tuna vall vika åsa ända
"""
_SERVICES = """
    badhus bibliotek bygglov detaljplan elljusspår fritidsgård färdtjänst förskola gymnasium hemtjänst idrottshall
    ishall kulturhus kulturskola parkering simhall skolskjuts skolbuss snöröjning socialtjänst sophämtning sporthall
    särskola vaktmästare vattenverk äldreboende återvinning ödegård överförmyndare
"""
_WORDS = """
    och att det i en som på är av för den till med de har inte om ett men var jag sig från vi så kan han när nu år
    upp hon dag eller där får ut alla mycket bara sedan hur vad vill skulle ska också blev varför nog ju ändå någon
    väldigt kväll trafiken gatan bussen barnen skolan politikerna nämnden äldre omsorgen väntar tycker åker måste
    svarar ringde frågade ingen aldrig igen helgen sommaren vägen cykelbanan lampan trasig skräp väntetid avgift
    beslut möte förslag budget familjen grannen hunden kaffe fotboll match laget vann förlorade musik film väder
    regn snö sol fint roligt tråkigt tack snälla hjälp sökes säljes köpes
"""
_FOREIGN = ["Привет из города, как дела", "مرحبا من المدينة", "Dzień dobry, źle się dzieje", "Καλημέρα ΑΠΟ ΤΗΝ ΠΟΛΗ"]


def places(count: int, chance: random.Random) -> list[str]:
    """So many different names of places."""
    every = sorted({a + b + c for a in _BEGINNINGS.split() for b in _MIDDLES for c in _ENDINGS.split()})
    return chance.sample(every, count)


def saved(count: int, chance: random.Random) -> tuple[list[str], list[str]]:
    """So many queries, five a place, and for each a phrase that it matches."""
    queries, said = [], []
    for place in places(-(-count // 5), chance):
        genitive = place if place.endswith("s") else f"{place}s"
        one, two, three = chance.sample(_SERVICES.split(), 3)
        told = [
            (f'"{place} kommun" OR "{place} kommuns" OR "{genitive} kommun" -hockey -"{place} IF"', f"{place} kommun"),
            (f'"{one} i {place}" OR "{genitive} {one}" OR ({one}* "i {place}")', f"{genitive} {one}"),
            (f"({place} OR {genitive}) AND ({two}* OR {three}*) -säljes", f"{two}en i {place}"),
            (
                f'"{genitive} kommun*" (avgift* OR beslut* OR detaljplan*) -fotboll',
                f"beslut av {genitive} kommunstyrelse",
            ),
            (f"{place.lower()}kommun OR {place.lower()}s{three} OR {place.lower()}{two}*", f"@{place.lower()}kommun"),
        ]
        queries += [query for query, _phrase in told]
        said += [phrase for _query, phrase in told]
    return queries[:count], said[:count]


def write_queries(path: Path, queries: list[str]) -> None:
    """A queries.toml."""
    tables = (
        f'[queries.q{number:05d}]\nquery = {json.dumps(query, ensure_ascii=False)}\npurpose = "omvärldsbevakning"\n'
        for number, query in enumerate(queries)
    )
    path.write_text("\n".join(tables), encoding="utf-8")


def texts(count: int, said: list[str], named: list[str], chance: random.Random) -> Iterator[str]:
    """Texts of about 200 characters."""
    for _post in range(count):
        words = chance.choices(_WORDS.split(), k=chance.randint(22, 52))
        kind = chance.random()
        if kind < MATCHING:
            words.insert(chance.randrange(len(words)), chance.choice(said))
        elif kind < MATCHING + NAMING:
            words.insert(chance.randrange(len(words)), chance.choice(named))
        yield _worn(" ".join(words).capitalize(), chance)


def _worn(text: str, chance: random.Random) -> str:
    """The text as people send it."""
    if chance.random() < EMOJI:
        text += " " + chance.choice("😀👍🎉😡🙏")
    if chance.random() < FOREIGN:
        text += " " + chance.choice(_FOREIGN)
    if chance.random() < APART:
        text = text.replace("ö", "o\u0308").replace("å", "a\u030a")
    return text.upper() if chance.random() < LOUD else text


def lines(posts: Iterator[str], chance: random.Random) -> Iterator[bytes]:
    """Posts as NDJSON, as an export holds them."""
    for number, text in enumerate(posts):
        post = {
            "platform": "bluesky",
            "id": f"3k{number:09x}",
            "url": f"https://social.example/profile/writer{number % 977}/post/3k{number:09x}",
            "author": f"writer{number % 977}.social.example",
            "text": text,
            "lang": "sv",
            "published_at": f"2026-11-{1 + number % 22:02d}T{number % 24:02d}:15:00Z",
            "reply_to": None,
            "links": [],
            "source": "bluesky",
            "ref": f"r{number}",
        }
        yield json.dumps(post, ensure_ascii=chance.random() < ESCAPED).encode() + b"\n"
