"""The weekly report as plain text, for a terminal or a mail."""

from __future__ import annotations

from collections.abc import Iterator

from listener.report import labels, wording
from listener.report.ending import ending_sentence
from listener.report.records import CaseLine, Side, Weekly
from listener.report.wording import Words
from listener.terminal import columns, padded

WIDTH = 30
COLUMN = 10


def render_text(report: Weekly, language: str) -> str:
    """The whole report, ending in a line break."""
    words = Words(language)
    parts = [first_screen, after, storms, cases, faults, mentions, coverage, method]
    blocks = ["\n".join(part(report, words)) for part in parts]
    return "\n\n".join(block for block in blocks if block) + "\n"


def first_screen(report: Weekly, words: Words) -> Iterator[str]:
    _ = words.say
    yield f"{wording.title(report, words)} ({wording.dates(report, words)})"
    yield f"{wording.status(report.coverage, words)} ({wording.source_count(report.coverage, words)}). " + (
        wording.run_sentence(report.coverage, words)
    )
    yield wording.heartbeat(report, words)
    yield ""
    heads = (_("New"), _("Open"), _("Closed"), _("Oldest"))
    yield padded(_("Flagged accounts"), WIDTH) + "".join(right(head) for head in heads)
    for row in (*report.rows, *report.others):
        cells = (words.number(row.new), words.number(row.open), words.number(row.closed))
        age = wording.age(row.oldest_days, words)
        yield padded(f"  {labels.label(labels.ROWS, row.kind, _)}", WIDTH) + "".join(map(right, (*cells, age)))
    yield ""
    yield fact(_("Profiles breaking a rule"), profiles(report, words))
    yield fact(_("Late snapshots"), wording.snapshot_sentence(report, words))
    yield fact(_("Mentions"), f"{wording.mention_count(report, words)} ({wording.usual_sentence(report, words)})")
    if report.owed is not None:
        yield fact(_("Questions late"), wording.late_questions(report.owed, words))
        yield fact(_("Accounts not looked at"), wording.unwatched_accounts(report.owed, words))
    if report.alone is not None:
        yield fact(_("Decided by one alone"), wording.decided_alone(report.alone, words))
    yield fact(_("Decisions waiting"), words.number(report.waiting))
    for cooling in report.alone.cooling if report.alone else ():
        yield wording.cooling_sentence(cooling, words)
    if report.assessment == "":
        yield basis(report, words)
    for token in report.ending:
        yield ending_sentence(token, words)


def profiles(report: Weekly, words: Words) -> str:
    share = report.profiles.share if report.profiles else None
    text = wording.profile_sentence(report, words)
    return text if share is None else f"{words.percent(share)} ({text})"


def right(text: str) -> str:
    return " " * (COLUMN - columns(text)) + text if columns(text) < COLUMN else " " + text


def fact(name: str, value: str) -> str:
    return padded(name, WIDTH) + f" {value}"


def tally(count: int, name: str, words: Words) -> str:
    """A count before what it counts, for names too long to line up."""
    number = words.number(count)
    return " " * (6 - columns(number)) + f"{number}  {name}"


def after(report: Weekly, words: Words) -> Iterator[str]:
    if report.after is not None:
        yield wording.after_sentence(report, words)


def storms(report: Weekly, words: Words) -> Iterator[str]:
    """The unusual patterns in what was said, each with its figures."""
    if not report.storms:
        return
    yield from heading(words.say("Unusual patterns this week"))
    for storm in report.storms:
        yield wording.storm_title(storm, words)
        for reason in wording.storm_reasons(storm, words):
            yield f"    - {reason}"
    yield words.say("They say that more was said than usual, and nothing of why: people judge that.")


def heading(text: str) -> Iterator[str]:
    yield text
    yield "-" * columns(text)


def cases(report: Weekly, words: Words) -> Iterator[str]:
    """Every open case: the suspect beside the registered account."""
    _ = words.say
    if not report.cases and not report.untold:
        return
    yield from heading(_("Open cases"))
    for line in report.cases:
        yield from case(line, words)
    if report.untold:
        text = words.many(
            "{count} case was erased by retention.", "{count} cases were erased by retention.", report.untold
        )
        yield text.format(count=report.untold)
    yield _("Show one with: listen review show NUMBER")


def case(line: CaseLine, words: Words) -> Iterator[str]:
    _ = words.say
    mark = " [" + _("NEW") + "]" if line.is_new or line.since_week else ""
    yield f"{wording.case_title(line, words)}{mark} · {wording.case_state(line, words)}"
    yield "  " + _("Flagged") + ": " + side(line.suspect, words)
    if line.registered:
        yield "  " + _("Nearest registered") + ": " + side(line.registered, words)
    for _feature, sentence in line.reasons:
        yield f"    - {wording.reason(sentence, words)}"


def side(found: Side, words: Words) -> str:
    """Platform, name, handle, address and unit, what there is of them."""
    handle = f"@{found.handle}" if found.handle and found.platform != "web" else found.handle
    unit = f"({found.unit})" if found.unit and found.unit != found.name else None
    parts = (found.name, handle, found.address, unit)
    shown = [part for part in parts if part] or [words.say("Shown in the review only.")]
    return " ".join((labels.platform_label(found.platform, words.say), *shown))


def faults(report: Weekly, words: Words) -> Iterator[str]:
    _ = words.say
    if report.profiles is None or not (report.profiles.faults or report.profiles.register):
        return
    yield from heading(_("Profile rules and the register"))
    for rule, count in report.profiles.by_rule:
        yield f"{rule} {labels.label(labels.RULES, rule, _)}: " + words.many(
            "{count} account at fault", "{count} accounts at fault", count
        ).format(count=words.number(count))
    for fault in report.profiles.faults:
        told = f"    {fault.unit} {fault.url}: {wording.reason(fault.detail, words)}"
        yield told + (f" → {wording.reason(fault.hint, words)}" if fault.hint else "")
    for rule, count in report.profiles.register:
        yield tally(count, labels.rule_label(rule, _), words)
    if report.profiles.register:
        yield _("Row by row: listen registry check")


def mentions(report: Weekly, words: Words) -> Iterator[str]:
    _ = words.say
    found = report.mentions
    if not found.week:
        return
    yield from heading(_("Mentions"))
    for day in found.unusual:
        yield wording.unusual_sentence(day, words)
    yield _("By query")
    for query, count in found.by_query:
        yield tally(count, wording.query_name(query, words), words)
    yield _("By source")
    for source, count in found.by_source:
        yield tally(count, labels.source_label(source, _), words)


def coverage(report: Weekly, words: Words) -> Iterator[str]:
    _ = words.say
    yield from heading(_("Coverage and limits"))
    for source in report.coverage.sources:
        counts = words.many("{count} account seen", "{count} accounts seen", source.accounts)
        state = wording.source_state(source, words)
        yield f"{labels.source_label(source.name, _)}: {state}, {counts.format(count=words.number(source.accounts))}"
        for kind, detail in source.reasons:
            yield f"    - {wording.trouble(kind, detail, words)}"
    yield _("Not searched:")
    for platform in report.coverage.unsearched:
        name = labels.source_label(platform.platform, _)
        yield f"  {name}: {wording.unsearched(platform, words)}{unwatched(platform.registered, words)}"


def unwatched(registered: int, words: Words) -> str:
    """How many registered accounts nobody watches there; empty when we have none."""
    if not registered:
        return ""
    text = words.many("{count} registered account there is not watched.",
                      "{count} registered accounts there are not watched.", registered)  # fmt: skip
    return " " + text.format(count=words.number(registered))


def basis(report: Weekly, words: Words) -> str:
    """What listening rests on, or that it rests on nothing; empty when nothing is listened for."""
    _ = words.say
    if report.assessment:
        return _("Listening rests on the impact assessment {reference}.").format(reference=report.assessment)
    if report.assessment is None:
        return ""
    return _("The saved queries are asked without an impact assessment. A draft of one: listen config dpia")


def method(report: Weekly, words: Words) -> Iterator[str]:
    _ = words.say
    yield from heading(_("Method"))
    yield wording.method_note(words)
    if report.assessment:
        yield basis(report, words)
    yield wording.version_sentence(report, words)
