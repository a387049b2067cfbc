"""What goes wrong with the platforms' official interfaces, and what they do not show."""

from __future__ import annotations

from listener.language import N_

TEMPLATES = (
    N_("{name} wants a key: {key} holds characters that no key has"),
    N_("{name} wants a key: set {names}"),
    N_("{name} refuses the key ({what}): check {names}"),
    N_("{name} asks us to wait ({what})"),
    N_("{name} does not allow this ({what}): the app needs Meta's review"),
    N_("{name} knows no such name, or does not show it to us"),
    N_("{name} knows no such name"),
    N_("{name} does not understand the question ({what})"),
    N_("{name} failed for the moment ({what})"),
    N_("{name} answers with something else than an object"),
    N_("asked for {count} of {pages} names: the next run goes on where this one stopped"),
    N_("{count} known accounts are not shown: gone, or closed to us"),
    N_("a post of an unknown kind, {text}"),
    N_("{name}'s quota of {word} is used up for today"),
    N_("{name} does not let us look ({what})"),
    N_("{name} does not allow this ({what})"),
    N_("{name} failed ({what})"),
    N_("{name} shows a page for a name that nobody has: its answers tell nothing"),
    N_("{name} does not show {text} either: it answers nobody for now"),
    N_("the answer is not what {name} answers"),
    N_("an account of an unknown kind, {text}"),
    N_("{text} is closed: it shows nothing to others"),
    N_("the page of t.me is neither that of a name in use nor that of a free one"),
    N_("{count} known accounts live on servers that are not among yours"),
    N_('[sources.lemmy] servers: name some, as ["lemmy.world"]'),
    N_("more was found than was read for {text}: raise pages in [sources.reddit]"),
    N_("more posts than were read for {text}: raise pages in [sources.hackernews]"),
    N_("{method} answers {status}"),
    N_("more than was read for {text}: raise pages in [sources.youtube], each costs a search"),
    N_("more comments than were read: raise comment_pages in [sources.youtube]"),
    N_("[sources.youtube] channels: no channel {text}"),
    N_('[sources.{key}] own_id: write the number of your own account, own_id = "17841400"'),
    N_("pages are not looked up: the app lacks Page Public Metadata Access, which Meta's review gives"),
    N_("more pages than were read for {text}: raise pages in [sources.facebook]"),
    N_("more posts than were read: raise post_pages in [sources.instagram]"),
    N_("more posts than were read for {text}: raise post_pages in [sources.threads]"),
)
