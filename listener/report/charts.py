"""Small bar charts as inline SVG: no script, every bar with its number, and a sentence for those who cannot see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

SLOT, GAP = 46, 12  # a bar and the air beside it, in SVG units
TALL, HEAD, FOOT = 96, 20, 22  # the bars' room, and that of the numbers above and the labels below
LEAST = 2.0  # a bar that stands for something is never invisible

CHART = Markup(
    '<svg class="chart" viewBox="0 0 {width} {height}" preserveAspectRatio="xMinYMax meet" role="img" '
    'aria-labelledby="{id}-title {id}-words">'
    '<title id="{id}-title">{title}</title><desc id="{id}-words">{words}</desc>'
    '<line class="base" x1="0" x2="{width}" y1="{floor}" y2="{floor}"/>{bars}{line}</svg>'
)
BAR = Markup(
    '<rect class="bar" x="{x}" y="{y}" width="{wide}" height="{tall}" rx="2"/>{part}'
    '<text class="count" x="{middle}" y="{over}">{count}</text>'
    '<text class="tick" x="{middle}" y="{under}">{label}</text>'
)
PART = Markup('<rect class="part" x="{x}" y="{y}" width="{wide}" height="{tall}" rx="2"/>')
LINE = Markup('<line class="median" x1="0" x2="{width}" y1="{y}" y2="{y}"/>')


class Bar(NamedTuple):
    """One bar: its label, its value, the number as people read it, and the darker part of it, if any."""

    label: str
    value: float
    shown: str
    part: float = 0


def bars(name: str, title: str, words: str, values: Sequence[Bar], median: float | None = None) -> Markup:
    """A chart named `name` (its id on the page); `words` say what it shows, `median` draws a dashed line."""
    top = max([bar.value for bar in values] + [median or 0.0, 1.0])
    width = SLOT * len(values)
    floor = HEAD + TALL
    level = round(floor - TALL * median / top, 1) if median else None
    return CHART.format(
        id=name,
        width=width,
        height=HEAD + TALL + FOOT,
        floor=floor,
        title=title,
        words=words,
        bars=Markup("").join(draw(number, bar, top) for number, bar in enumerate(values)),
        line=LINE.format(width=width, y=level) if level is not None else "",
    )


def draw(number: int, bar: Bar, top: float) -> Markup:
    x, wide = number * SLOT + GAP // 2, SLOT - GAP
    floor = HEAD + TALL
    tall = height(bar.value, top)
    inner = height(bar.part, top)
    return BAR.format(
        x=x,
        y=round(floor - tall, 1),
        wide=wide,
        tall=tall,
        part=PART.format(x=x, y=round(floor - inner, 1), wide=wide, tall=inner) if inner else "",
        middle=x + wide // 2,
        over=round(floor - tall - 6, 1),
        under=floor + FOOT - 6,
        count=bar.shown,
        label=bar.label,
    )


def height(value: float, top: float) -> float:
    return round(max(TALL * value / top, LEAST), 1) if value else 0.0
