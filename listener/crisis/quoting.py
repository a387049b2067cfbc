"""Strangers' words made fit to show: nobody is named in them, nothing threatens, no address can be clicked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from listener.crisis.records import Quote
from listener.crisis.vocabulary import words
from listener.lexicons import BLOCK, mask
from listener.lexicons.personal import addresses
from listener.organisation import Organisation
from listener.report.defang import defang, defang_text
from listener.store.talk import Logged
from listener.text.fold import fold

NAMELESS = "[…]"
LONGEST = 220
READ = 2000  # characters of a post that are looked at
_HANDLE = re.compile(r"(?<![\w/])@[\w.:-]+(?:@[\w.-]+)?")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(r"(?<!\w)\+?\d[\d\s()-]{6,}\d(?!\w)")
_SENTENCES = re.compile(r"(?<=[.!?]\s)|(?<=\n)")
_RUN = re.compile(r"[^\W\d_][\w'’-]*(?:[ \t]+[^\W\d_][\w'’-]*)*")
# Who bears such a title goes by the surname alone, which would pass for the first word of a sentence.
_TITLE = re.compile(
    r"herr|fru|fröken|doktor|rektor\w*|lärare\w*|\w*chef(?:en)?|handläggare\w*|kommunalråd\w*|politiker\w*|"
    r"tjänsteman\w*|socialsekreterare\w*|mr|mrs|ms|dr",
    re.IGNORECASE,
)
_PARTICLES = frozenset({"af", "al", "bin", "da", "de", "del", "der", "di", "la", "van", "von"})


def quote(post: Logged, known: Collection[str]) -> Quote:
    """A post as it may stand in a picture. `known` are the words of our own names, in lower case."""
    return Quote(
        text=nameless(post.post.text, known),
        at=post.at,
        source=post.post.platform,
        post=post.id,
        address=address(post),
    )


def nameless(text: str, known: Collection[str]) -> str:
    """One line of at most LONGEST characters, masked: threats, handles, mail, telephone numbers and people's names, and
    the street and number that stand in a sentence with any of these.

    A name is what looks like one: two words with capitals, or a title and a word with a capital. A first name alone
    cannot be told from the first word of a sentence.
    """
    safe = mask(text[:READ])
    for pattern in (_MAIL, _HANDLE):
        safe = pattern.sub(lambda found: found[0] if "://" in found[0] else "@…", safe)
    safe = _NUMBER.sub("…", safe)
    safe = _RUN.sub(lambda found: _unnamed(found[0], known), safe)
    safe = "".join(map(_homeless, _SENTENCES.split(safe)))
    safe = defang_text(safe)
    return safe if len(safe) <= LONGEST else safe[:LONGEST].rstrip() + "…"


def _homeless(sentence: str) -> str:
    """The sentence without street and number where a person was taken out of it: that may be where they live."""
    if not any(mark in sentence for mark in (NAMELESS, "…", BLOCK)):
        return sentence
    for start, end in reversed(addresses(sentence)):
        sentence = f"{sentence[:start]}…{sentence[end:]}"
    return sentence


def _unnamed(run: str, known: Collection[str]) -> str:
    """Words in a row with people's names taken out: two capitals together that are no name of ours, or one behind a
    title."""
    kept: list[str] = []
    name: list[str] = []
    needed = 2

    def settle() -> None:
        tail: list[str] = []
        while name and name[-1] in _PARTICLES:
            tail.insert(0, name.pop())
        kept.extend([NAMELESS] if sum(map(_capital, name)) >= needed else name)
        kept.extend(tail)
        name.clear()

    for word in run.split():
        title = _TITLE.fullmatch(word)
        if not title and ((_capital(word) and word.casefold() not in known) or (name and word in _PARTICLES)):
            name.append(word)
            continue
        settle()
        kept.append(word)
        needed = 1 if title else 2
    settle()
    return " ".join(kept)


def _capital(word: str) -> bool:
    return word[:1].isupper() and not word.isupper()


def known_words(names: Iterable[str]) -> frozenset[str]:
    """The words of our own names, units and places, their genitives too."""
    found = {word for name in names for word, _named in words(name)}
    return frozenset(found | {f"{word}s" for word in found})


def our_names(organisation: Organisation) -> tuple[str, ...]:
    """What may stand in a quotation: our own names, places and units, and the names of our siblings."""
    units = [name for unit in organisation.units for name in (unit.name, *unit.aliases)]
    siblings = [sibling.name for sibling in organisation.siblings]
    return (*organisation.names, *organisation.places, *units, *siblings)


def address(post: Logged) -> str:
    """Where the post stands, defanged; empty when that would name its writer."""
    url, author = post.post.url or "", fold(post.post.author or "")
    if not url or not author:
        return defang(url)
    names = {author, author.partition("@")[0], author.partition(".")[0]} - {""}
    return "" if any(name in fold(url) for name in names) else defang(url)
