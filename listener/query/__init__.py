"""The query language: read once by `parse`; the live match, the index and the platforms are asked from one tree."""

from __future__ import annotations

from datetime import datetime

from listener.posts import Post
from listener.query import backends
from listener.query.found import spans
from listener.query.parse import read_tree
from listener.query.tree import (
    And,
    Field,
    Inside,
    Node,
    Not,
    Span,
    Text,
    When,
    anywhere,
    joined,
    leaves,
    sought,
    widen,
)
from listener.text.words import nfc, visible

__all__ = ["Query", "Span", "parse"]

MOST_PHRASES = 30
NOWHERE = Post(platform="", id="", text="")


def parse(text: str, now: datetime | None = None) -> Query:
    """Read a query; `now` is what 7d counts from. Raises QueryError with a caret under what cannot be read."""
    whole = text.encode("utf-8", "replace").decode()  # half a surrogate pair becomes a question mark
    typed = nfc(visible(whole)).strip()
    return Query(typed, read_tree(typed, now))


class Query:
    """A query that was understood. Its `text` is NFC; `name` is what mentions are kept under."""

    def __init__(self, text: str, tree: Node) -> None:
        self.text = text
        self.name = " ".join(text.split())
        self.tree = tree
        said = widen(tree, _is_said)
        self._said = None if said is None else anywhere(said)

    def spans(self, text: str) -> tuple[Span, ...] | None:
        """Where the words stand in the NFC text, in code points [start, end), or None when it does not match.

        A text has no source, author or time: the fields of the query are taken to hold (see `matches`). Nor has it a
        headline: what is looked for in one may stand anywhere.
        """
        return None if self._said is None else _in_order(spans(self._said, Text(text), NOWHERE))

    def matches(self, post: Post) -> tuple[Span, ...] | None:
        """As `spans`, with the fields (source:, lang:, author:, link:, headline:, since: …) held against the post."""
        return self.found(Text(post.text), post)

    def found(self, text: Text, post: Post) -> tuple[Span, ...] | None:
        """As `matches`, for a post whose text was taken apart for other queries already."""
        return _in_order(spans(self.tree, text, post))

    def alternatives(self) -> tuple[Query, ...]:
        """The query as searches that say only "all of these words"; each match of the whole is found by one of them."""
        asked = backends.searches(self.tree)
        return tuple(Query(self.text, joined(And, words)) for words in asked)

    def to_platform(self, name: str) -> str:
        """What to ask the search of platform `name` for. Raises ValueError when one search cannot say it."""
        asked = backends.searches(self.tree)
        if len(asked) != 1:
            raise ValueError(f"{self.name!r} takes {len(asked)} searches: ask for each of its alternatives()")
        return backends.to_platform(asked[0], name)

    def within(self, since: datetime | None = None, until: datetime | None = None, lang: str | None = None) -> Query:
        """The same query, held to posts in [since, until) and of one language as well."""
        more: list[Node] = [When(name="since", at=since)] if since else []
        more += [When(name="until", at=until)] if until else []
        more += [Field(name="lang", value=lang.casefold().partition("-")[0])] if lang else []
        return Query(self.text, joined(And, [self.tree, *more]))

    def since(self, default: datetime) -> datetime:
        """How far back to ask: as far as the query says for all of it, else as far as any part says, or `default`."""
        parts = self.tree.parts if isinstance(self.tree, And) else (self.tree,)
        held = [part.at for part in parts if isinstance(part, When) and part.name == "since"]
        if held:
            return max(held)
        inside = leaves(self.tree, positive=True)
        return min([default, *(leaf.at for leaf in inside if isinstance(leaf, When) and leaf.name == "since")])

    @property
    def narrowed(self) -> bool:
        """True when a platform search is asked for less than the query means (kommun* alone: whole words only)."""
        return backends.narrowed(self.tree)

    @property
    def phrases(self) -> tuple[str, ...]:
        """The words and phrases that are looked for, as typed, exclusions left out; of *skola, what is no star.

        Of more than MOST_PHRASES only those that searches ask for: a place, and not the ninety words beside it.
        """
        found = dict.fromkeys(backends.literal(part).text for part in sought(self.tree, positive=True))
        if len(found) > MOST_PHRASES:
            found = dict.fromkeys(leaf.text for way in backends.searches(self.tree) for leaf in way)
        return tuple(found)

    @property
    def wild(self) -> tuple[str, ...]:
        """The folded words with stars in them (kommun*, *skola, hall*skolan), exclusions left out.

        A star stands for any letters of one word, or none (`fields.fits`).
        """
        found = [pattern for part in sought(self.tree, positive=True) for pattern in backends.patterns(part)]
        return tuple(dict.fromkeys(pattern for pattern in found if "*" in pattern))


def _is_said(node: Node) -> bool:
    """Can a text alone tell? Of what must not stand in a headline it cannot."""
    if isinstance(node, Not):
        return not any(isinstance(leaf, Inside) for leaf in leaves(node))
    return not isinstance(node, Field | When)


def _in_order(found: list[Span] | None) -> tuple[Span, ...] | None:
    return None if found is None else tuple(sorted(set(found)))
