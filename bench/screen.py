"""Screening end to end against the plain ways: `python bench/screen.py [candidates] [entries]`, ratios from one run.

Peers, over the same names: a jellyfish double loop (Jaro-Winkler against every entry), and rapidfuzz's extractOne
where it is installed. They only compare two strings; `listen screen` reads JSON, judges with reasons and writes JSON.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from jellyfish import jaro_winkler_similarity

SEED = 20261122
CONSONANTS, VOWELS = "bdfghjklmnprstv", "aeiouyåäö"
KINDS = ("bibliotek", "förskola", "simhall", "museum", "fritidsgård", "kundtjänst", "skola", "arkiv")
STRANGERS = (
    "Musik och dans",
    "Bageriet",
    "Foto",
    "Löpargruppen",
    "Bilverkstan",
    "Sagor för stora",
    "The Daily Bun",
    "Kaffe",
)
PLATFORMS = ("x", "facebook", "instagram", "tiktok", "youtube")


def word(chance: random.Random, syllables: int) -> str:
    return "".join(chance.choice(CONSONANTS) + chance.choice(VOWELS) for _ in range(syllables))


def write_house(folder: Path, entries: int, chance: random.Random) -> list[str]:
    """An invented municipality's two files; returns the registered handles."""
    handles, rows = [], ["platform,url,unit,status,owner_email,handle,display_name"]
    for number in range(entries):
        unit = f"{word(chance, 3).title()}{chance.choice(KINDS)}"
        handle = f"almby{unit.lower()}{number}".translate(str.maketrans("åäö", "aao"))
        handles.append(handle)
        rows.append(f"x,https://x.com/{handle},{unit},approved,a@almby.example,{handle},{unit} i Almby")
    (folder / "registry.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "listener.toml").write_text(
        '[organisation]\nname = "Almby kommun"\nplaces = ["Almby"]\ndomains = ["almby.example"]\n', encoding="utf-8"
    )
    return handles


def write_candidates(path: Path, count: int, handles: list[str], chance: random.Random) -> None:
    """One in fifty speaks under the municipality's name."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            if number % 50 == 0:
                handle = chance.choice(handles).replace("o", "0", 1)
                name = f"Almby {chance.choice(KINDS)}"
            else:
                handle = word(chance, chance.randint(2, 5)) + str(number % 1000)
                name = f"{chance.choice(STRANGERS)} {word(chance, 3).title()}"
            fields = {"ref": number, "platform": chance.choice(PLATFORMS), "handle": handle, "display_name": name,
                      "description": "Här berättar vi om vad vi gör till vardags och fest. Välkommen!"}  # fmt: skip
            file.write(json.dumps(fields, ensure_ascii=False) + "\n")


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    entries = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    chance = random.Random(SEED)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        handles = write_house(folder, entries, chance)
        write_candidates(folder / "in.ndjson", count, handles, chance)
        command = [str(Path(sys.executable).parent / "listen"), "screen", "in.ndjson", "-o", "out.ndjson"]
        seconds = timed(lambda: subprocess.run(command, cwd=folder, check=True))
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        ours = count / seconds
        print(f"listen screen        {ours:10,.0f} candidates/s  ({count:,} against {entries:,}, peak {peak:,.0f} MB)")
        sample = [json.loads(line)["handle"] for line in (folder / "in.ndjson").read_text("utf-8").splitlines()[:2000]]
    loop = timed(lambda: [max(jaro_winkler_similarity(one, own) for own in handles) for one in sample])
    compare("jellyfish loop", len(sample) / loop, ours)
    try:
        from rapidfuzz import process
    except ImportError:
        print("rapidfuzz            not installed: no figure")
        return
    taken = timed(lambda: [process.extractOne(one, handles) for one in sample])
    compare("rapidfuzz extractOne", len(sample) / taken, ours)


def compare(peer: str, theirs: float, ours: float) -> None:
    print(f"{peer:20} {theirs:10,.0f} handles/s, compared only; ours is {ours / theirs:.1f} x")


if __name__ == "__main__":
    main()
