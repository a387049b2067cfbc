"""The picture of a situation as one data set: what HTML, text and JSON are made of."""

from __future__ import annotations

from datetime import datetime

from listener.models import Record


class Amount(Record):
    """How much was said: posts, who wrote them, how many of those had never been seen on this matter."""

    posts: int
    writers: int
    new_writers: int


class Usual(Record):
    """What a stretch of the same length usually holds: posts, by the median day of `days` days before."""

    posts: float
    days: int


class Bucket(Record):
    """The posts of one stretch of time."""

    start: datetime
    posts: int


class Place(Record):
    """A platform or site, and how much was said there."""

    source: str
    posts: int
    writers: int


class Quote(Record):
    """What somebody wrote, masked: no name, no handle, nothing that threatens. `post` is its number in the log.

    `address` leads to it where that names nobody.
    """

    text: str
    at: datetime
    source: str
    post: int
    address: str = ""


class Topic(Record):
    """Posts that share their words; `words` are those that stand out against what is usually said."""

    words: tuple[str, ...]
    posts: int
    writers: int
    copies: int  # posts that repeat another one of the topic
    quote: Quote | None
    fresh: bool = False  # not among the topics of the picture before


class Need(Record):
    """Questions with one answer: how many ask, how many of them were answered, since when they have waited."""

    words: tuple[str, ...]
    asked: int
    answered: int
    waiting_since: datetime | None
    quote: Quote | None


class Claim(Record):
    """A text that is repeated, and where it stood first; nothing is said of whether it is true."""

    text: str
    posts: int
    writers: int
    first: tuple[Quote, ...]
    last_at: datetime


class Tone(Record):
    """How often a kind of words is met: posts of every hundred, now and usually (None: nothing to compare with)."""

    kind: str
    posts: int
    rate: float
    usual: float | None


class Linked(Record):
    """A site that posts lead to."""

    host: str
    posts: int
    watched: bool


class Reason(Record):
    """One sign of a pattern: its score 0..1, a sentence with its figures, the posts that show it best."""

    signal: str
    score: float
    detail: str
    posts: tuple[int, ...]


class Pattern(Record):
    """What the machine makes of it all, by `coordination.judge`; a person decides.

    `part` counts the posts that were made together, `rest` is what the talk is without them. `compared` counts the
    posts of the twelve weeks before; `borrowed` when they are the whole log's, the queries being too young. `ruling` is
    what a person last made of a pattern of these queries since then: confirmed, rejected, or nothing.
    """

    kind: str
    score: float
    part: int
    rest: str | None
    ruling: str
    reasons: tuple[Reason, ...]
    changes: tuple[str, ...]
    compared: int = 0
    borrowed: bool = False


class Gap(Record):
    """A source that could not be read, or not in full, and why."""

    source: str
    troubles: tuple[tuple[str, str], ...]  # kind and detail


class Coverage(Record):
    """What the picture rests on. `last_at` is when anybody last listened; None when nobody has."""

    sources: tuple[str, ...]
    gaps: tuple[Gap, ...]
    last_at: datetime | None
    stale: bool  # nobody has listened for longer than the picture can bear
    cut: bool  # there are more posts than are looked at
    closed: int = 0  # posts that only some may read: they are in no figure and no quotation

    @property
    def complete(self) -> bool:
        return bool(self.sources) and not self.gaps and not self.stale and not self.cut


class Before(Record):
    """The numbers of the picture before this one, and what changed since."""

    at: datetime
    posts: int  # posts new since then
    writers: int
    questions: int
    topics_gone: int
    kind: str  # the pattern then


class Contact(Record):
    """Whom to turn to, as listener.toml says."""

    role: str
    phone: str = ""
    email: str = ""


class Storm(Record):
    """An unusual pattern in what a query finds: since when, and until when if it is over."""

    started_at: datetime
    ended_at: datetime | None


class Stage(Record):
    """One thing that was done in a crisis: begun, accounts checked, a picture drawn, ended; by whom and when."""

    at: datetime
    kind: str
    who: str
    posts: int | None = None


class Pointers(Record):
    """The last check of official accounts: how many were asked for, lack a pointer, could not be seen."""

    at: datetime
    accounts: int
    lacking: int
    unseen: int


class Picture(Record):
    """A situation at one moment. Times are aware; `until` is exclusive; `name` is the crisis's, empty in calm times."""

    organisation: str
    name: str
    since: datetime
    until: datetime
    started_at: datetime | None
    started_by: str
    stopped_at: datetime | None
    queries: tuple[str, ...]
    amount: Amount
    usual: Usual | None
    ours: int  # posts of our own accounts in the same time
    storm: Storm | None  # the latest in the time
    trend: tuple[Bucket, ...]
    step_minutes: int
    places: tuple[Place, ...]
    topics: tuple[Topic, ...]
    needs: tuple[Need, ...]
    claims: tuple[Claim, ...]
    tone: tuple[Tone, ...]
    links: tuple[Linked, ...]
    pattern: Pattern | None
    coverage: Coverage
    before: Before | None
    contacts: tuple[Contact, ...]
    severity: tuple[str, ...]
    pointers: Pointers | None
    stages: tuple[Stage, ...] = ()
