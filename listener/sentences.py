"""Reasons in the reader's language: stored sentences are English with values in them, and are read back by template."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from listener.language import N_

QUOTED = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\""""
# What a field of a template may hold; any other one holds a quoted value.
FIELDS = {
    "label": "display name|handle|description",  # the keys of LABELS
    "link": r"\S+",
    "platform": r"\S+",
    "count": r"\d+",
    "hours": r"\d+",
    "writers": r"\d+",
    "usual": r"\d+\.\d",
    "share": r"\d+%",
    "day": r"\d{4}-\d\d-\d\d",
    "since": r"\d{4}-\d\d-\d\d",
    "swap": ".+",
    "slips": ".+",  # SLIPS, parted by `; `
    "column": r"\w+",
    "kind": r"\w+",
    "host": r"\S+",
    "page": ".+",
    "line": r"\d+",
    "list": ".+",
}
LABELS = {
    "display name": N_("the display name"),
    "handle": N_("the handle"),
    "description": N_("the description"),
}
PLATFORMS = {
    "x": "X (Twitter)",
    "youtube": "YouTube",
    "tiktok": "TikTok",
    "linkedin": "LinkedIn",
    "flashback": "Flashback",
    "hackernews": "Hacker News",
    "web": N_("Web sites and domains"),
    "news": N_("News feeds"),
}
SHARE = N_("{percent}%")
FOR = N_("for")  # as in: '0' for 'o'
# What was done to single letters of a host name (match/slips.py); the others are written with FOR.
SLIPS = (
    N_("{other} is next to {ours} on a Swedish keyboard"),
    N_("{other} sounds like {ours}"),
    N_("{ours} turned to {other}"),
    N_("{other} doubled"),
    N_("one {ours} where we have two"),
    N_("{other} put in"),
    N_("{ours} left out"),
)

# Every sentence of match/, registered.py, rules.py and registry_check.py; tests/test_sentences.py holds them to it.
TEMPLATES = (
    N_("a form asks for {what}"),
    N_("a form asks for {what} and sends it to {other}"),
    N_("{share} of its text is that of our page {link}"),
    N_("{share} of its structure is that of our page {link}"),
    N_("shows our picture {link} from our own server"),
    N_("{label} {name} equals our {ours}"),
    N_("{label} {name} reads as our {ours}"),
    N_("{label} {name} reads like {ours}: {swap}"),
    N_("{label} {name} is {count} letter from {ours}"),
    N_("{label} {name} is {count} letters from {ours}"),
    N_("{label} {name} holds our short name {ours}"),
    N_("{label} {name} holds our name {ours}"),
    N_("{label} {name} puts the unit word {word} beside our {ours}"),
    N_("{label} {name} puts {word} beside our {ours}"),
    N_("{label} {name} holds our unit {ours}"),
    N_("{label} {name} has our unit word {word}"),
    N_("{label} {name} is built like our handles: {share} of them begin with {word}"),
    N_("{label} {name} is built like our handles: {share} of them end with {word}"),
    N_("{label} {name} is built like our names, with {word}"),
    N_("{label} {name} is our domain {ours} without its dots"),
    N_("{label} {name} is ours on {platform}; on {link} ours is {ours}"),
    N_("{label} {name} holds the name {ours}, which others bear too"),
    N_("{label} {name} is that of our registered {link} on {platform}"),
    N_("{label} {name} reads as that of our registered {link} on {platform}"),
    N_("{label} {name} says {word}, as {count} of our registered names do"),
    N_("{label} {name} stands beside our registered {ours} on {platform}"),
    N_("{label} {name} carries {word}, which is not the platform's badge"),
    N_("{label} {name} is that of {other}, who is not us"),
    N_("{label} {name} has {word}, a word of other organisations"),
    N_("{name} shares {list} with our {ours}"),
    N_("host {name} reads like our {ours}: {swap}"),
    N_("host {name} looks like our {ours}: {swap}"),
    N_("host {name} is our {ours} under {other}"),
    N_("host {name} is our {ours} with other letters: {swap}"),
    N_("host {name} is our name {ours} as a domain of its own"),
    N_("host {name} is our {ours} without its dots"),
    N_("host {name} is our {ours} with other hyphens"),
    N_("host {name} is our {ours} with slips: {slips}"),
    N_("host {name} puts words that lure or claim beside our {ours}"),
    N_("host {name} holds our {ours} among other words"),
    N_("host {name} is our {ours} with dots put in"),
    N_("host {name} holds the name of our unit {ours}"),
    N_("host {name} puts our {ours} before someone else's domain"),
    N_("our page {link} links to {name}"),
    N_("the link from {name} to {link} is verified both ways"),
    N_("the handle {name} stands on our domain {ours}"),
    N_("the host {name} is on our domain {ours}"),
    N_("{name} links to our {link}"),
    N_("{name} links to {other}, which holds our {ours} and is not our site"),
    N_("{name} links to {link}, the site of {other}"),
    N_("made on {day}, after our {link} of {since}"),
    N_("{platform} marks the account as {word}"),
    N_("speaks on {name}, and we use only {list}"),
    N_("the description says {word}, as in our {ours}"),
    N_("the description says {word}"),
    N_("calls itself {word} and names {ours}"),
    N_("calls itself {word}"),
    N_("the description gives {word} on our domain"),
    N_("the description gives our number {word}"),
    N_("the profile picture is our logo {ours}"),
    N_("the profile picture holds our logo {ours}"),
    N_("the profile picture is our logo {ours} in other colours"),
    N_("the profile picture is our logo {ours}, turned"),
    N_("the profile picture is our logo {ours}, mirrored"),
    N_("bears our name {name}, and the profile picture is our logo {ours}"),
    N_("bears our name {name}, and the profile picture holds our logo {ours}"),
    N_("bears our name {name}, and the profile picture is our logo {ours} in other colours"),
    N_("bears our name {name}, and the profile picture is our logo {ours}, turned"),
    N_("bears our name {name}, and the profile picture is our logo {ours}, mirrored"),
    N_("asks for money, logins or messages: {word}"),
    N_("the contact address {word} is a free mailbox, not on our domain"),
    N_("a person's account: {word} of {ours}, which says {claim}"),
    N_("says that it holds an office with us: {word}, and names {ours}"),
    N_("{name} has {word} beside the name of our {ours}"),
    N_("is a candidate: {word}"),
    N_("says that it is a part of us: {word}"),
    N_("says that it is private: {word}"),
    N_("marked as parody: {word}"),
    N_("the platform marks it as {word}"),
    N_("says that it is not official: {word}"),
    N_("worded as a group of citizens or fans: {word}"),
    N_("the platform's words for a page nobody made: {word}"),
    N_("the address {word} is of a page that the platform made of a place"),
    N_("the address {word} is of a group"),
    N_("{name} is registered for {unit} as {link} with status {word}"),
    N_("the handle was {ours} in the register and is now {name}"),
    N_("the display name was {ours} in the register and is now {name}"),
    N_("bears our registered handle {ours} under the id {name}, but ours has the id {other}"),
    N_("{label} {name} does not say {ours}"),
    N_("Add {ours}."),
    N_("no profile picture: the official logo is missing"),
    N_("the profile picture carries none of our logos"),
    N_("Upload the official logo."),
    N_("own symbol, but the description says {name}, not {ours}"),
    N_("own symbol, but the description lacks the sentence {ours}"),
    N_("Write exactly: {list}"),
    N_("no link: none leads to {link}"),
    N_("{list}: none leads to {link}"),
    N_("Link to the unit's page on {link}."),
    N_("the description does not say where information is in a crisis"),
    N_("Write in the description where information is in a crisis, such as {link}."),
    N_("{page} links to {link} on {platform}, and nobody has that name there"),
    N_("Take the link away, or take the name back: whoever takes it next speaks from your page."),
    N_("leads to {host}, and the name servers know no such domain"),
    N_("Take the link away, or take the domain back: whoever registers it next speaks from your account."),
    N_("{platform} is not among the allowed platforms: {list}"),
    N_("Close the account, or allow the platform in listener.toml."),
    N_("the register has no column {column}"),
    N_("{column}: empty"),
    N_("{column}: {host} is not ours"),
    N_("{column}: {page} is not on our site"),
    N_("{column}: {kind}, not a {platform} profile"),
    N_("{column}: {list}, address: {page}"),
    N_("line {count} repeats line {line}"),
    N_("Write the new handle in the register."),
    N_("Write the new handle in the register, and in the queries that name the old one: {list}."),
)


@cache
def patterns(templates: tuple[str, ...] = TEMPLATES) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each template with the pattern that reads its values back."""
    return tuple((template, re.compile(pattern(template), re.DOTALL)) for template in templates)


def pattern(template: str, holds: Mapping[str, str] = FIELDS) -> str:
    """A template as a regular expression with one named group a field; `holds` says what a field may hold."""
    parts = re.split(r"\{(\w+)\}", template)
    fields = [f"(?P<{name}>{holds.get(name, QUOTED)})" for name in parts[1::2]]
    texts = [re.escape(text) for text in parts[0::2]]
    return "".join(text + field for text, field in zip(texts, [*fields, ""], strict=True))


def in_language(sentence: str, say: Callable[[str], str], templates: tuple[str, ...] = TEMPLATES) -> str:
    """The sentence with its own words translated by `say` and its values left alone; unknown ones stay English."""
    for template, reader in patterns(templates):
        found = reader.fullmatch(sentence)
        if found:
            return say(template).format(**{name: value(name, text, say) for name, text in found.groupdict().items()})
    return say(sentence)


def value(field: str, text: str, say: Callable[[str], str]) -> str:
    """A value as it reads in a translated sentence."""
    if field == "label":
        spoken = say(LABELS[text])
        return text if spoken == LABELS[text] else spoken
    if field == "swap":
        return text.replace(" for ", f" {say(FOR)} ")
    if field == "slips":
        slips = (in_language(slip, say, SLIPS) for slip in text.split("; "))
        return "; ".join(slips).replace(" for ", f" {say(FOR)} ")
    if field == "usual":
        return text.replace(".", say("."))
    if field == "share":
        return say(SHARE).format(percent=text.removesuffix("%"))
    if field == "platform" and text.islower():
        return say(PLATFORMS[text]) if text in PLATFORMS else text.replace("_", " ").capitalize()
    return text
