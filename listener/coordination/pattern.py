"""What is found in a talk: signals with their measured values, reasons, and the pattern they make."""

from __future__ import annotations

from listener.language import N_
from listener.models import Record

KINDS = {
    "too_few": N_("too few posts to say"),
    "criticism": N_("criticism"),
    "heated": N_("heated criticism"),
    "pile_on": N_("a pile-on"),
    "organised": N_("an organised push"),
}
# signal -> what it is, as in: if … were as usual
SIGNALS = {
    "copied": N_("copied text"),
    "same_link": N_("the sharing of one link"),
    "same_target": N_("answering one post"),
    "one_target": N_("the aim at one account or post"),
    "new_writers": N_("the share of new writers"),
    "threats": N_("the share of threats"),
    "insults": N_("the share of insults"),
    "languages": N_("the mix of languages"),
    "watched": N_("the traces of watched sources"),
}
DEFINITION = N_(
    "A pile-on is massive, one-sided, aimed at a person and leaves no room for reply (Näthatshjälpen). "
    "Ordinary criticism has many topics, locals, a mixed tone and questions that can be answered."
)
STRONGEST = 5
MADE_TOGETHER = 0.6  # the score of a group that was made together; set on the drawn talks, so that precision leads


class Signal(Record):
    """One thing measured. `score` is 0 when all is as usual, 1 when nothing is; `posts` all it rests on, best first.

    `detail` says in English what was counted and what is usual; `telling.py` says it in the reader's language.
    """

    name: str
    score: float = 0.0
    detail: str = ""
    posts: tuple[int, ...] = ()


class Reason(Record):
    """Why: a signal that is out of the ordinary, and the ids of the five posts that show it best."""

    signal: str
    score: float
    detail: str
    posts: tuple[int, ...]


class Pattern(Record):
    """What the talk looks like. `kind` is a key of KINDS, `score` 0 to 1 how clearly it is that.

    `part` are the posts that were made together when the kind is organised, and `rest` what the talk is without them:
    a push of fourteen posts does not make the critics around it organised. `compared` counts the posts of the history;
    with none, nobody can be told for new and nothing for unusual. `changes` are English sentences that tell
    what would be said if one signal were as usual.
    """

    kind: str
    score: float
    reasons: tuple[Reason, ...] = ()
    changes: tuple[str, ...] = ()
    posts: int = 0
    writers: int = 0
    part: tuple[int, ...] = ()
    rest: str | None = None
    compared: int = 0
