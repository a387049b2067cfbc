"""Live and history side by side: what the matcher says of posts as they come, and what the log finds of them later."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import query_cases

from listener.mentions import cleaned
from listener.posts import Mention, Post
from listener.query import Query, Span
from listener.query.matcher import Matcher
from listener.store import open_store
from listener.store.mentions import save_mentions, search_mentions
from listener.store.word_list import learn

LONG_ENOUGH = 60  # code points: of the posts drawn those that can hold a few words
Pair = tuple[str, str]  # number of the query, id of the post


class Compared(NamedTuple):
    """How many pairs matched live, and those of which live and history say different things (with their spans)."""

    matched: int
    different: dict[Pair, tuple[tuple[Span, ...] | None, tuple[Span, ...] | None]]


def drawn(seed: int, queries: int, posts: int) -> tuple[list[Query], list[Post]]:
    """Random queries, and random posts of some length."""
    chance = random.Random(seed)
    told: list[Post] = []
    while len(told) < posts:
        post = cleaned(query_cases.raw_post(chance, f"{seed}-{len(told)}"), "bluesky")
        told += [post] if len(post.text) >= LONG_ENOUGH else []
    return query_cases.queries(seed, queries), told


def compare(folder: Path, queries: Sequence[Query], posts: Sequence[Post]) -> Compared:
    """Every query held against every post, by the matcher and by a log in `folder` that holds all of them."""
    live = lived(queries, posts)
    later = logged(folder, queries, posts)
    different = {pair for pair in live.keys() | later.keys() if live.get(pair) != later.get(pair)}
    return Compared(len(live), {pair: (live.get(pair), later.get(pair)) for pair in sorted(different)})


def lived(queries: Sequence[Query], posts: Sequence[Post]) -> dict[Pair, tuple[Span, ...]]:
    """By the matcher, all queries at once."""
    matcher = Matcher({f"{number}": query for number, query in enumerate(queries)})
    return {(name, post.id): spans for post, found in matcher.all_matches(posts) for name, spans in found}


def logged(folder: Path, queries: Sequence[Query], posts: Sequence[Post]) -> dict[Pair, tuple[Span, ...]]:
    """By the log, one query after the other."""
    store = open_store(folder / "listener.db")
    try:
        for source, told in groupby(sorted(posts, key=source_of), key=source_of):
            with store.transaction():
                learn(store.conn)  # all but those of the last source: what a star finds is read from two places
            mentions = [Mention(post=post, query="every") for post in told]
            save_mentions(store, None, "every", source, mentions, query_cases.NOW)
        return {
            (f"{number}", mention.post.id): mention.spans
            for number, query in enumerate(queries)
            for mention in search_mentions(store, query)
        }
    finally:
        store.close()


def source_of(post: Post) -> str:
    return post.source or ""
