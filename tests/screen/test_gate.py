"""The gate before `judge`: what it turns away is nothing to us, and what comes out is the same with it and without."""

from __future__ import annotations

import json
import random
from functools import cache

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA
from screened import organisation, registry

from listener.models import Account, Entry, Status, UnitKind
from listener.organisation import Organisation, Sibling
from listener.registry import Registry, read_registry
from listener.screen.answers import as_ndjson
from listener.screen.bulk import Screener
from listener.screen.candidates import Broken, read_candidate
from listener.screen.index import Index
from listener.screen.known import Known, strange_handles
from listener.screen.letters import Reader
from listener.screen.near import Near
from listener.screen.shortlist import Shortlist
from listener.screen.stream import Filter, answers
from listener.text.fold import ENDINGS
from listener.text.tokens import read_key
from listener.verdict import judge

ODD = "abcABC019 _.-@$åäöÅØßéñ\u0301\u200b\u200dκая漢🌸🇸🇪️ı\x00\n\u2028\ud800ﷺ𝒜½Ж’…ʙᴀ🅰🅜🇾\u202e\u202c"
WORDS = """
    Almby almbykommun kommun almby.example bibliotek Biblioteket Sagan officiell support 0 4 rn cl _ . - @ / % é alnby
    a1mby ålmby almbyy https://x.com/ 070-123 4567 212000-1234 Aimby lund anna $ se info 2024 parodi
    \u202enummok ᴀʟᴍʙʏ 🅰🅻🅼🅱🆈 🇦🇱🇲🇧🇾
"""
PIECES = (*WORDS.split(), *ODD)
UNITS = ("Sagans bibliotek", "Lindbergs skola", "Kvarnens simhall", "Konserthuset Björken", "Fritidsgården Trampolinen")


@cache
def everything() -> tuple[Organisation, Registry]:
    """An organisation with something for every question that the gate asks."""
    base = organisation()
    entries = [
        Entry(
            platform="x",
            url=f"https://x.com/unit_{number}",
            unit=unit,
            status=Status.APPROVED,
            owner_email="a@almby.example",
            handle=f"unit_{number}{read_key(unit).letters}",
            display_name=unit,
            platform_id=str(1000 + number),
            unit_kind=UnitKind.LOCAL_OFFICE,
        )
        for number, unit in enumerate(UNITS)
    ]
    rich = msgspec.structs.replace(
        base, phones=("070-123 45 67",), org_numbers=("212000-1234",), siblings=(Sibling(name="Lund"),)
    )
    return rich, Registry([*registry().entries, *entries])


@cache
def screening() -> Filter:
    return Filter(*everything(), as_ndjson)


texts = st.one_of(st.text(max_size=30), st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
rows = st.fixed_dictionaries(
    {"platform": st.sampled_from(["x", "X ", "facebook", "web", "bluesky", "mastodon"]), "handle": texts},
    optional={
        "display_name": texts,
        "description": texts,
        "location": texts,
        "url": texts.map(lambda text: f"https://x.com/{text}"),
        "links": st.lists(texts, max_size=2),
        "platform_id": st.sampled_from(["1001", "7", 1002, 0]),
    },
)


def one_by_one(lines: list[bytes], whole: Filter) -> list[bytes]:
    screener: Screener = whole._screener
    found = []
    for line in lines:
        try:
            account, ref = read_candidate(line)
        except Broken:
            continue
        found.append(as_ndjson(judge(account, screener.organisation, screener.registry, screener.index), ref))
    return found


def together(lines: list[bytes], whole: Filter) -> list[bytes]:
    found = b"".join(answer.written for answer in answers(enumerate(lines, 1), whole))
    return found.splitlines(keepends=True)


@settings(max_examples=40, deadline=None)
@given(st.lists(rows, min_size=1, max_size=8))
def test_what_is_turned_away_is_nothing_to_us(batch: list[dict[str, object]]) -> None:
    lines = [json.dumps(row).encode() for row in batch]
    assert together(lines, screening()) == one_by_one(lines, screening())


def test_a_large_sample_comes_out_the_same() -> None:
    chance = random.Random(3)
    lines = []
    for number in range(4_000):
        row = {"ref": number, "platform": chance.choice(("x", "facebook"))}
        for field in ("handle", "display_name", "description", "location", "url"):
            if chance.random() < 0.7:
                source = PIECES if chance.random() < 0.4 else ("anna", "erik", "foto", " ", "berg", "92", "kafé", "🌸")
                row[field] = "".join(chance.choices(source, k=chance.randrange(6)))
        lines.append(json.dumps(row, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass"))
    whole = screening()
    found = together(lines, whole)
    assert found == one_by_one(lines, whole)
    assert 0 < sum(b'"unrelated"' in line for line in found) < len(found)


def test_many_names_are_read_as_each_would_be() -> None:
    chance = random.Random(5)
    names = ["".join(chance.choices(ODD, k=chance.choice((0, 1, 4, 12, 120)))) for _name in range(1_500)]
    letters = Reader().read(names)
    owners = letters.owners(letters.words)
    ends = letters.word_ends(owners)
    for number, name in enumerate(names):
        key = read_key(name)
        assert (number in letters.foreign) is not key.letters.isascii()
        if key.letters.isascii():
            places = zip(letters.words[owners == number], ends[owners == number], strict=True)
            words = [bytes(letters.buffer[start:end]).decode() for start, end in places]
            assert (letters.text(number), tuple(words)) == (key.letters, key.words)


@pytest.mark.parametrize("count", [40, 400])  # few names are asked one by one, many by what is left of them
def test_every_name_within_reach_is_found_and_the_nearest_told(count: int) -> None:
    chance = random.Random(7)
    names = list(
        dict.fromkeys("".join(chance.choices("abcdeilmno", k=chance.randrange(4, 30))) for _name in range(count))
    )
    near = Near(names)
    for _candidate in range(800):
        letters = list(chance.choice(names))
        for _edit in range(chance.randrange(4)):
            place = chance.randrange(len(letters))
            letters[place : place + 2] = chance.choice(
                (letters[place : place + 2][::-1], ["x"], [*letters[place : place + 2], "y"])
            )
        text = "".join(letters)
        held = [(OSA.distance(text, name), n) for n, name in enumerate(names) if len(name) >= 5]
        held = [(distance, n) for distance, n in held if distance <= (2 if len(names[n]) >= 10 else 1)]
        wanted = min(held) if held and 4 <= len(text) <= 40 else None
        assert near.nearest(text) == ((wanted[1], wanted[0]) if wanted else None)


@pytest.mark.parametrize("size", [0, 1])
def test_a_register_of_hardly_anything_is_enough(size: int) -> None:
    whole = Filter(organisation(), Registry(registry().entries[:size]), as_ndjson)
    lines = [
        b'{"platform": "x", "handle": "anna"}',
        b'{"platform": "x", "handle": "almbykommun1"}',
        b'{"platform": "x"}',
    ]
    assert together(lines, whole) == one_by_one(lines, whole)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        (
            "https://www.youtube.com/channel/UCabCdEfGhIjKlMnOpQrStUv",
            "https://youtube.com/channel/UCabCdEfGhIjKlMnOpQrStUv",
        ),
        ("https://www.facebook.com/Sagan.Straße", "https://facebook.com/saganstrasse"),
        ("https://www.facebook.com/saganstrasse", "https://facebook.com/SAGAN.STRAẞE"),
        ("https://x.com/Åsa_sagan", "https://x.com/A\u030asa_sagan"),
    ],
)
def test_an_address_of_ours_is_known_however_it_is_written(url: str, address: str) -> None:
    platform = url.partition(".com")[0].rpartition("/")[2].removeprefix("www.")
    table = f"platform,url,unit,status,owner_email\n{platform},{url},Sagan,approved,a@almby.example\n"
    known, rows = (
        Known(read_registry(table.encode(), "registry.csv")),
        [Account(platform=platform, handle="öga", url=address)],
    )
    assert list(known.leading(rows, ["öga"], strange_handles(["öga"]), np.zeros(1, dtype=np.bool_))) == [0]


def test_a_word_leads_to_its_name_in_every_form_that_the_index_knows() -> None:
    table = (
        "platform,url,unit,status,owner_email,handle,display_name\n"
        "x,https://x.com/q17,Kulturhuset Björken,approved,a@almby.example,q17,Kulturhus Björken\n"
    )
    index = Index(organisation(), read_registry(table.encode(), "registry.csv"))
    names = [f"Rosa kulturhus{ending}" for ending in ("", *ENDINGS)]
    shared = [index.overlaps.best(read_key(name).words) is not None for name in names]
    assert sum(shared) > 2
    assert all(Shortlist(index).held([name for name, shares in zip(names, shared, strict=True) if shares]))
