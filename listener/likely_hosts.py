"""Domain names that whoever imitates us may register: our names under other endings, beside words, and with slips."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain, zip_longest

from listener.text.keyboard import next_to
from listener.urls import ascii_host, registrable_domain

MOST = 2_000  # names a run
SHORTEST = 4  # letters of a label that is varied; two thirds of all variants of a shorter one are someone's
ENDINGS = (
    "se",
    "nu",
    "com",
    "org",
    "net",
    "info",
    "eu",
    "online",
    "site",
    "io",
    "co",
    "app",
    "xyz",
    "top",
    "shop",
    "click",
)
# The endings in which most look-alikes of Swedish names are registered: slips are tried in these and in ours.
NEAR = ("se", "nu", "com")
# What a municipality is called beside its place, and what lures: combosquats are a hundred times more common than
# typos (Kintis et al., CCS 2017).
AFFIXES = ("kommun", "stad", "kommuns", "region", "municipality", "city", "sverige", "sweden")
BEHIND = (
    "login", "logga-in", "minasidor", "mina-sidor", "etjanst", "e-tjanst", "e-tjanster", "bankid", "faktura", "betala",
    "betalning", "support", "kundtjanst", "bygglov", "skola", "forskola", "jobb", "nyheter", "info", "official",
    "portal", "webb", "online", "bidrag", "id", "sms",
)  # fmt: skip
BEFORE = (
    "www",
    "mina-sidor-",
    "minasidor",
    "login",
    "my",
    "min",
    "mitt",
    "e-tjanst-",
    "bankid-",
    "faktura-",
    "i",
    "visit",
)
_LONG = str.maketrans({"å": "aa", "ä": "ae", "ö": "oe"})
_KEYS = "abcdefghijklmnopqrstuvwxyz0123456789åäö"
# Letters that look alike in the fonts of address bars; the Cyrillic ones are registered as xn--.
_ALIKE = {
    "a": "4аá", "b": "8", "c": "с", "d": "cl", "e": "3еé", "g": "9q", "i": "1lí", "k": "к", "l": "1i",
    "m": ("rn", "nn"), "n": "ñ", "o": "0оó", "p": "р", "s": "5ѕ", "t": "7", "u": "vü", "v": "u", "w": ("vv",),
    "x": "х", "y": "уý", "z": "2", "å": "aá", "ä": "aã", "ö": "oõ",
}  # fmt: skip


def likely_hosts(domains: Iterable[str], names: Iterable[str], most: int = MOST) -> tuple[str, ...]:
    """Registrable names in ASCII, the likeliest first, without our own; at most `most`.

    `domains` are ours (`almby.example`), `names` what we are called (`Almby kommun`). Every name has its turn, so that
    what is cut off at `most` is the least likely of each.
    """
    ours = {registrable_domain(ascii_host(domain)) for domain in domains}
    labels = dict.fromkeys(label for domain in sorted(ours) if (label := domain.partition(".")[0]))
    labels |= dict.fromkeys(form for name in names for form in name_forms(name))
    endings = tuple(dict.fromkeys((*NEAR, *(domain.partition(".")[2] for domain in sorted(ours)))))
    told = [_of_label(label, endings) for label in labels if len(label) >= SHORTEST]
    turns = chain.from_iterable(zip_longest(*told))
    found: dict[str, None] = {}
    for host in turns:
        if host and (name := _registrable(host)) and name not in ours:
            found[name] = None
            if len(found) >= most:
                break
    return tuple(found)


def name_forms(name: str) -> Iterator[str]:
    """`Örebro kommun` as `örebrokommun`, `orebrokommun`, `oerebrokommun` and `orebro-kommun`."""
    words = "".join(char if char.isalnum() else " " for char in unicodedata.normalize("NFC", name).casefold()).split()
    plain = [_plain(word) for word in words]
    yield "".join(plain)
    yield "".join(words)
    yield _plain("".join(words).translate(_LONG))
    yield "-".join(plain)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _of_label(label: str, endings: tuple[str, ...]) -> Iterator[str]:
    """The likeliest first: other endings, words beside it, then slips and letters that look alike."""
    yield from (f"{label}.{ending}" for ending in dict.fromkeys((*endings, *ENDINGS)))
    beside = [f"{label}{joint}{word}" for word in AFFIXES for joint in ("", "-") if word not in label]
    beside += [f"{label}{joint}{word}" for word in BEHIND for joint in ("-", "")]
    beside += [f"{word}{label}" for word in BEFORE]
    yield from (f"{text}.{ending}" for text in beside for ending in endings)
    slips = dict.fromkeys(chain.from_iterable(zip_longest(_moved(label), _pressed(label), _seen(label))))
    yield from (f"{text}.{ending}" for text in slips if text for ending in endings)


def _moved(label: str) -> Iterator[str]:
    """Letters left out, doubled, swapped; hyphens put in."""
    for place, char in enumerate(label):
        yield label[:place] + label[place + 1 :]
        yield label[:place] + char + label[place:]
        yield label[:place] + label[place + 1 : place + 2] + char + label[place + 2 :]
        if place:
            yield f"{label[:place]}-{label[place:]}"


def _pressed(label: str) -> Iterator[str]:
    """A key beside the right one on a Swedish keyboard, in its stead or with it."""
    for place, char in enumerate(label):
        for key in (key for key in _KEYS if next_to(char, key)):
            yield label[:place] + key + label[place + 1 :]
            yield label[:place] + key + label[place:]


def _seen(label: str) -> Iterator[str]:
    """A letter that looks like the right one, of our alphabet or another."""
    for place, char in enumerate(label):
        yield from (label[:place] + other + label[place + 1 :] for other in _ALIKE.get(char, ()))


def _registrable(host: str) -> str:
    """The name someone would register, as the name servers know it; empty when it can be none."""
    name = ascii_host(host)
    labels = name.split(".")
    if not all(label and len(label) <= 63 and label.strip("-") == label for label in labels):
        return ""
    return registrable_domain(name) if "." in name else ""
