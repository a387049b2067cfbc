"""What mentions are asked for: the filters of an address, what they mean, and the address again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple

import msgspec
from flask import current_app, g, url_for

from listener import troubles
from listener.enrich import saved
from listener.errors import QueryError
from listener.language import _
from listener.models import Record
from listener.query import Query, parse
from listener.query.saved import PURPOSE, SavedQuery
from listener.query.sensitive import names_author, sensitive_trait
from listener.query.tree import sought
from listener.query.when import read_when
from listener.review.said import eyes
from listener.store.mention_page import Wanted
from listener.store.mention_rows import place

LONGEST = 2_000  # letters of a query
MOST_WORDS = 30  # and phrases that the index is asked for: each costs time
SHORT = 200  # letters of anything else
BY = ("source", "lang", "writer")


class Filters(Record, frozen=True):
    """The fields of the form, as typed; empty is any. `name` is that of a saved query, `text` a query of their own."""

    name: str = ""
    text: str = ""
    purpose: str = ""
    source: str = ""
    lang: str = ""
    unit: str = ""
    tag: str = ""
    direction: str = ""
    since: str = ""
    until: str = ""
    cluster: str = ""
    by: str = ""


class Look(NamedTuple):
    """What the filters mean; `wrong` is what cannot be read, and why.

    `wanted` leaves out what whoever asks may not read. `trait` is the sensitive one that is asked about; `author`
    whether one person's posts are.
    """

    wanted: Wanted
    typed: Query | None
    trait: str | None
    author: bool
    wrong: tuple[str, ...]

    @property
    def listed(self) -> Wanted:
        """The same for a list: asked by source and time alone, what is closed may be told of, without its words."""
        plain = msgspec.structs.replace(self.wanted, source="", since=None, until=None)
        whole = self.typed is None and plain == Wanted(eyes=plain.eyes)
        return msgspec.structs.replace(self.wanted, eyes="") if whole else self.wanted


def read_filters(args: Mapping[str, str]) -> Filters:
    """The filters of an address; the letters of a control are no part of them."""
    most = {"text": LONGEST}
    told = {name: args.get(name, "").strip()[: most.get(name, SHORT)] for name in Filters.__struct_fields__}
    return Filters(**told)


def understood(filters: Filters) -> Look:
    """What is meant; each filter that cannot be read is told, and left out."""
    wrong: list[str] = []
    known = saved_queries()
    if filters.name and filters.name not in known:
        wrong.append(_("There is no saved query of that name."))
    typed = typed_query(filters.text, wrong)
    chosen = known.get(filters.name)
    wanted = Wanted(
        query=chosen.asked.name if chosen else "",
        source=filters.source,
        lang=filters.lang.casefold().partition("-")[0],
        unit=filters.unit,
        tag=filters.tag.lstrip("#").casefold() if filters.tag.startswith("#") else filters.tag,
        direction=direction_of(filters.direction),
        since=moment(filters.since, wrong),
        until=moment(filters.until, wrong, end=True),
        cluster=number(filters.cluster) or 0,
        eyes=eyes(),
    )
    asked = [query for query in (typed, chosen.query if chosen else None) if query]
    return Look(
        wanted=wanted,
        typed=typed,
        trait=next(filter(None, (sensitive_trait(query.tree) for query in asked)), None),
        author=any(names_author(query.tree) for query in asked),
        wrong=tuple(wrong),
    )


def typed_query(text: str, wrong: list[str]) -> Query | None:
    """The query that was typed; what cannot be read of it, with a caret under the place, goes to `wrong`."""
    try:
        typed = parse(text, g.now) if text else None
    except QueryError as unread:
        wrong.append(troubles.in_language(str(unread), _))
        return None
    if typed and sum(1 for _part in sought(typed.tree, positive=True)) > MOST_WORDS:
        wrong.append(
            _("A search here takes at most {count} words: save a longer one as a query.").format(count=MOST_WORDS)
        )
        return None
    return typed


def moment(text: str, wrong: list[str], *, end: bool = False) -> datetime | None:
    """The time that is meant, one that the log can count."""
    try:
        found = read_when(text, g.now, end=end) if text else None
        return found if found is None or place(found) < 1 << 63 else None
    except (ValueError, OverflowError) as unread:
        wrong.append(str(unread))
        return None


def direction_of(text: str) -> Literal["", "in", "out"]:
    return "in" if text == "in" else "out" if text == "out" else ""


def number(text: str) -> int | None:
    """A number that the store can hold, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 and int(text) < 1 << 63 else None


def address(filters: Filters, endpoint: str = "mentions", **changes: Any) -> str:
    """The page with these filters, and with what is changed in them."""
    told = msgspec.structs.asdict(filters) | changes
    if told.get("purpose") == PURPOSE:
        del told["purpose"]
    return url_for(endpoint, **{name: value for name, value in told.items() if value not in ("", 0, None)})


def saved_queries() -> dict[str, SavedQuery]:
    """The saved queries by name, read once for each app."""
    kept: dict[str, dict[str, SavedQuery]] = current_app.extensions
    if "saved_queries" not in kept:
        kept["saved_queries"] = saved(g.config)
    return kept["saved_queries"]
