"""The register of official accounts: loaded from registry.csv and asked whose an account is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from listener.errors import RegistryError
from listener.models import Account, Entry
from listener.profiles import Link, account_key, read_link
from listener.registry_read import REQUIRED, is_profile_of, read_table, refuse
from listener.urls import url_key


class Registry:
    """Entries in file order, found in constant time by id, handle or address. Of duplicates the first counts."""

    def __init__(self, entries: Iterable[Entry], columns: tuple[str, ...] = REQUIRED) -> None:
        self.entries = tuple(entries)
        self.columns = columns
        self.duplicates: list[tuple[Entry, Entry]] = []  # (first, again): two rows for one account
        self._ids: dict[tuple[str, str], Entry] = {}
        self._keys: dict[str, Entry] = {}
        for entry in self.entries:
            self._add(entry)

    def _add(self, entry: Entry) -> None:
        link = read_link(entry.url)
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


def read_registry(content: bytes, name: str) -> Registry:
    """A register from the bytes of its file. Raises RegistryError naming every faulty line; duplicates are no fault
    here (`listen registry check` names them, `import` refuses them).
    """
    table = read_table(content, name)
    if table.flaws:
        raise refuse(name, table.flaws)
    return Registry(table.entries, table.columns)


def load_registry(path: Path) -> Registry:
    """The register in a file; RegistryError when it is missing or faulty."""
    return read_registry(read_file(path), str(path))


def read_file(path: Path) -> bytes:
    """The bytes of a register; RegistryError saying what to do when there is none."""
    try:
        return path.read_bytes()
    except OSError as wrong:
        advice = "run `listen init` for a first one, or name the file"
        raise RegistryError(f"{path}: {wrong.strerror}: {advice}") from wrong
