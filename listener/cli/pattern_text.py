"""How `listen pattern` prints what it found: for people, as a table of reasons, as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click
import msgspec

from listener.clock import local, rfc3339
from listener.coordination.pattern import DEFINITION, KINDS, SIGNALS
from listener.coordination.rulings import REASONS
from listener.coordination.telling import told
from listener.explain.words import figure
from listener.language import N_, _, ngettext
from listener.lexicons import mask
from listener.terminal import padded, plain
from listener.text.pseudonyms import spoken

if TYPE_CHECKING:
    from datetime import datetime

    from listener.coordination.look import Seen
    from listener.coordination.pattern import Pattern, Reason
    from listener.store.patterns import Ruling

RULED = {"confirmed": N_("confirmed"), "rejected": N_("rejected")}
ORDINARY = ("criticism", "heated", "too_few")
WIDTH = 100  # columns of a post's text


def print_text(seen: Seen) -> None:
    for line in _lines(seen):
        click.echo(line)


def print_table(seen: Seen) -> None:
    """One row a reason, the strongest first."""
    width = max((len(_(SIGNALS[reason.signal])) for reason in seen.pattern.reasons), default=0)
    click.echo(f"{seen.id}  {_(KINDS[seen.pattern.kind])}  {figure(seen.pattern.score)}")
    for reason in seen.pattern.reasons:
        click.echo(f"{figure(reason.score)}  {padded(_(SIGNALS[reason.signal]), width)}  {told(reason.detail, _)}")


def print_json(seen: Seen) -> None:
    """Times in UTC; writers are pseudonyms and texts are masked."""
    shown = msgspec.to_builtins(seen.pattern)
    for reason in shown["reasons"]:
        reason["posts"] = [_post_row(seen, post) for post in reason["posts"] if post in seen.posts]
    head = {
        "id": seen.id,
        "query": seen.query,
        "since": rfc3339(seen.since),
        "until": rfc3339(seen.until),
        "borrowed_history": seen.borrowed,
        "unusual": seen.pattern.kind not in ORDINARY,
    }
    rulings = {"ruling": _ruling_row(seen.ruling), "earlier_ruling": _ruling_row(seen.earlier)}
    click.echo(msgspec.json.format(msgspec.json.encode(head | shown | rulings), indent=2).decode())


def ruled(ruling: Ruling) -> str:
    """What a person made of a pattern, on one line."""
    said = _("{what} by {who} on {day}: {reason}").format(
        what=_(RULED[ruling.ruling]),
        who=plain(ruling.who),
        day=_day(ruling.at),
        reason=_(REASONS[ruling.ruling][ruling.reason]),
    )
    return f"{said} – {plain(ruling.text)}" if ruling.text else said


def _lines(seen: Seen) -> Iterator[str]:
    pattern = seen.pattern
    yield _("The talk about {query}, {since} to {until}").format(
        query=plain(seen.query), since=_day(seen.since), until=_day(seen.until)
    )
    yield _("{posts} posts by {writers} writers").format(posts=pattern.posts, writers=pattern.writers)
    if not pattern.compared:
        yield _("Nothing was logged before: who is new and what is unusual cannot be told")
    elif seen.borrowed:
        yield _("The query is young: compared with all {count} posts that were logged before").format(
            count=pattern.compared
        )
    yield from _verdict(seen)
    if pattern.reasons:
        yield ""
        yield _("Why, the strongest first:")
        for reason in pattern.reasons:
            yield from _reason(seen, reason)
    if pattern.changes:
        yield ""
        yield _("What would change it:")
        yield from (f"  {told(change, _)}" for change in pattern.changes)
    yield ""
    yield _(DEFINITION)
    yield from _asked(seen)


def _verdict(seen: Seen) -> Iterator[str]:
    pattern = seen.pattern
    kind = _(KINDS[pattern.kind])
    if pattern.kind == "too_few":
        yield _("No answer: {kind}").format(kind=kind)
    elif pattern.kind in ORDINARY:
        yield _("No unusual pattern; it looks like {kind}").format(kind=kind)
    else:
        yield _("Unusual pattern ({score}); it looks like {kind}").format(score=figure(pattern.score), kind=kind)
    if pattern.rest:
        yield _part(pattern)


def _part(pattern: Pattern) -> str:
    share = ngettext(
        "{count} of {total} posts was made together; the rest looks like: {kind}",
        "{count} of {total} posts were made together; the rest looks like: {kind}",
        len(pattern.part),
    )
    rest = _(KINDS[pattern.rest or "too_few"])
    return f"  {share.format(count=len(pattern.part), total=pattern.posts, kind=rest)}"


def _reason(seen: Seen, reason: Reason) -> Iterator[str]:
    yield f"{figure(reason.score)}  {_(SIGNALS[reason.signal])}: {told(reason.detail, _)}"
    for number in reason.posts:
        post = seen.posts.get(number)
        if post is not None:
            when = f"{local(post.at):%Y-%m-%d %H:%M}"
            yield f"      #{number}  {when}  {spoken(post.writer, _) or '–'}  {plain(mask(post.post.text), WIDTH)}"


def _asked(seen: Seen) -> Iterator[str]:
    yield ""
    if seen.ruling:
        yield ruled(seen.ruling)
    elif seen.pattern.kind not in ORDINARY:
        yield _("Nobody has confirmed this. Read the posts, then: listen pattern confirm {count} --reason read").format(
            count=seen.id
        )
        yield _("or: listen pattern reject {count} --reason organic").format(count=seen.id)
    if seen.earlier:
        kind = _(KINDS.get(seen.earlier.kind, seen.earlier.kind))  # another version may have kept it
        yield _("Earlier, pattern {count} ({kind}): {what}").format(
            count=seen.earlier.pattern_id, kind=kind, what=ruled(seen.earlier)
        )


def _post_row(seen: Seen, number: int) -> dict[str, Any]:
    post = seen.posts[number]
    return {"id": number, "at": rfc3339(post.at), "writer": post.writer, "text": mask(post.post.text)}


def _ruling_row(ruling: Ruling | None) -> dict[str, Any] | None:
    if ruling is None:
        return None
    row: dict[str, Any] = msgspec.to_builtins(ruling)
    return row | {"at": rfc3339(ruling.at)}


def _day(when: datetime) -> str:
    return f"{local(when):%Y-%m-%d %H:%M}"
