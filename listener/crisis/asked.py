"""Which posts of a picture are questions to us, and which of those were answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from listener.answers.questions import ours_of, question
from listener.crisis.looking import Heard
from listener.organisation import Organisation
from listener.registry import Registry


class Asked(NamedTuple):
    """A post's number with the sentence that asks, and the numbers of those that were answered."""

    sentences: Mapping[int, str]
    done: frozenset[int]

    def answered(self, post: int) -> bool:
        return post in self.done


def asked_of_us(heard: Heard, organisation: Organisation, registry: Registry) -> Asked:
    """The questions among the posts. Answered is what one of our own accounts has replied to."""
    ours = ours_of(organisation, registry.entries)
    written = {post.post.id for post in heard.ours}
    replied = {post.post.reply_to for post in heard.ours if post.post.reply_to}
    sentences, done = {}, set()
    for post in heard.posts:
        found = question(post.post, ours, reply_to_us=post.post.reply_to in written)
        if found is None:
            continue
        sentences[post.id] = found.sentence
        if post.post.id in replied or (post.post.url and post.post.url in replied):
            done.add(post.id)
    return Asked(sentences, frozenset(done))
