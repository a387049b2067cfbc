"""What the forms of a page ask for, by the names, types and labels of their fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml import etree

from listener.urls import host
from spiders.plan import Form
from spiders.sketches import first_words

MOST_FORMS = 20
MOST_FIELDS = 300
FIELDS = ("input", "select", "textarea")
KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("password", r"\bpassword\b|passw|lösenord|losenord|\bpwd\b|pin-?kod|säkerhetskod"),
        ("personal number", r"person\W?n(?:umme)?r|\bpnr\b|\bssn\b|samordningsn|födelsedat|\bbday\b"),
        ("card", r"\bcc-|kort\W?n(?:umme)?r|card\W?n(?:o|r|umber)|\bcvc\b|\bcvv\b|kreditkort|bankkort"),
        ("account number", r"konto\W?n(?:umme)?r|\bkonto\b|clearing|\biban\b|account\W?n(?:o|r|umber)"),
        ("BankID", r"bank\W?id"),
        ("e-mail", r"\be-?mail\b|\be-?post"),
        ("telephone", r"\btel\b|telefon|phone|mobil"),
        ("name", r"\bnamn\b|\bname\b|förnamn|efternamn"),
    )
)
# What an impostor is after; an address or a name is asked for by every newsletter.
SECRETS = frozenset({"password", "personal number", "card", "account number", "BankID"})


def read_forms(root: etree._Element, base: str) -> tuple[Form, ...]:
    """The forms that ask for something, and the fields outside any form taken as one more."""
    forms = [_form(form, form.iter(*FIELDS), base) for form in list(root.iter("form"))[:MOST_FORMS]]
    if loose := list(_loose(root)):
        forms.append(Form(asks=_asked(loose, "")))
    return tuple(form for form in forms if form.asks)


def _loose(root: etree._Element) -> Iterator[etree._Element]:
    """The fields outside any form, in one walk: to ask each for what it is in takes quadratic time."""
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end"), tag=("form", *FIELDS)):
        if element.tag == "form":
            depth += 1 if event == "start" else -1
        elif event == "start" and not depth:
            yield element


def _form(form: etree._Element, fields: Iterable[etree._Element], base: str) -> Form:
    said = islice(form.iter("button", "legend", "label"), MOST_FIELDS)
    buttons = " ".join(first_words(each, 200) for each in said)
    action = form.get("action") or ""
    return Form(asks=_asked(fields, f"{buttons[:2_000]} {action[:500]}"), goes_to=_elsewhere(action, base))


def _asked(fields: Iterable[etree._Element], beside: str) -> tuple[str, ...]:
    """The kinds of the fields that a visitor fills in, in the table's order; `beside` is read for BankID."""
    told = [words for _number, words in zip(range(MOST_FIELDS), _words(fields), strict=False)]
    found = {kind for kind, pattern in KINDS if any(pattern.search(words) for words in told)}
    if told and any(kind == "BankID" and pattern.search(beside) for kind, pattern in KINDS):
        found.add("BankID")
    return tuple(kind for kind, _pattern in KINDS if kind in found)


def _words(fields: Iterable[etree._Element]) -> Iterator[str]:
    for field in fields:
        kind = (field.get("type") or "").casefold()
        if kind in ("hidden", "image", "reset", "checkbox", "radio"):
            continue
        names = (field.get(name) or "" for name in ("type", "name", "id", "autocomplete", "placeholder", "aria-label"))
        yield " ".join((*names, _label(field)))[:500]


def _label(field: etree._Element) -> str:
    """The text of the label that holds the field."""
    for label in field.iterancestors("label"):
        return first_words(label, 200)
    return ""


def _elsewhere(action: str, base: str) -> str:
    """Where a form is sent when that is another host."""
    try:
        whole = urljoin(base, action.strip())
        parts = urlsplit(whole)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or host(whole) == host(base):
        return ""
    return whole[:500]
