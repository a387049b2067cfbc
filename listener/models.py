"""Every record and every closed set that travels between the rooms."""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import dataclass_transform

import msgspec

from listener.rulings import Rule


class Verdict(StrEnum):
    """What the machine makes of a candidate; labels in both languages stand in the locale files."""

    OFFICIAL = "official"
    OFFICIAL_CHANGED = "official_changed"
    UNAPPROVED_UNIT = "unapproved_unit"
    EMPLOYEE_OFFICIAL = "employee_official"
    IMPOSTOR = "impostor"
    LOOKALIKE_SITE = "lookalike_site"
    PARODY = "parody"
    FAN_OR_CITIZEN_GROUP = "fan_or_citizen_group"
    AUTO_PLACE_PAGE = "auto_place_page"
    NAMESAKE = "namesake"
    UNRELATED = "unrelated"
    UNCLEAR = "unclear"


_FLAGGED = "impostor lookalike_site unapproved_unit employee_official official_changed unclear"
FLAGGED = frozenset(map(Verdict, _FLAGGED.split()))  # what a person must look at


class UnitKind(StrEnum):
    LOCAL_OFFICE = "local_office"
    DEPARTMENT = "department"
    TEAM = "team"


class Status(StrEnum):
    """Standing of a registry row."""

    APPROVED = "approved"
    PENDING = "pending"
    ARCHIVED = "archived"
    DEFENSIVE = "defensive"
    KNOWN_THIRD_PARTY = "known_third_party"
    PARODY_OK = "parody_ok"
    IMPOSTOR_CONFIRMED = "impostor_confirmed"


class Asks(StrEnum):
    """The question a signal answers."""

    CLAIMS = "claims"  # does it speak under our name?
    OURS = "ours"  # does anything show that it is ours?
    POSES = "poses"  # does anything show that it pretends?
    SPARES = "spares"  # does anything show that it is someone else, and says so?


class State(StrEnum):
    """Where a case stands in the review."""

    NEW = "new"
    TRIAGE = "triage"
    CONFIRMED = "confirmed"
    ACTION = "action"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"
    WATCHING = "watching"
    REGISTERED = "registered"
    REGRESSED = "regressed"


OPEN_STATES = frozenset({State.NEW, State.TRIAGE, State.CONFIRMED, State.ACTION, State.REGRESSED})


class Observation(StrEnum):
    """What the crawler knows of an account, apart from what people decided."""

    SEEN = "seen"
    NOT_CHECKED = "not_checked"
    GONE = "gone"


class Completeness(StrEnum):
    """How much of a source one run could see."""

    COMPLETE = "complete"
    TRUNCATED = "truncated"
    QUOTA = "quota"
    UNAVAILABLE = "unavailable"


class LinkKind(StrEnum):
    PROFILE = "profile"
    POST = "post"
    SHARE = "share"
    OTHER = "other"


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the records: immutable, compared by value, JSON by msgspec."""


class Entry(Record):
    """One row of registry.csv. `handle` and `url` are canonical; `line` is its line in the file (1 = header)."""

    platform: str
    url: str
    unit: str
    status: Status
    owner_email: str
    platform_id: str | None = None
    handle: str | None = None
    display_name: str | None = None
    unit_kind: UnitKind | None = None
    columns: dict[str, str] = {}  # every column as read, the unknown ones too
    line: int = 0


class Unit(Record):
    """A part of the organisation, as listener.toml names it."""

    name: str
    kind: UnitKind
    aliases: tuple[str, ...] = ()


class Account(Record):
    """Anything that speaks under a name: profile, page, group, channel or web site (platform `web`, handle = host).

    None means unknown, an empty text means known to be empty. `avatar` and `banner` are a path or an address.
    `verified` is `government`, `business`, `individual`, `true` or `false`. `official_links` holds addresses on
    official sites that link to this account (proof from our side); `links` is what the account itself links to.
    `verified_links` holds those of `links` that the platform verified by rel=me or that were proven both ways. `labels`
    are words others put on it: the platform's moderators (`impersonation`), a registry (`client hold`).
    """

    platform: str
    platform_id: str | None = None
    handle: str | None = None
    display_name: str | None = None
    description: str | None = None
    url: str | None = None
    links: tuple[str, ...] | None = None
    verified_links: tuple[str, ...] | None = None
    official_links: tuple[str, ...] = ()
    avatar: str | None = None
    banner: str | None = None
    followers: int | None = None
    created_at: datetime | None = None
    verified: str | None = None
    location: str | None = None
    source: str | None = None
    term: str | None = None
    ref: str | None = None
    labels: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """`platform:platform_id`, else `platform:@handle` folded, else `platform:url`: what a case is keyed by."""
        if self.platform_id:
            return f"{self.platform}:{self.platform_id}"
        name = f"@{self.handle}" if self.handle else self.url or ""
        return f"{self.platform}:{name.casefold()}"

    @property
    def fingerprint(self) -> str:
        """Short hash over what a reviewer looks at; a decision stands while it stays the same."""
        said = self.source != "websearch" and self.description  # an engine's excerpt changes with every question
        seen = (self.handle, self.display_name, said, self.avatar, self.url, sorted(self.links or ()))
        return hashlib.sha256(repr(seen).encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Signal(Record):
    """One reason: the feature that fired, the question it answers, how strongly (0..1), a sentence with both values."""

    feature: str
    asks: Asks
    score: float
    detail: str


class Nearest(Record):
    """The registered account a finding is compared with."""

    platform: str
    handle: str | None
    url: str
    unit: str


class Finding(Record):
    """The verdict on one account, with every reason for it. `score` in [0, 1] ranks."""

    account: Account
    verdict: Verdict
    score: float
    signals: tuple[Signal, ...] = ()
    unit: str | None = None
    unit_kind: UnitKind | None = None
    nearest: Nearest | None = None
    rule: Rule | None = None  # what decided; None when nothing of it speaks of us, or it was found before this was kept

    @property
    def flagged(self) -> bool:
        return self.verdict in FLAGGED


class Term(Record):
    """One thing to search for: `text` as typed, `kind` = name | alias | unit | handle | domain."""

    text: str
    kind: str = "name"


class Issue(Record):
    """A source's trouble in one run.

    `kind` = blocked | guarded (by ourselves) | throttled | changed | failed | truncated | silent | skipped.
    """

    source: str
    kind: str
    detail: str
    until: datetime | None = None


class SourceResult(Record):
    """How one source fared in one run."""

    source: str
    completeness: Completeness
    accounts: int = 0
    posts: int = 0
    issues: tuple[Issue, ...] = ()
    seconds: float = 0.0


class Fault(Record):
    """A registered account (or its registry row) that breaks a rule; `hint` says what to do, exactly."""

    rule: str  # P1 … P10, or a registry-health key such as owner_role
    url: str
    unit: str
    detail: str
    hint: str = ""


class Decision(Record):
    """What a person decided about a case; appended, never changed."""

    case_id: int
    who: str
    to: State
    reason: str
    text: str = ""
    until: datetime | None = None
    assignee: str | None = None


class Case(Record):
    """One account's file: what was found, where it stands, what was decided."""

    id: int
    account: Account
    finding: Finding
    state: State
    observation: Observation
    opened_at: datetime
    changed_at: datetime
    last_seen_at: datetime
    assignee: str | None = None
    snoozed_until: datetime | None = None
    linked_case: int | None = None
