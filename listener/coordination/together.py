"""Posts made together: the same text, the same link or the same post answered, by different writers within six hours.

Each is counted as excess over the query's own history, for people who care also do things together. Nothing is compared
pairwise: posts are gathered by what they share and read once in order of time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta

from msgspec import structs

from listener.coordination.measures import WITHIN, at_least, part, quickness, span
from listener.coordination.pattern import MADE_TOGETHER, Signal
from listener.coordination.talks import Talk, domains
from listener.coordination.watched import Watch
from listener.models import Record
from listener.store.talk import Logged
from listener.urls import clean_url, url_key

FEWEST_WRITERS = 5
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
_GROUPS = 50  # the largest ones that are weighed
_SAID = 5  # words: what is shorter, many write by themselves
_BESIDE = re.compile(r"https?://\S+|[@#][\w.@-]+")
Keys = Callable[[Logged], Iterable[str]]


class Group(Record):
    """Posts that share one thing, in order of time."""

    posts: tuple[Logged, ...]

    @property
    def writers(self) -> frozenset[str]:
        return frozenset(post.writer for post in self.posts)


def texts(post: Logged) -> Iterator[str]:
    """The cluster of near-duplicates, when the post says enough for a likeness to mean something."""
    if len(_BESIDE.sub(" ", post.post.text).split()) >= _SAID:
        yield str(post.cluster)


def links(post: Logged) -> Iterator[str]:
    for link in dict.fromkeys(post.post.links):
        clean = clean_url(link)
        if clean is not None:
            yield url_key(clean)


def targets(post: Logged) -> Iterator[str]:
    if post.post.reply_to:
        yield f"{post.post.platform} {post.post.reply_to}"


def gathered(posts: Sequence[Logged], keys: Keys) -> list[Group]:
    """Groups in which every post has one of another writer within six hours, those of most writers first."""
    sharing: dict[str, list[Logged]] = {}
    for post in posts:
        for key in keys(post) if post.writer else ():
            sharing.setdefault(key, []).append(post)
    groups = (Group(posts=tuple(_near(shared))) for shared in sharing.values() if len(shared) > 1)
    return sorted((group for group in groups if group.posts), key=lambda group: -len(group.writers))[:_GROUPS]


def _near(posts: Sequence[Logged]) -> Iterator[Logged]:
    """Those of `posts`, in order of time, that have another writer's within reach before or behind them."""
    behind = [_has_other(posts, number, -1) for number in range(len(posts))]
    return (post for number, post in enumerate(posts) if behind[number] or _has_other(posts, number, 1))


def _has_other(posts: Sequence[Logged], number: int, step: int) -> bool:
    """Whether another writer's post in this direction is near in time; twenty of one's own end the search."""
    own = posts[number]
    for other in range(number + step, min(len(posts), max(-1, number + 20 * step)), step):
        if abs(posts[other].at - own.at) > WITHIN:
            return False
        if posts[other].writer != own.writer:
            return True
    return False


def copied(talk: Talk) -> Signal:
    """The same text from many: the mean of how strange they are and how quick, more when strangers took minutes.

    A headline shared from a paper that people here share anyway is news, of which strangers and haste must go together.
    """
    return _strongest("copied", talk, texts)


def same_link(talk: Talk, watch: Watch) -> Signal:
    """The same link from many. News is shared by many and at once, so that strangers and haste must go together.

    Links to watched sources are a signal of their own.
    """
    return _strongest("same_link", talk, lambda post: (link for link in links(post) if not watch.covers(link)))


def same_target(talk: Talk) -> Signal:
    """Answers to one post by strangers in haste."""
    return _strongest("same_target", talk, targets)


def _strongest(name: str, talk: Talk, keys: Keys) -> Signal:
    usual = talk.usual(lambda posts: max((len(group.writers) for group in gathered(posts, keys)), default=0))
    groups = [group for group in gathered(talk.posts, keys) if len(group.writers) >= max(FEWEST_WRITERS, usual + 1)]
    if name == "copied" and len(groups) > 1:  # a push may have several wordings
        groups.append(_united(groups))
    signals = [_weighed(name, talk, group, usual) for group in groups]
    best = max(signals, key=lambda signal: signal.score, default=Signal(name=name))
    beside = (post for signal in signals if signal.score >= MADE_TOGETHER for post in signal.posts)
    return structs.replace(best, posts=tuple(dict.fromkeys([*best.posts, *beside])))


def _united(groups: Sequence[Group]) -> Group:
    posts = {post.id: post for group in groups for post in group.posts}
    return Group(posts=tuple(sorted(posts.values(), key=lambda post: post.at)))


def _weighed(name: str, talk: Talk, group: Group, usual: float) -> Signal:
    """One group: how many more than usual, how many more strangers than among the rest, how much quicker."""
    members = {post.id for post in group.posts}
    rest = [post for post in talk.posts if post.id not in members]
    strangers = group.writers & talk.new
    strange = part(at_least(len(strangers), len(group.writers)), _strange_rest(talk, rest), 1.0)
    quick = quickness([post.at for post in group.posts], [post.at for post in rest])
    took = span([post.at for post in group.posts])
    if name == "copied" and not _is_news(talk, group):
        made = min(1.0, (strange + quick) / 2 + _haste(took, len(strangers) / len(group.writers)))
    else:
        made = min(strange, quick)
    return Signal(
        name=name,
        score=part(len(group.writers), usual, usual + max(4.0, usual)) * made,
        detail=_SAYS[name].format(
            count=len(group.writers), minutes=round(took / MINUTE), strangers=len(strangers), usual=round(usual)
        ),
        posts=_strongest_first(group, strangers),
    )


def _strongest_first(group: Group, strangers: frozenset[str]) -> tuple[int, ...]:
    """The first post of each stranger, of each other writer, then what they wrote again."""
    first = {post.writer: post.id for post in reversed(group.posts)}
    return tuple(
        post.id
        for post in sorted(
            group.posts, key=lambda post: (first[post.writer] != post.id, post.writer not in strangers, post.at)
        )
    )


def _haste(took: timedelta, strangers: float) -> float:
    """What is added when most are strangers and needed less than an hour: 0.2 at once."""
    return 0.2 * part(strangers, 0.5, 0.75) * (1 - part(took / HOUR, 0.0, 1.0))


def _is_news(talk: Talk, group: Group) -> bool:
    """Whether most of a group link to sites that several people here shared before."""
    linking = sum(any(domain in talk.familiar for domain in domains(post)) for post in group.posts)
    return linking > len(group.posts) / 2


def _strange_rest(talk: Talk, rest: Sequence[Logged]) -> float:
    """The share of new writers among those who are not in a group; as usual when they are too few to tell."""
    others = {post.writer for post in rest if post.writer}
    if len(others) < FEWEST_WRITERS:
        return min(0.9, talk.usual_new)
    return min(0.9, len(others & talk.new) / len(others))


_SAYS = {
    "copied": "{count} writers posted nearly the same text, most within {minutes} minutes, {strangers} of them new; "
    "usual: {usual}",
    "same_link": "{count} writers shared the same link, most within {minutes} minutes, {strangers} of them new; "
    "usual: {usual}",
    "same_target": "{count} writers answered the same post, most within {minutes} minutes, {strangers} of them new; "
    "usual: {usual}",
}
