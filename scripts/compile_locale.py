"""Join locale/<language>/*.po into the one .mo that gettext reads; `--check` fails when it is stale."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "listener" / "locale"


class Words(Catalog):
    """A catalog without dates and tool versions in its header: the same words give the same bytes."""

    @property  # type: ignore[override]
    def mime_headers(self) -> list[tuple[str, str]]:
        return [("Content-Type", "text/plain; charset=utf-8"), ("Plural-Forms", self.plural_forms)]


def joined(folder: Path) -> Catalog:
    """Every message of every room; two rooms that translate one text differently are a mistake."""
    whole = Words(locale=folder.name, charset="utf-8")
    for path in sorted(folder.glob("*.po")):
        for message in read_po(io.StringIO(path.read_text(encoding="utf-8")), locale=folder.name):
            if not message.id:
                continue
            known = whole.get(message.id)
            if known and known.string != message.string:
                raise SystemExit(f"{path.name}: {message.id!r} is {known.string!r} in another room; use the same words")
            whole.add(message.id, message.string, flags=message.flags)
    return whole


def compiled(folder: Path) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, joined(folder))
    return buffer.getvalue()


def main() -> int:
    stale = False
    for folder in (f for f in LOCALE.iterdir() if f.is_dir()):
        target = folder / "LC_MESSAGES" / "listener.mo"
        fresh = compiled(folder)
        if target.exists() and target.read_bytes() == fresh:
            continue
        if "--check" in sys.argv:
            print(f"{target} is stale: run `make locale`", file=sys.stderr)
            stale = True
            continue
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(fresh)
    return int(stale)


if __name__ == "__main__":
    raise SystemExit(main())
