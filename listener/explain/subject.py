"""Which account is meant: by case number, address, `platform:handle`, `platform:id`, or one candidate as JSON."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from listener.config import Config
from listener.errors import ListenerError
from listener.language import _
from listener.mentions import whole
from listener.models import Account, Case, Record
from listener.platforms import platform_name
from listener.profiles import profile_url, read_link
from listener.registry import Registry
from listener.screen.candidates import LONGEST_LINE, Broken, read_candidate
from listener.store import open_store
from listener.store.cases import find_case, load_case

_NUMBER = re.compile(r"#?([1-9]\d{0,17})")
_NAMED = re.compile(r"([A-Za-z]+):(?!/)\s*@?(\S.*)")


class SubjectError(ListenerError):
    """No account could be read from what was given; the message says how to write one."""


class Subject(Record):
    """The account to explain, and where it is known from: `store` (with its case), `register` or `given`."""

    account: Account
    known: str
    case: Case | None = None


def find_subject(text: str, config: Config, registry: Registry) -> Subject:
    """The account that `text` names, with all that the store or the register knows of it.

    Raises SubjectError when it names none, and StoreError for a case that is not there.
    """
    number = _NUMBER.fullmatch(text.strip())
    if number:
        with open_store(config.store, create=False) as store:
            case = load_case(store, int(number[1]))
        return Subject(account=case.account, known="store", case=case)
    if text == "-" or _is_file(text):
        return _with_case(read_subject(text), config)
    account = named(whole(text.strip()))
    known = _with_case(account, config)
    if known.case is not None:
        return Subject(account=known.case.account, known="store", case=known.case)
    entry = registry.find(account)
    if entry is None and account.handle and account.platform_id is None:
        entry = registry.by_id(account.platform, account.handle)
    if entry is None:
        return known
    registered = Account(
        platform=entry.platform,
        platform_id=entry.platform_id,
        handle=entry.handle,
        display_name=entry.display_name,
        url=entry.url,
    )
    return Subject(account=registered, known="register")


def _is_file(text: str) -> bool:
    """Whether a file is meant; one that is named as such but is not there is refused when it is read."""
    try:
        return text.endswith((".json", ".ndjson")) or Path(text).is_file()
    except (OSError, ValueError):  # no name that a file could bear
        return False


def named(text: str) -> Account:
    """The account that an address or `platform:handle` names; nothing else of it is known."""
    match = _NAMED.fullmatch(text)
    platform = platform_name(match[1]) if match else None
    if match and platform:
        handle = match[2].strip()
        return Account(platform=platform, handle=handle, url=profile_url(platform, handle) or None)
    link = read_link(text if "//" in text or "@" in text else f"https://{text}")
    if not link.canonical or not link.handle or (link.platform == "web" and "." not in link.handle):
        wrong = _("{text!r} names no account: give a profile's address, platform:handle, a case number, a file or -")
        raise SubjectError(wrong.format(text=text))
    return Account(platform=link.platform, platform_id=link.platform_id, handle=link.handle, url=link.canonical)


def read_subject(text: str) -> Account:
    """One candidate as JSON from a file, or from stdin for `-`. Raises SubjectError saying what is wrong with it."""
    where = "stdin" if text == "-" else text
    try:
        raw = sys.stdin.buffer.read(LONGEST_LINE) if text == "-" else Path(text).read_bytes()[:LONGEST_LINE]
        return read_candidate(raw.strip()).account
    except OSError as wrong:
        raise SubjectError(f"{where}: {wrong.strerror}: name an existing file, or - for stdin") from wrong
    except Broken as wrong:
        why = _("{where}: {why}: give one candidate as JSON, with platform and handle, url or platform_id")
        raise SubjectError(why.format(where=where, why=wrong)) from wrong


def _with_case(account: Account, config: Config) -> Subject:
    """The account as given, and its case where the store has one."""
    if not config.store.exists():
        return Subject(account=account, known="given")
    keys = [account.id]
    if account.handle:
        keys += [f"{account.platform}:{account.handle}", f"{account.platform}:@{account.handle}"]
    with open_store(config.store, create=False) as store:
        found = next((case for key in keys if (case := find_case(store, key)) is not None), None)
    return Subject(account=account, known="given", case=found)
