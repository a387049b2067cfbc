"""Which of a run's answers are kept for which case: the account's own page, then what shows it most surely."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from urllib.parse import unquote_plus

from listener.evidence.rows import Span, row_spans
from listener.evidence.shown import STRONG, Showing
from listener.evidence.spool import Exchange, Place, Spool
from listener.models import Account, Record
from listener.urls import url_key

ANSWERS = 6  # of one case in one run that are kept
ROWS = 20  # of one answer that are kept for one case
_ROBOTS_TXT = re.compile(r"https?://[^/?#]*/robots\.txt(?:[?#].*)?", re.IGNORECASE | re.DOTALL)
_MEDIA = ("image/", "video/", "audio/", "font/")


class Choice(Record, frozen=True):
    """One answer, or these parts of it, to be kept; the lower the rank, the more it shows."""

    rank: int
    kind: str
    place: Place
    url: str
    spans: tuple[Span, ...] = ()


def choose(accounts: Mapping[int, Account], spool: Spool, pictures: Mapping[int, str]) -> dict[int, list[Choice]]:
    """By case, at most ANSWERS answers that show its account, and the picture at the address that `pictures` names.

    No other picture is taken. Of a list only the account's own rows are: the others are none of our business.
    """
    showing = Showing(accounts.items())
    pages = {case: url_key(account.url or "") for case, account in accounts.items()}
    wanted = {url: case for case, url in pictures.items() if url}
    found: dict[int, list[Choice]] = {}
    for place, exchange, body in spool:
        if exchange.url in wanted:
            if exchange.status == 200 and exchange.content_type.startswith("image/"):
                found.setdefault(wanted.pop(exchange.url), []).append(
                    Choice(rank=0, kind="picture", place=place, url=exchange.url)
                )
        elif not worthless(exchange):
            for case, choice in _of_answer(showing, pages, accounts, place, exchange, body):
                found.setdefault(case, []).append(choice)
    return {case: _best(choices) for case, choices in found.items()}


def worthless(exchange: Exchange) -> bool:
    """True for what is never kept: pictures and the like, and a robots.txt."""
    return exchange.content_type.startswith(_MEDIA) or _ROBOTS_TXT.fullmatch(exchange.url) is not None


def _of_answer(
    showing: Showing,
    pages: Mapping[int, str],
    accounts: Mapping[int, Account],
    place: Place,
    exchange: Exchange,
    body: bytes,
) -> Iterator[tuple[int, Choice]]:
    address = url_key(exchange.url)
    asked = showing.cases(f" {exchange.url} ".encode())
    told = showing.cases(body)
    rows = _rows_of_cases(showing, body, exchange) if asked or told else None
    for case in sorted({*asked, *told}):
        if accounts[case].platform == "web" and address == pages[case]:
            yield case, Choice(rank=0, kind="page", place=place, url=exchange.url)
        elif not 200 <= exchange.status < 300:
            continue
        elif rows is None:
            sure = STRONG in (asked.get(case), told.get(case))
            url = narrowed(exchange.url, showing, case)
            yield case, Choice(rank=1 if sure else 3, kind="answer", place=place, url=url)
        elif case in rows:
            spans, strength = rows[case]
            rank, url = 1 if strength == STRONG else 3, narrowed(exchange.url, showing, case)
            yield case, Choice(rank=rank, kind="answer", place=place, url=url, spans=tuple(spans))


def _rows_of_cases(showing: Showing, body: bytes, exchange: Exchange) -> dict[int, tuple[list[Span], int]] | None:
    """The rows of a list that show each case, and how surely; None when the answer is no list, or of one row only."""
    spans = row_spans(body, exchange.content_type)
    if len(spans) < 2:
        return None
    found: dict[int, tuple[list[Span], int]] = {}
    for start, end in spans:
        for case, strength in showing.cases(body[start:end]).items():
            rows, sure = found.get(case, ([], 0))
            found[case] = ([*rows, (start, end)][:ROWS], max(sure, strength))
    return found


def _best(choices: list[Choice]) -> list[Choice]:
    """The first ANSWERS by rank; a page comes before all, and what only bears the handle after all."""
    pictures = [choice for choice in choices if choice.kind == "picture"]
    rest = sorted((choice for choice in choices if choice.kind != "picture"), key=lambda choice: choice.rank)
    return [*pictures, *rest[:ANSWERS]]


def narrowed(url: str, showing: Showing, case: int) -> str:
    """The address without the other accounts that were asked for in the same breath."""
    head, mark, query = url.partition("?")
    pairs = [pair.partition("=") for pair in query.split("&")]
    times = Counter(name for name, _equals, _value in pairs)
    kept = []
    ours = {name for name, _equals, value in pairs if times[name] > 1 and _names(value, showing, case)}
    for name, equals, value in pairs:
        if name in ours and not _names(value, showing, case):
            continue
        kept.append(f"{name}{equals}{_own_part(value, showing, case)}")
    return f"{head}{mark}{'&'.join(kept)}"


def _own_part(value: str, showing: Showing, case: int) -> str:
    """Of a list with commas, the part that is this account; anything else as it is."""
    parts = re.split(r",|%2C", value, flags=re.IGNORECASE)
    own = [part for part in parts if _names(part, showing, case)]
    return ",".join(own) if own and len(parts) > 1 else value


def _names(value: str, showing: Showing, case: int) -> bool:
    return case in showing.cases(f'"{unquote_plus(value)}"'.encode())
