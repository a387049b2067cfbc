"""Cases that have something in common with one: a picture, also in other colours, a linked site, a name as it reads."""

from __future__ import annotations

from typing import NamedTuple

from flask import g

from listener.language import N_, _
from listener.models import Case
from listener.organisation import load_organisation
from listener.report.defang import defang_host
from listener.store.looks import LOOK, RECOLOURED, look_alikes
from listener.store.traits import NAME, PICTURE, SITE, Alike, alike
from listener.urls import registrable_domain

HEADINGS = {
    PICTURE: N_("The same profile picture, byte for byte"),
    LOOK: N_("The same picture, saved or scaled anew"),
    RECOLOURED: N_("The same picture, in other colours"),
    SITE: N_("Link to the same site, {site}"),
    NAME: N_("A name that reads the same"),
}
ORDER = (PICTURE, LOOK, RECOLOURED, SITE, NAME)
# Sites that say nothing of whoever links to them.
EVERYBODYS = frozenset({
    "facebook.com", "instagram.com", "x.com", "twitter.com", "youtube.com", "youtu.be", "tiktok.com", "linkedin.com",
    "bsky.app", "linktr.ee", "google.com", "t.me", "telegram.me", "snapchat.com", "threads.net", "wikipedia.org",
})  # fmt: skip


class Group(NamedTuple):
    """Cases that share one thing; `more` when there are others besides."""

    heading: str
    cases: list[Alike]
    more: bool


def related(case: Case) -> list[Group]:
    """What other cases share with this one, a group for each thing."""
    own = {registrable_domain(domain) for domain in load_organisation(g.config).domains}
    groups: dict[tuple[str, str], list[Alike]] = {}
    shared = alike(g.store, case.id, own | EVERYBODYS)
    same = {other.case_id for other in shared if other.kind == PICTURE}
    looks = [other for other in look_alikes(g.store, case.id) if other.case_id not in same]
    for other in (*shared, *looks):
        groups.setdefault((other.kind, other.value), []).append(other)
    ordered = sorted(groups.items(), key=lambda group: ORDER.index(group[0][0]))
    return [
        Group(_(HEADINGS[kind]).format(site=defang_host(value)), cases[:10], len(cases) > 10)
        for (kind, value), cases in ordered
    ]
