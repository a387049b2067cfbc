"""The report tells which questions are late and which accounts nobody looked at, as it was at the week's end."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from almby_weeks import SCOPE, W47

from listener.answers.questions import ours_of
from listener.answers.settings import Duties
from listener.organisation import Organisation
from listener.posts import Mention, Post
from listener.report import FORMATS
from listener.report.owed import Promises
from listener.report.records import Owed
from listener.report.weekly import weekly
from listener.store import open_store
from listener.store.answers import add_step
from listener.store.lines import note_changed
from listener.store.mentions import save_mentions
from listener.store.supervision import add_looks

ALMBY = ours_of(Organisation(name="Almby kommun"), SCOPE.entries)
PROMISED = SCOPE._replace(promises=Promises(Duties(), ALMBY))
LATER = W47.end + timedelta(days=30)


def asked(number: int, at: datetime) -> Mention:
    text = f"När öppnar bad nummer {number}, Almby kommun?"
    return Mention(post=Post(platform="bluesky", id=str(number), text=text, published_at=at), query="badhus")


@pytest.fixture
def drawn(tmp_path: Path) -> dict[str, str]:
    """The report of a week with four questions: late, answered in the week, answered after it, and not yet due."""
    first = W47.start + timedelta(hours=9)
    with open_store(tmp_path / "listener.db") as store:
        hours = (first, first, first, W47.end - timedelta(hours=3))
        save_mentions(store, None, "badhus", "bluesky", [asked(n, at) for n, at in enumerate(hours, 1)], LATER)
        with store.transaction():
            add_step(store, 2, "answer", "yes", "sara", first + timedelta(hours=1))
            add_step(store, 3, "answer", "yes", "sara", W47.end + timedelta(hours=1))
        add_looks(store, SCOPE.entries[:1], "sara", 0, "", W47.end - timedelta(days=2))
        add_looks(store, SCOPE.entries, "sara", 0, "", W47.end + timedelta(days=2))
        report = weekly(store, PROMISED, W47, LATER)
        assert weekly(store, SCOPE, W47, LATER).owed is None, "nothing promised, nothing owed"
    count = len(SCOPE.entries)
    assert report.owed == Owed(unanswered=3, late=2, accounts=count, unwatched=count - 1, days=7)
    return {form: draw(report, "sv") for form, draw in FORMATS.items()}


def test_a_question_that_was_taken_away_is_owed_to_nobody(tmp_path: Path) -> None:
    first = W47.start + timedelta(hours=9)
    with open_store(tmp_path / "listener.db") as store:
        save_mentions(store, None, "badhus", "bluesky", [asked(number, first) for number in (1, 2, 3)], LATER)
        note_changed(store, "bluesky", ["1"], [], W47.end - timedelta(hours=1))
        note_changed(store, "bluesky", ["2"], [], W47.end + timedelta(hours=1))
        owed = weekly(store, PROMISED, W47, LATER).owed
    assert owed is not None
    assert (owed.unanswered, owed.late) == (2, 2), "the other went after the week"


def test_it_stands_on_the_first_screen_in_every_form(drawn: dict[str, str]) -> None:
    assert "2 av 3 obesvarade" in drawn["text"].split("Omnämnanden\n---")[0]
    assert "Konton utan tillsyn" in drawn["text"]
    assert "2 av 3 obesvarade" in drawn["html"]
    assert '"late": 2' in drawn["json"]
