"""The way out to a suspect's own address: shown, warned of, and followed only by a click of one's own."""

from __future__ import annotations

from flask import abort, g, request

from listener.models import Account
from listener.review.shown import page
from listener.settings_check import is_address
from listener.store.barred import barred
from listener.store.cases import load_case


def show(case_id: int) -> str:
    """The address written so that it cannot be clicked, what may wait there, and the link itself."""
    case = load_case(g.store, case_id)
    address = wanted(case.account, request.args.get("link", ""))
    barred_here = barred(g.store, case_id)
    safe = address if is_address(address) and len(address) <= 2_000 and address.isprintable() else ""
    return page("case_outside.html", case=case, address=address, link="" if barred_here else safe, barred=barred_here)


def wanted(account: Account, link: str) -> str:
    """The account's own address, or that of its links with this number (from 1); 404 when there is none."""
    if not link:
        found = account.url or ""
    elif link.isascii() and link.isdigit() and len(link) < 4 and 0 < int(link) <= len(account.links or ()):
        found = (account.links or ())[int(link) - 1]
    else:
        found = ""
    if not found:
        abort(404)
    return found
