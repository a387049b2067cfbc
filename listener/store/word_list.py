"""The words that logged posts say, each with the latest place where it stands: what a star is looked up in.

The index finds words by their beginnings; of `*läcka` it can tell nothing. The list is made behind the log, some
thousand posts at a time (`learn`): what is newer than it is looked at post by post.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from listener.text.words import words

PORTION = 20_000  # posts that are learnt together; to look at so many one by one takes 30 ms
PORTIONS = 3  # that are caught up with at once
LETTERS = 8_000_000  # of the posts that are learnt together, at most: posts may be long
MOST = 200  # words that the index is asked for at once
LONGEST = 200  # letters of a pattern that is looked up
NOWHERE = -1  # below every place

POSTS = "SELECT id, place, text, coalesce(title, '') FROM mentions WHERE id > ? ORDER BY id LIMIT ?"
LEARNT = """INSERT INTO mention_words (word, place) VALUES (?, ?)
    ON CONFLICT (word) DO UPDATE SET place = max(place, excluded.place)"""
FITTING = "SELECT word, place FROM mention_words WHERE word GLOB ? ORDER BY place DESC LIMIT ?"
BEHIND = "SELECT (SELECT coalesce(max(id), 0) FROM mentions) - upto, upto FROM mention_words_upto"


class Listed(NamedTuple):
    """The words that are written like a pattern; above the place `below` no other of them stands in a learnt post."""

    words: tuple[str, ...]
    below: int


def behind(conn: sqlite3.Connection) -> tuple[int, int]:
    """How many posts are logged since the list was made, at most, and the id of the last that was learnt."""
    newer, upto = conn.execute(BEHIND).fetchone()
    return int(newer), int(upto)


def learn(conn: sqlite3.Connection, least: int = 1, portions: int | None = None) -> None:
    """Learn the words of what was logged since, in so many portions, where that is `least` posts or more.

    To be called within a transaction. Without `portions`, of all.
    """
    newer, upto = behind(conn)
    if newer < least:
        return
    for number, (places, last) in enumerate(_read(conn, upto)):
        if number == portions:
            return
        conn.executemany(LEARNT, sorted(places.items()))
        conn.execute("UPDATE mention_words_upto SET upto = ?", (last,))


def _read(conn: sqlite3.Connection, upto: int) -> Iterator[tuple[dict[str, int], int]]:
    """Portion by portion the words of the posts after that id, their latest places, and the id of the last post."""
    while True:
        posts: list[tuple[int, str]] = []
        letters = 0
        for number, place, text, title in conn.execute(POSTS, (upto, PORTION)):
            posts.append((place, f"{text} {title}"))
            upto = number
            if (letters := letters + len(text)) > LETTERS:
                break
        if not posts:
            return
        yield _latest(sorted(posts)), upto


def _latest(posts: list[tuple[int, str]]) -> dict[str, int]:
    """The words of texts and the last place of each; the texts by place. No word goes on over a blank."""
    chunks: dict[str, int] = {}
    for place, text in posts:
        chunks.update(dict.fromkeys(text.split(), place))
    found: dict[str, int] = {}
    for chunk, place in chunks.items():
        said = [chunk] if chunk.isalpha() and chunk.islower() else [word.folded for word in words(chunk)]
        for word in said:
            if place > found.get(word, NOWHERE):
                found[word] = place
    return found


def listed(conn: sqlite3.Connection, pattern: str, most: int | None = None) -> Listed | None:
    """The words with the latest places that fit a folded word with stars in it; None when it is too long.

    So many of them, without `most` MOST.
    """
    if len(pattern) > LONGEST:
        return None
    count = MOST if most is None else most
    found = conn.execute(FITTING, (pattern, count + 1)).fetchall()
    below = found[count][1] if len(found) > count else NOWHERE
    return Listed(tuple(word for word, _place in found[:count]), int(below))
