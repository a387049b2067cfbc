"""Which language people read: gettext set up once for the process, and translators for reports.

One .po file a room stands in `locale/sv/`; `scripts/compile_locale.py` joins them into the .mo that gettext reads.
"""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

DOMAIN = "listener"
LOCALE = Path(__file__).parent / "locale"
LANGUAGES = ("sv", "en")


def start_language() -> None:
    """Point the process's gettext (click's words too) at ours; LANG and its friends choose the language."""
    gettext.bindtextdomain(DOMAIN, str(LOCALE))
    gettext.textdomain(DOMAIN)


def _(text: str) -> str:
    """`text` in the language of the person at the terminal."""
    return gettext.gettext(text) if text else ""


def ngettext(one: str, many: str, count: int) -> str:
    """The right number form in the language of the person at the terminal."""
    return gettext.ngettext(one, many, count)


def N_(text: str) -> str:  # noqa: N802  (the field's own name for it)
    """Mark `text` for translation where it cannot be translated yet."""
    return text


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The words of one language, whatever the terminal speaks; English, the source language, for an unknown one."""
    return gettext.translation(DOMAIN, LOCALE, languages=[language], fallback=True)
