"""Unusual patterns in the weekly report: told with figures under the query's name, and nobody is named."""

from __future__ import annotations

import json
from datetime import timedelta

import msgspec
import pytest
from almby_weeks import MONDAY, SCOPE, W46, W47

from listener.report import FORMATS
from listener.report.weekly import Scope, weekly
from listener.store import Store
from listener.store.storms import Storm, save_storm

DAY = timedelta(days=1)
LATER = MONDAY + 14 * DAY
STORM = Storm(
    id=0, query="<b>badhus</b>", started_at=MONDAY + 3 * DAY, raised_at=MONDAY + 3 * DAY, last_at=MONDAY + 4 * DAY,
    ended_at=MONDAY + 4 * DAY, peak=9, expected=1.5, count=40, writers=30, new_writers=25, threats=0, score=12.5,
    reasons=("mentions: 40 in 6 h, usually 1.5", "from bluesky: 90%"),
)  # fmt: skip


@pytest.fixture
def scope() -> Scope:
    return SCOPE._replace(queries={STORM.query: "badet"})


def test_a_storm_is_told_in_its_week_alone(store: Store, scope: Scope) -> None:
    save_storm(store, STORM)
    assert weekly(store, scope, W46, LATER).storms == ()
    report = weekly(store, scope, W47, LATER)
    text = FORMATS["text"](report, "sv")
    assert "Ovanliga mönster i veckan" in text
    assert "badet: från torsdag 19 november 06:30 till fredag 20 november 06:30" in text
    assert "    - omnämnanden: 40 på 6 h, normalt 1,5" in text
    page = FORMATS["html"](report, "en")
    assert '<a href="#storms">Unusual patterns this week</a>' in page
    assert "<li>from Bluesky: 90%</li>" in page
    (line,) = json.loads(FORMATS["json"](report, "en"))["storms"]
    assert (line["query"], line["count"], line["new_writers"]) == ("badet", 40, 25)


def test_one_that_goes_on_says_so_and_a_query_is_no_markup(store: Store) -> None:
    save_storm(store, msgspec.structs.replace(STORM, ended_at=None))
    report = weekly(store, SCOPE, W47, LATER)
    assert "och det pågår" in FORMATS["text"](report, "sv")
    page = FORMATS["html"](report, "sv")
    assert "<b>badhus" not in page
    assert "&lt;b&gt;badhus" in page


def test_a_calm_week_has_no_such_section(store: Store, scope: Scope) -> None:
    report = weekly(store, scope, W47, LATER)
    assert "Ovanliga mönster" not in FORMATS["text"](report, "sv")
    assert 'id="storms"' not in FORMATS["html"](report, "sv")
