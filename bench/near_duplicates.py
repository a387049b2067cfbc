"""Near-duplicates beside their peers: `python bench/near_duplicates.py [posts]`, all over the same posts, one run.

Unrelated posts are loose Swedish words, 9 to 52 of them, and a third of them municipal templates, each filled in with
another street, place, day and number: a trap, for two of one template share most of their letters and are no copies.
Copies are posts edited as people edit them: a comment before or after, words left out or put in, mistyped letters,
other links, hashtags and capitals, one to three of these at once. Recall is the share of copies that end in the cluster
of their original, also where an edit took away the place or the hour that tells two templates apart; those of posts
that fill in no template are told beside it. A false link is an unrelated post in the cluster of another one. datasketch
does the same with its own MinHash and LSH at the same threshold, SimHash with at most three bits that differ. Rates are
posts a second of processor time.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path

import posts

from listener.near_duplicates import ALIKE, PERMUTATIONS, Compared
from listener.posts import Mention, Post
from listener.store import open_store
from listener.store.mentions import save_mentions
from listener.store.talk import talk

SEED = 20261122
COPIES = 2_000
SLOW = 8_000  # posts that the slow peer is timed on
BATCH = 2_000
NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
GOAL_RECALL, GOAL_FALSE, GOAL_RATE = 0.98, 0, 2_000
BITS = 3  # that may differ between two SimHashes

STREETS = [
    "Stor",
    "Ny",
    "Kyrko",
    "Skol",
    "Bryggar",
    "Kvarn",
    "Ring",
    "Strand",
    "Norra Väg",
    "Äng",
    "Björk",
    "Smed",
    "Hamn",
]
DAYS = ["måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"]
TEMPLATES = (
    "Vattenläcka på {street}gatan i {place}. Vi lagar läckan och räknar med att vara klara {day} klockan {hour}.",
    "Vägarbete på {street}gatan i {place} från {day} klockan {hour}. Trafiken leds om, visa hänsyn till arbetarna.",
    "Strömavbrott i {place} med omnejd. Personal är på plats på {street}gatan. Ny information lämnas klockan {hour}.",
    "Välkommen till öppet hus i {place} på {day} klockan {hour}! Vi finns på {street}gatan {hour} och bjuder på fika.",
    "Ledigt jobb: vi söker en undersköterska till hemtjänsten i {place}. Ansök senast {day} på {street}gatan {hour}.",
    "Kommunfullmäktige i {place} sammanträder {day} den {hour} november i sessionssalen på {street}gatan {hour}.",
)


TEMPLATE = re.compile("|".join(text.partition(" {")[0] for text in TEMPLATES))


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 32_000
    chance = random.Random(SEED)
    alone = unrelated(chance, count)
    chosen = chance.sample(range(count), COPIES)
    texts = alone + [edited(chance, alone[number]) for number in chosen]
    truth = {count + at: number for at, number in enumerate(chosen)}
    print(f"{count:,} unrelated posts, {sum(map(len, alone)) / count:.0f} characters each; {COPIES:,} edited copies")
    rate, clusters = ours(texts)
    recall, wrong = judged(clusters, truth)
    print(
        f"  ours, stored and searched across batches  {rate:>9,.0f} posts/s   recall {recall:.4f}   false links {wrong}"
    )
    loose = {copy: first for copy, first in truth.items() if not TEMPLATE.match(alone[first])}
    plain, _wrong = judged(clusters, loose)
    print(f"  of {len(loose):,} copies of posts that fill in no template: recall {plain:.4f}")
    for name, peer in (("datasketch", datasketch_pairs), ("SimHash", simhash_pairs)):
        beside(name, peer, texts, truth)
    for done, said in (
        (recall >= GOAL_RECALL, f"recall {recall:.4f} of all copies (≥ {GOAL_RECALL})"),
        (wrong <= GOAL_FALSE, f"{wrong} false links in {count:,} (≤ {GOAL_FALSE})"),
        (rate >= GOAL_RATE, f"{rate:,.0f} posts/s with the store (≥ {GOAL_RATE:,})"),
    ):
        print(f"GOAL {'met' if done else 'NOT MET'}: {said}")


def unrelated(chance: random.Random, count: int) -> list[str]:
    """Posts of which no two are copies."""
    _queries, said = posts.saved(200, chance)
    named = posts.places(200, chance)
    loose = posts.texts(2 * count, said, named, chance)
    found: dict[str, None] = {}
    while len(found) < count:
        if chance.random() < 1 / 3:
            day, hour = chance.choice(DAYS), chance.randint(1, 23)
            place, street = chance.choice(named), chance.choice(STREETS)
            text = chance.choice(TEMPLATES).format(street=street, place=place, day=day, hour=hour)
        else:
            text = " ".join(next(loose).split()[: chance.randint(9, 60)])
        found.setdefault(text, None)
    return list(found)


def edited(chance: random.Random, text: str) -> str:
    """The post as somebody else posts it again."""
    for edit in chance.sample(EDITS, chance.randint(1, 3)):
        text = edit(chance, text)
    return text


def commented(chance: random.Random, text: str) -> str:
    said = chance.choice(
        ("Sprid detta!", "Så här ser det ut.", "Helt otroligt 😡", "RT", "Läs och dela:", "Vad säger ni?")
    )
    return f"{said} {text}" if chance.random() < 0.5 else f"{text} {said}"


def shortened(chance: random.Random, text: str) -> str:
    said = text.split()
    for _ in range(max(1, len(said) // 15)):
        said.pop(chance.randrange(len(said)))
    return " ".join(said)


def mistyped(chance: random.Random, text: str) -> str:
    for _ in range(max(1, len(text) // 80)):
        at = chance.randrange(len(text) - 1)
        text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text


def linked(chance: random.Random, text: str) -> str:
    return f"{text} https://bild.example/{chance.randrange(10**6)} #almby @redaktionen"


def shouted(_chance: random.Random, text: str) -> str:
    return text.upper()


def put_in(chance: random.Random, text: str) -> str:
    said = text.split()
    said.insert(chance.randrange(len(said)), chance.choice(("faktiskt", "tyvärr", "alltså", "verkligen")))
    return " ".join(said)


EDITS: tuple[Callable[[random.Random, str], str], ...] = (commented, shortened, mistyped, linked, shouted, put_in)


def ours(texts: Sequence[str]) -> tuple[float, list[int]]:
    """Posts a second through the log, prints, bands and store included, and the cluster of each post."""
    said = [
        Post(platform="net", id=str(number), text=text, published_at=NOW - timedelta(seconds=len(texts) - number))
        for number, text in enumerate(texts)
    ]
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "listener.db") as store:
        start = time.process_time()
        for at in range(0, len(said), BATCH):
            found = [Mention(post=post, query="almby") for post in said[at : at + BATCH]]
            save_mentions(store, None, "almby", "net", found, NOW)
        rate = len(said) / (time.process_time() - start)
        return rate, [logged.cluster for logged in talk(store, NOW - timedelta(days=9), NOW)]


def judged(clusters: Sequence[int], truth: dict[int, int]) -> tuple[float, int]:
    """The share of copies that lie with their original, and how many unrelated posts lie with another one."""
    found = sum(clusters[copy] == clusters[first] for copy, first in truth.items())
    alone = [cluster for number, cluster in enumerate(clusters) if number not in truth]
    return found / len(truth), len(alone) - len(set(alone))


def beside(name: str, peer: Callable[[Sequence[str]], list[int]], texts: Sequence[str], truth: dict[int, int]) -> None:
    """A peer over the originals of the copies, the copies, and as many others as it can do in its time."""
    few = sorted({*truth.values(), *truth, *range(min(SLOW, len(texts)))})
    number = {old: new for new, old in enumerate(few)}
    start = time.process_time()
    try:
        clusters = peer([texts[old] for old in few])
    except ImportError as absent:
        print(f"  {name}: left out: {absent} (pip install datasketch)")
        return
    rate = len(few) / (time.process_time() - start)
    recall, wrong = judged(clusters, {number[copy]: number[first] for copy, first in truth.items()})
    print(f"  {name:<41} {rate:>9,.0f} posts/s   recall {recall:.4f}   false links {wrong} (of {len(few):,}, no store)")


def datasketch_pairs(texts: Sequence[str]) -> list[int]:
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=ALIKE, num_perm=PERMUTATIONS)
    prints: list[MinHash] = []
    clusters: list[int] = []
    for number, text in enumerate(texts):
        made = MinHash(num_perm=PERMUTATIONS)
        made.update_batch([piece.encode() for piece in Compared(text).pieces])
        near = [int(found) for found in index.query(made)]
        best = max(near, key=lambda found: made.jaccard(prints[found]), default=None)
        alike = best is not None and made.jaccard(prints[best]) >= ALIKE
        clusters.append(clusters[best] if alike and best is not None else number)
        prints.append(made)
        index.insert(str(number), made)
    return clusters


def simhash_pairs(texts: Sequence[str]) -> list[int]:
    """64 bits, found through the four blocks of 16 of which one must be equal when at most three bits differ."""
    blocks: dict[tuple[int, int], list[int]] = defaultdict(list)
    prints: list[int] = []
    clusters: list[int] = []
    for number, text in enumerate(texts):
        made = simhash(text)
        keys = [(at, made >> 16 * at & 0xFFFF) for at in range(4)]
        near = (found for key in keys for found in blocks[key] if (prints[found] ^ made).bit_count() <= BITS)
        best = next(near, None)
        clusters.append(number if best is None else clusters[best])
        prints.append(made)
        for key in keys:
            blocks[key].append(number)
    return clusters


def simhash(text: str) -> int:
    totals = [0] * 64
    for piece in Compared(text).pieces:
        bits = int.from_bytes(blake2b(piece.encode(), digest_size=8).digest())
        for at in range(64):
            totals[at] += 1 if bits >> at & 1 else -1
    return sum(1 << at for at in range(64) if totals[at] > 0)


if __name__ == "__main__":
    main()
