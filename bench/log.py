"""The log at size: `python bench/log.py [mentions] [folder]`, all from one run, on one core.

Store alone: finished rows with their index entries, beside sqlite-utils' `insert_all` into a table of the same columns
whose full-text index its triggers keep up. Enrich + near-duplicates + store: `save_mentions` as a listening run calls
it, half of the posts without a language, 3 in 100 of them copies. Then a store of a million mentions over three years,
words by Zipf's law, is searched with queries as people write them: inside (a page of 100, newest first) and as whole
processes of `listen --query --offline`. Hard for a first page are a word that is said in old posts only, the commonest
word, a common word without an equally common one, a letter case that is rare where the word is common and the reverse,
a star at the beginning of a word, and a field that few posts have. The list of words (`store/word_list.py`) is made
while the store is built, as by a run. Rates are rows a second of processor time.
"""

from __future__ import annotations

import itertools
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlite_utils

from listener.config import load_config
from listener.enrich import Enricher
from listener.posts import Mention, Post
from listener.query import parse
from listener.store import Store, open_store
from listener.store.capitals import capitals
from listener.store.mention_rows import PAIR, Entry, facets, mention_row, place
from listener.store.mention_search import search
from listener.store.mentions import query_number, save_mentions, write_rows
from listener.store.word_list import PORTION, learn
from listener.text.words import TOKENISER

SEED = 20261122
NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
SPAN = timedelta(days=3 * 365)
BATCH = 20_000
ALONE, PEER, RUN = 200_000, 60_000, 6_000
PAGE = 100
GOAL_ALONE, GOAL_TIMES, GOAL_RUN = 50_000, 2.0, 2_000
GOAL_INSIDE, GOAL_PROCESS, GOAL_FIRST = 50.0, 400.0, 100.0
SETTINGS = """
[organisation]
name = "Almby kommun"
domains = ["almby.example"]
units = [{ name = "Badhuset", aliases = ["simhallen"] }, { name = "Biblioteket" }, { name = "Kulturskolan" }]
[listening.topics]
vatten = ["vattenläck*", "dricksvatten*"]
"""
_COMMON = """
och i att det som en på är av för med till den har de inte om ett men vi kommun kommunen almby skola nu ni
badhus barn bra väg buss nya igen dag alla får måste hade skulle när bara vatten mycket kommer varför också idag
bibliotek kommunens tack hjälp politiker pengar år simhall torg parkering nämnd beslut cykel snö förskola äldre
arbete"""
COMMON = _COMMON.split()
SOURCES = ("bluesky", "mastodon", "feeds", "reddit", "flashback", "youtube")
QUERIES = (
    "almby", "kommun", "badhus", '"almby kommun"', "almby badhus", "badhus OR simhall", "almby (badhus OR simhall)",
    "almby -skola", "kommun*", "skol*", "badh*", "almby buss snö", '"nya badhus"', "vattenläcka", "ordföranden",
    "kommun NOT politiker", "simhall -bad*", "parkering torg", "förskola OR bibliotek OR torg", '"tack för"',
    "almby since:7d", "almby since:2026-01-01 until:2026-02-01", "badhus since:24h", "skola until:2024-06-01",
    "source:mastodon almby", "source:flashback kommun", "almby lang:en", "buss lang:sv since:30d",
    "source:reddit skola*",
    "författning", "gammelord", "gammelord almby", "almby gammelord -och", '"kommun almby" OR "almby kommun"',
    "politiker pengar beslut", "(buss OR cykel) (snö OR väg)", "!Almby", "och", "och i att", "det -i -att",
    "snö* väg*", "äldre NOT (barn OR skola)", "xyzzy", "sällsynt", "sällsynt OR xyzzy", '"måste få hjälp"',
    "almby tor*",
    "kulturnämnden badhus", "fåglar", "badhus lang:so",
)  # fmt: skip
FIRST = (
    "och", "almby", "gammelord", "gammelord och", "och -i", "ko*", "och*", "!Almby", "!almby", "!Och", "!och", "!ALMBY",
    '!"Almby och"', "!Almby OR !Kommun", "!Almby och", "*vattenl*", "*vattenl* OR xyzzy", "*vattenl* OR !Almby",
    "*vattenl* och", "*xyzz*", "*ko*", "*hus", "*läcka until:2025-01-01", "!Almby until:2024-06-01", "k*mmun xyzzy",
    "och NEAR/3 i", '"och i"~3', '"och i att det"', "lang:so och", "lang:so !Almby", "source:reddit lang:so gammelord",
    "bibliotek -och -i -att -det", "till until:2024-01-01", "gammelord until:2025-01-01", "xyzzy",
    "headline:almby", "och author:nobody", "almby author:kim", "almby is:reply", "och site:nobody.example",
    "almby link:nobody.example/x", "och srcname:nobody", "almby srcname:no*dy", "almby is:original", "intros:almby",
    "almby -site:bsky.example", "och -site:bsky.example", "och -srcname:bsky", "almby -lang:sv -lang:en", "och -!och",
    "almby -is:original", "almby -almby", "och -oc*", "och -*ch*", "almby -(kommun OR al*)",
    "och -(i OR -almby) -almby", "och (xyzzy OR -och)", "och (site:nobody.example OR author:nobody)",
    '"och almby"~0 -"och almby" -"almby och"', "almby -until:2030-01-01", "almby -headline:och",
    "och link:almby.example/simhall", "och -intros:och", "och NEAR/0 ko*",
)  # fmt: skip
SPELLED = 12  # whole processes of each kind of query would take minutes: every fourth query, at least so many


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    goals: list[tuple[bool, str]] = []
    with tempfile.TemporaryDirectory() as made:
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        store_alone(Path(made), goals)
        whole_run(Path(made), goals)
        path = folder / "listener.db"
        if not path.exists():
            build(path, count)
        (folder / "listener.toml").write_text(SETTINGS, encoding="utf-8")
        with open_store(path, create=False) as store:
            inside(store, goals)
        processes(folder, goals)
    for met, said in goals:
        print(f"GOAL {'met' if met else 'NOT MET'}: {said}")


def texts(chance: random.Random) -> Iterator[str]:
    """Posts of 8 to 30 words, about 130 letters."""
    signs = "abdefghijklmnoprstuvyåäö"
    rare = ["".join(chance.choices(signs, k=chance.randint(4, 13))) for _ in range(60_000)]
    words = COMMON + rare
    weights = list(itertools.accumulate(1 / (rank + 2) for rank in range(len(words))))
    lengths = range(8, 31)
    while True:
        said = chance.choices(words, cum_weights=weights, k=chance.choice(lengths))
        yield " ".join(said)


def rows(count: int, first: int = 1) -> Iterator[dict[str, Any]]:
    """Rows of `mentions` as a listening run hands them to the store, in order of time but for one in fifty."""
    chance = random.Random(SEED + first)
    post = Post(
        platform="bluesky", id="1", text="", url="https://a.example/1", author="kim", lang="sv", source="bluesky"
    )
    pattern = mention_row(Entry(id=1, post=post, salt="0" * 64), NOW, None)
    step = SPAN / count
    page = "https://bsky.example/profile/kim/post/1"
    marks = {
        (source, lang): facets(Post(platform=source, id="", text="", url=page, source=source, author="kim"), lang)
        for source in SOURCES
        for lang in ("sv", "en", "so")
    }
    for number, text in zip(range(count), texts(chance), strict=False):
        at = NOW - SPAN + number * step
        if number % 50 == 0:
            at -= timedelta(days=chance.randrange(300))
        if number < count // 3:
            text += " gammelord" if chance.random() < 0.3 else ""
        extra = chance.random()
        if extra < 0.0005:
            text += " " + chance.choice(
                ("Vattenläcka i Almby", "sällsynt", "fåglar", "Kulturnämnden", "måste få hjälp")
            )
        source, lang = chance.choice(SOURCES), "sv" if extra < 0.93 else "en" if extra < 0.995 else "so"
        stamp = at.isoformat(timespec="seconds").replace("+00:00", "Z")
        number += first
        yield pattern | {
            "id": number,
            "place": place(at, number),
            "platform": source,
            "source": source,
            "post_id": f"at://did:plc:{number * 7919 % count:024d}/app.bsky.feed.post/{number}",
            "name": number * 104_729 * 15_485_863 % (1 << 62),
            "address": number * 7919 * 104_729 % (1 << 62),
            "url": f"https://bsky.example/profile/kim/post/{number}",
            "writer": f"writer-{number % 50_000:08d}",
            "text": text,
            "lang": lang,
            "published_at": stamp,
            "at": stamp,
            "day": stamp[:10],
            "cluster": number,
            "facets": " ".join([marks[source, lang], *capitals(text)]),
        }


def store_alone(folder: Path, goals: list[tuple[bool, str]]) -> None:
    """Rows a second into an empty store, and into sqlite-utils' table beside it."""
    ready = list(rows(ALONE))
    with open_store(folder / "alone.db") as store:
        start = time.process_time()
        for at in range(0, len(ready), BATCH):
            with store.transaction():
                write_rows(store, ready[at : at + BATCH])
        ours = len(ready) / (time.process_time() - start)
    peer = sqlite_utils.Database(folder / "peer.db")
    peer["mentions"].create({name: type(value or "") for name, value in ready[0].items()}, pk="id")
    peer["mentions"].enable_fts(["text", "facets", "title"], create_triggers=True, tokenize=TOKENISER)
    start = time.process_time()
    peer["mentions"].insert_all(ready[:PEER])
    theirs = PEER / (time.process_time() - start)
    peer.close()
    print(f"store alone: {ours:,.0f} rows/s; sqlite-utils insert_all with triggers: {theirs:,.0f}")
    goals.append((ours >= GOAL_ALONE, f"store alone {ours:,.0f} rows/s (≥ {GOAL_ALONE:,})"))
    goals.append((ours / theirs >= GOAL_TIMES, f"{ours / theirs:.1f} times sqlite-utils (≥ {GOAL_TIMES:g})"))


def whole_run(folder: Path, goals: list[tuple[bool, str]]) -> None:
    """Posts a second from what a source brought to what is logged."""
    chance = random.Random(SEED)
    said = list(itertools.islice(texts(chance), RUN))
    posts = [
        Post(
            platform="mastodon",
            id=str(number),
            text=f"{chance.choice(said)} #{chance.choice(COMMON)}" if chance.random() < 0.03 else text,
            url=f"https://m.example/@kim/{number}",
            author=f"writer{number % 900}@m.example",
            lang="sv" if chance.random() < 0.5 else None,
            published_at=NOW - timedelta(minutes=number),
        )
        for number, text in enumerate(said)
    ]
    (folder / "listener.toml").write_text(SETTINGS, encoding="utf-8")
    enrich = Enricher(load_config(folder / "listener.toml", {"LISTEN_NOW": NOW.isoformat()}))
    enrich(Mention(post=Post(platform="x", id="", text="Det här läser in modellen som känner igen språk"), query=""))
    with open_store(folder / "run.db") as store:
        start = time.process_time()
        for at in range(0, len(posts), 1_000):
            found = [Mention(post=post, query="almby", spans=((0, 5),)) for post in posts[at : at + 1_000]]
            save_mentions(store, None, "almby", "mastodon", found, NOW, notes=enrich)
        rate = len(posts) / (time.process_time() - start)
    print(f"enrich + near-duplicates + store: {rate:,.0f} posts/s")
    goals.append((rate >= GOAL_RUN, f"enrich + near-duplicates + store {rate:,.0f} posts/s (≥ {GOAL_RUN:,})"))


def build(path: Path, count: int) -> None:
    start = time.perf_counter()
    ready = rows(count)
    with open_store(path) as store:
        with store.transaction():
            query = query_number(store, "almby")
        for _batch in range(0, count, BATCH):
            part = list(itertools.islice(ready, BATCH))
            with store.transaction():
                write_rows(store, part)
                learn(store.conn, least=PORTION)
                pairs = [(query, row["place"], row["id"], "[]", row["logged_at"], None) for row in part]
                store.db.conn.executemany(PAIR, pairs)
    size = path.stat().st_size / count
    print(f"built {count:,} mentions in {time.perf_counter() - start:.0f} s, {size:.0f} bytes each")


def inside(store: Store, goals: list[tuple[bool, str]]) -> None:
    """A page of each query, and the first page of the hard ones."""
    taken = {text: page(store, text) for text in QUERIES}
    told(f"inside, {len(QUERIES)} queries", taken)
    p95 = percentile(list(taken.values()), 0.95)
    goals.append((p95 <= GOAL_INSIDE, f"offline inside, p95 {p95:.0f} ms (≤ {GOAL_INSIDE:.0f})"))
    first = {text: page(store, text) for text in FIRST}
    told("first page of the hard ones", first)
    worst = max(first.values())
    goals.append((worst <= GOAL_FIRST, f"first page of any of {len(FIRST)}, worst {worst:.0f} ms (≤ {GOAL_FIRST:.0f})"))


def page(store: Store, text: str) -> float:
    """Milliseconds for a page of a query: the least of three times."""
    query = parse(text, NOW)
    spent = []
    for _time in range(3):
        start = time.perf_counter()
        for _found in search(store, query, limit=PAGE):
            pass
        spent.append((time.perf_counter() - start) * 1000)
    return min(spent)


def processes(folder: Path, goals: list[tuple[bool, str]]) -> None:
    """Every fourth query as a process of its own, beside one that only prints its version."""
    environ = {**os.environ, "LISTEN_NOW": NOW.isoformat(), "PYTHONDONTWRITEBYTECODE": "1"}
    bare = min(process(folder, environ, "--version") for _time in range(3))
    chosen = QUERIES[:: max(1, len(QUERIES) // SPELLED)]
    taken = {text: process(folder, environ, "--query", text, "--offline", "--format", "ndjson") for text in chosen}
    told(f"whole process, {len(chosen)} queries (a process that prints its version: {bare:.0f} ms)", taken)
    p95 = percentile(list(taken.values()), 0.95)
    goals.append((p95 <= GOAL_PROCESS, f"offline as a process, p95 {p95:.0f} ms (≤ {GOAL_PROCESS:.0f})"))


def process(folder: Path, environ: dict[str, str], *arguments: str) -> float:
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "listener", *arguments],
        cwd=folder,
        env=environ,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return (time.perf_counter() - start) * 1000


def told(name: str, taken: dict[str, float]) -> None:
    spent = list(taken.values())
    print(
        f"{name}: median {statistics.median(spent):.1f} ms, p95 {percentile(spent, 0.95):.1f}, worst {max(spent):.1f}"
    )
    for text, spent_on_it in sorted(taken.items(), key=lambda pair: -pair[1])[:6]:
        print(f"    {spent_on_it:>8.1f} ms  {text}")


def percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, round(share * (len(values) - 1)))]


if __name__ == "__main__":
    main()
