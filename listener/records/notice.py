"""The text of a report to a platform, made from a case for a person to send: nothing is ever sent from here.

What it holds is article 16.2 of the Digital Services Act (EU) 2022/2065: (a) why, (b) the exact addresses, (c) who
reports, (d) the statement of good faith; and what platforms' own forms on impersonation ask for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from listener.clock import local
from listener.language import N_, _
from listener.models import Asks, Case, Entry, Record, Status
from listener.report import labels
from listener.report.wording import Words
from listener.sentences import in_language
from listener.store import StoreError
from listener.store.snapshots import Snapshot, standing
from listener.terminal import plain

# What a report rests on: the platform's own rules, or a law. A person chooses.
GROUNDS = {
    "impersonation": N_("the platform's own rules: the account pretends to be us"),
    "trademark": N_("law: our trademark (varumärkeslagen 2010:1877)"),
    "copyright": N_("law: copyright in our logo or picture (upphovsrättslagen 1960:729)"),
    "arms": N_("law: our registered coat of arms, used in business (lagen 1970:498)"),
    "authority": N_("law: passing oneself off as a public authority (brottsbalken 17:15)"),
    "fraud": N_("law: fraud (brottsbalken 9 kap.)"),
    "identity": N_("law: another person's identity used without leave, reported by that person (brottsbalken 4:6 b)"),
    "other": N_("another ground, named in the explanation"),
}
MAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+")
LEAST = 20  # letters of an explanation: "sufficiently substantiated"
ACCOUNTS, FILES, REASONS, LINKS = 50, 60, 12, 20  # of each, at most
UNKNOWN = "[…]"


class Given(Record, frozen=True):
    """What a person fills in: a ground of GROUNDS, why, who reports and from what mailbox, and the good faith."""

    ground: str = ""
    why: str = ""
    reporter: str = ""
    mail: str = ""
    good_faith: bool = False


def check_given(given: Given) -> None:
    """Raises StoreError with all that is missing."""
    lacking = []
    if given.ground not in GROUNDS:
        lacking.append(_("the ground"))
    if len(given.why.strip()) < LEAST:
        lacking.append(_("the explanation, in at least {count} letters").format(count=LEAST))
    if not given.reporter.strip():
        lacking.append(_("who reports"))
    if not MAIL.fullmatch(given.mail.strip()):
        lacking.append(_("the e-mail address of who reports"))
    if not given.good_faith:
        lacking.append(_("the statement of good faith"))
    if lacking:
        raise StoreError(_("The report is not whole: {what}").format(what="; ".join(lacking)))


def notice_text(
    case: Case, given: Given, organisation: str, entries: Iterable[Entry], kept: Iterable[Snapshot], words: Words
) -> str:
    """The whole report; what a person has not filled in yet stands as […]."""
    say = words.say
    platform = labels.platform_label(case.account.platform, say)
    parts = [
        [say(N_("Report to {platform}: an account that speaks in the name of {organisation}")).format(
            platform=platform, organisation=organisation)],
        [say(N_("Ground: {ground}")).format(ground=say(GROUNDS[given.ground]) if given.ground in GROUNDS else UNKNOWN)],
        [say(N_("1. The account")), *account_lines(case, words)],
        [say(N_("2. Why")), spoken(given.why) or UNKNOWN, *reason_lines(case, words)],
        [say(N_("3. Our official accounts, to compare with")), *official_lines(case, entries, words)],
        [say(N_("4. Evidence that we keep, with times and SHA-256")), *evidence_lines(kept, words)],
        [say(N_("5. Who reports")), ", ".join((spoken(given.reporter) or UNKNOWN, organisation)),
         spoken(given.mail) or UNKNOWN],
        [say(N_("6. Statement")), say(N_(
            "We believe in good faith that what is said in this report is accurate and complete."
        )) if given.good_faith else UNKNOWN],
    ]  # fmt: skip
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def spoken(text: str) -> str:
    """What a person wrote, in its lines, with nothing unseen in it."""
    return "\n".join(plain(line, 2_000) for line in text.strip().splitlines())


def account_lines(case: Case, words: Words) -> Iterator[str]:
    """Its exact address, its lasting id, its names and what it links to."""
    account, say = case.account, words.say
    known = (
        (N_("address"), account.url),
        (N_("platform id"), account.platform_id),
        (N_("handle"), account.handle),
        (N_("name"), account.display_name),
    )
    yield from (f"{say(name)}: {plain(value, 2_000)}" for name, value in known if value)
    yield from (f"{say(N_('links to'))}: {plain(link, 2_000)}" for link in (account.links or ())[:LINKS])
    seen = say(N_("found {first}, last seen {last}"))
    yield seen.format(
        first=f"{local(case.opened_at):%Y-%m-%d %H:%M}", last=f"{local(case.last_seen_at):%Y-%m-%d %H:%M}"
    )


def reason_lines(case: Case, words: Words) -> Iterator[str]:
    """What was found, strongest first: each is one element of identity or of pretence."""
    found = [signal for signal in case.finding.signals if signal.asks in (Asks.POSES, Asks.CLAIMS)]
    for signal in sorted(found, key=lambda signal: -signal.score)[:REASONS]:
        yield f"- {plain(in_language(signal.detail, words.say), 500)}"


def official_lines(case: Case, entries: Iterable[Entry], words: Words) -> Iterator[str]:
    """The approved accounts of the register, those on the same platform first."""
    platform = case.account.platform
    ours: Sequence[Entry] = sorted(
        (entry for entry in entries if entry.status is Status.APPROVED),
        key=lambda entry: (entry.platform != platform, entry.platform, entry.unit),
    )
    for entry in ours[:ACCOUNTS]:
        yield f"- {labels.platform_label(entry.platform, words.say)}: {plain(entry.unit)}: {plain(entry.url, 2_000)}"
    if len(ours) > ACCOUNTS:
        left = len(ours) - ACCOUNTS
        yield words.many("- and {count} more", "- and {count} more", left).format(count=left)
    if not ours:
        yield UNKNOWN


def evidence_lines(kept: Iterable[Snapshot], words: Words) -> Iterator[str]:
    """Each file that is kept: when it was taken, what it is, where from, its SHA-256."""
    files = [row for row in standing(kept) if row.sha256]
    for row in files[-FILES:]:
        yield f"- {row.at.isoformat()} {row.kind} {plain(row.url or '–', 300)} sha256:{row.sha256}"
    if len(files) > FILES:
        left = len(files) - FILES
        yield words.many("- and {count} more", "- and {count} more", left).format(count=left)
    if not files:
        yield words.say(N_("none is kept yet"))
