"""Weeks in the life of Almby kommun, written into a store as the audit would write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from listener.clock import Week
from listener.models import (
    Account,
    Asks,
    Completeness,
    Decision,
    Entry,
    Fault,
    Finding,
    Issue,
    Nearest,
    Signal,
    SourceResult,
    State,
    Status,
    UnitKind,
    Verdict,
)
from listener.posts import Mention, Post
from listener.report.records import Reach
from listener.report.weekly import Scope
from listener.store import Store
from listener.store.accounts import save_findings
from listener.store.cases import save_decision
from listener.store.faults import save_faults
from listener.store.mentions import save_mentions
from listener.store.runs import finish_run, save_source, start_run

W46, W47, W48 = Week(2026, 46), Week(2026, 47), Week(2026, 48)
MONDAY = datetime(2026, 11, 16, 5, 30, tzinfo=UTC)  # 06:30 in Almby, the Monday of week 47
SOURCES = ("bluesky", "feeds", "mastodon", "website")

OFFICIAL = Nearest(
    platform="bluesky",
    handle="almbykommun.example",
    url="https://bsky.app/profile/almbykommun.example",
    unit="Almby kommun",
)
ENTRIES = (
    Entry(
        platform="bluesky",
        url=OFFICIAL.url,
        unit="Almby kommun",
        status=Status.APPROVED,
        owner_email="kommunikation@almby.example",
        handle=OFFICIAL.handle,
        display_name="Almby kommun",
    ),
    Entry(
        platform="facebook",
        url="https://www.facebook.com/almbykommun",
        unit="Almby kommun",
        status=Status.APPROVED,
        owner_email="kommunikation@almby.example",
        columns={"last_snapshot_on": "2026-10-01"},
    ),
)
SCOPE = Scope(
    "Almby kommun",
    ("almby.example",),
    ENTRIES,
    {name: Reach(platform=name) for name in ("bluesky", "mastodon")} | {"website": Reach(platform="web")},
    {"badhus OR simhall": "badhuset"},
)


def finding(handle: str, verdict: Verdict, *, kind: UnitKind | None = None, name: str | None = None) -> Finding:
    """A flagged account with one reason that names handle and display name."""
    shown = handle.replace("-", " ").title() if name is None else name
    site = verdict is Verdict.LOOKALIKE_SITE
    account = Account(
        platform="web" if site else "bluesky",
        platform_id=None if site else f"did:plc:{handle}",
        handle=handle if site else f"{handle}.bsky.example",
        display_name=shown,
        url=f"https://{handle}/betala" if site else f"https://bsky.example/profile/{handle}",
    )
    said = f"display name {shown!r} reads like 'Almby kommun', see https://{handle}.example/betala"
    signal = Signal(feature="name_confusable", asks=Asks.POSES, score=0.97, detail=said)
    unit = shown if kind else "Almby kommun"
    return Finding(
        account=account, verdict=verdict, score=0.97, signals=(signal,), unit=unit, unit_kind=kind, nearest=OFFICIAL
    )


def audit(
    store: Store,
    now: datetime,
    findings: tuple[Finding, ...] = (),
    *,
    down: dict[str, str] | None = None,
    faults: tuple[Fault, ...] = (),
    finished: bool = True,
    sources: tuple[str, ...] = SOURCES,
) -> int:
    """One run over these sources; `down` names those that fail and why."""
    run_id = start_run(store, "audit", now, [])
    for name in sources:
        why = (down or {}).get(name)
        issues = (Issue(source=name, kind="throttled", detail=why),) if why else ()
        how = Completeness.UNAVAILABLE if why else Completeness.COMPLETE
        result = SourceResult(source=name, completeness=how, accounts=0 if why else 12, issues=issues)
        if name == "bluesky":
            save_findings(store, run_id, name, findings, now, result=result)
        else:
            save_source(store, run_id, result)
    save_faults(store, run_id, faults)
    if finished:
        finish_run(store, run_id, now + timedelta(minutes=4), 3 if down else 0, not down)
    return run_id


def decide(store: Store, case_id: int, to: State, reason: str, now: datetime) -> None:
    save_decision(store, Decision(case_id=case_id, who="sara", to=to, reason=reason), now)


def log(store: Store, day: datetime, count: int, start: int = 0, query: str = "badhus OR simhall") -> None:
    """`count` mentions on one day; `start` keeps their ids apart."""
    posts = [
        Mention(
            post=Post(
                platform="mastodon",
                id=f"{day:%j}-{start + number}",
                text="Badhuset i Almby kommun är stängt",
                author="lisa.privatsson",
                published_at=day,
                source="mastodon",
            ),
            query=query,
            spans=((0, 8),),
        )
        for number in range(count)
    ]
    save_mentions(store, None, query, "mastodon", posts, day)
