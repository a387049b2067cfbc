"""Talks drawn by seed, each with what it is: criticism, heated criticism, a pile-on or an organised push.

Everything is invented. Two things are made hard on purpose: petitions and share buttons, by which locals post the same
link or the same words, and news that brings many strangers at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Literal, NamedTuple

from listener.posts import Post
from listener.store.talk import Logged

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
KINDS = ("criticism", "heated", "pile_on", "organised")
THREAD = "https://tradar.example/t1234567"
SUBJECTS = ("badhuset", "simhallen", "skolmaten", "snöröjningen", "skatten", "vindkraften", "biblioteket", "bussarna")
FIRST = (
    "Varför är {s} stängt igen?",
    "När öppnar {s}?",
    "Kallt i duschen på {s} tredje dagen i rad.",
    "Vad kostar {s} egentligen?",
    "Ingen svarar om {s} när man ringer.",
    "Personalen gör sitt bästa, men {s} är en skandal.",
    "Så vi får veta om {s} i tidningen?",
    "Bra att ni tar tag i {s} till slut.",
    "{s} borde ha lagats för länge sedan.",
    "Någon som vet mer om {s}?",
    "Min dotter gråter över {s}.",
    "Hur tänkte ni med {s}?",
    "Läste om {s} i dag, märkligt beslut.",
    "Vi behöver {s} här ute också.",
)
SECOND = (
    "",
    "",
    "Helt obegripligt.",
    "Tack för svar!",
    "Vem bestämmer?",
    "Vi är många som undrar.",
    "Det drabbar barnen.",
)
INSULTS = ("Ni är jävla idioter.", "Vilka jävla clowner.", "Du är dum i huvudet.", "Jävla pack.", "Din patetiska mes.")
THREATS = ("Vi vet var du bor.", "Passa dig noga.", "Någon borde spöa dig.", "Hoppas du dör.", "Dina dagar är räknade.")
COPY = (
    "De har vetat om {s} i två år och tigit, dela innan det tas bort",
    "Kommunen mörkar sanningen om {s}, nu måste alla få veta",
    "Sprid det här om {s} till alla du känner, medierna tiger",
)
HEADLINE = "Oväntat besked om {s} i Almby väcker starka känslor"
BUTTON = "Jag har skrivit under: rädda {s}, skriv under du också"


class Drawn(NamedTuple):
    """A talk, its history, what it is, and the watched addresses."""

    kind: str
    talk: list[Logged]
    history: list[Logged]
    watched: tuple[str, ...]


class Town:
    """A municipality with its writers, its paper and twelve weeks of ordinary talk."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.locals = [f"local{number}" for number in range(chance.randint(60, 400))]
        self.subject = chance.choice(SUBJECTS)
        self.begins = NOW - timedelta(days=chance.uniform(1, 4))
        self._number = 0
        self._clusters: dict[str, int] = {}

    def local(self) -> str:
        """A few write much, most seldom."""
        return self.locals[int(len(self.locals) * self.chance.random() ** 2)]

    def stranger(self) -> str:
        return f"stranger{self.chance.randrange(10_000_000)}"

    def anyone(self, strange: float) -> str:
        return self.stranger() if self.chance.random() < strange else self.local()

    def words(self) -> str:
        chance = self.chance
        text = chance.choice(FIRST).format(s=self.subject)
        second = chance.choice(SECOND)
        return f"{text} {second} {'@almbykommun' if chance.random() < 0.2 else ''}".strip()

    def post(
        self,
        at: datetime,
        writer: str,
        text: str,
        links: tuple[str, ...] = (),
        reply_to: str | None = None,
        copy: str | None = None,
        url: str | None = None,
        direction: Literal["in", "out"] = "in",
        name: str | None = None,
    ) -> Logged:
        self._number += 1
        cluster = self._clusters.setdefault(copy, self._number) if copy else self._number
        lang = "sv" if self.chance.random() < 0.95 else self.chance.choice(("en", "ar", "fi"))
        post = Post(
            platform="bluesky",
            id=name or str(self._number),
            text=text,
            author=writer,
            lang=lang,
            links=links,
            reply_to=reply_to,
            published_at=at,
            url=url,
        )
        return Logged(
            id=self._number,
            post=post,
            queries=("almby",),
            at=at,
            logged_at=at,
            direction=direction,
            unit=None,
            tags=(),
            cluster=cluster,
            writer=writer,
        )

    def history(self) -> list[Logged]:
        """Eight to twelve weeks; one week in three somebody's link makes the round."""
        chance, told = self.chance, []
        for day in range(chance.randint(56, 84), 0, -1):
            start = self.begins - timedelta(days=day)
            rate = chance.randint(2, 25)
            news = f"https://almbyposten.example/{day}" if chance.random() < 0.05 else None
            for _post in range(rate * (3 if news else 1)):
                link = (news,) if news and chance.random() < 0.4 else ()
                text = self.words() + (f" {chance.choice(INSULTS)}" if chance.random() < 0.01 else "")
                told.append(self.post(start + timedelta(hours=24 * chance.random()), self.anyone(0.15), text, link))
        return told

    def moment(self) -> datetime:
        """When in the talk a post falls: half of them in a burst, the rest along the days."""
        span = NOW - self.begins
        part = self.chance.uniform(0.3, 0.42) if self.chance.random() < 0.5 else self.chance.random()
        return self.begins + span * part

    def ordinary(self, many: int, strange: float, insults: float, threats: float) -> Iterator[Logged]:
        """People who say what they think, with the paper's link now and then, some under the town's own post."""
        chance = self.chance
        news, under = chance.uniform(0.02, 0.4), chance.uniform(0, 0.5)
        if chance.random() < 0.7:  # else our own post is not in the log
            yield self.post(self.begins, "almby", f"Om {self.subject}", direction="out", name="towns-own")
        for _post in range(many):
            text = self.words()
            text += f" {chance.choice(INSULTS)}" if chance.random() < insults else ""
            text += f" {chance.choice(THREATS)}" if chance.random() < threats else ""
            link = ("https://almbyposten.example/nyheten",) if chance.random() < news else ()
            reply = "towns-own" if chance.random() < under else None
            yield self.post(self.moment(), self.anyone(strange), text, link, reply)


def criticism(town: Town) -> Iterator[Logged]:
    chance = town.chance
    yield from town.ordinary(chance.randint(25, 250), chance.uniform(0.1, 0.6), chance.uniform(0, 0.03), 0.0)
    if chance.random() < 0.3:
        yield from petition(town)
    if chance.random() < 0.4:
        yield from headline(town)


def headline(town: Town) -> Iterator[Logged]:
    """News, shared with the paper's own words as soon as it is out, by locals and by people from elsewhere."""
    chance = town.chance
    strange, within, text = chance.uniform(0.2, 0.6), chance.uniform(45, 240), HEADLINE.format(s=town.subject)
    for _post in range(chance.randint(8, 40)):
        at = town.begins + timedelta(minutes=within * chance.random())
        yield town.post(at, town.anyone(strange), text, ("https://almbyposten.example/nyheten",), copy=text)


def heated(town: Town) -> Iterator[Logged]:
    chance = town.chance
    threats = chance.uniform(0, 0.02)
    yield from town.ordinary(chance.randint(60, 250), chance.uniform(0.1, 0.6), chance.uniform(0.15, 0.35), threats)
    if chance.random() < 0.6:
        yield from petition(town)


def petition(town: Town) -> Iterator[Logged]:
    """Locals and others share one link, with its button's words or their own; a group may do so in an hour."""
    chance = town.chance
    strange, button = chance.uniform(0.1, 0.5), chance.random()
    text = BUTTON.format(s=town.subject)
    for _post in range(chance.randint(8, 50)):
        same = chance.random() < button
        words = text if same else f"{town.words()} Skriv under!"
        yield town.post(
            town.moment(), town.anyone(strange), words, ("https://namn.example/radda",), copy=text if same else None
        )
    if chance.random() < 0.3:
        evening = town.moment()
        for _post in range(chance.randint(5, 12)):
            at = evening + timedelta(minutes=60 * chance.random())
            yield town.post(at, town.anyone(0.2), text, ("https://namn.example/radda",), copy=text)


def pile_on(town: Town) -> Iterator[Logged]:
    """One employee, strangers, and most often a thread where it was agreed."""
    chance = town.chance
    yield from town.ordinary(chance.randint(10, 40), 0.3, 0.02, 0.0)
    aimed, insults, threats = chance.uniform(0.6, 0.95), chance.uniform(0.15, 0.4), chance.uniform(0.02, 0.1)
    linking = chance.uniform(0.05, 0.3) if chance.random() < 0.6 else 0.0
    begins = town.moment()
    if linking:
        yield town.post(begins, "thread", "Tråd om handläggaren i Almby", url=THREAD)
    strange, by_name = chance.uniform(0.6, 0.95), chance.random() < 0.5
    for _post in range(chance.randint(60, 250)):
        at = begins + timedelta(minutes=20) + (NOW - begins) * chance.random() ** 3
        text = f"{town.words()} {chance.choice(INSULTS) if chance.random() < insults else ''}"
        text += f" {chance.choice(THREATS)}" if chance.random() < threats else ""
        at_her = chance.random() < aimed
        text += " @vera.handlaggare" if at_her and by_name else ""
        reply = "her-post" if at_her and not by_name else None
        link = (THREAD,) if chance.random() < linking else ()
        yield town.post(min(at, NOW), town.anyone(strange), text, link, reply)


def organised(town: Town) -> Iterator[Logged]:
    """Ordinary talk, and in it one to three wordings from accounts made for it, within minutes."""
    chance = town.chance
    yield from town.ordinary(chance.randint(0, 200), chance.uniform(0.1, 0.6), chance.uniform(0, 0.1), 0.0)
    aged, begins, within = chance.uniform(0, 0.25), town.moment(), chance.uniform(5, 90)
    texts = [copy.format(s=town.subject) for copy in chance.sample(COPY, chance.randint(1, 3))]
    link = ("https://sanningen.example/1",) if chance.random() < 0.5 else ()
    for _post in range(chance.randint(14, 60)):
        text = chance.choice(texts)
        at = begins + timedelta(minutes=within * chance.random())
        edited = text if chance.random() < 0.5 else f"{text} #{town.subject}"
        yield town.post(at, town.anyone(1 - aged), edited, link, copy=text)


SCENES: dict[str, Callable[[Town], Iterator[Logged]]] = {
    "criticism": criticism, "heated": heated, "pile_on": pile_on, "organised": organised,
}  # fmt: skip


def drawn(seeds: range) -> Iterator[Drawn]:
    """One talk a seed, the four kinds in turn."""
    for seed in seeds:
        town = Town(Random(seed))
        kind = KINDS[seed % len(KINDS)]
        history = town.history()
        yield Drawn(kind, list(SCENES[kind](town)), history, (THREAD,))
