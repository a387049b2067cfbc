"""The picture as one HTML page that needs nothing else and prints on paper."""

from __future__ import annotations

from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader
from markupsafe import Markup

from listener.clock import local
from listener.crisis import telling
from listener.crisis.records import Picture
from listener.report import charts
from listener.report.charts import Bar
from listener.report.html import TEMPLATES as REPORT
from listener.report.html import environment
from listener.report.wording import Words

TEMPLATES = Path(__file__).parent / "templates"
DAY_MINUTES = 24 * 60


def render_html(picture: Picture, language: str) -> str:
    """The whole page, in one language."""
    words = Words(language)
    page = pages(words).get_template("picture.html")
    return page.render(picture=picture, words=words, telling=telling, chart=chart(picture, words))


def pages(words: Words) -> Environment:
    """The report's environment, with this room's templates before its own."""
    found = environment(words)
    found.loader = ChoiceLoader([FileSystemLoader(TEMPLATES), FileSystemLoader(REPORT)])
    return found


def chart(picture: Picture, words: Words) -> Markup | None:
    """The posts over time; None when there are none."""
    if not picture.amount.posts:
        return None
    values = []
    day = None
    for bucket in picture.trend:
        here = local(bucket.start)
        label = (
            f"{here:%H}" if here.date() == day and picture.step_minutes < DAY_MINUTES else f"{here.day}/{here.month}"
        )
        day = here.date()
        values.append(Bar(label, bucket.posts, words.number(bucket.posts) if bucket.posts else ""))
    return charts.bars("trend", words.say("Posts over time"), chart_words(picture, words), values)


def chart_words(picture: Picture, words: Words) -> str:
    """The chart for those who cannot see it: when there was most, and how it stands now."""
    most = max(picture.trend, key=lambda bucket: bucket.posts)
    last = picture.trend[-1]
    return words.say("Most in the {hours} hours from {moment}: {count}. Latest: {last}.").format(
        hours=words.number(picture.step_minutes / 60),
        moment=words.moment(most.start),
        count=words.number(most.posts),
        last=words.number(last.posts),
    )
