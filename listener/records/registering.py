"""A flagged account that turns out to be ours: its row for the register, and the row added to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from listener.config import Config
from listener.errors import RegistryError
from listener.language import _
from listener.models import Account, Case, Entry, Finding, Status, Verdict
from listener.profiles import profile_url
from listener.registry import Registry, load_registry, read_file, read_registry, save_registry
from listener.registry_read import REQUIRED
from listener.spreadsheet import write_csv
from listener.terminal import visible

OPTIONAL = ("platform_id", "handle", "display_name", "unit_kind")
LONGEST = 500  # letters of a cell


def proposed_row(case: Case, registry: Registry) -> dict[str, str]:
    """The row as far as it is known: the owner is left for a person to name, unless the unit has one already."""
    account, finding = case.account, case.finding
    unit = finding.unit or (finding.nearest.unit if finding.nearest else "")
    known = {
        "platform": account.platform,
        "url": address_of(account),
        "unit": unit,
        "status": (Status.PENDING if poses(finding) else Status.APPROVED).value,
        "owner_email": "" if poses(finding) else owner_of(finding, registry.entries),
        "platform_id": account.platform_id or "",
        "handle": account.handle or "",
        "display_name": account.display_name or "",
        "unit_kind": finding.unit_kind.value if finding.unit_kind else "",
    }
    return {name: seen(value) for name, value in known.items()}


def poses(finding: Finding) -> bool:
    """Whether the account was found to be somebody who passes for us: then nothing is taken for granted in its row."""
    return finding.verdict in (Verdict.IMPOSTOR, Verdict.LOOKALIKE_SITE)


def seen(text: str) -> str:
    """What of a stranger's text can be seen, on one line: a register is no place for signs that nobody sees."""
    shown = (sign for sign in " ".join(text.split()) if sign == visible(sign))
    return "".join(shown)[:LONGEST]


def address_of(account: Account) -> str:
    """Where the account is."""
    return account.url or profile_url(account.platform, account.handle or account.platform_id or "") or ""


def owner_of(finding: Finding, entries: tuple[Entry, ...]) -> str:
    """The mailbox of whoever owns the unit's other accounts; empty when nobody is known to."""
    units = (finding.unit, finding.nearest.unit if finding.nearest else None)
    return next((entry.owner_email for unit in units if unit for entry in entries if entry.unit == unit), "")


def as_csv(row: Mapping[str, str], registry: Registry, excel: bool = False) -> bytes:
    """The row with its heading, in the columns of the register."""
    return write_csv([row], columns_of(registry), excel=excel)


def columns_of(registry: Registry) -> tuple[str, ...]:
    """The columns of the register, and those that an account is known by."""
    return tuple(dict.fromkeys((*(registry.columns or REQUIRED), *OPTIONAL)))


@contextmanager
def as_it_was_unless_done(path: Path) -> Iterator[None]:
    """The register stays as it was when what is done within fails, though its file was written before the failure.

    Of a kill in between the row is left, and the next run closes the case. Raises RegistryError without a register.
    """
    before = read_file(path)
    with ExitStack() as failed:
        failed.callback(put_back, path, before)
        yield
        failed.pop_all()


def put_back(path: Path, before: bytes) -> None:
    """The file with its former content, in one step."""
    if path.read_bytes() != before:
        fresh = path.with_name(path.name + ".new")
        fresh.write_bytes(before)
        fresh.replace(path)


def add_row(config: Config, row: Mapping[str, str], account: Account) -> None:
    """Add the account's row to registry.csv by the way of `listen registry import`: checked whole, or nothing changes.

    Hold the store's write lock, so that no two rows are added at once. Raises RegistryError with every fault, one of
    them that the row is of another account.
    """
    registry = load_registry(config.registry)
    columns = columns_of(registry)
    cut = {name: str(row.get(name, ""))[:LONGEST].strip() for name in columns}
    content = write_csv([*(entry.columns for entry in registry.entries), cut], columns, excel=False)
    grown = read_registry(content, str(config.registry), unique=True)
    if not is_of(grown.entries[-1], account):
        another = _("the row is of another account than the case: its address is {url}")
        raise RegistryError(another.format(url=address_of(account) or account.id))
    save_registry(grown, config.registry)


def is_of(entry: Entry, account: Account) -> bool:
    """Whether the row's address, or its id where the account has none, is the account's, and its id no other's."""
    if account.platform_id and entry.platform_id not in (None, "", account.platform_id):
        return False
    known_by_id = not (account.url or account.handle)
    named = entry if known_by_id else msgspec.structs.replace(entry, platform_id=None, handle=None)
    return Registry((named,)).find(account) is not None
