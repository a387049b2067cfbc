"""The organisation as listener.toml describes it, checked and ready to compare with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from listener.config import Config
from listener.errors import ConfigError
from listener.models import Record, Unit, UnitKind
from listener.text.fold import compact, fold
from listener.thresholds import Thresholds, read_thresholds
from listener.urls import host

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE)


class Sibling(Record):
    """Someone who is not us, though the name looks like it."""

    name: str
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()


class Organisation(Record):
    """Who we are. `folded_names` and `folded_places` are what `fold` makes of them, in the same order.

    `logos` are paths; those in listener.toml are taken from its folder.
    """

    name: str
    aliases: tuple[str, ...] = ()
    translations: dict[str, tuple[str, ...]] = {}
    places: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("sv", "en")
    units: tuple[Unit, ...] = ()
    unit_words: dict[UnitKind, tuple[str, ...]] = {}
    siblings: tuple[Sibling, ...] = ()
    own_symbol_phrase: str | None = None
    allowed_platforms: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    org_numbers: tuple[str, ...] = ()
    municipality_code: str | None = None
    logos: tuple[str, ...] = ()
    folded_names: tuple[str, ...] = ()
    folded_places: tuple[str, ...] = ()
    thresholds: Thresholds = Thresholds()

    @property
    def names(self) -> tuple[str, ...]:
        """The name, its aliases, and what it is called in other languages and scripts."""
        return (self.name, *self.aliases, *(text for texts in self.translations.values() for text in texts))


class _Reader:
    """Reads values out of one table and names file and key when one has the wrong shape."""

    def __init__(self, table: Mapping[str, Any], path: Path, key: str) -> None:
        self.table, self.path, self.key = table, path, key

    def wrong(self, name: str, wanted: str) -> ConfigError:
        return ConfigError(f"{self.path}: {self.key}.{name}: {wanted}")

    def text(self, name: str) -> str:
        """A text that must be there."""
        value = self.table.get(name)
        if not isinstance(value, str) or not compact(value):
            raise self.wrong(name, f'write the {name} as text, {name} = "…"')
        return " ".join(value.split())

    def optional(self, name: str) -> str | None:
        return self.text(name) if self.table.get(name) else None

    def texts(self, name: str, default: Sequence[str] = ()) -> tuple[str, ...]:
        """A list of texts; empty ones are dropped."""
        value = self.table.get(name, default)
        if not isinstance(value, (list, tuple)) or not all(isinstance(text, str) for text in value):
            raise self.wrong(name, f'write a list of texts, {name} = ["…"]')
        return tuple(" ".join(text.split()) for text in value if text.strip())

    def kind(self, name: str) -> UnitKind:
        value = self.table.get(name, UnitKind.DEPARTMENT.value)
        if value not in set(UnitKind):
            raise self.wrong(name, f"{value!r} is not one of {', '.join(UnitKind)}")
        return UnitKind(value)

    def tables(self, name: str) -> list[_Reader]:
        """The tables of [[key.name]]."""
        value = self.table.get(name, [])
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            raise self.wrong(name, f"write each as a table, [[{self.key}.{name}]]")
        return [_Reader(row, self.path, f"{self.key}.{name}[{number}]") for number, row in enumerate(value, 1)]


def read_organisation(table: Mapping[str, Any], path: Path, matching: Mapping[str, Any] | None = None) -> Organisation:
    """The [organisation] table, and [matching], as an Organisation. Raises ConfigError naming `path` and the key."""
    reader = _Reader(table, path, "organisation")
    name, aliases, places = reader.text("name"), reader.texts("aliases"), reader.texts("places")
    translations = _translations(reader)
    translated = [text for texts in translations.values() for text in texts]
    return Organisation(
        name=name,
        aliases=aliases,
        translations=translations,
        places=places,
        domains=_domains(reader),
        languages=reader.texts("languages", ("sv", "en")) or ("sv", "en"),
        units=tuple(_unit(row) for row in reader.tables("units")),
        unit_words=_unit_words(reader),
        siblings=tuple(_sibling(row) for row in reader.tables("siblings")),
        own_symbol_phrase=reader.optional("own_symbol_phrase"),
        allowed_platforms=tuple(text.lower() for text in reader.texts("allowed_platforms")),
        phones=reader.texts("phones"),
        org_numbers=reader.texts("org_numbers"),
        municipality_code=_code(reader),
        logos=tuple(_logo(reader, text) for text in reader.texts("logos")),
        folded_names=tuple(fold(text) for text in (name, *aliases, *translated)),
        folded_places=tuple(fold(text) for text in places),
        thresholds=read_thresholds(matching or {}, path),
    )


def load_organisation(config: Config) -> Organisation:
    """The organisation that listener.toml describes. Raises ConfigError when there is none or a key is wrong."""
    table = config.table("organisation")
    if not table:
        raise ConfigError(f"{config.path}: no [organisation]: write at least its name, or run `listen init`")
    return read_organisation(table, config.path, config.table("matching"))


def _domains(reader: _Reader) -> tuple[str, ...]:
    found = []
    for text in reader.texts("domains"):
        domain = host(text if "//" in text else f"https://{text}")
        if "." not in domain:
            raise reader.wrong("domains", f'{text!r} is not a domain; write it as "orebro.example"')
        found.append(domain.removeprefix("www."))
    return tuple(dict.fromkeys(found))


def _translations(reader: _Reader) -> dict[str, tuple[str, ...]]:
    """Language code -> the names that the organisation has in that language or script."""
    table = reader.table.get("translations", {})
    if not isinstance(table, dict):
        raise reader.wrong("translations", "write it as a table, [organisation.translations]")
    names = _Reader(table, reader.path, "organisation.translations")
    for language in table:
        if not _LANGUAGE.fullmatch(language):
            raise names.wrong(language, "not the code of a language, such as ar, fi, pl or so")
    return {language.lower(): names.texts(language) for language in table}


def _code(reader: _Reader) -> str | None:
    """The municipality's code, as Statistics Sweden counts them."""
    code = reader.optional("municipality_code")
    if code is not None and not (len(code) == 4 and code.isascii() and code.isdigit()):
        raise reader.wrong("municipality_code", 'write the four digits as text, municipality_code = "1880"')
    return code


def _logo(reader: _Reader, text: str) -> str:
    """The path of a logo, taken from the folder of listener.toml."""
    if "://" in text or "\0" in text:
        raise reader.wrong("logos", f'{text!r} is no file; write it as "logos/almby.svg"')
    return str(reader.path.parent / text)


def _unit(row: _Reader) -> Unit:
    return Unit(name=row.text("name"), kind=row.kind("kind"), aliases=row.texts("aliases"))


def _sibling(row: _Reader) -> Sibling:
    return Sibling(
        name=row.text("name"), aliases=row.texts("aliases"), domains=_domains(row), handles=row.texts("handles")
    )


def _unit_words(reader: _Reader) -> dict[UnitKind, tuple[str, ...]]:
    table = reader.table.get("unit_words", {})
    if not isinstance(table, dict):
        raise reader.wrong("unit_words", "write it as a table, [organisation.unit_words]")
    words = _Reader(table, reader.path, "organisation.unit_words")
    for kind in table:
        if kind not in set(UnitKind):
            raise words.wrong(kind, f"not one of {', '.join(UnitKind)}")
    return {UnitKind(kind): words.texts(kind) for kind in table}
