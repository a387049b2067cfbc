"""Ready words for a reply: plain text files, filled in and shown; a person sends them, never we."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

FOLDER = Path(__file__).parent / "replies"
KINDS = ("forwarded", "referred", "looking")
UNKNOWN = "[…]"


def ready_text(kind: str, language: str, values: dict[str, str]) -> str:
    """The words of one kind (of KINDS) in `sv` or `en`; what is not known stands as […], to be filled in by hand.

    Values are put on one line: they may come from settings, never from the post.
    """
    words = Environment(loader=FileSystemLoader(FOLDER), autoescape=False, undefined=StrictUndefined)
    known = {name: re.sub(r"\s+", " ", value).strip() or UNKNOWN for name, value in values.items()}
    names = {"organisation", "signature", "unit", "channel", "day"}
    return words.get_template(f"{kind}.{language}.txt").render(dict.fromkeys(names, UNKNOWN) | known).strip() + "\n"
