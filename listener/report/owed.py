"""What we owe: questions past their time, and accounts of ours that nobody looked at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from listener.answers.clock import questions, refresh
from listener.answers.questions import Ours
from listener.answers.settings import Duties
from listener.answers.supervision import watched
from listener.models import Entry
from listener.report.records import Owed
from listener.store import Store


class Promises(NamedTuple):
    """What we have promised, and how questions to us are told."""

    duties: Duties
    ours: Ours


def owed(store: Store, promises: Promises, entries: Sequence[Entry], until: datetime) -> Owed:
    """Counted at `until`: by the log, by what people noted, and by the supervision log."""
    refresh(store, promises.duties, promises.ours, until)
    open_ = [q for q in questions(store, promises.duties, until) if q.waits]
    days = promises.duties.supervision_days
    accounts = watched(store, entries, days, until)
    return Owed(
        unanswered=len(open_),
        late=sum(question.late for question in open_),
        accounts=len(accounts),
        unwatched=sum(account.late for account in accounts),
        days=days,
    )
