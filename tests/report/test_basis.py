"""The report says which impact assessment listening rests on, or that none is named."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from almby_weeks import SCOPE, W47

from listener.report import FORMATS
from listener.report.weekly import weekly
from listener.store import Store

NAMED, NONE = "konsekvensbedömningen KS 2026/124, 2026-11-01", "ställs utan konsekvensbedömning"


@pytest.mark.parametrize(
    ("assessment", "told", "untold"),
    [("KS 2026/124, 2026-11-01", [NAMED], [NONE]), ("", [NONE], [NAMED]), (None, [], [NAMED, NONE])],
)
def test_what_listening_rests_on_is_told(
    store: Store, assessment: str | None, told: list[str], untold: list[str]
) -> None:
    report = weekly(store, SCOPE._replace(assessment=assessment), W47, W47.end + timedelta(days=1))
    for form in ("text", "html"):
        drawn = FORMATS[form](report, "sv")
        assert all(text in drawn for text in told)
        assert not any(text in drawn for text in untold)
    assert json.loads(FORMATS["json"](report, "sv"))["assessment"] == assessment
