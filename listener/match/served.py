"""Features of what a web site serves: forms that are after secrets, our page and text copied, our pictures."""

from __future__ import annotations

from listener.match import wording
from listener.match.claims import Hit
from listener.match.marks import MarkKind
from listener.match.view import View
from listener.words import served

PASSWORD_ALONE = 0.6  # beside our name; every log-in has one
STRANGERS = 0.4  # a form that is after secrets where nothing names us
COPIED_WHOLE = 0.6  # of their text on our page; below, a quotation is likelier the less it is
LINKED = 0.5  # our picture from our server: sponsors do so too


def site_asks_secrets(view: View) -> Hit | None:
    """A form asks for what an impostor is after: a personal number, BankID, a card or account number, a password."""
    asked = served.value_of(view.account.labels, served.ASKS)
    if not asked:
        return None
    kinds = set(asked.split(", "))
    secret = kinds & served.SECRETS
    if not secret and "password" not in kinds:
        return None
    strength = 1.0 if secret else PASSWORD_ALONE
    if not (_says_our_name(view) or wording.ours(view)):
        strength *= STRANGERS
    goes_to = served.value_of(view.account.labels, served.SENDS)
    if goes_to:
        return Hit(strength, f"a form asks for {asked!r} and sends it to {goes_to!r}")
    return Hit(strength, f"a form asks for {asked!r}")


def _says_our_name(view: View) -> bool:
    mark = view.mark
    return mark is not None and mark.kind is MarkKind.NAME and bool(view.name.equal or view.name.words)


def site_copied(view: View) -> Hit | None:
    """The page has the text of one of ours, or is built like one."""
    share, page = _copied(view, served.COPIES_TEXT)
    if share:
        strength = 1.0 if share >= COPIED_WHOLE else 0.5 + 0.5 * share
        return Hit(strength, f"{share:.0%} of its text is that of our page {page}")
    share, page = _copied(view, served.COPIES_PAGE)
    return Hit(share, f"{share:.0%} of its structure is that of our page {page}") if share else None


def _copied(view: View, kind: str) -> tuple[float, str]:
    """The share, 0..1, and our page, as the label of this kind says; 0 without one."""
    share, _space, page = (served.value_of(view.account.labels, kind) or "").partition(" ")
    return (min(1.0, float(share)), page) if page and share.replace(".", "", 1).isdigit() else (0.0, "")


def site_loads_ours(view: View) -> Hit | None:
    """The page shows a picture straight from our own server."""
    picture = served.value_of(view.account.labels, served.SHOWS_OURS)
    return Hit(LINKED, f"shows our picture {picture} from our own server") if picture else None
