"""The register's columns and cells as people call them, and its faults without the paths and keys of files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from flask import g

from listener.errors import ListenerError
from listener.language import N_, _
from listener.models import Status
from listener.report import labels

NAMES = {
    "platform": N_("platform"),
    "url": N_("address"),
    "unit": N_("unit"),
    "status": N_("standing"),
    "owner_email": N_("mailbox of whoever owns it"),
    "platform_id": N_("id"),
    "handle": N_("handle"),
    "display_name": N_("name"),
    "unit_kind": N_("kind of unit"),
    "parent_unit": N_("unit above it"),
    "org_id": N_("organisation number"),
    "kind": N_("kind of account"),
    "purpose": N_("purpose"),
    "audience": N_("for whom"),
    "language": N_("language"),
    "owner_role": N_("role of whoever owns it"),
    "deputy_email": N_("mailbox of the deputy"),
    "login_holders": N_("who can log in"),
    "approved_by": N_("approved by"),
    "approved_on": N_("approved on"),
    "decision_ref": N_("number of the decision"),
    "listed_on": N_("listed on"),
    "website_link": N_("links to our page"),
    "avatar": N_("profile picture"),
    "own_symbol": N_("has a symbol of its own"),
    "min_posts_per_days": N_("posts at least every so many days"),
    "crisis_role": N_("role in a crisis"),
    "mfa": N_("two-factor log-in"),
    "review_by": N_("to be reviewed by"),
    "last_validated_on": N_("last validated on"),
    "last_snapshot_on": N_("last snapshot on"),
    "valid_from": N_("valid from"),
    "valid_to": N_("valid to"),
    "tags": N_("tags"),
    "notes": N_("notes"),
}
STATUSES = {
    Status.APPROVED: N_("approved"),
    Status.PENDING: N_("applied for, not approved"),
    Status.ARCHIVED: N_("archived"),
    Status.DEFENSIVE: N_("kept so that nobody else takes it"),
    Status.KNOWN_THIRD_PARTY: N_("known, somebody else's"),
    Status.PARODY_OK: N_("parody that may stand"),
    Status.IMPOSTOR_CONFIRMED: N_("an impostor, confirmed"),
}
FAULT = re.compile(r".{0,4096}?:(?P<line>\d{1,9}): (?:(?P<column>[\w-]+): )?(?P<text>.+)")


class Told(NamedTuple):
    """One thing that is wrong: with which field of the form ("" for none of them), and what, in a sentence."""

    field: str
    text: str


def column_name(column: str) -> str:
    """What a column is called; one of the organisation's own by its own name."""
    return _(NAMES[column]) if column in NAMES else column


def cell(column: str, value: str) -> str:
    """What stands in a cell, in words where it is a key."""
    if column == "platform":
        return labels.platform_label(value, g.words.say)
    if column == "unit_kind":
        return labels.label(labels.UNITS, value, g.words.say)
    return _(STATUSES[Status(value)]) if column == "status" and value in list(Status) else value


def faults(wrong: ListenerError, row: Mapping[str, str], rows: int) -> list[Told]:
    """What the register refuses, by the labels of the form; what is wrong with one of its `rows` by that row's line."""
    told = []
    for line in str(wrong).splitlines():
        found = FAULT.fullmatch(line)
        if found is None:
            told.append(Told("", line))
            continue
        column, text = found["column"] or "", found["text"]
        named = f"{column_name(column)}: {text}" if column in NAMES else text
        ours = int(found["line"]) > rows + 1
        before = "" if ours else _("line {line} of the register").format(line=found["line"]) + ": "
        told.append(Told(column if ours and column in row else "", f"{before}{named}"))
    return told
