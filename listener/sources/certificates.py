"""Names on certificates: crt.sh searched for our names, Cert Spotter asked for likely ones while crt.sh is silent."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import islice
from typing import Any

from listener import clock
from listener.context import Context, Sift
from listener.errors import SourceError
from listener.http import Response
from listener.language import N_
from listener.likely_hosts import likely_hosts
from listener.models import Account, Term
from listener.quotas import Quota
from listener.sources import About, failed_part, read_rows
from listener.sources.fields import required, rows_of
from listener.urls import ascii_host, registrable_domain, shown_url

ABOUT = About(
    access="open_feed",
    finds=("accounts",),
    per_term=False,
    note=N_("certificates for names like yours; when crt.sh fails, of some likely names only; settings: spotter_url"),
    base_url="https://crt.sh",
    keys={"base_url": "address", "spotter_url": "address"},
    quotas=(Quota(kind="searches", most=8), Quota(kind="lookups", most=10, window="day")),
)
SPOTTER = "https://api.certspotter.com"
SHORTEST, LONGEST = 5, 40  # letters of a word that crt.sh is searched for: of a shorter one it finds too much to answer
MOST_BYTES = 20_000_000
SECONDS = 60.0  # crt.sh gives its database some seconds, and queues
FRESH = timedelta(hours=20)  # an answer is not asked for again within a day
GIVE_UP = 2  # searches that fail in a row: then crt.sh is left for another run
MOST_NAMES = 100  # of one certificate


def accounts(ctx: Context, term: Term) -> Iterator[Account]:  # noqa: ARG001  words are chosen from all terms, once a run
    """The sites about us that have a certificate. Raises SourceError when neither service answers."""
    if ctx.sift is None:
        return
    failed: SourceError | None = None
    for host in _searched(ctx, ctx.sift):
        if isinstance(host, SourceError):
            failed = host
        else:
            yield read_account(host)
    if failed is None:
        return
    failed_part(ctx, str(ctx.settings.get("base_url", ABOUT.base_url)), failed)
    yield from map(read_account, _looked_up(ctx, ctx.sift))


def read_account(host: str) -> Account:
    """A name that has a certificate as an account."""
    return Account(platform="web", handle=host, url=f"https://{host}/", source="certificates")


def read_names(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The host names of one certificate, as crt.sh or Cert Spotter tells them, without the stars of wildcards.

    Raises Changed when it names none.
    """
    listed = row.get("dns_names")
    told = listed if isinstance(listed, list) else required(row, "name_value").split("\n")
    names = (name.strip().lower().removeprefix("*.") for name in told[:MOST_NAMES] if isinstance(name, str))
    hosts = (ascii_host(name) for name in names if "@" not in name and "." in name)
    return tuple(dict.fromkeys(host for host in hosts if host))


def _searched(ctx: Context, sift: Sift) -> Iterator[str | SourceError]:
    """What crt.sh knows; the last failure at the end when a word could not be searched for.

    A word that holds one already searched for finds nothing more.
    """
    found: list[str] = []
    failures, trouble = 0, None
    for word in search_words(ctx):
        if any(shorter in word for shorter in found):
            continue
        try:
            hosts = _of_word(ctx, sift, word)
        except SourceError as failed:
            trouble, failures = failed, failures + 1
            if failures >= GIVE_UP or ctx.http.allowance.spent:
                break
            continue
        if hosts is None:
            break
        failures = 0
        found.append(word)
        yield from hosts
    if trouble is not None:
        yield trouble


def search_words(ctx: Context) -> list[str]:
    """What to search for, the shortest first: the names of our domains, and our own without spaces."""
    labels = [registrable_domain(site).partition(".")[0] for site in ctx.sites]
    names = [_plain(term.text) for term in ctx.terms if term.kind in ("name", "handle")]
    return sorted({word for word in (*labels, *names) if SHORTEST <= len(word) <= LONGEST}, key=lambda w: (len(w), w))


def _plain(text: str) -> str:
    ascii_text = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return "".join(char for char in ascii_text if char.isalnum())


def _of_word(ctx: Context, sift: Sift, word: str) -> list[str] | None:
    """The sites found for one word, now or within the last day; None when no search is left."""
    asked_at, _space, rest = ctx.cursor.get(word, "").partition(" ")
    mark, _space, before = rest.partition(" ")
    if asked_at and mark == sift.fingerprint and ctx.now - clock.read_time(asked_at) < FRESH:
        return before.split()
    if not ctx.afford("searches"):
        return None
    ctx.spend("searches")
    address = str(ctx.settings.get("base_url", ABOUT.base_url)).rstrip("/") + "/"
    params = {"q": f"%{word}%", "output": "json", "exclude": "expired", "deduplicate": "Y"}
    answer = ctx.http.get(address, params=params, max_bytes=MOST_BYTES, seconds=SECONDS)
    hosts = list(_sifted(ctx, sift, _rows(answer)))
    ctx.next_cursor[word] = f"{clock.rfc3339(ctx.now)} {sift.fingerprint} {' '.join(hosts)}"
    return hosts


def _looked_up(ctx: Context, sift: Sift) -> Iterator[str]:
    """Which of the likeliest look-alikes have a certificate: Cert Spotter knows whole domains only."""
    address = str(ctx.settings.get("spotter_url", SPOTTER)).rstrip("/") + "/v1/issuances"
    names = [term.text for term in ctx.terms if term.kind == "name"]
    likely = sift.hosts(_as_lines(likely_hosts(ctx.sites, names, 500)))
    for domain in islice(likely, ctx.quotas.left("lookups")):
        ctx.spend("lookups")
        params = {"domain": domain, "include_subdomains": "true", "expand": "dns_names"}
        yield from _sifted(ctx, sift, _rows(ctx.http.get(address, params=params)))


def _rows(answer: Response) -> list[dict[str, Any]]:
    """The certificates of an answer. Raises SourceError for a refusal, Changed for what is no list."""
    if not answer.ok:
        raise SourceError(f"{shown_url(answer.url)} answers {answer.status}")
    return rows_of(answer.json(), "")


def _sifted(ctx: Context, sift: Sift, rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Of the names of certificates those about us, one for each registrable domain: that itself when it is enough."""
    names = dict.fromkeys(name for found in read_rows(ctx, rows, read_names) for name in found)
    whole = dict.fromkeys(map(registrable_domain, names))
    yield from sift.hosts(_as_lines([*whole, *names]))


def _as_lines(hosts: Iterable[str]) -> io.BytesIO:
    return io.BytesIO("\n".join(hosts).encode())
