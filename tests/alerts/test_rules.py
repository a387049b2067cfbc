"""What cannot wait: told once, with figures, nobody named, and nothing left out because it came too close together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
import pytest
from alerts.conftest import NOW
from almby_weeks import audit, finding

from listener.alerts import raise_and_send
from listener.config import Config
from listener.models import Verdict
from listener.posts import Mention, Post
from listener.store import Store
from listener.store.mention_rows import Notes
from listener.store.mentions import save_mentions
from listener.store.outbox import Kept, list_alerts
from listener.store.storms import Storm, save_storm

Configured = Callable[..., Config]
HOUR = timedelta(hours=1)
QUERY = "Almby simhallen"
THREAT = "Almby kommun, jag ska döda er allihop"
STORM = Storm(
    id=0, query=QUERY, started_at=NOW - 3 * HOUR, raised_at=NOW - HOUR, last_at=NOW, ended_at=None, peak=30,
    expected=2.0, count=25, writers=20, new_writers=12, threats=1, score=9.0, reasons=(),
)  # fmt: skip


def log(
    store: Store,
    *texts: str,
    now: datetime = NOW,
    author: str = "hotfull.bsky.social",
    direction: str = "in",
    logged: datetime | None = None,
) -> None:
    before = store.db["mentions"].count
    posts = [
        Post(platform="bluesky", id=f"{before + number}", text=text, author=author, published_at=now,
             url=f"https://bsky.app/profile/{author}/post/{before + number}")
        for number, text in enumerate(texts)
    ]  # fmt: skip
    notes = Notes(direction=direction)  # type: ignore[arg-type]
    mentions = [Mention(post=post, query=QUERY) for post in posts]
    save_mentions(store, None, QUERY, "bluesky", mentions, logged or now, notes=lambda _mention: notes)


def told(config: Config, store: Store, now: datetime = NOW, *storms: Storm) -> list[Kept]:
    """The alerts of one round, oldest first."""
    before = {kept.id for kept, _ways in list_alerts(store)}
    raise_and_send(config, store, storms, now)
    return [kept for kept, _ways in reversed(list_alerts(store)) if kept.id not in before]


def test_a_storm_in_a_young_log_calls_nobody_new(configured: Configured, store: Store) -> None:
    config = configured()
    young = save_storm(store, msgspec.structs.replace(STORM, new_writers=None))
    (kept,) = told(config, store, NOW, young)
    assert "20 writers. 1 post" in kept.cause or "20 skribenter. 1 inlägg" in kept.cause
    assert "None" not in kept.cause


def test_a_storm_is_told_when_it_begins_and_when_it_has_grown_threefold(configured: Configured, store: Store) -> None:
    config = configured()
    storm = save_storm(store, STORM)
    (alert,) = told(config, store, NOW, storm)
    assert (alert.severity, alert.title) == ("urgent", "Unusual pattern: simhallen")
    assert alert.cause == (
        "25 posts on simhallen since Friday 20 November 09:00, where about 2 would be usual; 20 writers, 12 of them "
        "never seen on the matter. 1 post may threaten."
    )
    assert any(link.startswith("listen crisis report --since ") for link in alert.links)
    assert told(config, store, NOW + 2 * HOUR, msgspec.structs.replace(storm, count=29)) == []
    large = save_storm(store, msgspec.structs.replace(STORM, id=0, query="badhus", count=400))
    (first,) = told(config, store, NOW + HOUR, large)
    assert first.title == "Unusual pattern: badhus", "it begins, however large it is"
    (again,) = told(config, store, NOW + 2 * HOUR, msgspec.structs.replace(storm, count=31))
    assert again.title == "The unusual pattern goes on: simhallen"
    assert told(config, store, NOW + 5 * HOUR, msgspec.structs.replace(storm, count=80)) == []


def test_a_storm_that_somebody_else_watched_is_told_all_the_same(configured: Configured, store: Store) -> None:
    save_storm(store, STORM)
    assert [alert.kind for alert in told(configured(), store)] == ["storm"]


def test_a_storm_that_is_over_can_wait(configured: Configured, store: Store) -> None:
    storm = save_storm(store, msgspec.structs.replace(STORM, ended_at=NOW))
    assert told(configured(), store, NOW, storm) == []


def test_threats_are_told_by_number_and_name_nobody(configured: Configured, store: Store) -> None:
    log(store, "Simhallen i Almby är stängd", THREAT, THREAT + " nu")
    (alert,) = told(configured(), store)
    assert (alert.kind, alert.title) == ("threat", "What may be a threat")
    assert "2 posts by 1 writer" in alert.cause
    assert alert.posts == (2, 3)
    assert alert.links == ("listen mentions show 2", "listen mentions show 3")
    kept = msgspec.json.encode(alert).decode()
    assert "hotfull" not in kept
    assert "döda" not in kept


def test_threats_in_the_cool_down_are_told_together_after_it(configured: Configured, store: Store) -> None:
    config = configured()
    log(store, THREAT)
    assert [alert.posts for alert in told(config, store)] == [(1,)]
    for minutes in (10, 20):
        when = NOW + timedelta(minutes=minutes)
        log(store, f"{THREAT} {minutes}", now=when)
        assert told(config, store, when) == []
    assert [alert.posts for alert in told(config, store, NOW + HOUR)] == [(2, 3)]
    assert told(config, store, NOW + 3 * HOUR) == []


def test_what_we_wrote_and_what_is_old_is_no_alarm(configured: Configured, store: Store) -> None:
    log(store, THREAT, direction="out")
    log(store, THREAT, now=NOW - 30 * HOUR)
    assert told(configured(), store) == []


def test_a_threat_that_bears_an_old_date_is_news_once_the_log_is_older_than_that(
    configured: Configured, store: Store
) -> None:
    log(store, THREAT, now=NOW - 72 * HOUR, logged=NOW)
    assert told(configured(), store) == [], "it was there before anybody listened"
    later = NOW + 96 * HOUR
    log(store, THREAT + " nu", now=later - 72 * HOUR, logged=later)
    assert [alert.kind for alert in told(configured(), store, later)] == ["threat"]


def test_a_changed_account_of_ours_and_a_near_certain_impostor_are_told(configured: Configured, store: Store) -> None:
    found = (
        finding("almby", Verdict.IMPOSTOR, name="Almby kommun"),
        finding("almby-kommun.example", Verdict.LOOKALIKE_SITE),
        finding("biblioteken", Verdict.OFFICIAL_CHANGED),
        msgspec.structs.replace(finding("simhall", Verdict.IMPOSTOR), score=0.7),
        finding("anna", Verdict.EMPLOYEE_OFFICIAL),
    )
    audit(store, NOW, found)
    alerts = told(configured(), store, NOW + HOUR)
    assert sorted(alert.kind for alert in alerts) == ["impostor", "impostor", "official_changed"]
    own = next(alert for alert in alerts if alert.kind == "official_changed")
    assert "may be hijacked" in own.cause
    assert own.links == ("listen review show 3",)
    assert "almby-kommun" not in str(alerts), "what is kept names no address: retention does not reach it"
    assert told(configured(), store, NOW + 2 * HOUR) == []


def test_what_was_there_before_anybody_asked_is_not_told(configured: Configured, store: Store) -> None:
    audit(store, NOW, (finding("almby", Verdict.IMPOSTOR),))
    assert told(configured(), store, NOW + 25 * HOUR) == []


def test_the_settings_say_what_is_urgent(configured: Configured, store: Store) -> None:
    log(store, THREAT)
    audit(store, NOW, (finding("almby", Verdict.IMPOSTOR),))
    alerts = told(configured('urgent = ["threat"]'), store)
    assert {alert.kind: alert.severity for alert in alerts} == {"threat": "urgent", "impostor": "weekly"}


def test_an_alert_is_in_the_language_of_reports(configured: Configured, store: Store) -> None:
    (alert,) = told(configured(language="sv"), store, NOW, save_storm(store, STORM))
    assert alert.title == "Ovanligt mönster: simhallen"
    assert "där omkring 2 vore det vanliga" in alert.cause


@pytest.mark.parametrize(
    "text", ["\ud800 jag ska döda dig", "jag ska döda dig" + "\x00" * 5, "jag ska döda dig " * 5_000]
)
def test_hostile_posts_stop_no_round(configured: Configured, store: Store, text: str) -> None:
    log(store, text)
    assert [alert.kind for alert in told(configured(), store)] == ["threat"]
