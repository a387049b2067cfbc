"""Which language people read: gettext set up once for the process, and translators for reports.

One .po file a room stands in `locale/sv/`; `scripts/compile_locale.py` joins them into the .mo that gettext reads.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

DOMAIN = "listener"
LOCALE = Path(__file__).parent / "locale"
LANGUAGES = ("sv", "en")
_SPOKEN: ContextVar[gettext.NullTranslations | None] = ContextVar("spoken", default=None)


def start_language() -> None:
    """Point the process's gettext (click's words too) at ours; LANG and its friends choose the language."""
    gettext.bindtextdomain(DOMAIN, str(LOCALE))
    gettext.textdomain(DOMAIN)


def _(text: str) -> str:
    """`text` in the language of the person at the terminal, or of the one a page is made for."""
    spoken = _SPOKEN.get()
    return (spoken.gettext(text) if spoken else gettext.gettext(text)) if text else ""


def ngettext(one: str, many: str, count: int) -> str:
    """The right number form, in the language of `_`."""
    spoken = _SPOKEN.get()
    return spoken.ngettext(one, many, count) if spoken else gettext.ngettext(one, many, count)


def N_(text: str) -> str:  # noqa: N802  (the field's own name for it)
    """Mark `text` for translation where it cannot be translated yet."""
    return text


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The words of one language, whatever the terminal speaks; English, the source language, for an unknown one."""
    return gettext.translation(DOMAIN, LOCALE, languages=[language], fallback=True)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within it, `_` and `ngettext` speak this language, in this thread or task alone."""
    before = _SPOKEN.set(translations(language))
    try:
        yield
    finally:
        _SPOKEN.reset(before)
