"""What threatens, insults, incites or lays a person's private life open in a text: found by phrase, raised and masked.

The phrases stand in `sv/` and `en/`, one file a kind, in the grammar of `phrases.py`. A hit says "a person should look
here", never what somebody is: nothing is kept about the writer. Precision leads: some 1.8 % of messages are hateful, so
that a loose word would mostly be wrong.
"""

from __future__ import annotations

from collections.abc import Sequence

from listener.lexicons.personal import private_numbers, registered_persons
from listener.lexicons.phrases import load_phrases
from listener.lexicons.reading import readings
from listener.lexicons.spans import Span, joined, touches
from listener.lexicons.speech import reports
from listener.models import Record
from listener.text.words import nfc

KINDS = ("threat", "insult", "incitement", "doxxing")
RAISES = frozenset({"threat", "incitement", "doxxing"})  # what a person must be told of at once
BLOCK = "▇"


class Hit(Record):
    """One place in a text: code points [start, end) of its NFC form."""

    kind: str
    start: int
    end: int


def hits(text: str) -> tuple[Hit, ...]:
    """Every place of `text` that a lexicon finds, in order; those of one kind never overlap.

    Spaced out, stretched and leet spellings are read as what they spell. What is negated, or quoted by somebody who
    reports it, is no hit.
    """
    text = nfc(text)
    found: dict[str, list[Span]] = {kind: [] for kind in KINDS}
    for reading in readings(text):
        for kind, span in load_phrases().find(reading.folded):
            found[kind].append(reading.place(*span))
    told = reports(text) if any(found.values()) else []
    found = {
        kind: [span for span in spans if kind == "doxxing" or not _within(span, told)] for kind, spans in found.items()
    }
    found["doxxing"] += registered_persons(text)
    threats = joined(found["threat"])  # "we will hang them" threatens; the "hang them" in it calls on nobody
    found["incitement"] = [span for span in found["incitement"] if not touches(span, threats)]
    merged = (Hit(kind=kind, start=start, end=end) for kind in KINDS for start, end in joined(found[kind]))
    return tuple(sorted(merged, key=lambda hit: (hit.start, hit.end)))


def kinds(text: str) -> frozenset[str]:
    """Which lexicons find something in `text`."""
    return frozenset(hit.kind for hit in hits(text))


def mask(text: str) -> str:
    """The NFC form of `text`, as long as before, with hits, personal identity and mobile numbers shown as ▇."""
    text = nfc(text)
    places = [(hit.start, hit.end) for hit in hits(text)]
    masked = list(text)
    for start, end in joined([*places, *private_numbers(text)]):
        masked[start:end] = (char if char.isspace() else BLOCK for char in text[start:end])
    return "".join(masked)


def _within(span: Span, told: Sequence[Span]) -> bool:
    """Whether `span` begins inside what another is told to have said."""
    return touches((span[0], span[0] + 1), told)
