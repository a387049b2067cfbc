"""Many queries held against one post after the other: as if each were asked alone, at a fraction of the time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from listener.posts import Post
from listener.query import Query, Span
from listener.query.matcher_gate import Gate
from listener.query.tree import Text

Found = tuple[str, tuple[Span, ...]]


class Matcher:
    """Built once from queries by name; changes no more, and may be asked by several threads."""

    def __init__(self, queries: Mapping[str, Query]) -> None:
        self._queries = tuple(queries.items())
        self._gate = Gate([query.tree for query in queries.values()])

    def matches(self, post: Post) -> list[Found]:
        """The names of the queries that match, in the order given, with the spans that `Query.matches` finds."""
        return [found for _post, told in self.all_matches([post]) for found in told]

    def all_matches(self, posts: Sequence[Post]) -> Iterator[tuple[Post, list[Found]]]:
        """The posts that some query matches, in order, each with what `matches` says of it; quickest in hundreds."""
        for number, asked in self.worth([said(post.text, post.title) for post in posts]):
            if told := self.ask(posts[number], asked):
                yield posts[number], told

    def worth(self, texts: Sequence[str]) -> Iterator[tuple[int, Sequence[int]]]:
        """The numbers of the texts (`said` by posts) that may match, in order, and of the queries to `ask` of each."""
        found, asked = self._gate.candidates(texts)
        pairs = groupby(zip(found.tolist(), asked.tolist(), strict=True), key=lambda pair: pair[0])
        few = ((number, [query for _text, query in group]) for number, group in pairs)
        always = self._gate.always
        if not always:
            yield from few
            return
        told = dict(few)
        for number in range(len(texts)):
            yield number, sorted({*always, *told.get(number, ())})

    def ask(self, post: Post, asked: Iterable[int]) -> list[Found]:
        """As `matches`, of these queries only; the post's words are taken apart once."""
        text = Text(post.text)
        told = ((self._queries[number], self._queries[number][1].found(text, post)) for number in asked)
        return [(name, spans) for (name, _query), spans in told if spans is not None]


def said(text: str, title: str | None) -> str:
    """All that the words of a query are looked for in: the text, and the title, which it may not hold."""
    return f"{text}\n{title}" if title else text
