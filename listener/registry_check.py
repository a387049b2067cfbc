"""The health of the register itself: who answers for each account, who can log in, what is overdue."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache

from listener.language import N_
from listener.models import Entry, Fault, LinkKind, Status
from listener.profiles import Link, account_key
from listener.registry import Registry
from listener.registry_read import is_profile_of
from listener.urls import on_site

# rule (the column it reads, where it reads one) -> what is wrong, in a few words; these and the hints are message ids
TITLES = {
    "owner_role": N_("no owner role"),
    "deputy_email": N_("no deputy on the organisation's domain"),
    "login_holders": N_("fewer than two people can log in"),
    "approved_by": N_("no approval decision"),
    "review_by": N_("review is due"),
    "listed_on": N_("not listed on the official site"),
    "owner_email": N_("owner's mailbox outside the official domains"),
    "last_snapshot_on": N_("no snapshot in six months"),
    "duplicate": N_("the account stands twice"),
    "address": N_("the address is no profile"),
    "handle": N_("handle and address name two accounts"),
    "dead_link": N_("our site links to a name that nobody has"),
    "dead_domain": N_("the account leads to a domain that nobody holds"),
    "renamed": N_("the account has another handle than the row says"),
}
SNAPSHOT_MONTHS = 6
LOGIN_HOLDERS = 2

Found = tuple[str, str]  # detail with the value seen, hint
Check = Callable[[str, date], Found | None]


def registry_health(registry: Registry, domains: Sequence[str], today: date) -> list[Fault]:
    """Faults of the register, row by row: only rows in use (approved or pending) are asked who answers for them.

    A column that the register lacks altogether is one fault, without address. `domains` are the organisation's own;
    without any, mailboxes and pages are not judged.
    """
    missing = [column for column in CHECKS if column not in registry.columns]
    asked = {column: check for column, check in CHECKS.items() if column not in missing}
    ours = cache(lambda place: on_site(place, domains)) if domains else None  # few places stand on many rows
    faults = [_absent(column) for column in missing]
    for entry, link in zip(registry.entries, registry.links, strict=True):
        if entry.status in (Status.APPROVED, Status.PENDING):
            faults += _row(entry, asked, today, ours)
        faults += _address(entry, link)
    faults += (_duplicate(first, again) for first, again in registry.duplicates)
    return faults


def _absent(column: str) -> Fault:
    return Fault(
        rule=column, url="", unit="", detail=f"the register has no column {column}", hint=N_("Add the column.")
    )


def _fault(rule: str, entry: Entry, detail: str, hint: str) -> Fault:
    return Fault(rule=rule, url=entry.url, unit=entry.unit, detail=detail, hint=hint)


def _row(entry: Entry, asked: Mapping[str, Check], today: date, ours: Callable[[str], bool] | None) -> Iterator[Fault]:
    for column, check in asked.items():
        if found := check(entry.columns.get(column, ""), today):
            yield _fault(column, entry, f"{column}: {found[0]}", found[1])
    if ours is None:
        return
    for column in ("owner_email", "deputy_email"):
        mailbox = entry.columns.get(column, "")
        if mailbox and not ours(mailbox.rpartition("@")[2]):
            hint = N_("Name a mailbox on the organisation's own domain.")
            yield _fault(column, entry, f"{column}: {mailbox.rpartition('@')[2]} is not ours", hint)
    page = entry.columns.get("listed_on", "")
    if "." in page and not ours(page):
        yield _fault(
            "listed_on", entry, f"listed_on: {page} is not on our site", N_("List the account on our own site.")
        )


def _owner(value: str, _today: date) -> Found | None:
    return None if value else ("empty", N_("Name the role that owns the account."))


def _deputy(value: str, _today: date) -> Found | None:
    return None if value else ("empty", N_("Name who stands in for the owner."))


def _logins(value: str, _today: date) -> Found | None:
    count = int(value) if value.isdecimal() else len([name for name in re.split(r"[,;|\n]", value) if name.strip()])
    enough = count >= LOGIN_HOLDERS
    return None if enough else (str(count), N_("Let at least two people be able to log in, and name their roles."))


def _approved(value: str, _today: date) -> Found | None:
    return None if value else ("empty", N_("Name who approved the account."))


def _review(value: str, today: date) -> Found | None:
    due = read_date(value)
    if due is not None and due >= today:
        return None
    return value or "empty", N_("Review the account and set the next review date (YYYY-MM-DD).")


def _listed(value: str, _today: date) -> Found | None:
    return None if value else ("empty", N_("List the account on our own site."))


def _snapshot(value: str, today: date) -> Found | None:
    taken = read_date(value)
    if taken is not None and today <= add_months(taken, SNAPSHOT_MONTHS):
        return None
    return value or "empty", N_("Take a snapshot and write down its date (YYYY-MM-DD).")


# column -> what it must hold
CHECKS: dict[str, Check] = {
    "owner_role": _owner,
    "deputy_email": _deputy,
    "login_holders": _logins,
    "approved_by": _approved,
    "review_by": _review,
    "listed_on": _listed,
    "last_snapshot_on": _snapshot,
}


def read_date(text: str) -> date | None:
    """The date in `2026-11-22` or at the head of an RFC 3339 time; None when there is none."""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or the last of a shorter month: 31 August + 6 is 28 February."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def _address(entry: Entry, link: Link) -> Iterator[Fault]:
    if not is_profile_of(link, entry.platform):
        said = link.platform if link.platform != entry.platform else link.kind.value
        hint = N_("Copy the address of the profile itself from the browser.")
        yield _fault("address", entry, f"url: {said}, not a {entry.platform} profile", hint)
        return
    handle = entry.columns.get("handle", "")
    if not handle or link.platform_id or link.kind is not LinkKind.PROFILE or link.space:
        return
    if account_key(entry.platform, handle) != link.key:
        yield _fault(
            "handle", entry, f"handle: {handle}, address: {link.handle}", N_("Correct the handle or the address.")
        )


def _duplicate(first: Entry, again: Entry) -> Fault:
    detail = f"line {again.line} repeats line {first.line}"
    return _fault("duplicate", again, detail, N_("Delete one of the two rows."))
