"""Topics, questions and repeated claims: the posts of a picture put together by what they say."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from listener.crisis.quoting import nameless, quote
from listener.crisis.records import Claim, Need, Topic
from listener.crisis.topics import SAME_NEED, Text, grouped, names_of, rarity
from listener.crisis.vocabulary import Vocabulary, read_vocabulary, stems
from listener.store.talk import Logged

MOST_TOPICS = 8
MOST_NEEDS = 8
MOST_CLAIMS = 5
LEAST = 2  # posts of a topic
MANY = 30  # different texts; of fewer nobody can say what stands in all of them
EVERYWHERE = 0.6  # a word in more of the texts than this is what was searched for
REPEATED = 3  # times a text stands before it is a repeated claim, by
REPEATERS = 2  # different writers
EARLIEST = 3  # sources of a claim that are told


class Words(NamedTuple):
    """What the posts of a picture are compared by.

    `common` are stems that every post has, `known` the words of our own names; `usual` is what is said else.
    """

    common: frozenset[str]
    known: frozenset[str]
    usual: Vocabulary
    here: Vocabulary
    rarity: Mapping[str, float]


def read_words(
    posts: Sequence[Logged], history: Sequence[Logged], common: frozenset[str], known: frozenset[str]
) -> Words:
    """The vocabulary of these posts beside that of the history; what most texts say tells no topic."""
    read = [stems(members[0].post.text, common) for members in _by_cluster(posts).values()]
    counts = Counter(stem for found in read for stem in found)
    if len(read) >= MANY:
        common |= {stem for stem, count in counts.items() if count > EVERYWHERE * len(read)}
    here = read_vocabulary(((post.post.text, post.writer) for post in posts), common)
    usual = read_vocabulary(((post.post.text, post.writer) for post in history), common)
    return Words(common, known, usual, here, rarity([found - common for found in read]))


class Sorted(NamedTuple):
    """A topic with the clusters it is made of: the next picture tells by them whether it is new."""

    topic: Topic
    clusters: tuple[int, ...]


def topics(posts: Sequence[Logged], words: Words, before: Collection[int] | None) -> list[Sorted]:
    """What is talked about, most posts first. `before` are the clusters of the last picture's topics, if any."""
    clusters = _by_cluster(posts)
    texts = [
        Text(id=number, stems=stems(members[0].post.text, words.common), posts=len(members))
        for number, members in clusters.items()
    ]
    read = {text.id: text.stems for text in texts}
    found: list[Sorted] = []
    for group in grouped(texts, words.rarity):
        members = [post for number in group for post in clusters[number]]
        if len(found) == MOST_TOPICS:
            break
        if len(members) < LEAST:
            continue
        inside = {post.id for post in members}
        rest = _rest(words, [read[post.cluster] for post in posts if post.id not in inside])
        taken = {word for other in found for word in other.topic.words[:1]}
        example = _typical(group, clusters, read, words)
        named = names_of((read[post.cluster] for post in members), rest, _said_in(example, words), taken)
        if not named:
            continue
        found.append(
            Sorted(
                Topic(
                    words=named,
                    posts=len(members),
                    writers=len(_writers(members)),
                    copies=len(members) - len(group),
                    quote=quote(example, words.known),
                    fresh=before is not None and not set(group) & set(before),
                ),
                group,
            )
        )
    return found


def _said_in(post: Logged, words: Words) -> dict[str, str]:
    """The words of a post that may name a topic: a name that its example does not hold says little."""
    held = stems(post.post.text, words.common)
    return {stem: form for stem, form in words.here.shown.items() if stem in held}


def _rest(words: Words, others: Iterable[frozenset[str]]) -> Vocabulary:
    """What is said outside a topic: the history, and the other posts of the stretch."""
    counts = Counter(words.usual.counts)
    posts = words.usual.posts
    for found in others:
        counts.update(found)
        posts += 1
    return Vocabulary(posts=posts, counts=dict(counts), shown={})


def _by_cluster(posts: Iterable[Logged]) -> dict[int, list[Logged]]:
    """Posts by what they repeat, the earliest of each first."""
    found: dict[int, list[Logged]] = defaultdict(list)
    for post in sorted(posts, key=lambda post: (post.at, post.id)):
        found[post.cluster].append(post)
    return dict(found)


def _typical(
    group: Sequence[int],
    clusters: Mapping[int, Sequence[Logged]],
    read: Mapping[int, frozenset[str]],
    words: Words,
) -> Logged:
    """The post that holds most of what the group shares, a repeated one before others; the shortest of several."""
    counts = Counter(stem for number in group for stem in read[number])
    shared = {stem: words.rarity.get(stem, 0.0) * count for stem, count in counts.items() if count > 1}

    def telling(number: int) -> tuple[float, int, int]:
        weight = sum(shared.get(stem, 0.0) for stem in read[number]) * len(clusters[number])
        return (-weight / (1 + len(read[number])) ** 0.5, len(clusters[number][0].post.text), number)

    return clusters[min(group, key=telling)][0]


def claims(posts: Sequence[Logged], words: Words, asking: Collection[int]) -> tuple[Claim, ...]:
    """Texts that several people repeat, each with where it stood first; those in `asking` are questions, not claims."""
    repeated = [
        members
        for members in _by_cluster(posts).values()
        if len(members) >= REPEATED and len(_writers(members)) >= REPEATERS and members[0].id not in asking
    ]
    return tuple(
        Claim(
            text=nameless(members[0].post.text, words.known),
            posts=len(members),
            writers=len(_writers(members)),
            first=tuple(quote(post, words.known) for post in members[:EARLIEST]),
            last_at=members[-1].at,
        )
        for members in sorted(repeated, key=lambda members: (-len(members), members[0].at))[:MOST_CLAIMS]
    )


def _writers(posts: Iterable[Logged]) -> set[str]:
    return {post.writer for post in posts} - {""}


def needs(
    asked: Mapping[int, str], posts: Sequence[Logged], words: Words, answered: Callable[[int], bool]
) -> tuple[Need, ...]:
    """Questions to us, those with the same need put together. `asked` maps a post's number to its asking sentence."""
    asking = {post.id: post for post in posts if post.id in asked}
    read = {number: stems(asked[number], words.common) for number in asking}
    texts = [Text(id=number, stems=found, posts=1) for number, found in read.items()]
    waiting = {
        group: sum(not answered(number) for number in group) for group in grouped(texts, words.rarity, SAME_NEED)
    }
    ranked = sorted(waiting, key=lambda group: (-waiting[group], -len(group)))[:MOST_NEEDS]
    return tuple(_need(group, asking, read, words, answered) for group in ranked)


def _need(
    group: tuple[int, ...],
    asking: Mapping[int, Logged],
    read: Mapping[int, frozenset[str]],
    words: Words,
    answered: Callable[[int], bool],
) -> Need:
    """Questions that are one, as one line: the earliest that waits, and the shortest as example."""
    members = sorted((asking[number] for number in group), key=lambda post: (post.at, post.id))
    open_ones = [post for post in members if not answered(post.id)]
    inside = set(group)
    rest = _rest(words, (read[number] for number in read if number not in inside))
    example = min(members, key=lambda post: (len(post.post.text), post.id))
    return Need(
        words=names_of((read[number] for number in group), rest, _said_in(example, words)),
        asked=len(members),
        answered=len(members) - len(open_ones),
        waiting_since=open_ones[0].at if open_ones else None,
        quote=quote(example, words.known),
    )
