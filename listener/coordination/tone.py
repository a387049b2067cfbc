"""Who takes part, at whom they aim and how they speak, against how it was before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from listener.coordination.measures import at_least, part
from listener.coordination.pattern import Signal
from listener.coordination.talks import Talk
from listener.lexicons import RAISES, kinds
from listener.store.talk import Logged

# The share at which a signal is fully there; set on the drawn talks of tests/drawn_talks.py.
FULL = {"new_writers": 0.9, "one_target": 0.7, "threats": 0.12, "insults": 0.2, "languages": 0.6}
_SAMPLE = 1_000  # posts of the history whose tone is read
_MENTION = re.compile(r"(?<![\w@])@([\w][\w.-]*[\w](?:@[\w.-]+\w)?)")


def new_writers(talk: Talk) -> Signal:
    """Writers never seen on this topic."""
    count, usual = len(talk.new), talk.usual_new
    return Signal(
        name="new_writers",
        score=part(at_least(count, len(talk.writers)), usual, max(FULL["new_writers"], usual + 0.1)),
        detail=_told("{count} of {total} writers were never seen on this topic", count, len(talk.writers), usual),
        posts=tuple(post.id for post in talk.posts if post.writer in talk.new),
    )


def one_target(talk: Talk) -> Signal:
    """One account, or one post that is not ours, that gets the words: more than the same one did before."""
    aims = [_aimed(talk, post) for post in talk.posts]
    before = Counter(aim for post in talk.history for aim in _aimed(talk, post))
    best = Signal(name="one_target")
    for aim, count in Counter(aim for aimed in aims for aim in aimed).most_common(3):
        usual = before[aim] / len(talk.history) if talk.history else 0.0
        score = part(at_least(count, len(talk.posts)), usual, max(FULL["one_target"], usual + 0.1))
        if score > best.score:
            detail = _told("{count} of {total} posts are aimed at one account or post", count, len(talk.posts), usual)
            posts = tuple(post.id for post, aimed in zip(talk.posts, aims, strict=True) if aim in aimed)
            best = Signal(name="one_target", score=score, detail=detail, posts=posts)
    return best


def _aimed(talk: Talk, post: Logged) -> frozenset[str]:
    """Whom a post is aimed at: accounts it names with @, and the post of another that it answers."""
    said = post.post
    names = {f"@{name.lower()}" for name in _MENTION.findall(said.text)} if "@" in said.text else set[str]()
    if said.reply_to and not talk.is_ours(said.platform, said.reply_to):
        names.add(f"{said.platform} {said.reply_to}")
    return frozenset(names)


def tones(talk: Talk) -> Iterator[Signal]:
    """The share of posts that threaten, incite or lay somebody open, and of those that insult."""
    read = cache(kinds)  # what is said in the same words is read once
    now = {post.id: read(post.post.text) for post in talk.posts}
    step = max(1, len(talk.history) // _SAMPLE)
    before = [read(post.post.text) for post in talk.history[::step]]
    for name, wanted, says in (
        ("threats", RAISES, "{count} of {total} posts threaten, incite or expose a person"),
        ("insults", frozenset({"insult"}), "{count} of {total} posts insult"),
    ):
        hit = [post.id for post in talk.posts if now[post.id] & wanted]
        usual = sum(bool(found & wanted) for found in before) / len(before) if before else 0.0
        yield Signal(
            name=name,
            score=part(at_least(len(hit), len(talk.posts)), usual, usual + FULL[name]),
            detail=_told(says, len(hit), len(talk.posts), usual),
            posts=tuple(sorted(hit, key=lambda post: (-len(now[post]), post))),
        )


def languages(talk: Talk) -> Signal:
    """Languages that come up now and were rare before: half the sum of the differences, noise taken off."""
    before, now = _spoken(talk.history), _spoken(talk.posts)
    total = sum(now.values())
    if not before or not total:
        return Signal(name="languages")
    usual = {lang: count / sum(before.values()) for lang, count in before.items()}
    risen = {lang: at_least(count, total) - usual.get(lang, 0.0) for lang, count in now.items()}
    most = max(risen, key=lambda lang: risen[lang])
    grown = {lang for lang, share in risen.items() if share > 0}
    return Signal(
        name="languages",
        score=part(sum(risen[lang] for lang in grown), 0.05, FULL["languages"]),
        detail=_told(
            f"{{count}} of {{total}} posts are in the language {most}", now[most], total, usual.get(most, 0.0)
        ),
        posts=tuple(post.id for post in talk.posts if post.post.lang in grown),
    )


def _spoken(posts: Sequence[Logged]) -> Counter[str]:
    return Counter(post.post.lang for post in posts if post.post.lang)


def _told(says: str, count: int, total: int, usual: float) -> str:
    return f"{says.format(count=count, total=total)}; usual: {usual:.0%}"
