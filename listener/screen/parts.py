"""Candidates in Parquet files, cut into parts that know nothing of each other: here in processes, or on a cluster."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from listener.errors import ListenerError
from listener.logos.avatars import Avatars
from listener.models import Account
from listener.organisation import Organisation
from listener.processes import as_done, in_batches
from listener.registry import Registry
from listener.screen.answers import as_csv, as_ndjson
from listener.screen.stream import BATCH, Answer, Filter, Numbered

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

ROWS = 50_000  # candidates a part: a second or two of work, some 15 MB of findings
READ = 2_000  # rows turned into Python objects at a time
FIELDS = frozenset(Account.__struct_fields__) | {"ref"}  # other columns are not read
WRITERS = {"ndjson": as_ndjson, "csv": as_csv}
_encoder = msgspec.json.Encoder()


class PartError(ListenerError):
    """Candidates in Parquet that cannot be found or read."""


class Part(NamedTuple):
    """Rows [start, stop) of one Parquet file; `number` counts through all files, in their order.

    `folder` is where paths of pictures start from when the part is read elsewhere; empty for the current one.
    """

    number: int
    path: str
    start: int
    stop: int
    folder: str = ""


class Recipe(NamedTuple):
    """All that screening needs to know, small enough to send anywhere; `form` is a key of WRITERS.

    `sees` says that our logos can be compared with where the work is given out: who cannot, must not answer.
    """

    organisation: Organisation
    registry: Registry
    form: str
    only_flagged: bool
    sees: bool = False

    def make(self) -> Filter:
        """The index built and ready; a second or two for a register of 20,000 rows. Raises PartError."""
        avatars = Avatars(self.organisation.logos)
        if self.sees and avatars.references is None:
            raise PartError(f"{avatars.trouble}: our logos must be under the same path on every worker")
        writer = WRITERS[self.form]
        return Filter(self.organisation, self.registry, writer, only_flagged=self.only_flagged, avatars=avatars)


class Screened(NamedTuple):
    """What came of one part: an answer, or why there is none."""

    part: Part
    answer: Answer | None
    why: str = ""


def is_parquet(source: str) -> bool:
    """Whether an input names Parquet files rather than a stream of lines."""
    return source.endswith((".parquet", ".pq"))


def plan(pattern: str, rows: int = ROWS) -> list[Part]:
    """Every part of the Parquet files that fit the pattern, files by name. Raises PartError when there are none."""
    parts: list[Part] = []
    for path in sorted(glob.glob(pattern, recursive=True)):
        with opened(path) as file:
            size = file.metadata.num_rows
        parts += [
            Part(number, path, start, min(start + rows, size))
            for number, start in enumerate(range(0, size, rows), len(parts))
        ]
    if not parts:
        raise PartError(f"{pattern}: no candidates there: name Parquet files, such as 'candidates/*.parquet'")
    return parts


def opened(path: str) -> ParquetFile:
    """A Parquet file ready to read. Raises PartError when it is none, or the packages that read it are missing."""
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as missing:
        raise PartError(f"{path}: reading Parquet needs pyarrow: pip install 'listener[cluster]'") from missing
    try:
        file: ParquetFile = ParquetFile(path)
    except (OSError, ArrowException) as wrong:
        raise PartError(f"{path}: cannot be read as Parquet: {_first_line(wrong)}") from wrong
    return file


def read_part(part: Part) -> Iterator[Numbered]:
    """The candidates of a part as numbered lines of JSON, 1 for a file's first row. Raises PartError."""
    from pyarrow import ArrowException

    try:
        with opened(part.path) as file:
            number, groups = _groups(file, part)
            columns = [name for name in file.schema_arrow.names if name in FIELDS]
            for batch in file.iter_batches(batch_size=READ, row_groups=groups, columns=columns):
                wanted = batch.slice(max(0, part.start - number), max(0, part.stop - max(number, part.start)))
                lines = (as_line(row, part.folder) for row in wanted.to_pylist())
                yield from enumerate(lines, max(number, part.start) + 1)
                number += batch.num_rows
    except (OSError, ArrowException) as wrong:
        raise PartError(f"{part.path}: cannot be read as Parquet: {_first_line(wrong)}") from wrong


def _groups(file: ParquetFile, part: Part) -> tuple[int, list[int]]:
    """The row groups that hold the part, and the number of the first row in them."""
    found: list[int] = []
    first = row = 0
    for group in range(file.metadata.num_row_groups):
        end = row + file.metadata.row_group(group).num_rows
        if row < part.stop and end > part.start:
            first = first if found else row
            found.append(group)
        row = end
    return first, found


def as_line(row: dict[str, Any], folder: str = "") -> bytes:
    """A row as the line of JSON that `listen screen` would read; what JSON has no form for becomes text."""
    known = {name: value for name, value in row.items() if value is not None}
    avatar = known.get("avatar")
    if folder and isinstance(avatar, str) and "://" not in avatar:
        known["avatar"] = os.path.join(folder, avatar)
    try:
        return _encoder.encode(known)
    except (TypeError, ValueError):
        return _encoder.encode({name: _plain(value) for name, value in known.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value if isinstance(value, int | float | bool) else str(value)


def _first_line(wrong: BaseException) -> str:
    return (str(wrong).strip() or type(wrong).__name__).splitlines()[0]


def screen_part(screening: Filter, part: Part) -> Answer:
    """The findings on one part: a pure function of the part and the recipe."""
    found = [screening.answer(batch) for batch in in_batches(read_part(part), BATCH)]
    return Answer(b"".join(one.written for one in found), tuple(row for one in found for row in one.broken))


Runner = Callable[[Recipe, Iterable[Part]], Iterator[Screened]]


def on_this_machine(recipe: Recipe, parts: Iterable[Part], jobs: int = 1) -> Iterator[Screened]:
    """Each part as it is done; with `jobs` > 1 in so many processes."""
    worker = Worker(recipe)
    if jobs <= 1:
        yield from map(worker.screened, parts)
        return
    try:
        yield from as_done(Worker.screened, worker, parts, jobs)
    except BrokenProcessPool as killed:
        raise PartError(
            "a screening process was killed: run the same command again, finished parts are kept"
        ) from killed


class Worker:
    """One process's filter, built when its first part comes; its threads take turns, for an index remembers."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe, self._turn = recipe, Lock()

    def __reduce__(self) -> tuple[type[Worker], tuple[Recipe]]:
        return Worker, (self.recipe,)

    @cached_property
    def screening(self) -> Filter:
        """The filter, built once."""
        return self.recipe.make()

    def screened(self, part: Part) -> Screened:
        """One part's findings, or why it cannot be read."""
        try:
            with self._turn:
                return Screened(part, screen_part(self.screening, part))
        except PartError as wrong:
            return Screened(part, None, str(wrong))
