"""A folder of findings, one file a part: what is written stays, and a run that was cut off goes on where it was."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

import listener
from listener.errors import ListenerError
from listener.screen.parts import Part
from listener.screen.stream import Answer

RUN = "run.json"


class FolderError(ListenerError):
    """The folder holds findings of something else."""


class Folder:
    """Where the findings of one run go. `run.json` says what they were made from."""

    def __init__(self, path: Path, form: str) -> None:
        self.path, self.form = path, form

    def open(self, made_from: dict[str, object]) -> None:
        """Make the folder, or take up the same run again. Raises FolderError when it holds anything else."""
        self.path.mkdir(parents=True, exist_ok=True)
        note = self.path / RUN
        text = json.dumps(made_from, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        if note.exists():
            if note.read_text(encoding="utf-8", errors="replace") != text:
                raise FolderError(f"{self.path}: holds the findings of other files or settings: name an empty folder")
        elif any(self.path.iterdir()):
            raise FolderError(f"{self.path}: holds other files: name an empty folder")
        else:
            _write(note, text.encode())

    def missing(self, parts: Iterable[Part]) -> list[Part]:
        """The parts that are still to do."""
        return [part for part in parts if not self._file(part).exists()]

    def broken(self) -> bool:
        """Whether any part had broken rows, in this run or in the one it goes on from."""
        return any(self.path.glob("part-*.broken.txt"))

    def save(self, part: Part, answer: Answer, header: bytes = b"") -> None:
        """Write a part's findings, whole or not at all; its broken rows first, so that they are never forgotten."""
        if answer.broken:
            lines = [f"{part.path}: row {number}: {why}\n" for number, why in answer.broken]
            _write(self.path / f"part-{part.number:05d}.broken.txt", "".join(lines).encode("utf-8", "replace"))
        _write(self._file(part), header + answer.written)

    def _file(self, part: Part) -> Path:
        return self.path / f"part-{part.number:05d}.{self.form}"


def described(parts: Iterable[Part], files: Iterable[Path], **options: object) -> dict[str, object]:
    """What findings are made from: the candidates' parts, our own files, the options, the program's version."""
    stats = {path: os.stat(path) for path in dict.fromkeys(part.path for part in parts)}
    return {
        "version": listener.__version__,
        "candidates": [[path, stat.st_size, stat.st_mtime_ns] for path, stat in stats.items()],
        "parts": [[part.start, part.stop] for part in parts],
        "files": {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files if path.is_file()},
        "options": options,
    }


def _write(path: Path, content: bytes) -> None:
    fresh = path.with_name(path.name + ".new")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
