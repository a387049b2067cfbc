"""The answer clock: the questions in the log, when each is due, and whether it has been answered."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cached_property

from listener import __version__
from listener.answers.flow import DONE, AnswerState, Done, Step, Taken, next_step, standing, state_of
from listener.answers.questions import Ours, question
from listener.answers.settings import Duties
from listener.clock import local
from listener.language import _
from listener.models import Record
from listener.office_hours import due
from listener.store import Store, StoreError
from listener.store.answers import (
    Reply,
    Row,
    StepRow,
    is_ours,
    load_question,
    load_questions,
    load_steps,
    own_posts,
    save_questions,
    scanned,
    unscanned,
)
from listener.store.talk import Logged
from listener.text.words import fold

BATCH = 2000
ONE_SECOND = timedelta(seconds=1)  # the store counts in these


class Question(Record):
    """A question to us, or a post that somebody took a step with.

    `due` is when it should be answered; `answered_at` when it was, by a post of ours or by what a person noted;
    `late` whether it stands open past its time; `follow_up` the day (Swedish, ISO) on which to look again.
    `edited_at` and `gone_at` are when its writer was known to have changed it, or taken it away: then nobody waits.
    """

    logged: Logged
    sentence: str
    told_by: str
    addressed: str
    state: AnswerState
    due: datetime
    answered_at: datetime | None
    late: bool
    next: Step | None
    follow_up: str | None
    follow_up_late: bool
    steps: tuple[Taken, ...]
    edited_at: datetime | None = None
    gone_at: datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether somebody still waits for an answer of ours."""
        return self.state is AnswerState.OPEN and self.gone_at is None

    @property
    def counted(self) -> bool:
        """Whether it waits for an answer at all: it was told to be a question, or somebody took it up."""
        return bool(self.sentence or self.steps)


def refresh(store: Store, duties: Duties, ours: Ours, now: datetime) -> int:
    """Look through what was logged since the last time; returns how many questions are new.

    Everything younger than `duties.days` is looked through again when the rules, our names or handles have changed.
    """
    mark, count = mark_of(ours), 0
    last = scanned(store, mark)
    afresh = last == 0
    while posts := unscanned(store, last, now - timedelta(days=duties.days), BATCH):
        found = []
        for number, post in posts:
            asked = question(post, ours, is_ours(store, post.platform, post.reply_to))
            if asked is not None:
                found.append((number, asked.sentence, asked.told_by, asked.addressed))
        last, count = posts[-1][0], count + len(found)
        save_questions(store, found, mark, last, afresh)
        afresh = False
    return count


def mark_of(ours: Ours) -> str:
    """What the questions were told by: this version's rules, our names and our handles."""
    known = (__version__, ours.names.pattern, ours.places.pattern, sorted(ours.handles), sorted(ours.ids), ours.domains)
    return hashlib.sha256(repr(known).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def questions(store: Store, duties: Duties, until: datetime, since: datetime | None = None) -> list[Question]:
    """The questions said since then (else in the last `duties.days`) and before `until`, as they stood at `until`."""
    first = since or until - timedelta(days=duties.days)
    answers = Replies(own_posts(store, first, until + ONE_SECOND))
    taken: dict[int, list[StepRow]] = {}
    for row in load_steps(store, until + ONE_SECOND):
        taken.setdefault(row.mention_id, []).append(row)
    rows = load_questions(store, first, until + ONE_SECOND)
    return [read_question(row, taken.get(row.logged.id, ()), answers, duties, until) for row in rows]


def one_question(store: Store, duties: Duties, mention_id: int, now: datetime) -> Question:
    """One post as it stands. Raises StoreError when the log has none by that number."""
    row = load_question(store, mention_id)
    if row is None:
        none = _("mention {number}: there is none in the log: `listen mentions list` shows the questions")
        raise StoreError(none.format(number=mention_id))
    answers = Replies(own_posts(store, row.logged.at, now + ONE_SECOND))
    return read_question(row, load_steps(store, now + ONE_SECOND, mention_id), answers, duties, now)


def read_question(row: Row, taken: Iterable[StepRow], answers: Replies, duties: Duties, now: datetime) -> Question:
    """What the log and people's steps say of one post, at that time."""
    steps = tuple(read_step(step) for step in taken)
    done = standing(steps)
    reply = answers.to(row.logged)
    state, deadline = state_of(done, reply is not None), due(row.logged.at, duties.hours)
    edited, gone = (at if at and at < now + ONE_SECOND else None for at in (row.edited_at, row.gone_at))
    follow_up = done[Step.FOLLOW_UP].answer if Step.FOLLOW_UP in done else DONE
    return Question(
        logged=row.logged,
        sentence=row.sentence,
        told_by=row.told_by,
        addressed=row.addressed,
        state=state,
        due=deadline,
        answered_at=answered_at(state, done, reply),
        late=state is AnswerState.OPEN and gone is None and deadline < now and bool(row.sentence or steps),
        next=None if not done and state is not AnswerState.OPEN else next_step(done),
        follow_up=None if follow_up == DONE else follow_up,
        follow_up_late=follow_up != DONE and follow_up <= local(now).date().isoformat(),
        steps=steps,
        edited_at=edited,
        gone_at=gone,
    )


def answered_at(state: AnswerState, done: Done, reply: Reply | None) -> datetime | None:
    """When it was answered, as far as is known."""
    if state is not AnswerState.ANSWERED:
        return None
    noted = [done[step].at for step in (Step.ANSWER, Step.FOLLOW_UP) if step in done][:1]
    return min([*noted, *([reply.at] if reply else [])])


def read_step(row: StepRow) -> Taken:
    return Taken(id=row.id, step=Step(row.step), answer=row.answer, who=row.who, at=row.at, text=row.text)


class Replies:
    """Our own posts, ready to be looked up as answers."""

    def __init__(self, posts: Sequence[Reply]) -> None:
        self.posts = posts

    @cached_property
    def direct(self) -> dict[tuple[str, str], Reply]:
        """The first of ours that replies to each post."""
        found: dict[tuple[str, str], Reply] = {}
        for post in self.posts:
            if post.reply_to:
                found.setdefault((post.platform, post.reply_to), post)
        return found

    @cached_property
    def threads(self) -> dict[tuple[str, str], list[Reply]]:
        found: dict[tuple[str, str], list[Reply]] = {}
        for post in self.posts:
            if post.thread:
                found.setdefault((post.platform, post.thread), []).append(post)
        return found

    def to(self, asked: Logged) -> Reply | None:
        """The post of ours that answers: one that replies to it, or a later one in its thread.

        In a thread that somebody else began many may have asked: there it must name the one who did.
        """
        post = asked.post
        direct = self.direct.get((post.platform, post.id))
        if direct is not None:
            return direct
        thread = post.thread or post.id
        later = [reply for reply in self.threads.get((post.platform, thread), []) if reply.at >= asked.at]
        if thread != post.id:
            name = fold(f"@{post.author}") if post.author else None
            later = [reply for reply in later if name is not None and name in fold(reply.text)]
        return later[0] if later else None
