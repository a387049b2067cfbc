"""The weekly report as one HTML file that needs nothing else: no script, no font, no image from anywhere."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from listener.report import charts, labels, wording
from listener.report.changes import row_of
from listener.report.charts import Bar
from listener.report.ending import ending_sentence
from listener.report.records import CaseLine, Weekly
from listener.report.text import basis, unwatched
from listener.report.wording import Words
from listener.terminal import plain

TEMPLATES = Path(__file__).parent / "templates"


def render_html(report: Weekly, language: str) -> str:
    """The whole page, in one language."""
    words = Words(language)
    page = environment(words).get_template("weekly.html")
    return page.render(
        report=report,
        words=words,
        groups=grouped(report.cases),
        trend=trend_chart(report, words),
        mention_chart=mention_chart(report, words),
    )


def environment(words: Words) -> Environment:
    """Templates with every text escaped and the words of one language."""
    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    found.install_gettext_callables(words.say, words.many, newstyle=False)  # type: ignore[attr-defined]
    found.globals.update(
        labels=labels, wording=wording, unwatched=unwatched, basis=basis, ending_sentence=ending_sentence
    )
    return found


def shown(value: object) -> object:
    """What a template prints: in text, signs that nobody sees are written out."""
    if not isinstance(value, str) or isinstance(value, Markup) or value.isprintable():
        return value
    return plain(value)


def grouped(cases: tuple[CaseLine, ...]) -> list[tuple[str, list[CaseLine]]]:
    """The cases under the rows of the table they are counted in; they come sorted so."""
    return [(kind, list(lines)) for kind, lines in groupby(cases, lambda line: row_of(line.verdict, line.unit_kind))]


def trend_chart(report: Weekly, words: Words) -> Markup | None:
    """Open cases at the end of each week; None while there is only one."""
    _ = words.say
    if len(report.trend) < 2:
        return None
    values = [
        Bar(_("w. {number}").format(number=int(point.week[-2:])), point.open, words.number(point.open), point.impostors)
        for point in report.trend
    ]
    first, last = report.trend[0], report.trend[-1]
    told = _("From {before} open cases in {first} to {now} in {last}.").format(
        before=first.open, first=first.week, now=last.open, last=last.week
    )
    return charts.bars("trend", _("Open cases at the end of each week"), told, values)


def mention_chart(report: Weekly, words: Words) -> Markup | None:
    """Mentions per day of the week; None when nothing was logged."""
    _ = words.say
    if not report.mentions.week:
        return None
    values = [
        Bar(_(labels.DAYS[day.day.weekday()])[:3], day.mentions, words.number(day.mentions))
        for day in report.mentions.days
    ]
    usual = report.mentions.median
    return charts.bars(
        "mentions-chart",
        _("Mentions per day"),
        ", ".join(f"{bar.label} {bar.shown}" for bar in values),
        values,
        usual / 7 if usual else None,
    )
