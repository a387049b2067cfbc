"""The picture as plain text, for a terminal, a mail or a telephone."""

from __future__ import annotations

from collections.abc import Iterator

from listener.crisis import telling
from listener.crisis.records import Picture
from listener.report.text import fact, heading, tally
from listener.report.wording import Words


def render_text(picture: Picture, language: str) -> str:
    """The whole picture, ending in a line break."""
    words = Words(language)
    parts = (first, topics, needs, claims, pattern, tone, our_side, gaps, method)
    blocks = ["\n".join(part(picture, words)) for part in parts]
    return "\n\n".join(block for block in blocks if block) + "\n"


def first(picture: Picture, words: Words) -> Iterator[str]:
    _ = words.say
    yield f"{telling.title(picture, words)} ({telling.drawn(picture, words)})"
    yield f"{telling.status(picture.coverage, words)}. " + " ".join(telling.rests_on(picture.coverage, words))
    yield telling.span(picture, words)
    yield ""
    yield telling.lead(picture, words)
    if told := telling.about(picture, words):
        yield told
    yield telling.pattern(picture, words)
    changes = telling.changed(picture, words)
    yield changes[0] + (f" {', '.join(changes[1:])}." if changes[1:] else "")
    yield ""
    yield fact(_("Posts"), f"{words.number(picture.amount.posts)} · {telling.storm(picture, words)}")
    yield fact(_("Writers"), f"{words.number(picture.amount.writers)} · {telling.newcomers(picture, words)}")
    yield fact(_("Unanswered questions"), words.number(telling.open_questions(picture)))
    yield fact(_("May threaten, incite or expose"), words.number(telling.grave(picture)))
    for place in picture.places:
        yield fact(telling.place(place, words), f"{words.number(place.posts)} · {telling.people(place.writers, words)}")


def topics(picture: Picture, words: Words) -> Iterator[str]:
    if not picture.topics:
        return
    yield from heading(words.say("What it is about"))
    for topic in picture.topics:
        mark = f" [{words.say('NEW')}]" if topic.fresh else ""
        yield tally(topic.posts, f"{telling.topic_name(topic)}{mark} · {telling.people(topic.writers, words)}", words)
        if topic.quote:
            yield f"        ”{topic.quote.text}” ({telling.source(topic.quote, words)})"


def needs(picture: Picture, words: Words) -> Iterator[str]:
    _ = words.say
    if not picture.needs:
        return
    yield from heading(_("What people ask us"))
    for need in picture.needs:
        told = _("{need}: {answered} of {asked} answered; waiting since: {moment}").format(
            need=telling.topic_name(need) or _("another question"),
            answered=words.number(need.answered),
            asked=words.number(need.asked),
            moment=telling.waiting(need.waiting_since, words),
        )
        yield tally(need.asked, told, words)
        if need.quote:
            yield f"        ”{need.quote.text}” ({telling.source(need.quote, words)})"


def claims(picture: Picture, words: Words) -> Iterator[str]:
    _ = words.say
    if not picture.claims:
        return
    yield from heading(_("Repeated claims"))
    yield _("Nearly the same text from several people. Nothing here says whether it is true.")
    for claim in picture.claims:
        yield tally(claim.posts, f"”{claim.text}” · {telling.people(claim.writers, words)}", words)
        yield f"        {_('Stood first:')} " + "; ".join(telling.source(quote, words) for quote in claim.first)


def pattern(picture: Picture, words: Words) -> Iterator[str]:
    found = picture.pattern
    if found is None or not found.reasons:
        return
    yield from heading(words.say("The pattern, and why"))
    for reason in found.reasons:
        name, told = telling.signal(reason.signal, words), telling.sentence(reason.detail, words)
        yield f"{words.percent(reason.score)}  {name}: {told}"
    if found.changes:
        yield words.say("What would change this")
        for change in found.changes:
            yield f"    - {telling.sentence(change, words)}"


def tone(picture: Picture, words: Words) -> Iterator[str]:
    yield from heading(words.say("Tone and links"))
    for found in picture.tone:
        yield tally(found.posts, f"{telling.tone_name(found, words)} · {telling.tone(found, words)}", words)
    for link in picture.links:
        mark = f" [{words.say('WATCHED')}]" if link.watched else ""
        yield tally(link.posts, f"{telling.linked(link)}{mark}", words)


def our_side(picture: Picture, words: Words) -> Iterator[str]:
    _ = words.say
    if not (picture.contacts or picture.severity or picture.pointers):
        return
    yield from heading(_("Our side"))
    if picture.pointers:
        yield telling.pointers(picture, words)
    for contact in picture.contacts:
        yield " · ".join(part for part in (contact.role, contact.phone, contact.email) if part)
    for number, line in enumerate(picture.severity, 1):
        yield f"{number}. {line}"


def gaps(picture: Picture, words: Words) -> Iterator[str]:
    if not picture.coverage.gaps:
        return
    yield from heading(words.say("What could not be read"))
    for gap in picture.coverage.gaps:
        yield telling.gap(gap, words)


def method(picture: Picture, words: Words) -> Iterator[str]:
    yield from heading(words.say("How to read this"))
    yield telling.span(picture, words)
    yield telling.method(words)
