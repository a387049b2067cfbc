"""The weekly report as one data set: what text, HTML and JSON are drawn from."""

from __future__ import annotations

from datetime import date, datetime

from listener.models import Fault, Record, State, Verdict


class Period(Record):
    """The ISO week: `first` Monday to `last` Sunday by Swedish time; `hours` is 168, or 167/169 at clock changes."""

    name: str
    year: int
    number: int
    first: date
    last: date
    starts_at: datetime
    ends_at: datetime
    hours: int


class RunLine(Record):
    """One run as the report names it; `version` is the rule and program version it worked with."""

    id: int
    kind: str
    started_at: datetime
    finished_at: datetime | None
    version: str


class SourceLine(Record):
    """How one source was last seen in the week; `reasons` are (kind, detail) of what stood in the way."""

    name: str
    completeness: str
    failed: bool
    accounts: int
    posts: int
    reasons: tuple[tuple[str, str], ...] = ()


class Reach(Record):
    """What a source could look at: its platform, and why its terms keep it closed (empty when they do not).

    `posts` marks one that only hears what is said, `on` one that is on in listener.toml. `others` are platforms whose
    accounts it shows without searching there, such as those that a web search turns up.
    """

    platform: str
    closed: str = ""
    posts: bool = False
    on: bool = False
    others: tuple[str, ...] = ()

    def result(self, name: str) -> str:
        """What its results are called, when it goes by `name`."""
        return f"{name}:posts" if self.posts else name


class Unsearched(Record):
    """A platform nobody looked at, the key of the reason, and how many registered accounts stand there unwatched.

    It may be a source by its own name, where others looked at its platform. `why` is the platform's own ground, in
    English, where the reason has one; `through` are the sources of others that showed a part of it.
    """

    platform: str
    reason: str
    registered: int
    why: str = ""
    through: tuple[str, ...] = ()


class Coverage(Record):
    """What was looked at.

    `complete` is False when a source failed, a run broke off, there was no run at all, or `not_run` names sources that
    are on in listener.toml and that no run of the week asked; `planned` counts them too.
    """

    complete: bool
    searched: int
    planned: int
    broken_off: bool
    sources: tuple[SourceLine, ...]
    unsearched: tuple[Unsearched, ...]
    run: RunLine | None
    runs: int
    not_run: tuple[str, ...] = ()


class Row(Record):
    """One row of the table: flagged cases of one kind. `oldest_days` is the age of the oldest open one."""

    kind: str
    new: int
    open: int
    closed: int
    oldest_days: int | None


class Profiles(Record):
    """Profile rules as each platform was last seen in the week's audits, and the register's health in the last.

    `accounts` of the `watched` ones break a profile rule (`share` of them); the other `registered` ones stand on
    platforms that nobody could look at, and are not judged: `share` is None when that is all of them. `by_rule` counts
    accounts per rule, most first, and `register` the register's faults per rule; `late_snapshots` is None when the
    register says nothing of snapshots. `faults` are, one by one, the profile faults and our
    accounts that took another handle.
    """

    registered: int
    watched: int
    accounts: int
    share: float | None
    by_rule: tuple[tuple[str, int], ...]
    register: tuple[tuple[str, int], ...]
    late_snapshots: int | None
    faults: tuple[Fault, ...]


class UnusualDay(Record):
    """A day with clearly more mentions than its own past: a pattern to look at, not an accusation."""

    day: date
    mentions: int
    median: float


class DayCount(Record):
    """Mentions logged for one day of the week."""

    day: date
    mentions: int


class Mentions(Record):
    """What was said: this week against the median of the up to twelve weeks before it (`weeks` says how many).

    `week` is None when nothing was ever logged: that is no zero.
    """

    week: int | None
    median: float | None
    weeks: int
    days: tuple[DayCount, ...]
    by_query: tuple[tuple[str, int], ...]
    by_source: tuple[tuple[str, int], ...]
    unusual: tuple[UnusualDay, ...]


class Side(Record):
    """One half of the comparison. Addresses of suspects are defanged; None is unknown or withheld."""

    platform: str
    name: str | None
    handle: str | None
    address: str | None
    unit: str | None = None


class StormLine(Record):
    """An unusual pattern that began in the week, in what one saved query finds; `reasons` are English sentences.

    Its figures are those of the whole pattern, so far as it is known; `ended_at` is None while it goes on.
    """

    query: str
    started_at: datetime
    ended_at: datetime | None
    count: int
    expected: float
    peak: int
    writers: int
    new_writers: int | None
    threats: int
    reasons: tuple[str, ...]


class CaseLine(Record):
    """A flagged account beside the registered one it is nearest to.

    `reasons` are (feature, sentence). An employee's account stands here by number alone: no name, handle, address
    or reason, because a handle is most often the person's name. An unclear one, which may be a private person's,
    keeps its handle but not its display name.
    """

    number: int
    verdict: Verdict
    unit_kind: str | None
    state: State
    score: float
    open_days: int
    is_new: bool
    since_week: bool
    observation: str
    suspect: Side
    registered: Side | None
    reasons: tuple[tuple[str, str], ...] = ()
    snapshots: int = 0  # taken before the week's end
    last_snapshot: datetime | None = None


class After(Record):
    """The first run after the week: what it found is in no figure above, and too fresh to wait a week for."""

    run: RunLine
    complete: bool
    new: int
    impostors: int


class TrendPoint(Record):
    """Open cases at the end of one week."""

    week: str
    open: int
    impostors: int


class Owed(Record):
    """Questions to us that nobody has answered, `late` of them past a day of office hours; and accounts of ours.

    `unwatched` of the `accounts` were not looked at in the last `days`.
    """

    unanswered: int
    late: int
    accounts: int
    unwatched: int
    days: int


class Cooling(Record):
    """A decision that one person took alone: until then nothing should be sent, and it can be taken back."""

    case: int
    state: State
    decided_at: datetime
    until: datetime


class Alone(Record):
    """Decisions of the week that take two people, taken by one; `cooling` are those that stand and cool off at its end.

    `hours` is how long each does.
    """

    decisions: int
    hours: int
    cooling: tuple[Cooling, ...]


class Ending(Record):
    """A token of another system that ends soon."""

    name: str
    ends_at: datetime


class Weekly(Record):
    """Everything one week's report says. Holds no time but those of the runs, so equal stores give equal reports.

    `rows` are the five kinds that every report has counted since the Postal Service's; `others` the kinds it had not.
    """

    organisation: str
    week: Period
    coverage: Coverage
    rows: tuple[Row, ...]
    others: tuple[Row, ...]
    returned: int
    waiting: int
    profiles: Profiles | None
    mentions: Mentions
    cases: tuple[CaseLine, ...]
    untold: int
    after: After | None
    trend: tuple[TrendPoint, ...]
    storms: tuple[StormLine, ...] = ()
    owed: Owed | None = None
    alone: Alone | None = None  # None where listener.toml asks for four eyes
    assessment: str | None = None  # that listening rests on; "": none is named, None: nothing is listened for
    ending: tuple[Ending, ...] = ()

    @property
    def nothing_new(self) -> bool:
        """True when no case was opened or came back in the week: the heartbeat."""
        return not self.returned and not any(row.new for row in (*self.rows, *self.others))
