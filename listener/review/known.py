"""What there is to choose from in a filter: sources, languages, units and tags that are known here."""

from __future__ import annotations

from collections.abc import Iterable

from flask import g

from listener.enrich import read_topics
from listener.organisation import load_organisation
from listener.review.mention_filters import saved_queries
from listener.review.register import entries
from listener.saved import POSTS
from listener.store.runs_page import sources_asked

LANGUAGES = ("sv", "en", "fi", "ar", "so", "no", "da", "de")  # those most often read; another can be typed


def sources() -> list[str]:
    """The sources that were ever asked."""
    return each(name.removesuffix(POSTS) for name in sources_asked(g.store))


def languages() -> list[str]:
    return list(LANGUAGES)


def units() -> list[str]:
    """Our units, by listener.toml and by the register."""
    named = load_organisation(g.config).units if g.config.table("organisation") else ()
    return each([*(unit.name for unit in named), *(entry.unit for entry in entries())])


def tags() -> list[str]:
    """The topics of listener.toml and the tags of saved queries; hashtags can be typed."""
    return each([*read_topics(g.config), *(tag for query in saved_queries().values() for tag in query.tags)])


def each(names: Iterable[str]) -> list[str]:
    return sorted({name for name in names if name}, key=str.casefold)
