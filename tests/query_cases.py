"""Random queries and random Swedish posts, the same for the same seed: live and history must agree on all of them.

A query holds every kind of node and field, a post the traps of real text (inflections, marks, emoji, invisible
characters, other scripts, odd times), both from one small vocabulary so that they often meet.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from listener.errors import QueryError
from listener.mentions import cleaned
from listener.posts import Post
from listener.query import Query, parse

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)

_STEMS = (
    "almby badhus kommun skola simhall förskola äldre åka öppet stängt vatten väg buss räv får far ö å i och på av "
    "the is vik vara ström västerå hall bad bada ord ann anna o'hara x 1 2026 14 112 e-tjänst sms"
)
STEMS = _STEMS.split()
ENDINGS = ["", "", "", "", "s", "en", "ens", "et", "ar", "erna", ":s", "-", "!", ".", ","]
ODD = [
    "ALMBY", "Almby-Kommun", "badhusets", "kommunhus", "hallstahammarsskolan", "strömsbruksskola", "EU:s", "kl.", "ß",
    "ẞ", "İstanbul", "ı", "Σίσυφος", "ς", "ﬁsk", "fa\u030ar", "bad\u00adhus", "ba\u200bdhus", "\u2067بلدية\u2069",
    "بلدية", "日本語", "ภาษาไทย", "Łódź", "Şahin", "Hämeenlinna", "Cabdi", "ñandú", "🤦🏽", "badhus🏊", "🫠badhus", "❤️",
    "#almby", "#badhus", "@almby.example", "www.almby.example/bad", "https://almby.example/å", "a\x00b", "\U0001e900",
    "\U00010400", "½", "²", "x\u0323", "_badhus_", "”badhus”", "’t", "'badhus'", "a_b", "½badhus", "\ue000",
    "zzz" * 40, "OR", "AND", "NEAR", "NOT",
]  # fmt: skip
GAPS = [" ", " ", " ", " ", " ", "\n", "\u00a0", " – ", ", ", "-", "/", "", "\u2009", "\t", " (", ") ", "…"]
PATTERNS = [
    "kommun*", "bad*", "alm*", "*skola", "*hus", "*ö*sk*", "*hall*skola*", "k*mun", "bad*s", "förs*la", "*ens", "å*r",
    "*stäng*", "st*t", "*mby", "ba*hus*", "hall*ham*an", "*🤦*or", "x*yz", "بل*", "*دية", "zz*zz", "20*", "*26",
]  # fmt: skip
PLATFORMS = ["bluesky", "mastodon", "web", "youtube", "x"]
SOURCES = ["bluesky", "mastodon", "feeds", "googlenews", None]
AUTHORS = ["anna.example", "@bo@social.example", "Almbybladet", "almby", None]
LANGS = ["sv", "sv-SE", "en", "fi", "ar", None]
PLACES = ["https://almby.example/1", "https://www.almbybladet.example/bad", "https://vik.example/", None]
LINKS = [
    "https://almby.example/badhus",
    "https://www.almby.example/Badhus/%C3%B6ppet",
    "http://xn--",
    "mailto:a@b",
    "x",
]
FIELDS = [
    "lang:sv", "lang:en", "source:bluesky", "source:feeds", "author:anna.example", "author:@bo@social.example",
    "site:almby.example", "link:almby.example", "link:almby.example/badhus", "is:reply", "is:original",
    "srcname:almbybladet", "srcname:almby*", "srcname:feeds", "since:7d", "since:2026-11-20", "until:2026-11-21",
    "until:1d", "since:400d",
]  # fmt: skip
TIMES = [
    NOW, NOW - timedelta(hours=5), NOW - timedelta(days=2), NOW - timedelta(days=30), NOW + timedelta(days=3),
    datetime(1970, 1, 1, tzinfo=UTC), datetime(2106, 2, 7, 6, 28, 15, tzinfo=UTC), None, None,
]  # fmt: skip


def queries(seed: int, count: int) -> list[Query]:
    """So many queries that can be read; every fifth or so is a single word or phrase."""
    rng = random.Random(seed)
    found: list[Query] = []
    while len(found) < count:
        try:
            found.append(parse(any_query(rng, rng.choice((0, 1, 1, 2, 3))), NOW))
        except QueryError:
            continue
    return found


def posts(seed: int, count: int) -> list[Post]:
    """So many posts, each with its own id, made ready as those of a source are before they are matched and logged."""
    rng = random.Random(seed)
    return [cleaned(raw_post(rng, f"{seed}-{number}"), "bluesky") for number in range(count)]


def pairs(seed: int, count: int) -> Iterator[tuple[Query, Post]]:
    """So many pairs, every post its own, each query held against 50 of them."""
    asked = queries(seed, max(1, count // 50))
    for number, post in enumerate(posts(seed + 1, count)):
        yield asked[number % len(asked)], post


def any_query(rng: random.Random, depth: int) -> str:
    """A query as somebody might type it; not all can be read."""
    if depth == 0:
        return leaf(rng)
    form = rng.randrange(9)
    if form < 3:
        return " ".join(any_query(rng, depth - 1) for _part in range(rng.choice((2, 2, 3))))
    if form < 6:
        return "(" + " OR ".join(any_query(rng, depth - 1) for _part in range(rng.choice((2, 3)))) + ")"
    if form == 6:
        return f"{any_query(rng, depth - 1)} {rng.choice(('-', 'NOT ', 'ANDNOT '))}({any_query(rng, depth - 1)})"
    if form == 7:
        return f"{any_query(rng, depth - 1)} {rng.choice(('', '', '-'))}{rng.choice(FIELDS)}"
    return near(rng)


def leaf(rng: random.Random) -> str:
    """A word, a phrase, a pattern, a distance or a headline."""
    makers: Sequence[Callable[[random.Random], str]] = (word, word, word, phrase, phrase, pattern, near, spread, inside)
    return rng.choice(makers)(rng)


def word(rng: random.Random) -> str:
    text = rng.choice(STEMS) + rng.choice(ENDINGS) if rng.random() < 0.8 else rng.choice(ODD)
    text = shaped(rng, text)
    bare = "".join(char for char in text if char not in '()"“”„«»*:~! ')
    return rng.choice(("", "", "", "", "!")) + (bare or "almby")


def phrase(rng: random.Random) -> str:
    inner = rng.choice(GAPS[:9]).join(word(rng).lstrip("!") for _word in range(rng.choice((1, 2, 2, 3))))
    star = "*" if rng.random() < 0.2 else ""
    return rng.choice(("", "", "", "!")) + '"' + inner.replace('"', " ") + star + '"'


def pattern(rng: random.Random) -> str:
    if rng.random() < 0.3:
        return f'"{rng.choice(STEMS)} {rng.choice(PATTERNS)} {rng.choice(STEMS)}"'
    return rng.choice(("", "", "", "!")) + rng.choice(PATTERNS)


def near(rng: random.Random) -> str:
    operator = f" {rng.choice(('NEAR', 'ONEAR'))}{rng.choice(('', '/0', '/1', '/3', '/10'))} "
    return operator.join(side(rng) for _side in range(rng.choice((2, 2, 2, 3))))


def side(rng: random.Random) -> str:
    makers: Sequence[Callable[[random.Random], str]] = (word, word, word, phrase, pattern)
    if rng.random() < 0.3:
        return "(" + " OR ".join(rng.choice(makers)(rng) for _way in range(rng.choice((2, 3)))) + ")"
    return rng.choice(makers)(rng)


def spread(rng: random.Random) -> str:
    words = " ".join(rng.choice(STEMS) for _word in range(rng.choice((2, 2, 3))))
    return f'"{words}"~{rng.choice(("", "0", "1", "2", "5"))}'


def inside(rng: random.Random) -> str:
    return rng.choice(("headline:", "intros:")) + rng.choice((word, phrase, pattern))(rng)


def raw_post(rng: random.Random, name: str) -> Post:
    """A post as a source might bring it."""
    text = said(rng, rng.choice((0, 1, 3, 8, 20, 80)))
    title = said(rng, rng.choice((1, 3, 6))) if rng.random() < 0.4 else None
    if title and rng.random() < 0.85:  # else a source that does not say its headline in the text
        text = rng.choice(("\n", "\n\n", " ", "")).join((title, text))
    return Post(
        platform=rng.choice(PLATFORMS),
        id=name,
        text=text,
        url=rng.choice(PLACES) and f"https://{rng.choice(('almby', 'vik'))}.example/{name}",
        author=rng.choice(AUTHORS),
        lang=rng.choice(LANGS),
        published_at=rng.choice(TIMES),
        reply_to=rng.choice((None, None, "at://1")),
        links=tuple(rng.sample(LINKS, rng.choice((0, 0, 1, 2)))),
        source=rng.choice(SOURCES),
        title=title,
    )


def said(rng: random.Random, count: int) -> str:
    parts = []
    for _word in range(count):
        text = rng.choice(STEMS) + rng.choice(ENDINGS) if rng.random() < 0.85 else rng.choice(ODD)
        parts += [shaped(rng, text), rng.choice(GAPS)]
    return "".join(parts)


def shaped(rng: random.Random, text: str) -> str:
    """In another case or another form of the same letters, now and then."""
    shape = rng.randrange(12)
    if shape == 0:
        return text.upper()
    if shape in (1, 2):
        return text.capitalize()
    return unicodedata.normalize("NFD", text) if shape == 3 else text
