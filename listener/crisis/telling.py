"""The sentences of a picture, written once for HTML and text."""

from __future__ import annotations

from datetime import datetime

from listener import troubles
from listener.coordination import KINDS, SIGNALS
from listener.coordination.telling import told
from listener.crisis.records import Coverage, Gap, Linked, Need, Pattern, Picture, Place, Quote, Stage, Tone, Topic
from listener.language import N_
from listener.report import labels
from listener.report.defang import defang_host, plain
from listener.report.wording import Words

TONES = {
    "threat": N_("What may be threats"),
    "insult": N_("Insults"),
    "incitement": N_("What may incite"),
    "doxxing": N_("Private particulars of people"),
}
RULED = {"": N_("The tool points out; a person decides."), "confirmed": N_("A person has confirmed it."),
         "rejected": N_("A person has found that it is not so.")}  # fmt: skip
UNUSUAL = frozenset({"pile_on", "organised"})
STAGES = {
    "start": N_("The crisis was begun"),
    "pointers": N_("Official accounts were checked"),
    "picture": N_("A picture was drawn"),
    "stop": N_("The crisis was ended"),
}


def title(picture: Picture, words: Words) -> str:
    """Situation picture: Simhallen."""
    return words.say("Situation picture") + (f": {plain(picture.name)}" if picture.name else "")


def drawn(picture: Picture, words: Words) -> str:
    """For whom, as of when."""
    return words.say("{organisation}, as of {moment}").format(
        organisation=picture.organisation, moment=words.moment(picture.until)
    )


def span(picture: Picture, words: Words) -> str:
    """From when to when."""
    return words.say("From {since} to {until}.").format(
        since=words.moment(picture.since), until=words.moment(picture.until)
    )


def status(coverage: Coverage, words: Words) -> str:
    """COMPLETE or INCOMPLETE."""
    return words.say("COMPLETE") if coverage.complete else words.say("INCOMPLETE")


def rests_on(coverage: Coverage, words: Words) -> list[str]:
    """What the picture rests on, sentence by sentence, what is missing first."""
    return [*listened(coverage, words), *left_out(coverage, words)]


def left_out(coverage: Coverage, words: Words) -> list[str]:
    """That posts which only some may read are not in it."""
    told = words.many(
        "{count} post that only some may read is left out.",
        "{count} posts that only some may read are left out.",
        coverage.closed,
    )
    return [told.format(count=words.number(coverage.closed))] if coverage.closed else []


def listened(coverage: Coverage, words: Words) -> list[str]:
    """To which sources, and to which not."""
    _ = words.say
    lines = []
    if coverage.last_at is None:
        return [
            _("Nobody has listened yet: nothing here says that all is calm. Run `listen audit` or `listen stream`.")
        ]
    if coverage.gaps:
        names = ", ".join(labels.source_label(gap.source, _) for gap in coverage.gaps)
        lines.append(_("Could not be read in full: {names}.").format(names=names))
    if coverage.stale:
        lines.append(_("Nobody has listened since {moment}.").format(moment=words.moment(coverage.last_at)))
    if coverage.cut:
        lines.append(_("There are more posts than were looked at: only the newest are counted."))
    if not lines:
        names = ", ".join(labels.source_label(name, _) for name in coverage.sources)
        lines.append(_("Listened to: {names}.").format(names=names))
    return lines


def lead(picture: Picture, words: Words) -> str:
    """The picture in one sentence."""
    _ = words.say
    amount = picture.amount
    if not amount.posts:
        return _("Nothing about us was logged.")
    text = words.many("{count} post", "{count} posts", amount.posts).format(count=words.number(amount.posts))
    text = _("{posts} by {writers}").format(posts=text, writers=people(amount.writers, words))
    if picture.usual is not None:
        usual = words.number(round(picture.usual.posts))
        text += _(", where about {usual} would be usual").format(usual=usual)
    return text + "."


def people(count: int, words: Words) -> str:
    """87 writers."""
    return words.many("{count} writer", "{count} writers", count).format(count=words.number(count))


def about(picture: Picture, words: Words) -> str:
    """What most of it is about, in a sentence; empty when nothing stands out."""
    if not picture.topics:
        return ""
    names = "; ".join(topic_name(topic) for topic in picture.topics[:3])
    return words.say("Most of it is about: {topics}.").format(topics=names)


def topic_name(topic: Topic | Need) -> str:
    """The words of a topic."""
    return ", ".join(map(plain, topic.words))


def storm(picture: Picture, words: Words) -> str:
    """Whether a storm is on, or when the latest was over."""
    if picture.storm is None:
        return words.say("no storm")
    if picture.storm.ended_at is None:
        return words.say("a storm is on since {moment}").format(moment=words.moment(picture.storm.started_at))
    return words.say("a storm was over {moment}").format(moment=words.moment(picture.storm.ended_at))


def newcomers(picture: Picture, words: Words) -> str:
    """How many of the writers had never been seen on the matter, where there is a week before to know it from."""
    if picture.usual is None:
        return words.say("who is new to the matter cannot be said yet")
    new, writers = picture.amount.new_writers, picture.amount.writers
    told = words.say("{count} ({share}) had not been seen on the matter before")
    return told.format(count=words.number(new), share=words.percent(round(new / max(writers, 1), 2)))


def open_questions(picture: Picture) -> int:
    """Questions that none of our accounts has answered."""
    return sum(need.asked - need.answered for need in picture.needs)


def grave(picture: Picture) -> int:
    """Posts with what may threaten, incite or lay private life open."""
    return sum(tone.posts for tone in picture.tone if tone.kind != "insult")


def changed(picture: Picture, words: Words) -> list[str]:
    """What changed since the last picture; that there was none."""
    _ = words.say
    before = picture.before
    if before is None:
        return [_("This is the first picture: there is nothing to compare it with.")]
    lines = [_("Since the picture of {moment}:").format(moment=words.moment(before.at))]
    lines.append(words.many("{count} more post", "{count} more posts", before.posts).format(
        count=words.number(before.posts)))  # fmt: skip
    lines.append(words.many("{count} more writer", "{count} more writers", before.writers).format(
        count=words.number(before.writers)))  # fmt: skip
    lines.append(words.many("{count} more question", "{count} more questions", before.questions).format(
        count=words.number(before.questions)))  # fmt: skip
    fresh = [topic for topic in picture.topics if topic.fresh]
    if fresh:
        lines.append(_("new topics: {topics}").format(topics="; ".join(map(topic_name, fresh))))
    if before.topics_gone:
        gone = words.many("{count} topic has faded", "{count} topics have faded", before.topics_gone)
        lines.append(gone.format(count=words.number(before.topics_gone)))
    if picture.pattern and before.kind and before.kind != picture.pattern.kind:
        lines.append(_("the pattern was {before}").format(before=labels.label(KINDS, before.kind, _)))
    return lines


def pattern(picture: Picture, words: Words) -> str:
    """What the talk looks like, and what it is without a push that was made together; that people decide."""
    _ = words.say
    found = picture.pattern
    if found is None or found.kind == "too_few":
        return _("Too few posts to say what this looks like.")
    kind = labels.label(KINDS, found.kind, _)
    text = _("Unusual pattern: this looks like {kind}.") if found.kind in UNUSUAL else _("This looks like {kind}.")
    text = text.format(kind=kind)
    if found.rest and found.rest != "too_few":
        rest = words.many(
            "That is {count} post; without it, this looks like {kind}.",
            "That is {count} posts; without them, this looks like {kind}.",
            found.part,
        )
        text += " " + rest.format(count=words.number(found.part), kind=labels.label(KINDS, found.rest, _))
    text += " " + _(RULED[found.ruling])
    return f"{text} {young}." if (young := compared_with(found, words)) else text


def compared_with(found: Pattern, words: Words) -> str:
    """That the talk had to be compared with all of the log, or with nothing; empty when its own past was enough."""
    _ = words.say
    if not found.compared:
        return _("Nothing was logged before: who is new and what is unusual cannot be told")
    told = _("The query is young: compared with all {count} posts that were logged before")
    return told.format(count=words.number(found.compared)) if found.borrowed else ""


def signal(name: str, words: Words) -> str:
    """What a sign is called."""
    text = labels.label(SIGNALS, name, words.say)
    return text[:1].upper() + text[1:]


def sentence(text: str, words: Words) -> str:
    """A stored sentence in the reader's language."""
    return told(text, words.say)


def posts_of(numbers: tuple[int, ...]) -> str:
    """How to look at posts: by their numbers in the log."""
    return " ".join(map(str, numbers))


def source(quote: Quote, words: Words) -> str:
    """Where and when a quoted post stood: Bluesky, Friday 20 November 07:00, no. 12."""
    where = labels.source_label(quote.source, words.say)
    return words.say("{place}, {moment}, no. {number}").format(
        place=where, moment=words.moment(quote.at), number=quote.post
    )


def place(found: Place, words: Words) -> str:
    """What a place is called."""
    return labels.source_label(found.source, words.say)


def tone(found: Tone, words: Words) -> str:
    """2,1 of a hundred posts; usually 0,4."""
    text = words.say("{rate} of a hundred posts").format(rate=words.number(found.rate))
    if found.usual is None:
        return text
    return text + words.say("; usually {usual}").format(usual=words.number(found.usual))


def tone_name(found: Tone, words: Words) -> str:
    """What a kind of words is called."""
    return labels.label(TONES, found.kind, words.say)


def linked(found: Linked) -> str:
    """A site that nobody can click."""
    return defang_host(plain(found.host))


def gap(found: Gap, words: Words) -> str:
    """A source that could not be read, and why."""
    why = [f"{troubles.kind_label(kind, words.say)}: {troubles.in_language(detail, words.say)}"
           for kind, detail in found.troubles]  # fmt: skip
    return f"{labels.source_label(found.source, words.say)}: " + (" · ".join(why) or words.say("not available"))


def waiting(since: datetime | None, words: Words) -> str:
    """Since when a question waits; that all are answered."""
    return words.moment(since) if since else words.say("all answered")


def pointers(picture: Picture, words: Words) -> str:
    """How the check of official accounts went; empty when there was none."""
    found = picture.pointers
    if found is None:
        return ""
    text = words.say(
        "Official accounts, checked {moment}: {lacking} of {accounts} do not say where information is, "
        "{unseen} could not be seen."
    )
    return text.format(
        moment=words.moment(found.at),
        lacking=words.number(found.lacking),
        accounts=words.number(found.accounts),
        unseen=words.number(found.unseen),
    )


def stage(found: Stage, words: Words) -> str:
    """What was done, with how many posts there were by then."""
    text = labels.label(STAGES, found.kind, words.say)
    if found.posts is None:
        return text
    count = words.many("{count} post", "{count} posts", found.posts).format(count=words.number(found.posts))
    return f"{text}: {count}"


def method(words: Words) -> str:
    """How to read the picture."""
    return words.say(
        "Posts of our own accounts are not counted. Quotations are masked: recognised names, handles, threats and "
        "particulars are taken out, and writers are counted by pseudonym. Topics are posts that share words, named by "
        "words that stand out against the four weeks before. A repeated claim is a text that several people have "
        "posted, with where it stood first: nothing here says whether it is true. Tone counts words, and says nothing "
        "of any person."
    )
