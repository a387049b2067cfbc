"""Is this post a question to us? Told by rules a person can read, with the sentence that asks and why it counts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from listener.answers import question_words as table
from listener.models import Entry, Record, Status
from listener.organisation import Organisation
from listener.posts import Post
from listener.text.words import fold, nfc
from listener.urls import on_site

LONGEST = 10_000  # code points of a post that are looked at: a question to us comes early
MOST_SENTENCES = 60
OURS = frozenset({Status.APPROVED, Status.PENDING})

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_QUOTED = re.compile(
    r'"[^"\n]{1,500}"|[”“][^”“\n]{1,500}[”“]|»[^«»\n]{1,500}[«»]|„[^“”\n]{1,500}[“”]|^>.*$', re.MULTILINE
)
_REPOST = re.compile(r"\s*(?:rt|via)\s+@", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?…\n]+[.!?…]*")
_HANDLE = re.compile(r"@([\w.\-]+(?:@[\w.\-]+)?)")
_IN_NUMBER = re.compile(r"(?<=\d)\.(?=\d)|(?<=\bkl)\.(?= ?\d)|(?<=\bnr)\.(?= ?\d)")  # 10.30, kl. 8: no sentence ends
_SLIP = re.compile(r"\s?[–-]\s?\d")  # 07?–16
_LEAD = re.compile(rf"^(?:(?:{table.LEAD})\b[\s,:;–—-]*|@\S+[\s,:;–—-]*|[^\w@]+)+")
_TOPIC = re.compile(r"^[^?:]{1,40}(?::|\s[–—-])\s+(?=\w)")  # bygglov: hur gör man
_OPENING = table.one_of(table.OPENINGS)
_RHETORICAL = table.one_of(table.RHETORICAL)
_CONDITION = re.compile(table.CONDITION)
_ANSWERED = re.compile(table.ANSWERED)
_BUILT, _SPOKEN = table.one_of(table.BUILT), table.one_of(table.SPOKEN)
_VOICE = re.compile(f"{table.YOU}|{table.FIRST}")
_ONE_READER = re.compile(table.ONE_READER)
_CLAUSE = re.compile(
    r"(?:(?:,|;|\s[–—-])\s+|\s*[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]+\s*)(?:och |men |så |eller )?"
)
_BAIT, _READER, _YOU = re.compile(table.BAIT), re.compile(table.READER), re.compile(table.YOU)
_COUNCIL = re.compile(table.THE_COUNCIL)
SPOKEN_TO = frozenset({"handle", "reply"})


class Ours(Record, frozen=True):
    """What we are called, folded: names, places, handles, and the platform ids of our accounts."""

    names: re.Pattern[str]
    spoken_to: re.Pattern[str]
    places: re.Pattern[str]
    handles: frozenset[str]
    ids: frozenset[str]
    domains: tuple[str, ...]


class Asked(Record, frozen=True):
    """A question to us: the sentence, how it was told (mark | opening), and to be to us (handle | reply | name)."""

    sentence: str
    told_by: str
    addressed: str


def ours_of(organisation: Organisation, entries: tuple[Entry, ...]) -> Ours:
    """Our names by listener.toml, our handles and ids by the register."""
    units = [name for unit in organisation.units for name in (unit.name, *unit.aliases)]
    named = any_of([*organisation.names, *units, "kommunen"])
    own = [entry for entry in entries if entry.status in OURS]
    return Ours(
        names=re.compile(rf"\b(?:{any_of([*organisation.names, *units])})s?\b"),
        spoken_to=re.compile(
            rf"^(?:{named})(?:\s*[,:–—-]\s*|\s+(?=(?:{table.ASKING})\b))|[,–—-]\s*(?:{named})[\s?.!…]*$"
        ),
        places=re.compile(rf"\b(?:{any_of(organisation.places)})s?\b"),
        handles=frozenset(fold(entry.handle).lstrip("@") for entry in own if entry.handle),
        ids=frozenset(entry.platform_id for entry in own if entry.platform_id),
        domains=organisation.domains,
    )


def any_of(names: Iterable[str]) -> str:
    """A pattern of any of the names, longest first; one that never fits when there are none."""
    folded = sorted({fold(nfc(name)) for name in names if name.strip()}, key=len, reverse=True)
    return "|".join(map(re.escape, folded)) or "(?!)"


def question(post: Post, ours: Ours, reply_to_us: bool = False) -> Asked | None:
    """The question this post puts to us, None when it puts none.

    `reply_to_us`: the post answers one of ours. Articles are no questions (platform `web`), nor are reposts, quoted
    words, headlines that are shared, adverts, rhetorical questions, or what is said to somebody else.
    """
    written = nfc(post.text[:LONGEST])
    text = fold(written)  # code point for code point: what is found in one stands in the other
    if post.platform == "web" or _REPOST.match(text):
        return None
    said = _IN_NUMBER.sub("·", blanked(_ADDRESS, blanked(_QUOTED, without_title(post, text))))
    to = addressed(post, said, ours, reply_to_us)
    if not to or advert(text, said) or (to not in SPOKEN_TO and headline(text, ours)):
        return None
    for start, end in sentences(said):
        told = asks(" ".join(said[start:end].split()), said[end:], to, ours)
        if told:
            return Asked(sentence=" ".join(written[start:end].split()), told_by=told, addressed=to)
    return None


def without_title(post: Post, text: str) -> str:
    """The text with the title of a video blanked out: it is a headline."""
    title = fold(nfc(post.title)) if post.title and post.platform == "youtube" else ""
    return " " * len(title) + text[len(title) :] if title and text.startswith(title) else text


def blanked(pattern: re.Pattern[str], text: str) -> str:
    """The text with blanks for what the pattern finds, as long as before; line breaks stay."""
    return pattern.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)


def addressed(post: Post, said: str, ours: Ours, reply_to_us: bool) -> str:
    """Whom the post speaks to: `handle`, `reply` or `name` when it is us, else nothing."""
    handles = [fold(name).rstrip(".") for name in _HANDLE.findall(said)]
    if any(name.split("@")[0] in ours.handles or name in ours.handles for name in handles):
        return "handle"
    if reply_to_us or not ours.ids.isdisjoint((post.reply_to or "").split("/")):  # at://did:plc:ours/…/3k
        return "reply"
    if post.reply_to or said.lstrip().startswith("@"):
        return ""
    if ours.names.search(said) or _COUNCIL.search(said):
        return "name"
    return "name" if ours.places.search(said) else ""


def advert(text: str, said: str) -> bool:
    """A question to the reader that wants to sell or to be clicked."""
    return bool(_BAIT.search(said) and (_READER.search(said) or _ADDRESS.search(text)) and not _YOU.search(said))


def headline(text: str, ours: Ours) -> bool:
    """An address of others, in nobody's voice: an article that is shared."""
    return any(not on_site(link, ours.domains) for link in _ADDRESS.findall(text)) and not _VOICE.search(text)


def sentences(said: str) -> list[tuple[int, int]]:
    """Where each sentence begins and ends."""
    found = (match.span() for match in _SENTENCE.finditer(said) if any(map(str.isalnum, match.group())))
    return list(islice(found, MOST_SENTENCES))


def asks(sentence: str, rest: str, to: str, ours: Ours) -> str:
    """How the sentence is told to ask: by its `mark`, by its `opening`, or not at all."""
    whole = without_lead(sentence, ours)
    bare = _TOPIC.sub("", whole)
    words = ours.names.sub("", bare).split()
    spoken = to in SPOKEN_TO
    if not words or _RHETORICAL.fullmatch(whole) or _RHETORICAL.fullmatch(bare) or _ANSWERED.match(rest):
        return ""
    if "?" in sentence:
        if _SLIP.match(rest) or (len(words) < 2 and not (spoken and len(bare) > 2)):
            return ""
        built = spoken or _YOU.search(sentence) or any(map(_BUILT.match, clauses(bare)))
        return "mark" if built and (spoken or not _ONE_READER.search(sentence)) else ""
    if sentence.endswith("!"):
        return ""
    first = _OPENING.match(bare) or (spoken and (_SPOKEN.match(bare) or any(map(_OPENING.match, clauses(bare)))))
    return "opening" if first and not _CONDITION.match(bare) else ""


def without_lead(sentence: str, ours: Ours) -> str:
    """The sentence without greetings, handles and our name before it, nor our name and marks behind it."""
    return _LEAD.sub("", ours.spoken_to.sub("", _LEAD.sub("", sentence))).rstrip(" .!?…")


def clauses(sentence: str) -> list[str]:
    """The sentence, and what stands after each comma or dash in it: often a remark comes first."""
    return [sentence, *(part for part in _CLAUSE.split(sentence)[1:] if len(part.split()) > 1)]
