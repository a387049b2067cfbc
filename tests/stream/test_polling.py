"""Whose turn it is to be asked, and how long each source rests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from listener.config import Config, load_config
from listener.quotas import Quota
from listener.sources import About
from listener.stream.polling import Rota, pace

NOW = datetime(2026, 11, 22, 7, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SETTINGS = """
[listening]
poll_minutes = 5
[sources.feeds]
urls = ["https://almby.example/rss"]
poll_minutes = 0.5
[sources.youtube]
enabled = true
"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "listener.toml").write_text(SETTINGS, encoding="utf-8")
    return load_config(tmp_path / "listener.toml", {})


def about(access: str = "official_api", quotas: tuple[Quota, ...] = (), dollars: float = 0.0) -> About:
    return About(access=access, finds=("posts",), note="", quotas=quotas, dollars=dollars)  # type: ignore[arg-type]


def test_each_source_rests_as_its_settings_its_quota_and_its_price_say(config: Config) -> None:
    a_hundred = (Quota(kind="searches", most=100, window="day"),)
    assert pace(config, "feeds", about("open_feed"), 3, streamed=False) == MINUTE / 2
    assert pace(config, "gdelt", about(), 3, streamed=False) == 5 * MINUTE
    assert pace(config, "flashback", about("public_page"), 3, streamed=False) == 60 * MINUTE
    assert pace(config, "youtube", about(quotas=a_hundred), 3, streamed=False) == timedelta(days=1) * 3 / 50
    assert pace(config, "x", about(dollars=5.0), 3, streamed=False) == timedelta(days=1)
    assert pace(config, "bluesky", about(), 3, streamed=True) == timedelta(hours=6)


def test_all_are_asked_at_once_then_each_in_its_turn_and_oftener_in_a_crisis() -> None:
    rota = Rota({"feeds": 10 * MINUTE, "gdelt": 30 * MINUTE}, NOW)
    assert rota.due(NOW, 1.0) == ["feeds", "gdelt"]
    for name in ("feeds", "gdelt"):
        rota.begin(name, NOW)
    assert rota.due(NOW + 60 * MINUTE, 1.0) == []  # still at work: nobody is asked twice at once
    for name in ("feeds", "gdelt"):
        rota.end(name)
    assert rota.due(NOW + 9 * MINUTE, 1.0) == []
    assert rota.due(NOW + 10 * MINUTE, 1.0) == ["feeds"]
    assert rota.due(NOW + 9 * MINUTE, 0.25) == ["feeds", "gdelt"]
    assert rota.due(NOW + timedelta(seconds=20), 0.0001) == []
