"""Twelve weeks of ordinary talk about Almby and a storm over its swimming hall, drawn by a fixed seed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from listener.clock import week_of
from listener.posts import Post

SEED = 20261122
LONGEST_STORM = timedelta(hours=78)
SHORTEST_STORM = timedelta(hours=8)
COPIES_WITHIN = timedelta(minutes=25)
PLATFORMS = {"bluesky": "bluesky", "mastodon": "mastodon", "fediverse": "mastodon"}
SHARE = ("bluesky",) * 11 + ("mastodon",) * 6 + ("fediverse",) * 3  # of twenty posts


def draw_posts(texts: dict[str, Any], now: datetime) -> tuple[Post, ...]:
    """Every post of the world, newest first. The same texts at the same `now` give the same posts."""
    if "storm" not in texts:
        return ()
    chance = Random(SEED)
    drawn = [*_ordinary(texts, now, chance), *_storm(texts, now, chance), *_copies(texts, now, chance)]
    return tuple(sorted(drawn, key=lambda post: (post.published_at or now, post.id), reverse=True))


def storm_begins(now: datetime) -> datetime:
    """When the swimming hall closed: some three days ago, yet within this week when the week is old enough."""
    this_week = now - week_of(now).start
    return now - min(LONGEST_STORM, max(this_week, SHORTEST_STORM))


def _ordinary(texts: dict[str, Any], now: datetime, chance: Random) -> Iterator[Post]:
    words = texts["background"]
    fewest, most = words["a_day"]
    for day in range(words["days"], 0, -1):
        for _number in range(chance.randint(fewest, most)):
            # hours of the day before this moment: never later than the storm's own latest post
            when = now - timedelta(days=day - 1, minutes=chance.randint(30, 20 * 60))
            yield _post(texts["authors"], words, when, chance)


def _storm(texts: dict[str, Any], now: datetime, chance: Random) -> Iterator[Post]:
    words, began = texts["storm"], storm_begins(now)
    span = (now - began) * 0.97
    for _number in range(words["posts"]):
        yield _post(texts["authors"], words, began + span * _moment(chance), chance)


def _moment(chance: Random) -> float:
    """Where in the storm a post falls, 0 to 1: a slow start, a burst over a twelfth of it, a long tail."""
    part = chance.random()
    if part < 0.15:
        return chance.uniform(0.0, 0.4)
    if part < 0.70:
        return chance.uniform(0.4, 0.48)
    return chance.uniform(0.48, 1.0)


def _copies(texts: dict[str, Any], now: datetime, chance: Random) -> Iterator[Post]:
    """One text from many accounts within minutes: what an organised push looks like."""
    began = storm_begins(now)
    first = began + (now - began) * 0.44
    for number in range(texts["storm"]["copies"]):
        author = texts["authors"]["fresh"][number % len(texts["authors"]["fresh"])]
        yield _made("bluesky", author, texts["storm"]["copied"], first + COPIES_WITHIN * chance.random(), chance)


def _post(authors: dict[str, list[str]], words: dict[str, Any], when: datetime, chance: Random) -> Post:
    where = chance.choice(SHARE)
    parts = [chance.choice(words["first"])]
    if chance.random() < 0.7:
        parts.append(chance.choice(words["second"]))
    if chance.random() < 0.5:
        parts.append(chance.choice(words["tags"]))
    return _made(where, chance.choice(authors[where]), " ".join(parts), when, chance)


def _made(where: str, author: str, text: str, when: datetime, chance: Random) -> Post:
    name = hashlib.sha256(f"{author} {text} {chance.random()}".encode()).hexdigest()[:13]
    when = when.replace(microsecond=0)
    platform = PLATFORMS[where]
    return Post(platform=platform, id=name, text=text, author=author, lang="sv", published_at=when, source=where)
