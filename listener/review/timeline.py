"""How much was said when, as bars that are told in words too; unusual patterns marked where they went on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from flask import g
from markupsafe import Markup

from listener.clock import HOME, local
from listener.language import _
from listener.report import labels
from listener.sentences import in_language
from listener.store.mention_course import Stretch
from listener.store.mention_page import MOST_TOLD
from listener.store.mention_rows import EPOCH
from listener.store.storms import Storm
from listener.storms.reasons import TEMPLATES

DAYS = 30  # that are shown when nobody says since when
MOST_BARS = 31
SLOT, GAP, TALL, HEAD = 12, 2, 60, 10  # in SVG units

CHART = Markup(
    '<svg class="course" viewBox="0 0 {width} {height}" preserveAspectRatio="none" role="img" '
    'aria-labelledby="course-title course-words"><title id="course-title">{title}</title>'
    '<desc id="course-words">{words}</desc>{bars}'
    '<line class="base" x1="0" x2="{width}" y1="{height}" y2="{height}"/></svg>'
)
BAR = Markup('<rect class="{kind}" x="{x}" y="{y}" width="{wide}" height="{tall}"/>')
MARK = Markup('<path class="mark" d="M{left} 0h{wide}l-{half} {deep}z"/>')


class Told(NamedTuple):
    """A stretch as it is told: its name, how many as people write it, and whether something unusual went on in it."""

    name: str
    mentions: str
    unusual: bool


class Blown(NamedTuple):
    """A storm in words: its title, why it is one, and where its posts are (two moments as the filters take them)."""

    title: str
    reasons: tuple[str, ...]
    query: str
    since: str
    until: str


def edges_of(since: datetime | None, until: datetime | None, now: datetime) -> list[datetime]:
    """The beginnings of at most MOST_BARS stretches of whole Swedish days, and where the last of them ends."""
    end = max(min(until or now, now), EPOCH) + timedelta(seconds=1)
    first = local(max(min(since, end), EPOCH) if since else end - timedelta(days=DAYS - 1)).date()
    days = (local(end).date() - first).days + 1
    step = -(-days // MOST_BARS)
    starts = [midnight(first + timedelta(days=at)) for at in range(0, days, step)]
    return [*(start for start in starts if start < end), end]


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), HOME)


def drawn(stretches: Sequence[Stretch], storms: Sequence[Storm]) -> Markup:
    """The bars; a stretch that was not counted has none, and one with something unusual a mark above it."""
    top = max((one.mentions or 0 for one in stretches), default=0) or 1
    parts = [bar(number, one, top, unusual(one, storms)) for number, one in enumerate(stretches)]
    return CHART.format(
        width=SLOT * len(stretches),
        height=HEAD + TALL,
        title=_("Mentions over time"),
        words=in_words(stretches, storms),
        bars=Markup("").join(parts),
    )


def bar(number: int, one: Stretch, top: int, marked: bool) -> Markup:
    x, wide = number * SLOT + GAP // 2, SLOT - GAP
    if one.mentions is None:
        drawing = BAR.format(kind="unknown", x=x, y=HEAD + TALL - 2, wide=wide, tall=2)
    else:
        tall = round(max(TALL * min(one.mentions, top) / top, 1.5), 1) if one.mentions else 0
        drawing = BAR.format(kind="bar", x=x, y=round(HEAD + TALL - tall, 1), wide=wide, tall=tall)
    return drawing + (MARK.format(left=x, wide=wide, half=wide // 2, deep=HEAD - 3) if marked else Markup(""))


def unusual(one: Stretch, storms: Sequence[Storm]) -> bool:
    return any(storm.started_at < one.end and (storm.ended_at or storm.last_at) >= one.start for storm in storms)


def in_words(stretches: Sequence[Stretch], storms: Sequence[Storm]) -> str:
    """The chart in a sentence or two: the most, the latest, what was not counted, what was unusual."""
    counted = [one for one in stretches if one.mentions is not None]
    if not any(one.mentions for one in counted):
        said = [_("No mentions in this time.")]
    else:
        most = max(counted, key=lambda one: one.mentions or 0)
        told = _("Most from {day}: {count}. Latest: {last}.")
        said = [told.format(day=called(most), count=shown(most), last=shown(counted[-1]))]
    if len(counted) < len(stretches):
        said.append(_("Before {day} nothing was counted: ask for a shorter time.").format(day=day_of(counted[0])))
    if marked := [day_of(one) for one in stretches if unusual(one, storms)]:
        said.append(_("Something unusual went on: {days}.").format(days=", ".join(marked[:8])))
    return " ".join(said)


def rows(stretches: Sequence[Stretch], storms: Sequence[Storm]) -> list[Told]:
    """The same as a table, the newest first."""
    told = [Told(called(one), shown(one), unusual(one, storms)) for one in stretches]
    return told[::-1]


def called(one: Stretch) -> str:
    """16 November; 16–22 November 2026 for a stretch of several days."""
    last = local(one.end - timedelta(seconds=1)).date()
    first = local(one.start).date()
    return day_of(one) if first == last else labels.days_between(first, last, g.words.say)


def day_of(one: Stretch) -> str:
    return labels.day(local(one.start).date(), g.words.say)


def shown(one: Stretch) -> str:
    """A count as people write it; more than MOST_TOLD is not counted on."""
    if one.mentions is None:
        return _("not counted")
    return at_most(one.mentions, MOST_TOLD)


def at_most(count: int, most: int) -> str:
    """1,234; more than 10,000."""
    if count > most:
        return _("more than {count}").format(count=g.words.number(most))
    return str(g.words.number(count))


def told_storms(storms: Sequence[Storm], names: dict[str, str]) -> list[Blown]:
    """Each storm in words, the latest first; `names` are the names of saved queries by the text the log knows."""
    return [told_storm(storm, names) for storm in sorted(storms, key=lambda storm: storm.started_at, reverse=True)]


def told_storm(storm: Storm, names: dict[str, str]) -> Blown:
    query = names.get(storm.query, "")
    start = g.words.moment(storm.started_at, year=True)
    if storm.ended_at is None:
        title = _("{query}: since {start}, and it goes on").format(query=query or storm.query, start=start)
    else:
        told = _("{query}: from {start} to {end}")
        title = told.format(query=query or storm.query, start=start, end=g.words.moment(storm.ended_at, year=True))
    return Blown(
        title=title,
        reasons=tuple(in_language(sentence, g.words.say, TEMPLATES) for sentence in storm.reasons),
        query=query,
        since=stamp(storm.started_at),
        until=stamp(storm.ended_at or storm.last_at),
    )


def stamp(when: datetime) -> str:
    """A moment as a filter takes it, by Swedish time."""
    return local(when).isoformat(timespec="minutes")
