"""What stands beside a mention: whether we speak or others, in which language, about which unit, under which tags."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from listener.config import Config
from listener.models import Status
from listener.organisation import load_organisation
from listener.posts import Mention, Post
from listener.query.saved import SavedQuery, read_queries
from listener.registry import Registry, load_registry
from listener.store.mentions import Notes
from listener.store.restricted import TAG
from listener.text.languages import language_of
from listener.text.words import words
from listener.urls import on_site

READ = 20_000  # characters of a text that units and topics are looked for in
MOST_HASHTAGS = 10
OUR_OWN = frozenset({Status.APPROVED, Status.PENDING, Status.ARCHIVED, Status.DEFENSIVE})
_HASHTAG = re.compile(r"(?<![\w/])#(\w{2,50})")


class Enricher:
    """Finds out about mentions, one at a time: call it. Reads settings and register when it is made.

    Raises ConfigError or RegistryError then; a call never raises.
    """

    def __init__(self, config: Config) -> None:
        table = config.table("organisation")
        organisation = load_organisation(config) if table else None
        self.domains = organisation.domains if organisation else ()
        self.registry = load_registry(config.registry) if config.registry.is_file() else Registry(())
        self.units = {
            phrase(name): unit.name
            for unit in (organisation.units if organisation else ())
            for name in (unit.name, *unit.aliases)
            if phrase(name)
        }
        self.queries = {one.query.name: one for one in saved(config).values()}
        self.topics = read_topics(config)

    def __call__(self, mention: Mention) -> Notes:
        """What can be said about a mention beside what it says."""
        post = mention.post
        query = self.queries.get(mention.query)
        said = phrase(post.text[:READ])
        tags = [*(query.tags if query else ()), *self.about(said), *hashtags(post.text)]
        return Notes(
            direction="out" if self.ours(post) else "in",
            lang=None if post.lang else language_of(post.text),
            unit=self.unit(said) or (query.unit if query else None),
            tags=tuple(dict.fromkeys(tags)),
        )

    def ours(self, post: Post) -> bool:
        """Is it a page of a site of ours, or by an account that the register holds as ours?

        Where people write, the address proves nothing: a server of the fediverse states any it likes for its posts.
        """
        if post.platform == "web" and post.url and on_site(post.url, self.domains):
            return True
        if not len(self.registry):
            return False
        entry = self.registry.by_id(post.platform, did_of(post))
        if entry is None and post.author:
            entry = self.registry.by_handle(post.platform, post.author)
            if entry and entry.platform_id and did_of(post):
                return False  # the handle was ours, and another account has it now
        return entry is not None and entry.status in OUR_OWN

    def unit(self, said: str) -> str | None:
        """The unit that is named, by name or alias, as it stands or with the s of the genitive; the longest name."""
        named = [name for name in self.units if stands(name, said)]
        return self.units[max(named, key=len)] if named else None

    def about(self, said: str) -> list[str]:
        """The topics of which a word is said."""
        return [topic for topic, listed in self.topics.items() if any(stands(word, said) for word in listed)]


def did_of(post: Post) -> str:
    """The id of who wrote it, where the post's own id tells it, as Bluesky's do; "" where it does not."""
    return post.id[5:].partition("/")[0] if post.platform == "bluesky" and post.id.startswith("at://did:") else ""


def saved(config: Config) -> dict[str, SavedQuery]:
    """The saved queries, by name. Raises ConfigError naming the one that cannot be read."""
    return read_queries(config.path, config.table("queries"), config.now)


def read_topics(config: Config) -> dict[str, tuple[str, ...]]:
    """[listening.topics]: topic -> its words, folded; one that ends with a star may go on."""
    listed: Mapping[str, Sequence[str]] = config.table("listening").get("topics", {})
    return {topic: tuple(filter(None, map(stem, said))) for topic, said in listed.items()}


def phrase(text: str) -> str:
    """The folded words of a text with one space between them and around them; "" when it has none."""
    said = " ".join(word.folded for word in words(text))
    return f" {said} " if said else ""


def stem(text: str) -> str:
    """A word or phrase of the settings as `stands` looks for it: without its last space when it may go on."""
    return phrase(text).rstrip() if text.rstrip().endswith("*") else phrase(text)


def stands(wanted: str, said: str) -> bool:
    """Is the phrase said, as it is or with an s at its end?"""
    return wanted in said or (wanted.endswith(" ") and f"{wanted[:-1]}s " in said)


def hashtags(text: str) -> list[str]:
    """The first hashtags of a text, in small letters, each once; none that would close the post to readers."""
    found = dict.fromkeys(tag.casefold() for tag in _HASHTAG.findall(text[:READ]))
    return [tag for tag in found if tag != TAG][:MOST_HASHTAGS]
