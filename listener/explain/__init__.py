"""Why an account got its verdict, told step by step: every number comes from the policy itself."""

from __future__ import annotations

from listener.explain.alternatives import Alternative, alternatives
from listener.explain.waterfall import Question, Step, waterfall
from listener.models import Account, Finding, Record
from listener.organisation import Organisation
from listener.registry import Registry
from listener.rulings import Rule
from listener.screen.index import Index
from listener.thresholds import Thresholds
from listener.verdict import Evidence, gather, judge

__all__ = ["Alternative", "Explanation", "Question", "Step", "explain", "is_weighed", "tell"]

# The rules of `registered` and `sites`; every other one weighs evidence, and so can say what would tip it.
BY_REGISTER = frozenset({Rule.REGISTERED, Rule.CHANGED, Rule.HANDLE_REUSED, Rule.OWN_SITE})
BY_SITE = frozenset({Rule.SITE_QUIET, Rule.SITE_SPARED, Rule.SITE_NAME, Rule.SITE_MORE})
# What a candidate may leave unknown, in the order in which it tells most.
FIELDS = ("display_name", "description", "links", "avatar", "created_at", "platform_id", "verified")
SITE_FIELDS = ("display_name", "description", "links", "created_at")


class Explanation(Record):
    """A finding with the steps to it.

    `questions` holds the four in reading order; the `added` of all their steps, and of `rest` (what the rule itself
    did to the score, None when nothing), sum to `finding.score` exactly, in ten-thousandths. `unknown` names fields of
    the account; `evidence` is None where the register or a host name decided.
    """

    finding: Finding
    thresholds: Thresholds
    questions: tuple[Question, ...]
    rest: Step | None
    evidence: Evidence | None
    unknown: tuple[str, ...]
    alternatives: tuple[Alternative, ...]


def is_weighed(finding: Finding) -> bool:
    """Whether evidence was weighed: neither the register nor a host name decided, and something spoke of us."""
    return finding.rule is not None and finding.rule not in BY_REGISTER | BY_SITE


def explain(
    account: Account, organisation: Organisation, registry: Registry, index: Index | None = None
) -> Explanation:
    """Judge the account and tell how. Fetches nothing and stores nothing; nothing in an account makes it raise."""
    index = index or Index(organisation, registry)
    return tell(judge(account, organisation, registry, index), index)


def tell(finding: Finding, index: Index) -> Explanation:
    """The steps to a finding that `judge` or `weigh` made with this index."""
    account, organisation = finding.account, index.organisation
    view = index.look(account)
    evidence = gather(view, finding.signals) if is_weighed(finding) else None
    questions, rest = waterfall(finding, evidence, organisation.thresholds)
    fields = SITE_FIELDS if account.platform == "web" else FIELDS
    by_register = finding.rule in BY_REGISTER
    return Explanation(
        finding=finding,
        thresholds=organisation.thresholds,
        questions=questions,
        rest=rest,
        evidence=evidence,
        unknown=() if by_register else tuple(name for name in fields if getattr(account, name) is None),
        alternatives=() if by_register else alternatives(finding, view, index),
    )
