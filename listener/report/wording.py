"""The report's sentences, written once for text and HTML."""

from __future__ import annotations

from datetime import datetime

from listener import troubles
from listener.language import translations
from listener.models import Verdict
from listener.report import labels, records
from listener.report.records import CaseLine, Coverage, Owed, SourceLine, StormLine, Unsearched, UnusualDay, Weekly
from listener.sentences import in_language
from listener.storms.reasons import TEMPLATES


class Words:
    """One language's words, numbers and dates."""

    def __init__(self, language: str) -> None:
        self.language = language
        found = translations(language)
        self.say = found.gettext
        self.many = found.ngettext

    def number(self, value: float) -> str:
        return labels.number(value, self.language)

    def percent(self, share: float) -> str:
        return labels.percent(share, self.language)

    def moment(self, when: datetime, *, year: bool = False) -> str:
        return labels.moment(when, self.say, year=year)


def title(report: Weekly, words: Words) -> str:
    """Account audit, Almby kommun – week 47 2026."""
    _ = words.say
    return _("Account audit {organisation} – week {number} {year}").format(
        organisation=report.organisation, number=report.week.number, year=report.week.year
    )


def dates(report: Weekly, words: Words) -> str:
    """16–22 November 2026."""
    return labels.days_between(report.week.first, report.week.last, words.say)


def status(coverage: Coverage, words: Words) -> str:
    """COMPLETE or INCOMPLETE, or that nobody looked."""
    _ = words.say
    if coverage.run is None:
        return _("INCOMPLETE")
    return _("COMPLETE") if coverage.complete else _("INCOMPLETE")


def source_count(coverage: Coverage, words: Words) -> str:
    """4 of 5 sources; no run this week."""
    _ = words.say
    if coverage.run is None:
        return _("no run this week")
    text = words.many("{good} of {all} source", "{good} of {all} sources", coverage.planned)
    return text.format(good=coverage.searched, all=coverage.planned)


def run_sentence(coverage: Coverage, words: Words) -> str:
    """Which run the report rests on, and what it missed."""
    _ = words.say
    if coverage.run is None:
        return _("Nobody looked this week: no figure below says that all is well.")
    text = _("Last run {moment}.").format(moment=words.moment(coverage.run.started_at))
    if coverage.broken_off:
        text += " " + _("It broke off before the end.")
    failed = [source for source in coverage.sources if source.failed]
    if failed:
        names = ", ".join(labels.source_label(source.name, words.say) for source in failed)
        text += " " + _("Not searched in full: {names}.").format(names=names)
    if coverage.not_run:
        names = ", ".join(labels.source_label(name, words.say) for name in coverage.not_run)
        text += " " + _("Not run this week: {names}.").format(names=names)
    return text


def heartbeat(report: Weekly, words: Words) -> str:
    """What the week brought, in one sentence; also when it brought nothing."""
    _ = words.say
    if report.coverage.run is None and report.nothing_new:
        return _("No new accounts were found, because nobody looked.")
    if report.nothing_new and not report.coverage.searched:
        return _("No new accounts were found, because nothing could be searched.")
    if report.nothing_new and not report.coverage.complete:
        return _("Nothing new in what was searched. Of the rest nothing is known.")
    if report.nothing_new:
        return _("Nothing new this week. The watch is running.")
    text = counted_new(sum(row.new for row in (*report.rows, *report.others)), impostors(report), words) + "."
    if report.returned:
        again = words.many(
            "{count} closed case has come back.", "{count} closed cases have come back.", report.returned
        )
        text += " " + again.format(count=words.number(report.returned))
    return text


def counted_new(new: int, impostors: int, words: Words) -> str:
    """5 new flagged accounts, including 1 suspected impostor."""
    text = words.many("{count} new flagged account", "{count} new flagged accounts", new)
    text = text.format(count=words.number(new))
    if impostors and new > 1:
        some = words.many("{count} suspected impostor", "{count} suspected impostors", impostors)
        text += ", " + words.say("including {some}").format(some=some.format(count=words.number(impostors)))
    elif impostors:
        text += ", " + words.say("a suspected impostor")
    return text


def impostors(report: Weekly) -> int:
    """New suspected impostors of the week."""
    return sum(row.new for row in (*report.rows, *report.others) if row.kind == Verdict.IMPOSTOR)


def after_sentence(report: Weekly, words: Words) -> str:
    """What the first run after the week found; empty when there was none."""
    after = report.after
    if after is None:
        return ""
    _ = words.say
    text = _("After the week's end, {moment}: {found}").format(
        moment=words.moment(after.run.started_at), found=counted_new(after.new, after.impostors, words)
    )
    return text + ". " + _("They are listed below and counted next week.") if after.new else text + "."


def late_questions(owed: Owed, words: Words) -> str:
    """3 of 5 unanswered."""
    told = words.say("{late} of {count} unanswered")
    return told.format(late=words.number(owed.late), count=words.number(owed.unanswered))


def unwatched_accounts(owed: Owed, words: Words) -> str:
    """2 of 14 in 7 days."""
    told = words.say("{late} of {count} in {days} days")
    return told.format(
        late=words.number(owed.unwatched), count=words.number(owed.accounts), days=words.number(owed.days)
    )


def decided_alone(alone: records.Alone, words: Words) -> str:
    """2 this week, 1 cooling off."""
    told = words.say("{count} this week, {cooling} cooling off at its end")
    return told.format(count=words.number(alone.decisions), cooling=words.number(len(alone.cooling)))


def cooling_sentence(cooling: records.Cooling, words: Words) -> str:
    """Case 12, confirmed: decided by one person alone; nothing should be sent before Sunday 22 November 10:15."""
    told = words.say(
        "Case {number}, {state}: decided by one person alone, cools off until {time}. Send nothing before then."
    )
    state = labels.state_label(cooling.state, words.say)
    return told.format(number=cooling.case, state=state, time=words.moment(cooling.until))


def profile_sentence(report: Weekly, words: Words) -> str:
    """How many registered accounts break a profile rule."""
    _ = words.say
    found = report.profiles
    if found is None:
        return _("not measured: no audit this week")
    if found.share is None:
        return _("not measured: no registered account was looked at")
    text = words.many("{count} of {all} account looked at", "{count} of {all} accounts looked at", found.watched)
    text = text.format(count=words.number(found.accounts), all=words.number(found.watched))
    rest = found.registered - found.watched
    if rest:
        more = words.many("{count} more could not be seen", "{count} more could not be seen", rest)
        text += "; " + more.format(count=words.number(rest))
    return text


def snapshot_sentence(report: Weekly, words: Words) -> str:
    """How many registered accounts have no recent snapshot."""
    found = report.profiles
    if found is None or found.late_snapshots is None:
        return words.say("not measured")
    return words.number(found.late_snapshots)


def mention_count(report: Weekly, words: Words) -> str:
    """The week's mentions, or that there is nothing to count."""
    count = report.mentions.week
    return words.say("not measured") if count is None else words.number(count)


def usual_sentence(report: Weekly, words: Words) -> str:
    """What a usual week has: the median of the weeks before, and how many those are."""
    found = report.mentions
    if found.week is None:
        return words.say("nothing has been logged")
    if found.median is None:
        return words.say("no earlier weeks to compare with")
    text = words.many("median of {weeks} week: {median}", "median of {weeks} weeks: {median}", found.weeks)
    return text.format(weeks=found.weeks, median=words.number(found.median))


def unusual_sentence(day: UnusualDay, words: Words) -> str:
    """An unusual pattern: what happened, and that a person must judge it."""
    return words.say("Unusual pattern {day}: {count} mentions in a day, where the median day has {median}.").format(
        day=f"{words.say(labels.DAYS[day.day.weekday()])} {labels.day(day.day, words.say)}",
        count=words.number(day.mentions),
        median=words.number(day.median),
    )


def storm_title(storm: StormLine, words: Words) -> str:
    """badhus: from Thursday 19 November 13:00 to Friday 20 November 02:00."""
    _ = words.say
    start = words.moment(storm.started_at)
    if storm.ended_at is None:
        return _("{query}: since {start}, and it goes on").format(query=storm.query, start=start)
    end = words.moment(storm.ended_at)
    return _("{query}: from {start} to {end}").format(query=storm.query, start=start, end=end)


def storm_reasons(storm: StormLine, words: Words) -> list[str]:
    """Its figures, in the reader's language."""
    return [in_language(sentence, words.say, TEMPLATES) for sentence in storm.reasons]


def query_name(name: str, words: Words) -> str:
    """A saved query's name; what was searched for by hand is not told."""
    return name or words.say("searches made by hand")


def age(days: int | None, words: Words) -> str:
    """41 days; a dash when nothing is open."""
    if days is None:
        return "–"
    if not days:
        return words.say("< 1 day")
    return words.many("{count} day", "{count} days", days).format(count=words.number(days))


def source_state(source: SourceLine, words: Words) -> str:
    """How one source fared."""
    return labels.label(labels.COMPLETENESS, source.completeness, words.say)


def unsearched(gap: Unsearched, words: Words) -> str:
    """Why nobody looked at a platform, and what showed a part of it all the same."""
    return labels.unsearched(gap.reason, gap.why, gap.through, words.say)


def trouble(kind: str, detail: str, words: Words) -> str:
    """One reason why a source was not seen in full."""
    name = troubles.kind_label(kind, words.say)
    return f"{name}: {troubles.in_language(detail, words.say)}" if detail else name


def reason(sentence: str, words: Words) -> str:
    """A stored sentence in the reader's language."""
    return in_language(sentence, words.say) if sentence else ""


def case_title(line: CaseLine, words: Words) -> str:
    """Case 12: impostor."""
    text = words.say("Case {number}: {verdict}").format(
        number=line.number, verdict=labels.verdict_label(line.verdict, words.say)
    )
    kind = labels.UNITS.get(line.unit_kind or "")
    return f"{text} ({words.say(kind)})" if kind else text


def case_state(line: CaseLine, words: Words) -> str:
    """New · 3 days · seen in the last run."""
    _ = words.say
    parts = [labels.state_label(line.state, _), age(line.open_days, words)]
    if line.since_week:
        parts[1] = _("found after the week's end")
    if line.observation != "seen":
        parts.append(labels.label(labels.OBSERVATIONS, line.observation, _))
    if line.last_snapshot:
        told = words.many("{count} snapshot, {time}", "{count} snapshots, the last {time}", line.snapshots)
        parts.append(told.format(count=line.snapshots, time=words.moment(line.last_snapshot)))
    return " · ".join(parts)


def method_note(words: Words) -> str:
    """How to read the figures, and whom the report does not name."""
    return words.say(
        "New cases were opened in the week, closed ones stopped being open in it, open ones stood open at its end. "
        "Addresses of flagged accounts are written so that they cannot be clicked. An employee's account is shown by "
        "case number only, an unclear one without its display name, and no author of a mention is named. "
        "The tool points out; people decide."
    )


def version_sentence(report: Weekly, words: Words) -> str:
    """Which rules and program the figures come from."""
    version = report.coverage.run.version if report.coverage.run else "–"
    return words.say("Rules and program: listen {version}.").format(version=version)
