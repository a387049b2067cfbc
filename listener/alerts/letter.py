"""What an alert says, as mail and as a message to a channel: the cause, the posts masked, where to look further."""

from __future__ import annotations

import hashlib
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from listener.clock import local
from listener.crisis.quoting import address, quote
from listener.crisis.records import Quote
from listener.models import Record
from listener.report import labels
from listener.report.defang import plain
from listener.report.wording import Words
from listener.store import Store
from listener.store.outbox import Kept
from listener.store.restricted import restricted
from listener.store.talk import one

TEMPLATES = Path(__file__).parent / "templates"
SHOWN = 5  # posts in one alert
SUBJECT = 150  # characters
MARKUP = str.maketrans({"<": "‹", ">": "›", "[": "(", "]": ")", "`": "'", "*": "∗", "_": " ", "~": "-", "|": "/",
                        "@": "＠", "#": "＃"})  # fmt: skip


class Letter(Record):
    """An alert ready to be sent. `links` are defanged addresses and `listen` commands."""

    number: int
    organisation: str
    title: str
    cause: str
    at: datetime
    links: tuple[str, ...]
    quotes: tuple[Quote, ...]


def write(store: Store, alert: Kept, organisation: str, known: frozenset[str]) -> Letter:
    """The alert with its posts as they stand in the log now, masked, and where.

    Nothing of one that is deleted, or that only some may read.
    """
    numbers = alert.posts[:SHOWN]
    closed = restricted(store, numbers)
    posts = [post for number in numbers if number not in closed and (post := one(store, number)) is not None]
    return Letter(
        number=alert.id,
        organisation=plain(organisation),
        title=plain(alert.title),
        cause=plain(alert.cause),
        at=alert.at,
        links=tuple(map(plain, (*alert.links, *filter(None, map(address, posts))))),
        quotes=tuple(quote(post, known) for post in posts),
    )


def subject(letter: Letter) -> str:
    """[Almby kommun] Unusual pattern: simhallen. One line, whatever stands in it."""
    return f"[{letter.organisation}] {letter.title}"[:SUBJECT]


def render_text(letter: Letter, words: Words) -> str:
    """The alert as plain text, ending in a line break."""
    _ = words.say
    lines = [letter.cause, ""]
    lines += [f"”{said.text}” ({place(said, words)})" for said in letter.quotes]
    lines += [""] if letter.quotes else []
    if letter.links:
        lines += [_("Look further:"), *(f"  {link}" for link in letter.links), ""]
    lines += [_("Noticed {moment}.").format(moment=words.moment(letter.at)), note(words)]
    return "\n".join(lines) + "\n"


def render_html(letter: Letter, words: Words) -> str:
    """The same as a page without anything from elsewhere."""
    found = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return found.get_template("alert.html").render(
        letter=letter, words=words, say=words.say, place=place, note=note(words)
    )


def for_chat(letter: Letter) -> Letter:
    """The letter with nothing in the quotations that a chat would make a link, a picture or a call to everybody of."""
    quotes = (msgspec.structs.replace(said, text=said.text.translate(MARKUP)) for said in letter.quotes)
    return msgspec.structs.replace(letter, quotes=tuple(quotes))


def place(said: Quote, words: Words) -> str:
    """Where and when a post stood."""
    where = labels.source_label(said.source, words.say)
    told = words.say("{place}, {moment}, no. {number}")
    return told.format(place=where, moment=words.moment(said.at), number=said.post)


def note(words: Words) -> str:
    """Who writes, and what the words mean."""
    return words.say(
        "Sent by listen, the organisation's own watch. It points out; people decide. Writers are not named, and what "
        "may threaten is masked. Set what is urgent under [alerts] in listener.toml."
    )


def mail(letter: Letter, sender: str, recipient: str, words: Words) -> EmailMessage:
    """The alert as one mail: text and HTML, marked as sent by a program, the same each time it is made."""
    message = EmailMessage(policy=SMTP)
    domain = sender.rpartition("@")[2]
    message["Subject"] = subject(letter)
    message["From"] = Address(display_name=letter.organisation, addr_spec=sender)
    message["To"] = Address(addr_spec=recipient)
    message["Date"] = format_datetime(local(letter.at))
    message["Message-ID"] = f"<alert-{letter.number}-{mark(letter, recipient)}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["List-Id"] = f"listen alerts <alerts.{domain}>"
    message.set_content(render_text(letter, words))
    message.add_alternative(render_html(letter, words), subtype="html")
    message["Content-Language"] = words.language
    return message


def mark(letter: Letter, recipient: str) -> str:
    """The same for the same mail: who gets it a second time after a crash can tell."""
    seed = f"{letter.number} {letter.at.isoformat()} {recipient}"
    return hashlib.sha256(seed.encode()).hexdigest()[:16]
