"""Looking around in the log: what is said, newest first, by filters that are addresses; how much, when and where."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from flask import Response, abort, g, make_response, request

from listener.cli.mention_output import named
from listener.clock import local
from listener.language import _
from listener.query.saved import PURPOSE
from listener.query.sensitive import names_author
from listener.report import labels
from listener.review import mention_export as export
from listener.review import timeline
from listener.review.known import languages, sources, tags, units
from listener.review.mention_filters import (
    BY,
    Filters,
    Look,
    address,
    number,
    read_filters,
    saved_queries,
    understood,
)
from listener.review.roles import Right, may
from listener.review.said import Said, hidden, said_folds, said_posts
from listener.review.shown import page
from listener.store.mention_course import NEWEST, By, counted_in, shares
from listener.store.mention_page import MOST_COPIES, page_of_mentions
from listener.store.searches import save_search
from listener.store.storms import Storm, load_storms
from listener.store.talk import one

A_PAGE = 30


def show() -> str | tuple[str, int]:
    """One page of mentions; on the first also their course over time, and where they stand."""
    filters = read_filters(request.args)
    before = number(request.args.get("below", ""))
    look = understood(filters)
    refused = refusal(filters, look)
    if before is None:
        keep(filters, look, bool(refused))
    if look.wrong or refused:
        return render(filters, look, refused), 422
    return render(filters, look, (), before, found=True)


def render(
    filters: Filters, look: Look, refused: tuple[str, ...], before: int | None = None, found: bool = False
) -> str:
    """The page; without what was found when the filters could not be read."""
    log = page_of_mentions(g.store, look.listed, look.typed, before, A_PAGE) if found else None
    first = first_of(look.wanted.cluster)
    return page(
        "mentions.html",
        filters=filters,
        wrong=[*look.wrong, *refused],
        mentions=said_folds(log.folds) if log else (),
        reached=place_day(log.after) if log and log.cut and log.after else "",
        after=address(filters, below=log.after) if log and log.after else "",
        newest=address(filters) if before else "",
        first=first,
        course=course(filters, look) if log and before is None and not log.slow else None,
        slow=log is not None and log.slow,
        listed={
            "queries": saved_queries(),
            "sources": sources(),
            "units": units(),
            "tags": tags(),
            "langs": languages(),
        },
        by=BY,
        purpose=filters.purpose or PURPOSE,
        copies=lambda count: timeline.at_most(count, MOST_COPIES),
        link=lambda **changes: address(filters, **changes),
        csv=lambda form: address(filters, "mentions_csv", form=form),
    )


def first_of(cluster: int) -> Said | None:
    """The first of some copies, if whoever asks may read it."""
    found = one(g.store, cluster) if cluster else None
    said = said_posts([found])[0] if found else None
    return None if said is None or hidden(said.closed) else said


def course(filters: Filters, look: Look) -> dict[str, object]:
    """How much was said when, what was unusual, and which values are the commonest."""
    edges = timeline.edges_of(look.wanted.since, look.wanted.until, g.now)
    stretches = counted_in(g.store, look.wanted, look.typed, edges)
    storms = storms_of(look, edges[0], edges[-1])
    by = cast("By", filters.by if filters.by in BY else "source")
    begun = next((one.start for one in stretches if one.mentions is not None), edges[0])
    total = shares(g.store, look.wanted, look.typed, begun, edges[-1], by)
    return {
        "chart": timeline.drawn(stretches, storms),
        "rows": timeline.rows(stretches, storms),
        "words": timeline.in_words(stretches, storms),
        "storms": timeline.told_storms(storms, query_names()),
        "by": by,
        "shares": [(called(by, share.value), share.mentions, share.value) for share in total],
        "newest": NEWEST,
        "typed": look.typed is not None,
    }


def storms_of(look: Look, since: datetime, until: datetime) -> list[Storm]:
    """What was unusual about the saved query, or about any of them."""
    return load_storms(g.store, since, until, look.wanted.query or None)


def query_names() -> dict[str, str]:
    """The text of each saved query, as the log knows it, and its name."""
    return {query.asked.name: name for name, query in saved_queries().items()}


def called(by: str, value: str) -> str:
    """A value that mentions are counted by, as people read it."""
    if not value:
        return _("unknown")
    return labels.source_label(value) if by == "source" else named(value) if by == "writer" else value


def place_day(at: int) -> str:
    """The day to which was looked back."""
    return labels.day(local(export.moment_of(at)).date(), g.words.say, year=True)


def refusal(filters: Filters, look: Look) -> tuple[str, ...]:
    """Why nobody is looked up by a sensitive trait, or by name where writers are pseudonyms; else nothing."""
    if look.trait and look.author:
        told = _(
            "refused: the query asks about {trait} and about one author: that would look a person up by a sensitive "
            "trait (GDPR, article 9)"
        )
        return (told.format(trait=_(look.trait)),)
    if look.trait and filters.by == "writer":
        told = _(
            "refused: the query asks about {trait}, and counting it by author would list people by a sensitive "
            "trait (GDPR, article 9); count by source or language instead"
        )
        return (told.format(trait=_(look.trait)),)
    if look.typed and names_author(look.typed.tree) and not may(g.login.role, Right.REVIEW):
        return (_("refused: writers are pseudonyms here; those who review may ask for the posts of one"),)
    return ()


def why_refused(look: Look) -> str:
    """The same for the record of searches."""
    if look.author:
        return f"one author: {look.trait}" if look.trait else "one author"
    return f"grouped by author: {look.trait}"


def keep(filters: Filters, look: Look, refused: bool) -> None:
    """Keep who searched for what and why: searching people is a power."""
    if look.typed is None and not refused:
        return
    query = look.typed.name if look.typed else look.wanted.query
    why = why_refused(look) if refused else None
    save_search(g.store, g.now, query, filters.purpose or PURPOSE, filters.source or None, why, g.login.person)


def export_csv() -> Response:
    """The mentions of the present filter as CSV, texts masked and writers by pseudonym, at most export.MOST."""
    filters = read_filters(request.args)
    look = understood(filters)
    if look.wrong or refusal(filters, look):
        abort(422)
    query = look.typed.name if look.typed else look.wanted.query or "*"
    save_search(
        g.store, g.now, query, f"{filters.purpose or PURPOSE} (csv)", filters.source or None, None, g.login.person
    )
    answer = make_response(export.as_csv(g.store, look, excel=request.args.get("form") == "excel"))
    answer.mimetype = "text/csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="mentions-{local(g.now):%Y-%m-%d}.csv"'
    return answer
