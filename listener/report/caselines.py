"""Each flagged account beside the registered one it is nearest to, with nothing in it that names a private person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from listener.models import Account, Asks, Case, Entry, Finding, Verdict
from listener.report.changes import IMPOSTORS, UNIT_ROWS, Standing, days
from listener.report.defang import defang, defang_host, defang_text, plain
from listener.report.records import CaseLine, Side
from listener.urls import host, on_site, url_key

MOST_REASONS = 4
# Verdicts whose accounts speak for an organisation or pretend to: their names may be shown. Of an employee nothing
# is shown; an unclear account may be a private person's and shows no display name.
NAMED = frozenset({*IMPOSTORS, Verdict.UNAPPROVED_UNIT, Verdict.OFFICIAL_CHANGED})
ORDER = (
    Verdict.IMPOSTOR,
    Verdict.LOOKALIKE_SITE,
    Verdict.OFFICIAL_CHANGED,
    Verdict.UNAPPROVED_UNIT,
    Verdict.EMPLOYEE_OFFICIAL,
    Verdict.UNCLEAR,
)


class Ours(NamedTuple):
    """What is ours and may be shown as it is: our name and domains, and the register by address."""

    name: str
    domains: tuple[str, ...]
    entries: Mapping[str, Entry]

    @classmethod
    def of(cls, name: str, domains: Sequence[str], entries: Iterable[Entry]) -> Ours:
        return cls(name, tuple(domains), {url_key(entry.url): entry for entry in entries})


class Marks(NamedTuple):
    """What the week says of a case: opened within it, or in the first run after it; how often it was kept, and when."""

    is_new: bool
    since_week: bool
    snapshots: int = 0
    last_snapshot: datetime | None = None


def read_case(case: Case, standing: Standing, marks: Marks, until: datetime, ours: Ours) -> CaseLine:
    """One line of the report. `until` is the moment ages are counted to."""
    shown = standing.verdict is not Verdict.EMPLOYEE_OFFICIAL
    return CaseLine(
        number=case.id,
        verdict=standing.verdict,
        unit_kind=standing.row if standing.verdict is Verdict.UNAPPROVED_UNIT else None,
        state=standing.state,
        score=round(case.finding.score, 2),
        open_days=days(standing.since, until),
        is_new=marks.is_new,
        since_week=marks.since_week,
        snapshots=marks.snapshots,
        last_snapshot=marks.last_snapshot,
        observation=case.observation.value,
        suspect=suspect(case, standing.verdict, ours),
        registered=registered(case.finding, ours) if shown else None,
        reasons=reasons(case, standing.verdict, ours) if shown else (),
    )


def order(line: CaseLine) -> tuple[int, int, bool, float, int]:
    """Gravest first, units by kind as in the table; then new, then strongest."""
    grave = ORDER.index(line.verdict) if line.verdict in ORDER else len(ORDER)
    kind = UNIT_ROWS.index(line.unit_kind) if line.unit_kind in UNIT_ROWS else len(UNIT_ROWS)
    return grave, kind, not (line.is_new or line.since_week), -line.score, line.number


def suspect(case: Case, verdict: Verdict, ours: Ours) -> Side:
    """The flagged account as it may be shown, with the unit it seems to be of when it is one of ours."""
    account = case.account
    if verdict is Verdict.EMPLOYEE_OFFICIAL:
        return Side(platform=account.platform, name=None, handle=None, address=None)
    name = account.display_name if verdict in NAMED else None
    unit = case.finding.unit if verdict is Verdict.UNAPPROVED_UNIT and case.finding.unit != ours.name else None
    return Side(
        platform=account.platform,
        name=plain(name) if name else None,
        handle=safe_handle(account),
        address=defang(account.url) if account.url else None,
        unit=plain(unit) if unit else None,
    )


def safe_handle(account: Account) -> str | None:
    """The handle; one that is an address itself (a site, a Bluesky name) is defanged."""
    if not account.handle:
        return None
    handle = plain(account.handle)
    return defang_host(handle) if account.platform in ("web", "bluesky") else handle


def registered(finding: Finding, ours: Ours) -> Side | None:
    """The nearest registered account, with the name the register gives it."""
    nearest = finding.nearest
    if nearest is None:
        return None
    entry = ours.entries.get(url_key(nearest.url))
    return Side(
        platform=nearest.platform,
        name=entry.display_name if entry else None,
        handle=nearest.handle,
        address=nearest.url,
        unit=nearest.unit,
    )


def reasons(case: Case, verdict: Verdict, ours: Ours) -> tuple[tuple[str, str], ...]:
    """The strongest signals as (feature, sentence), what shows pretence before what shows a claim; safe to show."""
    ranked = sorted(case.finding.signals, key=lambda signal: (signal.asks is not Asks.POSES, -signal.score))
    strongest = list({signal.detail: signal for signal in ranked}.values())[:MOST_REASONS]
    hosts = foreign_hosts(case.account, ours.domains)
    name = case.account.display_name if verdict not in NAMED else None
    return tuple((signal.feature, defang_text(without(signal.detail, name), hosts)) for signal in strongest)


def without(sentence: str, name: str | None) -> str:
    return sentence.replace(name, "…") if name else sentence


def foreign_hosts(account: Account, domains: tuple[str, ...]) -> frozenset[str]:
    """Sites this account is or links to, those of our own left out."""
    urls = [*(account.links or ())]
    if account.platform == "web":
        urls += [account.url or "", account.handle or ""]
    return frozenset(name for url in urls if (name := host(url)) and not on_site(url, domains))
