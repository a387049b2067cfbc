"""Posts in, the queries that match them out: block after block, here or in several processes, in constant memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from typing import Any

import msgspec

from listener.posts import Post
from listener.processes import in_order
from listener.query import Span
from listener.query.matcher import Found, Matcher, said
from listener.query.saved import SavedQuery
from listener.screen.answers import csv_row, shown
from listener.screen.candidates import Broken
from listener.screen.posts import Block, Line, Sent, decoded, read_line, read_post, seen
from listener.screen.stream import Answer, StreamError
from listener.terminal import padded, plain
from listener.text.words import nfc

COLUMNS = ("ref", "id", "query", "spans")
BOM = b"\xef\xbb\xbf"
EXCERPT, BEFORE = 72, 24  # code points shown of a text, and of those before the match
_encoder = msgspec.json.Encoder()


class Match(msgspec.Struct):
    """One query that matches one post; spans are code points of the NFC text."""

    ref: Any
    id: str | None
    query: str
    spans: tuple[Span, ...]


Writer = Callable[[Match, Sent], bytes]


class Matching:
    """Everything a block needs: the queries, and how a match is written."""

    def __init__(self, queries: Mapping[str, SavedQuery], write: Writer, *, strict: bool = False) -> None:
        self._matcher = Matcher({name: query.asked for name, query in queries.items()})
        self._write, self._strict = write, strict

    def answer(self, block: Block) -> Answer:
        """The matches of a block of lines, and number and reason of each broken line."""
        rows = decoded(block.lines)
        if rows is not None:
            return Answer(b"".join(self._matches(rows, block.lines)), ())
        lines, rows, broken = self._read(block)
        return Answer(b"".join(self._matches(rows, lines)), tuple(broken))

    def _read(self, block: Block) -> tuple[list[bytes], list[Line], list[tuple[int, str]]]:
        """Line by line: those that are posts, with their texts, and those that are broken."""
        lines: list[bytes] = []
        rows: list[Line] = []
        broken: list[tuple[int, str]] = []
        for number, line in enumerate(block.lines, block.first):
            bare = line.removeprefix(BOM)
            if not bare.strip():
                continue
            try:
                rows.append(read_line(bare))
                lines.append(bare)
            except Broken as wrong:
                broken.append((number, str(wrong)))
                if self._strict:
                    break
        return lines, rows, broken

    def _matches(self, rows: Sequence[Line], lines: Sequence[bytes]) -> Iterator[bytes]:
        for number, asked in self._matcher.worth(
            [said(row.text, row.title) if row.title else row.text for row in rows]
        ):
            sent = read_post(lines[number])
            for name, spans in self._told(sent.post, asked):
                yield self._write(Match(sent.ref, sent.id, name, spans), sent)

    def _told(self, post: Post, asked: Sequence[int]) -> list[Found]:
        """What matches the post as it was sent, or else as it is read (see `posts.seen`)."""
        read, places = seen(post)
        if places is None:
            return self._matcher.ask(post, asked)
        ask = self._matcher.ask
        told = (ask(post, [number]) or _placed(ask(read, [number]), places) for number in asked)
        return [found for one in told for found in one]


def _placed(told: list[Found], places: Sequence[int]) -> list[Found]:
    """Spans of the text as it is read, in the text as it was sent."""
    return [(name, tuple((places[start], places[end - 1] + 1) for start, end in spans)) for name, spans in told]


def answers(given: Iterable[Block], matching: Matching, jobs: int = 1) -> Iterator[Answer]:
    """Answers in the order of the blocks; with `jobs` > 1 at most two a process are under way. Raises StreamError."""
    if jobs <= 1:
        yield from map(matching.answer, given)
        return
    try:
        yield from in_order(Matching.answer, matching, given, jobs)
    except BrokenProcessPool as killed:
        raise StreamError("a matching process was killed: run again with fewer --jobs") from killed


def as_ndjson(match: Match, _sent: Sent) -> bytes:
    """One line of JSON."""
    return _encoder.encode(match) + b"\n"


def as_csv(match: Match, _sent: Sent) -> bytes:
    """One row; the spans as `12-25 40-46`."""
    return csv_row([match.ref, match.id, match.query, " ".join(f"{start}-{end}" for start, end in match.spans)])


def as_table(match: Match, sent: Sent) -> bytes:
    """One line for people: the query, the post and what it says there."""
    start = match.spans[0][0] if match.spans else 0
    text = nfc(sent.post.text)[max(0, start - BEFORE) :][:EXCERPT]
    name = match.id or sent.post.url or ""
    cells = padded(_fitted(match.query, 24), 24), padded(_fitted(name, 24), 24), _fitted(text, EXCERPT)
    return f"{' '.join(cells).rstrip()}\n".encode("utf-8", "replace")


def _fitted(text: str, width: int) -> str:
    return shown(plain(text[: 4 * width], width))
