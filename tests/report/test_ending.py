"""The report names the tokens of other systems that end soon, as it stood at the week's end."""

from __future__ import annotations

from datetime import timedelta

from almby_weeks import SCOPE, W47

from listener.report import FORMATS
from listener.report.weekly import weekly
from listener.store import Store
from listener.store.tokens import add_token, close_token


def test_tokens_that_end_within_thirty_days_are_named(store: Store) -> None:
    made, end = W47.start - timedelta(days=300), W47.end
    for name, days in (("diariet", 29), ("arkivet", 31), ("karta", -1), ("gammal", 5), ("stangd", 6)):
        add_token(store, name, "reader", made, end + timedelta(days=days))
    add_token(store, "evig", "reader", made)
    add_token(store, "senare", "reader", end + timedelta(days=1), end + timedelta(days=20))
    close_token(store, "gammal", end + timedelta(days=1))  # after the week: its report stays as it was
    close_token(store, "stangd", end - timedelta(days=1))
    report = weekly(store, SCOPE, W47, end + timedelta(days=9))
    assert [token.name for token in report.ending] == ["gammal", "diariet"]
    for form in ("text", "html"):
        drawn = FORMATS[form](report, "sv")
        assert "Nyckeln gammal går ut lördag 28 november 2026 00:00" in drawn
        assert "Nyckeln diariet går ut tisdag 22 december 2026 00:00" in drawn
