"""What a candidate holds, as bits: a feature that looks at something it does not hold is not asked at all."""

from __future__ import annotations

from listener.match.reading import Reading
from listener.match.view import View, once
from listener.match.vocabulary import Kind
from listener.match.wording import heard, listed
from listener.words import phrases as words

# Of one reading; NAME * EQUAL is a display name that equals one of ours, HANDLE * EQUAL such a handle.
EQUAL, LOOKS, NEAR, ODD, HABIT, OWN_WORD = (1 << number for number in range(6))
WHOLE = 1 << 6  # equal, like or near one of our names, or with our whole name or all its words in it
OURS = 1 << 7  # with our name or place as a word
PART = 1 << 8  # with a word for a part of an organisation
NAMED, AUTHORITY, UNIT, CORE, FOREIGN = (1 << number for number in range(9, 14))
NAME, HANDLE = 1, 1 << 16
# Of the account.
OVERLAP, PHRASE, REGISTERED, OTHERS = (1 << number for number in range(32, 36))
TEXT, LINKS, LABELS, PICTURE, MADE, BADGE, OUR_PAGES, PROVEN = (1 << number for number in range(36, 44))
OFFICIAL, FRAUD, UNOFFICIAL, PRIVATE, PARODY = (1 << number for number in range(44, 49))

_KINDS = {
    Kind.NAME: NAMED | OURS | WHOLE,
    Kind.CORE: CORE | OURS,
    Kind.UNIT: UNIT | PART,
    Kind.UNIT_WORD: PART,
    Kind.INITIALS: PART,
    Kind.AUTHORITY: AUTHORITY,
    Kind.THIRD_PARTY: FOREIGN,
}
_SAYS = (
    (OFFICIAL, listed(words.OFFICIAL)),
    (FRAUD, listed(words.FRAUD)),
    (UNOFFICIAL, listed(words.UNOFFICIAL)),
    (PRIVATE, listed(words.OWN_ACCOUNT, words.OWN_VIEWS)),
    (PARODY, listed(words.PARODY, words.PARODY_NAMES)),
)


@once
def held(view: View) -> int:
    """The bits of what a candidate holds; one too many costs a question, one too few would hide an answer."""
    account, name, handle = view.account, _of(view.name), _of(view.handle)
    bits = NAME * name | HANDLE * handle
    told = account.display_name or ""
    if not (told.isascii() and told.isprintable()):
        bits |= NAME * ODD
    if (name | handle) & FOREIGN:
        bits |= OTHERS
    given = (
        (OVERLAP, view.overlap),
        (PHRASE, view.phrase),
        (REGISTERED, view.registered_on),
        (TEXT, account.description or account.location),
        (LINKS, account.links),
        (LABELS | PARODY, account.labels),
        (PICTURE, account.avatar),
        (MADE, account.created_at),
        (BADGE, account.verified),
        (OUR_PAGES, account.official_links),
        (PROVEN, account.verified_links),
    )
    for bit, value in given:
        if value:
            bits |= bit
    said = heard(view.said)
    for bit, lists in _SAYS if said else ():
        if said & lists:
            bits |= bit
    return bits


def _of(reading: Reading) -> int:
    bits = EQUAL | WHOLE if reading.equal else 0
    if reading.looks:
        bits |= LOOKS | WHOLE
    if reading.near:
        bits |= NEAR | WHOLE
    if reading.company:
        bits |= FOREIGN
    text = reading.key.text
    if not (text.isascii() and text.isprintable()):
        bits |= ODD
    for found in reading.words:
        word = found.word
        bits |= _KINDS.get(word.kind, 0)
        if word.own:
            bits |= OWN_WORD
        if word.first or word.last or word.sign:
            bits |= HABIT
    if bits & CORE and bits & AUTHORITY:
        bits |= WHOLE
    return bits
