"""What the interface under /api/v1 takes and gives, as records: its description is made from these."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from msgspec import Meta

from listener.models import Case, Record, State, UnitKind, Verdict
from listener.records.days import YEARS
from listener.review.queue import FIELDS
from listener.store.cases import REASONS
from listener.store.events import Event
from listener.store.mention_page import Fold
from listener.store.prepared import PREPARED
from listener.store.queue_page import ALL, OPEN, Asked

MOST = 200  # rows of an answer
Short = Annotated[str, Meta(max_length=200)]
Seen = Annotated[int, Meta(ge=0, description="The case's `latest` as you read it: refused when more has happened.")]
First = Annotated[int, Meta(ge=0, le=1_000_000)]
Most = Annotated[int, Meta(ge=1, le=MOST)]
Place = Annotated[int, Meta(ge=0, le=(1 << 53))]
Said = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]
Day = Annotated[
    date, Meta(extra_json_schema={"pattern": f"^{YEARS.start // 1_000}[0-9]{{3}}-", "examples": ["2026-12-31"]})
]
# What a person may decide, and why: the store holds every decision to it.
_WHY = "; ".join(f"{state}: {', '.join(reasons)}" for state, reasons in REASONS.items())
_REASONS = sorted({reason for reasons in REASONS.values() for reason in reasons})
Chosen = Annotated[State, Meta(extra_json_schema={"enum": list(REASONS)})]
Why = Annotated[str, Meta(max_length=200, description=_WHY, extra_json_schema={"enum": _REASONS})]


class Problem(Record, omit_defaults=True):
    """What went wrong (RFC 9457)."""

    title: str
    status: int
    detail: str = ""


class CasesAsked(Record, forbid_unknown_fields=True):
    """Which cases, as the queue's own filters; `state` is a state, `open` or `all`, `days` how long at least open."""

    verdict: Verdict | None = None
    unit_kind: UnitKind | None = None
    platform: Short = ""
    unit: Short = ""
    owner: Short = ""
    state: Annotated[str, Meta(pattern=f"^({'|'.join((OPEN, ALL, *State))})$")] = OPEN
    days: Annotated[int, Meta(ge=0, le=3_650)] = 0
    text: Short = ""
    first: First = 0
    limit: Most = 50

    def asked(self) -> Asked:
        """The same for the store."""
        wanted: dict[str, Any] = {name: getattr(self, name) for name in FIELDS}
        return Asked(**{name: value for name, value in wanted.items() if value})


class CaseRow(Record):
    """A case as the queue shows it. `official` is the address of the registered account it is nearest to."""

    id: int
    state: State
    verdict: Verdict
    unit_kind: UnitKind | None
    score: float
    platform: str
    handle: str | None
    display_name: str | None
    url: str | None
    followers: int | None
    unit: str | None
    official: str | None
    opened_at: datetime
    changed_at: datetime
    last_seen_at: datetime
    assignee: str | None
    snoozed_until: datetime | None
    latest: int

    @classmethod
    def of(cls, case: Case, latest: int) -> CaseRow:
        """A case of the store whose last event has this number."""
        return cls(**told(case), latest=latest)


class Reason(Record):
    """One reason for or against: `asks` says for what, `score` how much of 1."""

    feature: str
    asks: str
    score: float
    detail: str


class CaseWhole(CaseRow):
    """A case with the reasons that led to it."""

    description: str | None
    rule: str | None
    reasons: tuple[Reason, ...]

    @classmethod
    def of(cls, case: Case, latest: int) -> CaseWhole:
        """A case of the store whose last event has this number."""
        why = tuple(
            Reason(feature=one.feature, asks=one.asks, score=one.score, detail=one.detail)
            for one in case.finding.signals
        )
        rule = case.finding.rule
        about = case.account.description
        return cls(**told(case), latest=latest, description=about, rule=str(rule) if rule else None, reasons=why)


def told(case: Case) -> dict[str, Any]:
    """What both forms of a case tell."""
    account, finding = case.account, case.finding
    of_account = ("platform", "handle", "display_name", "url", "followers")
    of_case = ("id", "state", "opened_at", "changed_at", "last_seen_at", "assignee", "snoozed_until")
    return {
        **{name: getattr(account, name) for name in of_account},
        **{name: getattr(case, name) for name in of_case},
        **{name: getattr(finding, name) for name in ("verdict", "unit_kind", "score", "unit")},
        "official": finding.nearest.url if finding.nearest else None,
    }


class Cases(Record):
    """A part of the queue; `next` is the address of the next part, None after the last."""

    found: int
    cases: tuple[CaseRow, ...]
    next: str | None


class EventRow(Record):
    """One step of a case's trail; `text` is null where there is none, or where it is not for whoever asks."""

    id: int
    at: datetime
    kind: str
    who: str
    from_state: State | None
    to_state: State
    reason: str
    text: str | None
    undoes: int | None
    assignee: str | None
    until: datetime | None

    @classmethod
    def of(cls, event: Event, reviews: bool) -> EventRow:
        """An event of the store; the text of a report to a platform is for those who review, as on the page."""
        hidden = {"text": None} if event.kind == PREPARED and not reviews else {}
        return cls(**{name: getattr(event, name) for name in cls.__struct_fields__} | hidden)


class Trail(Record):
    """All that happened to a case, from its beginning."""

    events: tuple[EventRow, ...]


class Deciding(Record, forbid_unknown_fields=True):
    """A decision: `reason` is one of the closed list of its state, `until` a Swedish day, `owner` who answers for it.

    The reason `other` needs `text`, watching until a date needs `until`, the reason `child_abuse` that `destroy` is
    true: what is kept of the account is destroyed with it. `in_register` holds for what has its row there.
    """

    to: Chosen
    reason: Why
    seen: Seen
    text: Annotated[str, Meta(max_length=5_000)] = ""
    until: Day | None = None
    owner: Short = ""
    destroy: bool = False


class Undoing(Record, forbid_unknown_fields=True):
    """The last thing a person did is taken back."""

    seen: Seen


class Assigning(Record, forbid_unknown_fields=True):
    """The case is given to somebody."""

    assignee: Said
    seen: Seen


class Decided(Record):
    """The case afterwards; `proposed` when it waits for a second person, and has not moved."""

    case: CaseWhole
    proposed: bool


class Counts(Record):
    """Open cases by the rows of the weekly report: units by kind, the others by verdict."""

    open: dict[str, int]


class MentionsAsked(Record, forbid_unknown_fields=True):
    """What was said: `query` in the query language, `purpose` why it is asked (kept), `before` where to go on."""

    query: Annotated[str, Meta(min_length=1, max_length=1_000, examples=["badhus OR simhall"])]
    purpose: Annotated[str, Meta(min_length=1, max_length=200, examples=["what is said of the baths"])]
    source: Short = ""
    lang: Annotated[str, Meta(max_length=20)] = ""
    before: Place | None = None
    limit: Most = 50


class MentionRow(Record):
    """A logged post; its writer by a pseudonym, threats in its text masked, copies counted.

    Its address stands on its page alone, where looking is kept: most platforms write the author's name into it.
    """

    id: int | None
    at: datetime
    source: str | None
    platform: str
    writer: str
    text: str
    lang: str | None
    direction: str
    unit: str | None
    tags: tuple[str, ...]
    copies: int

    @classmethod
    def of(cls, fold: Fold, masked: str) -> MentionRow:
        """A mention of the store, with its text as it may be shown."""
        found, post = fold.found, fold.found.mention.post
        of_post = {name: getattr(post, name) for name in ("source", "platform", "lang")}
        of_found = {name: getattr(found, name) for name in ("id", "at", "writer", "direction")}
        return cls(**of_post, **of_found, text=masked, unit=fold.unit, tags=fold.tags, copies=fold.copies)


class Mentions(Record):
    """Mentions, newest first; `next` is where more may be, `cut` when time ran out before the page was full."""

    mentions: tuple[MentionRow, ...]
    next: str | None
    cut: bool


class Source(Record):
    """A source: `state` is on, off or gated, `last` how complete it was in the latest run, at `last_at`."""

    name: str
    state: str
    access: str
    finds: tuple[str, ...]
    last: str
    last_at: str
    detail: str


class Sources(Record):
    """What is searched; `not_searched` names the platforms that are not, and why."""

    sources: tuple[Source, ...]
    not_searched: dict[str, str]


class RunsAsked(Record, forbid_unknown_fields=True):
    """Runs of the last so many days."""

    days: Annotated[int, Meta(ge=1, le=400)] = 30


class Run(Record):
    """A run; `complete` is None until it is finished."""

    id: int
    kind: str
    started_at: datetime
    finished_at: datetime | None
    exit_code: int | None
    complete: bool | None
    version: str
    planned: tuple[str, ...]


class Runs(Record):
    """Runs, the oldest first."""

    runs: tuple[Run, ...]
