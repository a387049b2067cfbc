"""Posts read from NDJSON: of a whole block what the matcher looks at, of a single line everything."""

from __future__ import annotations

from codecs import getincrementaldecoder
from collections.abc import Iterator, Sequence
from io import BufferedIOBase
from typing import Any, NamedTuple

import msgspec

from listener.posts import Post
from listener.screen.candidates import LONGEST_LINE, Broken, as_list, as_text, as_time, read_json
from listener.screen.opening import InputError
from listener.text.words import nfc, visible

PIECE = 1 << 16
BLOCK = 1 << 20  # bytes read at a time; from a pipe what has come


class Line(msgspec.Struct, gc=False):
    """What a line must have to be a post, and what is looked at first."""

    id: str | int
    text: str
    title: str | None = None


class Sent(NamedTuple):
    """A post with the `ref` it came with, untouched (any JSON value), and its id as given, if there was one."""

    post: Post
    ref: Any
    id: str | None


class Block(NamedTuple):
    """Whole lines of the input, the first of them number `first`."""

    first: int
    lines: Sequence[bytes]


_decode = msgspec.json.Decoder(Line).decode


def read_post(line: bytes) -> Sent:
    """One line as a post. Raises Broken when it is not JSON or lacks its text or all of id, url and ref."""
    fields = read_json(line)
    text = fields.get("text")
    if text is None:
        raise Broken("no text")
    if not isinstance(text, str):
        raise Broken("text is no text")
    identity, url, ref = as_text(fields.get("id")), as_text(fields.get("url")), fields.get("ref")
    if identity is None and url is None and ref is None:
        raise Broken("none of id, url and ref")
    post = Post(
        platform=(as_text(fields.get("platform")) or "").strip().lower(),
        id=identity or "",
        text=text,
        url=url,
        author=as_text(fields.get("author")),
        lang=as_text(fields.get("lang")),
        published_at=as_time(fields.get("published_at")),
        reply_to=as_text(fields.get("reply_to")),
        links=as_list(fields.get("links")) or (),
        source=as_text(fields.get("source")),
        title=as_text(fields.get("title")),
    )
    return Sent(post, ref, identity)


def seen(post: Post) -> tuple[Post, Sequence[int] | None]:
    """The post as listening reads it, without what nobody sees inside words, as soft hyphens; None: that is all of it.

    Else the places in the composed text of the code points that are left.
    """
    composed = nfc(post.text)
    text, title = visible(composed), post.title and visible(post.title)
    if (text, title) == (composed, post.title) or nfc(text) != text:
        return post, None
    following = iter(enumerate(composed))
    places = [next(place for place, char in following if char == kept) for kept in text]
    return msgspec.structs.replace(post, text=text, title=title), places


def decoded(lines: Sequence[bytes]) -> list[Line] | None:
    """The texts of all lines, read at once; None when one of them must be looked at by `read_post`."""
    whole = b"\n".join(lines)
    if len(whole) >= LONGEST_LINE and max(map(len, lines)) >= LONGEST_LINE:
        return None
    try:
        _read_over(whole)
        return list(map(_decode, lines))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _read_over(whole: bytes) -> None:
    """Raises UnicodeDecodeError where it is no UTF-8: what no field of ours holds must be so too.

    In pieces that stay in the processor's cache it takes a third of the time.
    """
    read = getincrementaldecoder("utf-8")().decode
    for at in range(0, len(whole), PIECE):
        read(whole[at : at + PIECE])
    read(b"", True)


def read_line(line: bytes) -> Line:
    """The text of one line. Raises Broken."""
    found = decoded([line])
    if found is not None:
        return found[0]
    post = read_post(line).post
    return Line(id=post.id, text=post.text, title=post.title)


def blocks(stream: BufferedIOBase) -> Iterator[Block]:
    """The lines of a stream as they come, in constant memory: of a line too long only the beginning is kept.

    Raises InputError when the input cannot be read to its end.
    """
    number, open_line, size = 1, [b""], 0
    for chunk in _chunks(stream):
        whole, newline, rest = chunk.rpartition(b"\n")
        if newline:
            lines = b"".join([*open_line, whole]).split(b"\n")
            yield Block(number, lines)
            number, open_line, size = number + len(lines), [rest], len(rest)
        elif size < LONGEST_LINE:
            open_line.append(rest)
            size += len(rest)
    if size:
        yield Block(number, [b"".join(open_line)])


def _chunks(stream: BufferedIOBase) -> Iterator[bytes]:
    try:
        while chunk := stream.read1(BLOCK):
            yield chunk
    except (OSError, EOFError) as wrong:
        raise InputError(f"the input cannot be unpacked: {wrong}") from wrong
