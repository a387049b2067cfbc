"""What verdicts, states, rules and reasons are called, and how numbers and dates are written, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time

from listener.clock import local
from listener.language import N_, _
from listener.registry_check import TITLES
from listener.report.defang import plain
from listener.sentences import PLATFORMS

Say = Callable[[str], str]

VERDICTS = {
    "official": N_("official account"),
    "official_changed": N_("own account that changed"),
    "unapproved_unit": N_("unapproved unit account"),
    "employee_official": N_("employee speaking officially"),
    "impostor": N_("impostor"),
    "lookalike_site": N_("look-alike site"),
    "parody": N_("parody"),
    "fan_or_citizen_group": N_("fan or citizen group"),
    "auto_place_page": N_("automatic place page"),
    "namesake": N_("namesake"),
    "unrelated": N_("unrelated"),
    "unclear": N_("unclear: a person must look"),
}
ROWS = {
    "local_office": N_("Local offices"),
    "department": N_("Departments"),
    "team": N_("Teams and projects"),
    "unit": N_("Units of unknown kind"),
    "employee_official": N_("Employees in official role"),
    "impostor": N_("Suspected impostors"),
    "lookalike_site": N_("Look-alike sites"),
    "official_changed": N_("Own accounts that changed"),
    "unclear": N_("Unclear"),
}
UNITS = {
    "local_office": N_("local office"),
    "department": N_("department"),
    "team": N_("team"),
    "unit": N_("unit"),
}
STATES = {
    "new": N_("new"),
    "triage": N_("being looked at"),
    "confirmed": N_("confirmed"),
    "action": N_("action taken"),
    "resolved": N_("resolved"),
    "dismissed": N_("dismissed"),
    "watching": N_("watched"),
    "registered": N_("registered"),
    "regressed": N_("has come back"),
}
OBSERVATIONS = {
    "seen": N_("seen in the last run"),
    "not_checked": N_("could not be checked in the last run"),
    "gone": N_("gone in two complete runs"),
}
COMPLETENESS = {
    "complete": N_("complete"),
    "truncated": N_("in part"),
    "quota": N_("in part: the quota was used up"),
    "unavailable": N_("not available"),
}
RULES = {
    "P1": N_("The organisation's name stands in name and description"),
    "P2": N_("The official logo is the profile picture"),
    "P3": N_("An own symbol comes with the prescribed sentence"),
    "P4": N_("A link leads to the unit's page on our site"),
    "platform": N_("The platform is among the allowed ones"),
}
SOURCES = {
    "website": N_("Own web site"),
    "feeds": N_("News feeds"),
    "tips": N_("Tips and imports"),
    "oembed": "oEmbed",
    "websearch": N_("Web search"),
    "wikidata": "Wikidata",
    "skolverket": N_("Skolverket's register"),
    "gdelt": "GDELT",
    "googlenews": "Google News",
    "hackernews": "Hacker News",
    "certificates": N_("Certificates"),
    "zone": N_("The .se and .nu zones"),
    "dns": N_("Look-alike domains in the DNS"),
    "rdap": N_("Domain registrations"),
    "probe": N_("Likely handles on other sites"),
    "lookalike": N_("Look-alike sites"),
    "claims": N_("Pages that show our name"),
}
UNSEARCHED = {
    "gated": N_("Not asked until its terms are accepted in listener.toml. Take in tips."),
    "no_search": N_("The platform has no search that others may use. Take in tips."),
    "unbuilt": N_("There is no connector for it yet. Take in tips."),
    "off": N_("The source is off in listener.toml."),
    "not_run": N_("The source is on, but was not run this week."),
}
MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"), N_("August"),
    N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip
DAYS = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip


def label(table: dict[str, str], key: str, say: Say = _) -> str:
    """What a key is called; the key itself, made readable, when it has no name."""
    return say(table[key]) if key in table else key.replace("_", " ")


def verdict_label(verdict: str, say: Say = _) -> str:
    """What a verdict is called."""
    return label(VERDICTS, verdict, say)


def state_label(state: str, say: Say = _) -> str:
    """What a review state is called."""
    return label(STATES, state, say)


def rule_label(rule: str, say: Say = _) -> str:
    """What is wrong in the register, in a few words; a profile rule goes by its number."""
    return label(TITLES, rule, say)


def platform_label(platform: str, say: Say = _) -> str:
    """What a platform calls itself."""
    return label(PLATFORMS, platform, say) if platform in PLATFORMS else plain(platform).replace("_", " ").capitalize()


def source_label(source: str, say: Say = _) -> str:
    """What a source is called; `bluesky:posts` is Bluesky asked for what is said."""
    name, asked, _posts = source.partition(":posts")
    if asked:
        return say(N_("{source}: what is said")).format(source=source_label(name, say))
    return label(SOURCES, source, say) if source in SOURCES else platform_label(source, say)


def unsearched(reason: str, why: str, through: Sequence[str], say: Say = _) -> str:
    """Why nobody looked at a platform: the sources that showed a part of it, its own ground, and the reason."""
    told = [label(UNSEARCHED, reason, say)]
    if why:
        told.insert(0, f"{say(why)}.")
    if through:
        names = ", ".join(source_label(name, say) for name in through)
        told.insert(0, say(N_("Seen in part only, through: {names}.")).format(names=names))
    return " ".join(told)


def number(value: float, language: str) -> str:
    """12, 1 234, 7,5 in Swedish; 12, 1,234, 7.5 in English. No decimals when there are none to show."""
    text = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
    return text.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",") if language == "sv" else text


def percent(share: float, language: str) -> str:
    """7,7 % in Swedish, 7.7% in English."""
    text = number(round(share * 100, 1), language)
    return f"{text}\N{NO-BREAK SPACE}%" if language == "sv" else f"{text}%"


def day(when: date, say: Say, *, year: bool = False) -> str:
    """22 November, or 22 November 2026."""
    text = f"{when.day} {say(MONTHS[when.month - 1])}"
    return f"{text} {when.year}" if year else text


def days_between(first: date, last: date, say: Say) -> str:
    """16–22 November 2026; 28 December 2026–3 January 2027."""
    if first.year != last.year:
        return f"{day(first, say, year=True)}–{day(last, say, year=True)}"
    if first.month != last.month:
        return f"{day(first, say)}–{day(last, say, year=True)}"
    return f"{first.day}–{day(last, say, year=True)}"


def moment(when: datetime, say: Say, *, year: bool = False) -> str:
    """Monday 23 November 06:30, by Swedish time; with the year where it is not plain from the rest."""
    here = local(when)
    return f"{say(DAYS[here.weekday()])} {day(here.date(), say, year=year)} {here:%H:%M}"


def until(when: datetime, say: Say) -> str:
    """The end of something that was given a day, Monday 22 November 2027; with the hour when it is not midnight."""
    here = local(when)
    if here.time() != time():
        return moment(when, say, year=True)
    return f"{say(DAYS[here.weekday()])} {day(here.date(), say, year=True)}"
