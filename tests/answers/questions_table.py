"""The labelled posts, and an invented municipality to which they speak."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from listener.answers.questions import Asked, Ours, ours_of, question
from listener.models import Entry, Record, Status, Unit, UnitKind
from listener.organisation import Organisation
from listener.posts import Post

TABLES = Path(__file__).resolve().parent.parent / "tables"
ALMBY = Organisation(
    name="Almby kommun",
    aliases=("Almby stad",),
    places=("Almby",),
    domains=("almby.example",),
    units=(
        Unit(name="Stadsbiblioteket", kind=UnitKind.LOCAL_OFFICE, aliases=("Almby bibliotek",)),
        Unit(name="Almby simhall", kind=UnitKind.LOCAL_OFFICE),
    ),
)


class Labelled(Record):
    """A post, whether it asks us something, and what the detector says."""

    text: str
    asks: bool
    told: Asked | None


def entry(handle: str, status: Status = Status.APPROVED, platform_id: str | None = None) -> Entry:
    return Entry(platform="x", url=f"https://x.com/{handle}", unit="Almby kommun", status=status,
                 owner_email="web@almby.example", handle=handle, platform_id=platform_id)  # fmt: skip


def ours() -> Ours:
    """Almby, with two accounts of its own and one of somebody else."""
    theirs = entry("almbyfans", Status.KNOWN_THIRD_PARTY)
    return ours_of(ALMBY, (entry("almbykommun", platform_id="did:plc:almby"), entry("almbybibliotek"), theirs))


def labelled(name: str) -> Iterator[Labelled]:
    """Every row of a table of questions, judged."""
    with (TABLES / name).open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            post = Post(platform="x", id="1", text=row["text"], reply_to="9" if row["reply"] else None)
            told = question(post, ours(), reply_to_us=row["reply"] == "ours")
            yield Labelled(text=row["text"], asks=row["asks"] == "yes", told=told)


def measured(rows: list[Labelled]) -> tuple[float, float]:
    """Precision and recall."""
    right = sum(row.asks and row.told is not None for row in rows)
    return right / sum(row.told is not None for row in rows), right / sum(row.asks for row in rows)
