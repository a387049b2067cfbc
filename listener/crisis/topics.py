"""What is talked about: near-duplicates put together by the words they share, named by those above what is usual."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from listener.crisis.vocabulary import Vocabulary
from listener.models import Record

ALIKE = 0.2  # cosine of two sets of words, each word weighed by how rare it is; set on the demo's talk
SAME_NEED = 0.27  # the same for questions: one answer must do for all of them
MOST_TEXTS = 4000  # different texts that are compared, the most repeated first
MOST_GROUPS = 400
NAMED_BY = 3  # words
PRIOR = 50.0  # weight of the usual in log-odds, in posts (Monroe, Colaresi & Quinn 2008, "Fightin' Words")
SURE = 1.0  # standard errors above the usual before a word names a topic


class Text(Record):
    """One text, however often it was posted: its stems and how many posts it stands for. `id` is its cluster's."""

    id: int
    stems: frozenset[str]
    posts: int


def grouped(texts: Sequence[Text], rarity: Mapping[str, float], alike: float = ALIKE) -> list[tuple[int, ...]]:
    """The ids of texts that share their words, the group with most posts first; each text in one group.

    A leader is the most repeated text; each text joins the group it is most like, when it is like enough. The centre
    of a group is the sum of its texts. Words that no text weighs (rarity 0) bring nothing together.
    """
    ordered = sorted(texts, key=lambda text: (-text.posts, text.id))
    groups: list[_Group] = []
    holding: dict[str, set[int]] = defaultdict(set)
    for text in ordered[:MOST_TEXTS]:
        vector = {stem: rarity.get(stem, 0.0) for stem in text.stems if rarity.get(stem, 0.0) > 0}
        near = {number for stem in vector for number in holding[stem]}
        scored = [(groups[number].likeness(vector), -number) for number in near]
        best, place = max(scored, default=(0.0, 0))
        if best < alike and len(groups) >= MOST_GROUPS:
            continue
        if best < alike:
            groups.append(_Group())
            place = -(len(groups) - 1)
        groups[-place].add(text, vector)
        for stem in vector:
            holding[stem].add(-place)
    return [tuple(group.ids) for group in sorted(groups, key=lambda group: (-group.posts, group.ids[0]))]


class _Group:
    """Texts that share words: their ids, their posts, and the sum of their words' weights."""

    def __init__(self) -> None:
        self.ids: list[int] = []
        self.posts = 0
        self._centre: Counter[str] = Counter()
        self._length = 0.0

    def likeness(self, vector: Mapping[str, float]) -> float:
        """Cosine between the group's centre and a text, 0..1."""
        length = math.sqrt(sum(weight * weight for weight in vector.values()))
        if not length or not self._length:
            return 0.0
        shared = sum(weight * self._centre[stem] for stem, weight in vector.items())
        return shared / (length * self._length)

    def add(self, text: Text, vector: Mapping[str, float]) -> None:
        self.ids.append(text.id)
        self.posts += text.posts
        for stem, weight in vector.items():
            self._centre[stem] += weight  # type: ignore[assignment]  # counted in weights
        self._length = math.sqrt(sum(weight * weight for weight in self._centre.values()))


def rarity(texts: Sequence[frozenset[str]]) -> dict[str, float]:
    """How much a word tells, by how few of the different texts hold it: log(1 + texts / those with it)."""
    counts = Counter(stem for stems in texts for stem in stems)
    return {stem: math.log(1 + len(texts) / count) for stem, count in counts.items()}


def excess(here: Mapping[str, int], posts: int, usual: Mapping[str, int], usual_posts: int) -> dict[str, float]:
    """How far each word stands above what is usual, in standard errors: log-odds with the usual as prior.

    `here` and `usual` count posts that hold the word. Two numbers behind it: 7 of 9 posts here, 3 of 400 else.
    """
    whole = max(usual_posts, 1)
    found = {}
    for stem, count in here.items():
        before = PRIOR * (usual.get(stem, 0) + 0.5) / (whole + 1)
        one = math.log((count + before) / (posts - count + PRIOR - before + 0.5))
        other = math.log((usual.get(stem, 0) + before) / (whole - usual.get(stem, 0) + PRIOR - before + 0.5))
        error = math.sqrt(1 / (count + before) + 1 / (usual.get(stem, 0) + before))
        found[stem] = (one - other) / error
    return found


def names_of(
    texts: Iterable[frozenset[str]], rest: Vocabulary, shown: Mapping[str, str], taken: Collection[str] = ()
) -> tuple[str, ...]:
    """The words that name a group: those furthest above the rest of the talk, that may be shown; at most three."""
    counts: Counter[str] = Counter()
    posts = 0
    for stems in texts:
        counts.update(stems)
        posts += 1
    scores = excess(counts, posts, rest.counts, rest.posts)
    ranked = sorted(
        (stem for stem in scores if stem in shown and shown[stem] not in taken and scores[stem] >= SURE),
        key=lambda stem: (-counts[stem] * max(scores[stem], 0.0), stem),
    )
    return tuple(shown[stem] for stem in ranked[:NAMED_BY])
