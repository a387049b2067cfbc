"""The register of official accounts: loaded from registry.csv and asked whose an account is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from listener.errors import RegistryError
from listener.language import _
from listener.models import Account, Entry, LinkKind, Record
from listener.profiles import Link, account_key, read_link
from listener.registry_read import REQUIRED, Flaw, is_profile_of, read_table, refuse
from listener.spreadsheet import write_csv
from listener.urls import url_key


class Registry:
    """Entries in file order, found in constant time by id, handle or address. Of duplicates the first counts."""

    def __init__(
        self, entries: Iterable[Entry], columns: tuple[str, ...] = REQUIRED, links: Iterable[Link] | None = None
    ) -> None:
        """`links` is what the entries' addresses were read as, in their order, when they just were."""
        self.entries = tuple(entries)
        self.columns = columns
        self.duplicates: list[tuple[Entry, Entry]] = []  # (first, again): two rows for one account
        self._ids: dict[tuple[str, str], Entry] = {}
        self._keys: dict[str, Entry] = {}
        self.links = tuple(map(read_link, (entry.url for entry in self.entries))) if links is None else tuple(links)
        for entry, link in zip(self.entries, self.links, strict=True):
            self._add(entry, link)

    def _add(self, entry: Entry, link: Link) -> None:
        firsts = [self._keys.setdefault(entry_key(entry, link), entry)]
        if entry.platform_id:
            firsts.append(self._ids.setdefault((entry.platform, entry.platform_id), entry))
        again = next((first for first in firsts if first is not entry), None)
        if again is not None:
            self.duplicates.append((again, entry))
        if entry.handle and not link.space:
            self._keys.setdefault(account_key(entry.platform, entry.handle), entry)

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def keys(self) -> Collection[str]:
        """What the accounts of the rows are found by: `platform:` and what every spelling of one shares."""
        return self._keys.keys()

    @property
    def ids(self) -> Collection[tuple[str, str]]:
        """Platform and id of every row that has one."""
        return self._ids.keys()

    def by_id(self, platform: str, platform_id: str) -> Entry | None:
        """The row with this id of the platform's own."""
        return self._ids.get((platform, platform_id))

    def by_handle(self, platform: str, handle: str) -> Entry | None:
        """The row with this handle, case and spelling aside, or address."""
        return self._keys.get(account_key(platform, handle))

    def find(self, account: Account) -> Entry | None:
        """The row about this very account, whatever its status: by id, then handle, then address.

        A handle is no proof when the row's id is another one (the handle was taken over), or when the account's
        address says that the handle stands in another name space (linkedin.com/in/x is not linkedin.com/company/x).
        `by_handle` still finds such a row.
        """
        if account.platform_id and (entry := self.by_id(account.platform, account.platform_id)):
            return entry
        link = read_link(account.url) if account.url else None
        if link is not None and not is_profile_of(link, account.platform):
            link = None
        entry = self._by_name(account, link)
        if entry and entry.platform_id and account.platform_id and entry.platform_id != account.platform_id:
            return None
        return entry

    def _by_name(self, account: Account, link: Link | None) -> Entry | None:
        if link is not None and (entry := self._keys.get(link.key)):
            return entry
        if link is not None and link.platform_id and (entry := self.by_id(account.platform, link.platform_id)):
            return entry
        if link is not None and not link.platform_id and account.platform != "web":
            return None  # the address names another handle, which outweighs the one we were told
        if account.handle and (entry := self.by_handle(account.platform, account.handle)):
            return entry
        return self._keys.get(account_key(account.platform, account.url)) if account.url and link is None else None


def entry_key(entry: Entry, link: Link | None = None) -> str:
    """What every spelling of a row's account shares; `link` is its address, when already read."""
    link = link or read_link(entry.url)
    return link.key if is_profile_of(link, entry.platform) else f"{entry.platform}:{url_key(entry.url)}"


def read_registry(content: bytes, name: str, *, unique: bool = False) -> Registry:
    """A register from the bytes of its file. Raises RegistryError naming every faulty line.

    Two rows for one account are a fault only when the register must be `unique`, as on import; otherwise the first
    counts and `duplicates` holds both.
    """
    table = read_table(content, name)
    registry = Registry(table.entries, table.columns, table.links)
    flaws = list(table.flaws)
    if unique:
        flaws += [
            flaw for entry, link in zip(table.entries, table.links, strict=True) for flaw in _elsewhere(entry, link)
        ]
        flaws += map(_twice, registry.duplicates)
    if flaws:
        raise refuse(name, flaws)
    return registry


def _elsewhere(entry: Entry, link: Link) -> Iterator[Flaw]:
    """An address that leads to a post or a share button, or to another platform than the row says."""
    if entry.platform == "web":
        return
    if link.platform != entry.platform:
        text = _("the address is on {there}, not on {here}: mend the platform or the address")
        yield Flaw(entry.line, "url", text.format(there=link.platform, here=entry.platform))
    elif link.kind in (LinkKind.POST, LinkKind.SHARE):
        yield Flaw(
            entry.line, "url", _("the address leads to a post or a share button: copy the profile's own address")
        )


def _twice(pair: tuple[Entry, Entry]) -> Flaw:
    first, again = pair
    text = _("the same account as on line {line} ({url}): delete one of the rows")
    return Flaw(again.line, "url", text.format(line=first.line, url=first.columns["url"]))


def load_registry(path: Path) -> Registry:
    """The register in a file; RegistryError when it is missing or faulty."""
    return read_registry(read_file(path), str(path))


def read_file(path: Path) -> bytes:
    """The bytes of a register; RegistryError saying what to do when there is none."""
    try:
        return path.read_bytes()
    except OSError as wrong:
        raise RegistryError(
            f"{path}: {wrong.strerror}: name an existing file, or run `listen init` for a first one"
        ) from wrong


def save_registry(registry: Registry, path: Path) -> None:
    """Write the register as UTF-8 with commas, in one step; what stood there before is kept as `path`.bak."""
    content = write_csv([entry.columns for entry in registry.entries], registry.columns, excel=False)
    fresh = path.with_name(path.name + ".new")
    fresh.write_bytes(content)
    if path.exists():
        path.with_name(path.name + ".bak").write_bytes(path.read_bytes())
    fresh.replace(path)


class Change(Record, frozen=True):
    """One cell of one row that differs between two registers."""

    url: str
    unit: str
    column: str
    before: str
    after: str


class Difference(Record, frozen=True):
    """What one register has that another has not; rows are matched by account, not by how its address is spelt."""

    added: tuple[Entry, ...]
    changed: tuple[Change, ...]
    removed: tuple[Entry, ...]


def compare(old: Registry, new: Registry) -> Difference:
    """How `new` differs from `old`."""
    before, after = _by_key(old), _by_key(new)
    return Difference(
        added=tuple(entry for key, entry in after.items() if key not in before),
        changed=tuple(change for key in before if key in after for change in _changes(before[key], after[key])),
        removed=tuple(entry for key, entry in before.items() if key not in after),
    )


def _by_key(registry: Registry) -> dict[str, Entry]:
    """The rows by account; of two for one account the last."""
    return {entry_key(entry, link): entry for entry, link in zip(registry.entries, registry.links, strict=True)}


def _changes(old: Entry, new: Entry) -> Iterator[Change]:
    for column in dict.fromkeys((*old.columns, *new.columns)):
        before, after = old.columns.get(column, ""), new.columns.get(column, "")
        if before != after:
            yield Change(url=new.url, unit=new.unit, column=column, before=before, after=after)
