"""What would change a verdict: the account judged again with one thing different, nothing reckoned by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy

import msgspec

from listener.match.view import View
from listener.models import FLAGGED, Entry, Finding, Record, Status, Verdict
from listener.organisation import Organisation
from listener.profiles import profile_url
from listener.registry import Registry
from listener.screen.index import Index
from listener.thresholds import LEAST, MOST, SETTABLE, Thresholds
from listener.verdict import gather, judge, rule

SIGNALS = 2  # so many of the signals that tip the verdict are told; more would be the waterfall over again


class Alternative(Record):
    """Another verdict, and what leads there.

    `kind` is `register` (a row in registry.csv), `our_link` (a page of ours links to it), `without` (the signals that
    say `subject`, a sentence, did not hold) or `threshold` (`subject` in [matching] were `value`).
    """

    kind: str
    verdict: Verdict
    subject: str = ""
    value: float | None = None


def alternatives(finding: Finding, view: View, index: Index) -> tuple[Alternative, ...]:
    """Every single change that leads to another verdict, the nearest of each kind; what holds for all comes last."""
    if finding.rule is None:
        return ()
    organisation = index.organisation
    if finding.rule.startswith("site_"):
        found = [*_registered(finding, organisation, index)]
        found += _other_line(finding, organisation.thresholds, lambda lines: _site_verdict(finding, lines, index))
        return tuple(found)
    evidence = gather(view, finding.signals)
    found = [*_without(finding, view, organisation.thresholds)]
    found += _linked(finding, organisation, index)
    found += _registered(finding, organisation, index)
    found += _other_line(finding, organisation.thresholds, lambda lines: rule(evidence, lines).verdict)
    return tuple(found)


def _matters(verdict: Verdict, finding: Finding) -> bool:
    """Another verdict, and not only another word for what nobody has to look at."""
    return verdict is not finding.verdict and (finding.flagged or verdict in FLAGGED)


def _registered(finding: Finding, organisation: Organisation, index: Index) -> Iterator[Alternative]:
    account = finding.account
    url = account.url or profile_url(account.platform, account.handle or account.platform_id or "")
    if not url:
        return
    entry = Entry(
        platform=account.platform,
        url=url,
        unit=finding.unit or organisation.name,
        status=Status.APPROVED,
        owner_email="",
        platform_id=account.platform_id,
        handle=account.handle,
        display_name=account.display_name,
    )
    verdict = judge(account, organisation, Registry((entry,)), index).verdict
    if verdict is not finding.verdict:
        yield Alternative(kind="register", verdict=verdict)


def _linked(finding: Finding, organisation: Organisation, index: Index) -> Iterator[Alternative]:
    if not organisation.domains or finding.account.official_links:
        return
    home = f"https://{organisation.domains[0]}/"
    linked = msgspec.structs.replace(finding.account, official_links=(home,))
    verdict = judge(linked, organisation, Registry(()), index).verdict
    if _matters(verdict, finding):
        yield Alternative(kind="our_link", verdict=verdict, subject=home)


def _without(finding: Finding, view: View, thresholds: Thresholds) -> Iterator[Alternative]:
    """The strongest signals without which the verdict is another one; one sentence may answer two questions."""
    told = 0
    for sentence in dict.fromkeys(signal.detail for signal in finding.signals):
        rest = tuple(signal for signal in finding.signals if signal.detail != sentence)
        verdict = rule(gather(view, rest), thresholds).verdict
        if _matters(verdict, finding) and told < SIGNALS:
            told += 1
            yield Alternative(kind="without", verdict=verdict, subject=sentence)


def _other_line(
    finding: Finding, thresholds: Thresholds, verdict_at: Callable[[Thresholds], Verdict]
) -> Iterator[Alternative]:
    """The one threshold that lies nearest to another verdict, in hundredths."""
    reach = range(1, round((MOST - LEAST) * 100) + 1)
    moves = (
        (name, value) for steps in reach for name in SETTABLE for value in _values(getattr(thresholds, name), steps)
    )
    for name, value in moves:
        verdict = verdict_at(msgspec.structs.replace(thresholds, **{name: value}))
        if _matters(verdict, finding):
            yield Alternative(kind="threshold", verdict=verdict, subject=name, value=value)
            return


def _values(now: float, hundredths: int) -> list[float]:
    """What lies so far above and below, where a threshold may lie."""
    both = (round(now + hundredths / 100, 2), round(now - hundredths / 100, 2))
    return [value for value in both if LEAST <= value <= MOST]


def _site_verdict(finding: Finding, thresholds: Thresholds, index: Index) -> Verdict:
    other = copy(index)
    other.organisation = msgspec.structs.replace(index.organisation, thresholds=thresholds)
    return judge(finding.account, other.organisation, Registry(()), other).verdict
