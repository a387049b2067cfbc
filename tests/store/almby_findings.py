"""Findings about invented accounts of an invented municipality."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from listener.models import Account, Asks, Finding, Nearest, Signal, Verdict

NOW = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)


def account(**changes: Any) -> Account:
    known = {
        "platform": "bluesky",
        "platform_id": "did:plc:one",
        "handle": "almby-kommun.example",
        "display_name": "Almby kommun",
        "description": "Vi svarar dygnet runt",
        "url": "https://bsky.app/profile/almby-kommun.example",
        "links": (),
        "avatar": "https://cdn.example/one.jpg",
        "source": "bluesky",
    }
    return Account(**known | changes)


def finding(verdict: Verdict = Verdict.IMPOSTOR, score: float = 0.97, **changes: Any) -> Finding:
    return Finding(
        account=account(**changes),
        verdict=verdict,
        score=score,
        unit="Almby kommun",
        signals=(
            Signal(
                feature="name_equal",
                asks=Asks.CLAIMS,
                score=0.9,
                detail="name 'Almby kommun' equals 'Almby kommun'",
            ),
        ),
        nearest=Nearest(
            platform="bluesky",
            handle="almby.example",
            url="https://bsky.app/profile/almby.example",
            unit="Almby kommun",
        ),
    )
