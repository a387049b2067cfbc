"""The verdict on a candidate that stands in the register: official, changed, copied, or known to be someone else's."""

from __future__ import annotations

from jellyfish import jaro_winkler_similarity

from listener.match.marks import plain_words
from listener.models import Account, Asks, Entry, Finding, Nearest, Signal, Status, Verdict
from listener.organisation import Organisation
from listener.profiles import account_key, read_link
from listener.registry import Registry
from listener.rulings import Rule
from listener.text.fold import compact, fold
from listener.urls import on_site
from listener.words.claims import GENERIC

_BY_STATUS = {
    Status.KNOWN_THIRD_PARTY: Verdict.NAMESAKE,
    Status.PARODY_OK: Verdict.PARODY,
    Status.IMPOSTOR_CONFIRMED: Verdict.IMPOSTOR,
}
_SCORES = {Verdict.NAMESAKE: 0.05, Verdict.PARODY: 0.05, Verdict.IMPOSTOR: 0.99}
CHANGED_SCORE, REUSED_SCORE = 0.6, 0.98
CHANGED = 0.5  # a change this telling makes the account `official_changed`; a lesser one is only told
SAME_NAME = 0.72  # Jaro-Winkler; below it, and without a shared word, a display name is another one


def judge_registered(account: Account, organisation: Organisation, registry: Registry) -> Finding | None:
    """The verdict when the register knows the account's id, handle or address, else None."""
    if account.platform_id:
        entry = registry.by_id(account.platform, account.platform_id)
        if entry is not None:
            return _known(account, entry, organisation)
    entry = registry.find(account)
    if entry is None:
        taken = _taken_over(account, registry)
        if taken is not None:
            return _reused(account, taken)
        if account.platform == "web" and account.handle and on_site(f"https://{account.handle}/", organisation.domains):
            return _own_site(account, organisation)
        return None
    return _known(account, entry, organisation)


def _taken_over(account: Account, registry: Registry) -> Entry | None:
    """The row that has the account's handle, and another id."""
    if not account.platform_id or not account.handle:
        return None
    entry = registry.by_handle(account.platform, account.handle)
    if entry is None or not entry.platform_id or entry.platform_id == account.platform_id:
        return None
    link = read_link(account.url) if account.url else None
    elsewhere = link is not None and link.space and link.key != account_key(account.platform, account.handle)
    return None if elsewhere else entry


def _own_site(account: Account, organisation: Organisation) -> Finding:
    detail = f"the host {account.handle!r} is on our domain {organisation.domains[0]!r}"
    signal = Signal(feature="own_site", asks=Asks.OURS, score=1.0, detail=detail)
    return Finding(account=account, verdict=Verdict.OFFICIAL, score=0.0, signals=(signal,), unit=organisation.name,
                   rule=Rule.OWN_SITE)  # fmt: skip


def _known(account: Account, entry: Entry, organisation: Organisation) -> Finding:
    verdict = _BY_STATUS.get(entry.status)
    detail = f"{_called(account)} is registered for {entry.unit!r} as {entry.url} with status {entry.status.value!r}"
    signal = Signal(feature="registered", asks=Asks.OURS, score=1.0, detail=detail)
    if verdict is not None:
        return _finding(account, entry, verdict, _SCORES[verdict], (signal,), Rule.REGISTERED)
    changes = tuple(_changes(account, entry, organisation))
    if any(change.score >= CHANGED for change in changes):
        return _finding(account, entry, Verdict.OFFICIAL_CHANGED, CHANGED_SCORE, (signal, *changes), Rule.CHANGED)
    return _finding(account, entry, Verdict.OFFICIAL, 0.0, (signal, *changes), Rule.REGISTERED)


def _changes(account: Account, entry: Entry, organisation: Organisation) -> list[Signal]:
    found = []
    if _moved(account, entry):
        detail = f"the handle was {entry.handle!r} in the register and is now {account.handle!r}"
        score = 0.2 if _keeps_name(account, entry, organisation) else 0.6
        found.append(Signal(feature="handle_changed", asks=Asks.POSES, score=score, detail=detail))
    if account.display_name and entry.display_name and not _same_name(account.display_name, entry, organisation):
        detail = (
            f"the display name was {entry.display_name!r} in the register and is now {account.display_name[:200]!r}"
        )
        found.append(Signal(feature="name_changed", asks=Asks.POSES, score=0.5, detail=detail))
    return found


def _moved(account: Account, entry: Entry) -> bool:
    """Whether the account has the row's id and another handle."""
    if not (account.handle and entry.handle and account.platform_id and account.platform_id == entry.platform_id):
        return False
    return account_key(account.platform, account.handle) != account_key(account.platform, entry.handle)


def _keeps_name(account: Account, entry: Entry, organisation: Organisation) -> bool:
    """Whether a unit's account that moved still bears the unit's name: `RepAlm` as `LeaderAlm`, for the unit Eva Alm.

    The organisation's own accounts get no such grace, nor does a handle with new digits: squatters add them.
    """
    if fold(entry.unit) in organisation.folded_names or not account.handle:
        return False
    letters = compact(account.handle)
    if sum(map(str.isdigit, letters)) > sum(map(str.isdigit, entry.handle or "")):
        return False
    return any(len(word) >= 5 and word in letters and word not in GENERIC for word in plain_words(entry.unit))


def _same_name(name: str, entry: Entry, organisation: Organisation) -> bool:
    """Whether a display name is still ours: it holds a word of the registered name, unit, handle or organisation."""
    letters, words = compact(name), set(plain_words(name))
    for known in (entry.display_name, entry.unit, entry.handle, *organisation.names, *organisation.places):
        if not known:
            continue
        form = compact(known)
        if words & set(plain_words(known)) or (form and (form in letters or letters in form)):
            return True
        if jaro_winkler_similarity(fold(name)[:100], fold(known)[:100]) >= SAME_NAME:
            return True
    return False


def _reused(account: Account, entry: Entry) -> Finding:
    detail = (
        f"bears our registered handle {entry.handle!r} under the id {account.platform_id!r}, "
        f"but ours has the id {entry.platform_id!r}"
    )
    signal = Signal(feature="handle_reused", asks=Asks.POSES, score=0.98, detail=detail)
    return _finding(account, entry, Verdict.IMPOSTOR, REUSED_SCORE, (signal,), Rule.HANDLE_REUSED)


def _called(account: Account) -> str:
    return repr(account.handle or account.platform_id or account.url)


def _finding(
    account: Account, entry: Entry, verdict: Verdict, score: float, signals: tuple[Signal, ...], decided: Rule
) -> Finding:
    nearest = Nearest(platform=entry.platform, handle=entry.handle, url=entry.url, unit=entry.unit)
    return Finding(account=account, verdict=verdict, score=score, signals=signals, unit=entry.unit,
                   unit_kind=entry.unit_kind, nearest=nearest, rule=decided)  # fmt: skip
