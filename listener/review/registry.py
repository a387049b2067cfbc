"""The register of official accounts: who answers for each, what is wrong with it, and when somebody looked at it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import NamedTuple

from flask import abort, g, request, url_for

from listener.answers.settings import read_duties
from listener.answers.supervision import names, official
from listener.language import _
from listener.models import Entry, Fault, Record, Status
from listener.registry_check import TITLES
from listener.report import labels
from listener.report.weekly import last_seen
from listener.review.columns import STATUSES, cell, column_name
from listener.review.register import entries, health, register
from listener.review.shown import page
from listener.sentences import in_language
from listener.store.faults import load_faults
from listener.store.register_page import faults_of, last_audits, looked_at, looks_of
from listener.urls import url_key

A_PAGE = 100
LONGEST = 500
HISTORY, LOOKS = 100, 50
FAULTS, LATE = "faults", "late"


class Wish(Record, frozen=True):
    """What rows are asked for; empty is any. `only` is `faults` or `late`."""

    platform: str = ""
    unit: str = ""
    status: str = ""
    text: str = ""
    only: str = ""


class Row(NamedTuple):
    """An account with what is wrong with its row and with its profile; `late`: nobody looked at it in time."""

    entry: Entry
    row: tuple[Fault, ...]
    profile: tuple[Fault, ...]
    late: bool


def show() -> str:
    """One page of the register."""
    wish = Wish(**{name: request.args.get(name, "").strip()[:LONGEST] for name in Wish.__struct_fields__})
    given = request.args.get("first", "")
    first = int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 0
    rows = [row for row in told() if fits(row, wish)]
    return page(
        "registry.html",
        wish=wish,
        rows=rows[first : first + A_PAGE],
        found=len(rows),
        first=first,
        before=address(wish, first - A_PAGE) if first else "",
        after=address(wish, first + A_PAGE) if first + A_PAGE < len(rows) else "",
        whole=health().get("", []),
        platforms=sorted({entry.platform for entry in entries()}),
        statuses=list(Status),
        status=status_name,
        title=fault_title,
        short=in_short,
    )


def account() -> str:
    """One account: its row, what is and was wrong with it, who looked at it."""
    wanted = url_key(request.args.get("url", "")[:LONGEST])
    row = next((row for row in told() if url_key(row.entry.url) == wanted), None)
    if row is None:
        abort(404)
    entry = row.entry
    return page(
        "registered.html",
        row=row,
        entry=entry,
        columns=[
            (column_name(name), cell(name, text)) for name in register().columns if (text := entry.columns.get(name))
        ],
        history=faults_of(g.store, entry.url, HISTORY),
        looks=looks_of(g.store, entry.platform, entry.platform_id, entry.url, LOOKS),
        days=read_duties(g.config).supervision_days,
        status=status_name,
        title=fault_title,
        asks=lambda rule: labels.label(labels.RULES, rule, g.words.say) if rule in labels.RULES else "",
    )


def told() -> list[Row]:
    """Every row of the register with its faults."""
    wrong, profile, seen = health(), profile_faults(), in_time()
    watched = {entry.line for entry in official(entries())}
    return [
        Row(
            entry=entry,
            row=tuple(wrong.get(entry.url, ())),
            profile=tuple(profile.get(entry.url, ())),
            late=entry.line in watched and not seen & set(names(entry.platform, entry.platform_id, entry.url)),
        )
        for entry in entries()
    ]


def profile_faults() -> dict[str, list[Fault]]:
    """Profile faults by address, of each platform as it was last seen: a source that failed takes nothing back."""
    audits = last_audits(g.store)
    if not audits:
        return {}
    seen, last = last_seen(g.store, audits, {}), audits[-1].id
    platform: Mapping[str, str] = {entry.url: entry.platform for entry in entries()}
    found: dict[str, list[Fault]] = {}
    for run in {*seen.values(), last}:
        for fault in load_faults(g.store, run):
            if fault.rule not in TITLES and run == seen.get(platform.get(fault.url, ""), last):
                found.setdefault(fault.url, []).append(fault)
    return found


def in_time() -> set[str]:
    """What the accounts are known by that somebody looked at within the days that we have promised."""
    since = g.now - timedelta(days=read_duties(g.config).supervision_days)
    return {name for looked in looked_at(g.store, since) for name in names(*looked)}


def fits(row: Row, wish: Wish) -> bool:
    entry, text = row.entry, wish.text.casefold()
    said = (entry.url, entry.handle, entry.display_name, entry.unit, entry.owner_email)
    return (
        wish.platform in ("", entry.platform)
        and wish.status in ("", entry.status)
        and wish.unit.casefold() in entry.unit.casefold()
        and (not text or any(text in (value or "").casefold() for value in said))
        and (wish.only != FAULTS or bool(row.row or row.profile))
        and (wish.only != LATE or row.late)
    )


def address(wish: Wish, first: int) -> str:
    asked = {name: getattr(wish, name) for name in Wish.__struct_fields__ if getattr(wish, name)}
    return url_for("registry", _external=False, **asked, first=first if first > 0 else None)


def status_name(status: Status) -> str:
    return _(STATUSES[status])


def fault_title(rule: str) -> str:
    """What is wrong in the register, in a few words; of a profile the number of the rule that it breaks."""
    return rule if rule in labels.RULES else labels.rule_label(rule, g.words.say)


def in_short(faults: Iterable[Fault]) -> list[str]:
    """What is wrong, each thing once: of a profile what was seen, of the row what it lacks."""
    told = (
        in_language(each.detail, g.words.say) if each.rule in labels.RULES else fault_title(each.rule)
        for each in faults
    )
    return list(dict.fromkeys(told))
