"""Flagged accounts and what a new sighting makes of their cases; everyone else leaves at most a salted hash."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from listener.clock import rfc3339
from listener.models import Account, Finding, Observation, Record, SourceResult
from listener.store.barred import account_barred
from listener.store.database import Store, as_json, storable
from listener.store.queue_words import save_words
from listener.store.runs import save_cursor, save_source
from listener.store.sightings import Sighting, open_case, see_again
from listener.store.traits import save_traits
from listener.store.watching import mark_missing

__all__ = ["Saved", "find_key", "known_accounts", "known_on", "known_sites", "mark_missing", "save_findings"]

# What a reviewer looks at; a sighting that knows fewer of these, and contradicts none, teaches us nothing.
TELLING = ("handle", "display_name", "description", "avatar", "url", "links")


class Saved(Record, frozen=True):
    """What one source's findings came to. `seen` counts every account that has a case, whatever happened to it."""

    new: int = 0
    changed: int = 0
    regressed: int = 0
    seen: int = 0


def save_findings(
    store: Store,
    run_id: int,
    source: str,
    findings: Iterable[Finding],
    now: datetime,
    cursor: Mapping[str, str] | None = None,
    result: SourceResult | None = None,
    scope: str | None = None,
) -> Saved:
    """Keep what one source found, in one transaction: accounts, cases, events, observations, cursor and result.

    Only flagged accounts, and those that already have a case, are kept in clear text. Saving the same findings for
    the same run again changes nothing. `scope` is the settings under which the source was asked (`asking.scope_of`):
    only under the same ones can it find an account gone.
    """
    rows = list(findings)  # read to the end first: no transaction waits for the network
    tally: Counter[str] = Counter()
    strangers: list[tuple[str, str]] = []
    written: list[tuple[str, Account]] = []
    with store.transaction():
        salt = bytes.fromhex(store.rows("SELECT value FROM settings WHERE key = 'salt'")[0]["value"])
        for finding in rows:
            finder = finding.account.source or source  # what is only told of a site leaves it to who found it
            asked = scope if finder == source else None
            kept = save_finding(store, Sighting(run_id, finder, now, finding, asked))
            if kept is None:
                strangers.append((skip_hash(salt, finding.account), rfc3339(now)))
            else:
                tally.update((kept.outcome, "seen"))
                written += [(kept.key, kept.account)] if kept.account else []
        save_words(store, written)
        store.db.conn.executemany("INSERT OR REPLACE INTO skipped VALUES (?, ?)", strangers)
        if cursor is not None:
            save_cursor(store, source, cursor)
        if result is not None:
            save_source(store, run_id, result)
    return Saved(new=tally["new"], changed=tally["changed"], regressed=tally["regressed"], seen=tally["seen"])


def skip_hash(salt: bytes, account: Account) -> str:
    """What is left of an account that is none of our business: enough to count it once, not to name it."""
    return hmac.new(salt, account.id.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def known_accounts(store: Store) -> Iterator[Account]:
    """Every account with a case, as it was last seen."""
    for row in store.rows("SELECT record FROM accounts"):
        yield msgspec.json.decode(row["record"], type=Account)


def known_on(store: Store, platform: str, told: bool = False) -> list[Account]:
    """The accounts with a case that were seen on their own platform, the latest seen first.

    With `told`, then those as well that only a tip, a page or a search engine has spoken of.
    """
    sql = """SELECT record FROM accounts WHERE platform = ? AND (source = platform OR ?)
             ORDER BY source = platform DESC, last_seen_at DESC"""
    return [msgspec.json.decode(row["record"], type=Account) for row in store.rows(sql, (platform, told))]


def known_sites(store: Store) -> list[Account]:
    """The web sites with a case, those first whose registration is not known, then the latest seen."""
    sql = """SELECT record FROM accounts WHERE platform = 'web'
             ORDER BY json_extract(record, '$.created_at') IS NOT NULL, last_seen_at DESC"""
    return [msgspec.json.decode(row["record"], type=Account) for row in store.rows(sql, ())]


class Kept(NamedTuple):
    """What a sighting came to: `new`, `changed`, `regressed` or `same`; the account under its key if it was written."""

    outcome: str
    key: str
    account: Account | None = None


def save_finding(store: Store, sighting: Sighting) -> Kept | None:
    """One sighting; None for an account that is not kept. Its words are the caller's to save."""
    finding = sighting.finding
    key = find_key(store, finding.account)
    known = None if key is None else store.row("SELECT * FROM accounts WHERE key = ?", (key,))
    if known is None:
        if not finding.flagged:
            return None
        account = finding.account
        key = account_key(account)
        older = bearer_of(store, account, key)
        write_account(store, sighting, key, account, known=None)
        open_case(store, sighting, key, account.fingerprint, linked=older)
        return Kept("new", key, account)
    if outranked(sighting, known):
        return Kept("same", known["key"])
    if account_barred(store, known["key"]) or adds_nothing(sighting, known):
        touch(store, sighting, known["key"])
        return Kept("same", known["key"])
    account = merged(known, finding.account)
    key = account_key(account)
    write_account(store, sighting, key, account, known)
    outcome = see_again(store, sighting, key, account.fingerprint, was_gone=known["observation"] == Observation.GONE)
    told = "changed" if outcome == "same" and account.fingerprint != known["fingerprint"] else outcome
    return Kept(told, key, account)


def account_key(account: Account) -> str:
    return storable(account.id) or ""


def handle_key(account: Account) -> str | None:
    return storable(account.handle.casefold()) if account.handle else None


def find_key(store: Store, account: Account) -> str | None:
    """The key an account is kept under, if it is kept: by platform id, else by handle among those it may be.

    Without a platform id on either side the handle decides; two different platform ids are two accounts, always.
    """
    row = store.row("SELECT key FROM accounts WHERE key = ?", (account_key(account),))
    if row is None and account.handle:
        other_id = "platform_id IS NULL" if account.platform_id else "platform_id IS NOT NULL"
        row = store.row(
            f"""SELECT key FROM accounts WHERE platform = ? AND handle_key = ? AND {other_id}
                ORDER BY last_seen_at DESC LIMIT 1""",  # noqa: S608  (one of two fixed conditions)
            (account.platform, handle_key(account)),
        )
    return None if row is None else str(row["key"])


def bearer_of(store: Store, account: Account, key: str) -> int | None:
    """The case of the account that last bore this handle, now or before a rename, under another platform id."""
    row = store.row(
        """SELECT c.id FROM handles h JOIN cases c ON c.account_key = h.account_key
           WHERE h.platform = ? AND h.handle_key = ? AND h.account_key <> ? ORDER BY c.id DESC LIMIT 1""",
        (account.platform, handle_key(account), key),
    )
    return None if row is None else int(row["id"])


def outranked(sighting: Sighting, known: Mapping[str, Any]) -> bool:
    """True when the platform itself has told us of the account and this source only speaks of it.

    A link on a web page knows neither name nor bio, and does not show that the account is still there.
    """
    return bool(known["source"] == known["platform"] != sighting.source)


def adds_nothing(sighting: Sighting, known: Mapping[str, Any]) -> bool:
    """True for another source's glimpse that knows less and contradicts nothing: it may not change the finding."""
    if sighting.source == known["source"] or known["observation"] != Observation.SEEN:
        return False
    old = msgspec.json.decode(known["record"], type=Account)
    new = sighting.finding.account
    fields = [name for name in TELLING if getattr(new, name) is not None]
    fewer = len(fields) < sum(getattr(old, name) is not None for name in TELLING)
    return fewer and all(getattr(new, name) == getattr(old, name) for name in fields)


def merged(known: Mapping[str, Any], new: Account) -> Account:
    """The account as now known: what this sighting leaves unknown stays as it was."""
    old = msgspec.json.decode(known["record"], type=Account)
    gaps = {name: getattr(old, name) for name in (*TELLING, "platform_id") if getattr(new, name) is None}
    return msgspec.structs.replace(new, **gaps)


def write_account(
    store: Store, sighting: Sighting, key: str, account: Account, known: Mapping[str, Any] | None
) -> None:
    """Insert the account or bring its row up to date; a platform id learned later moves the row to its new key."""
    seen_at = rfc3339(sighting.now)
    row = {
        "key": key,
        "platform": account.platform,
        "platform_id": storable(account.platform_id),
        "handle": storable(account.handle),
        "handle_key": handle_key(account),
        "display_name": storable(account.display_name),
        "url": storable(account.url),
        "record": as_json(account),
        "fingerprint": account.fingerprint,
    }
    if known is None:
        fresh = {"first_seen_at": seen_at, "last_seen_at": seen_at, "observation": "seen", "source": sighting.source}
        store.db.table("accounts").insert(row | fresh)
    else:
        changes = ", ".join(f"{name} = :{name}" for name in row)
        sql = f"UPDATE accounts SET {changes}, source = :source WHERE key = :old"  # noqa: S608  (our own names)
        store.db.execute(sql, row | {"source": sighting.source, "old": known["key"]})
    save_traits(store, key, account, anew=known is None or known["fingerprint"] != account.fingerprint)
    if row["handle_key"]:
        borne = (account.platform, row["handle_key"], key, seen_at)
        store.db.execute("INSERT OR REPLACE INTO handles VALUES (?, ?, ?, ?)", borne)
    touch(store, sighting, key)


def touch(store: Store, sighting: Sighting, key: str) -> None:
    """Note that this run saw the account."""
    store.db.execute(
        "UPDATE accounts SET observation = 'seen', missed = 0, last_seen_at = ?, last_run_id = ? WHERE key = ?",
        (rfc3339(sighting.now), sighting.run_id, key),
    )
    if sighting.scope is not None:
        sql = "UPDATE accounts SET scope = ? WHERE key = ? AND source = ?"
        store.db.execute(sql, (sighting.scope, key, sighting.source))
    row = (key, sighting.run_id, Observation.SEEN.value, rfc3339(sighting.now))
    store.db.execute("INSERT OR REPLACE INTO observations VALUES (?, ?, ?, ?)", row)
