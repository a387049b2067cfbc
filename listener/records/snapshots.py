"""A snapshot by a person's order: of a case, by asking its source and its open page again, or of an open page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from listener.asking import look_again
from listener.config import Config
from listener.discover import enabled
from listener.errors import Blocked, SourceError
from listener.evidence.archive import clock_of
from listener.evidence.page import fetch_page, open_page, page_session
from listener.evidence.snapshot import Camera
from listener.evidence.spool import Spool
from listener.language import _
from listener.models import Account, Case
from listener.profiles import read_link
from listener.redaction import Secrets
from listener.run import attempt, locked, make_context
from listener.sources import load_sources
from listener.sources.settings import gated
from listener.store import Store, StoreError, open_store
from listener.store.barred import barred
from listener.store.cases import find_case, load_case
from listener.store.runs import load_cursor
from listener.store.snapshots import Snapshot, load_snapshots
from listener.store.usage import StoredUsage
from listener.urls import shown_url


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What one order brought: the new rows of the manifest, and what could not be kept or looked at."""

    rows: tuple[Snapshot, ...]
    troubles: tuple[str, ...]


@contextmanager
def _at_work(config: Config, who: str) -> Iterator[Camera]:
    """A camera with the run lock held. Raises LockedError while a run is at work, StoreError without a store."""
    with locked(config.store), open_store(config.store, create=False) as store:
        camera = Camera(store, config, run_id=None, who=who)
        camera.settle()
        yield camera


def take_of_case(config: Config, case_id: int, who: str, screenshot: bool = False) -> Taken:
    """A snapshot of a case as its source shows it now.

    Raises StoreError when there is no such case or nothing of it may be kept, LockedError while a run is at work.
    """
    with _at_work(config, who) as camera:
        case = load_case(camera.store, case_id)
        if barred(camera.store, case_id):
            never = _("case {case}: of child abuse nothing but address, id and time is kept")
            raise StoreError(never.format(case=case_id))
        before = len(load_snapshots(camera.store))
        spool = Spool(Secrets(config.secrets), clock_of(config))
        try:
            account, troubles = _ask_again(config, camera.store, case, spool)
            finding = msgspec.structs.replace(case.finding, account=account)
            camera.take(case.account.source or "", [finding], spool, {}, again=True)
        finally:
            spool.close()
        if screenshot:
            troubles += _photograph(camera, case_id, account)
        return _taken(camera, before, troubles)


def _photograph(camera: Camera, case_id: int, account: Account) -> list[str]:
    """A screenshot of the account's page; why there is none where its page is not open."""
    page = open_page(account)
    if page is None:
        return [f"no screenshot: pages of {account.platform} are not open"]
    camera.photograph(case_id, page)
    return []


def _ask_again(config: Config, store: Store, case: Case, spool: Spool) -> tuple[Account, list[str]]:
    """The account as its source shows it now, else as it was last seen; and why it could not be asked."""
    name = case.account.source or ""
    module = load_sources().get(name)
    if module is None or not enabled(config, name, module) or gated(module.ABOUT, config.source(name)):
        return case.account, []
    usage = StoredUsage(store, name, config.moment)
    ctx = make_context(config, name, cursor=load_cursor(store, name), about=module.ABOUT, usage=usage)
    ctx.http.record(spool)
    ctx.spool = spool
    seen: list[Account] = []

    def work() -> tuple[int, int]:
        seen.extend(account for account in look_again(ctx, module, [case.account]) if account.id == case.account.id)
        return len(seen), 0

    result = attempt(ctx, work)
    return (seen[0] if seen else case.account), [issue.detail for issue in result.issues]


def take_of_page(config: Config, url: str, who: str, screenshot: bool = False) -> Taken:
    """A snapshot of an open page; of the case that is about it, when there is one.

    Raises Blocked for a platform whose pages are not open, SourceError when nothing came back.
    """
    link = read_link(url)
    if not link.canonical:
        raise StoreError(_("{url!r} is no address: write it whole, as in https://x.com/name").format(url=url))
    account = Account(platform=link.platform, platform_id=link.platform_id, handle=link.handle or None, url=url)
    case = _case_about(config, account)
    if case is not None:
        return take_of_case(config, case, who, screenshot)
    if link.platform != "web":
        raise Blocked(f"{link.canonical}: pages of {link.platform} are not open: only its official interface is asked")
    with _at_work(config, who) as camera:
        before = len(load_snapshots(camera.store))
        spool = Spool(Secrets(config.secrets), clock_of(config))
        try:
            why = fetch_page(page_session(config, spool), url)
            if not camera.keep_page(spool):
                raise SourceError(why or f"{shown_url(url)}: nothing came back")
        finally:
            spool.close()
        if screenshot:
            camera.photograph(None, url)
        return _taken(camera, before, [why] if why else [])


def _case_about(config: Config, account: Account) -> int | None:
    """The case about the account at an address."""
    keys = [account.id, *([f"{account.platform}:@{account.handle}"] if account.handle else [])]
    with open_store(config.store, create=False) as store:
        cases = [case for key in keys if (case := find_case(store, key)) is not None]
    return cases[0].id if cases else None


def _taken(camera: Camera, before: int, troubles: list[str]) -> Taken:
    told = [*troubles, *(issue.detail for issue in camera.told(""))]
    return Taken(rows=tuple(load_snapshots(camera.store)[before:]), troubles=tuple(dict.fromkeys(told)))
