"""Wikidata: the accounts that its volunteers note of the organisation and its parts, as evidence and never as proof."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from listener.clock import rfc3339
from listener.context import Context
from listener.errors import Changed, ConfigError, SourceError
from listener.language import N_
from listener.models import Account, Completeness, LinkKind, Record, Term
from listener.profiles import read_link
from listener.sources import About, read_rows, truncated
from listener.sources.fields import rows_of, text_of, time_of
from listener.urls import shown_url

ABOUT = About(
    access="official_api",
    finds=("accounts",),
    per_term=False,
    note=N_("what anyone may have written of you and your parts: evidence, not proof; settings: items"),
    base_url="https://query.wikidata.org/sparql",
    keys={
        "base_url": "address", "items": "texts", "language": "text",
    },
)  # fmt: skip
LABEL = "wikidata"  # on every account: that only Wikidata says so
FORMER = "wikidata_former"  # on those whose statement has ended or was withdrawn
SECONDS = 65.0  # a query may take 60 there
MOST = 2_000  # statements, and items
_ITEM = re.compile(r"Q[1-9]\d{0,12}")
_DIGIT = re.compile(r"\d", re.ASCII)
_HOST = re.compile(r"[a-z0-9.-]{3,253}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_VALUE = re.compile(r"[\w.@:-]{1,200}")
# property -> the platform, and the address of the account with that value
PROPERTIES: dict[str, tuple[str, str]] = {
    "P2002": ("x", "https://x.com/{}"),
    "P2013": ("facebook", "https://www.facebook.com/{}"),
    "P2003": ("instagram", "https://www.instagram.com/{}"),
    "P2397": ("youtube", "https://www.youtube.com/channel/{}"),
    "P11245": ("youtube", "https://www.youtube.com/@{}"),
    "P4264": ("linkedin", "https://www.linkedin.com/company/{}"),
    "P7085": ("tiktok", "https://www.tiktok.com/@{}"),
    "P4033": ("mastodon", "@{}"),
    "P12361": ("bluesky", "https://bsky.app/profile/{}"),
    "P11892": ("threads", "https://www.threads.com/@{}"),
    "P3789": ("telegram", "https://t.me/{}"),
    "P3984": ("reddit", "https://www.reddit.com/r/{}"),
}
# written out, because an engine of one's own (and the tests') knows no other
PREFIXES = """\
PREFIX wd: <http://www.wikidata.org/entity/>
PREFIX wdt: <http://www.wikidata.org/prop/direct/>
PREFIX p: <http://www.wikidata.org/prop/>
PREFIX ps: <http://www.wikidata.org/prop/statement/>
PREFIX pq: <http://www.wikidata.org/prop/qualifier/>
PREFIX wikibase: <http://wikiba.se/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
OURS = "SELECT DISTINCT ?item WHERE {{ {ways} }} LIMIT {most}"
# Parts: those whose parent (P749), owner (P127) or operator (P137) we are, our subsidiaries (P355), and theirs. They
# are selected first: an engine that began with the accounts would look at everybody's.
CLAIMS = """\
SELECT DISTINCT ?item ?label ?property ?value ?number ?rank ?end WHERE {{
  {{ SELECT DISTINCT ?item WHERE {{
    VALUES ?root {{ {roots} }}
    ?item (wdt:P749|wdt:P127|wdt:P137|^wdt:P355)?/(wdt:P749|wdt:P127|wdt:P137|^wdt:P355)? ?root
  }} }}
  VALUES (?claim ?says ?property) {{ {properties} }}
  ?item ?claim ?statement .
  ?statement ?says ?value ; wikibase:rank ?rank .
  OPTIONAL {{ ?statement pq:P6552 ?number }}
  OPTIONAL {{ ?statement pq:P582 ?end }}
  OPTIONAL {{ ?item rdfs:label ?label FILTER(LANG(?label) = "{language}") }}
}} LIMIT {most}"""

Row = Mapping[str, Any]


class Claim(Record, frozen=True):
    """An account as an item of Wikidata notes it; `name` is the item's, not the account's own."""

    item: str
    name: str
    account: Account
    former: bool


def check(settings: Mapping[str, Any]) -> None:
    """Raises ConfigError for settings with which nobody can be asked."""
    if wrong := [str(item) for item in settings.get("items", ()) if not _ITEM.fullmatch(str(item))]:
        raise ConfigError(f'[sources.wikidata] items: {wrong[0]!r} is no item; write it as ["Q123"]')


def reaches(settings: Mapping[str, Any]) -> tuple[str, ...]:  # noqa: ARG001  the same whatever is set
    """The platforms whose accounts Wikidata may note."""
    return tuple(dict.fromkeys(platform for platform, _form in PROPERTIES.values()))


def accounts(ctx: Context, term: Term) -> Iterator[Account]:  # noqa: ARG001  one question for all of us
    """The accounts of our item and its parts, the standing ones first. Raises SourceError."""
    found = sorted(claims(ctx), key=lambda claim: claim.former)
    yield from (claim.account for claim in found)


def claims(ctx: Context) -> Iterator[Claim]:
    """Every account that Wikidata notes of us. Raises ConfigError, SourceError, Changed."""
    roots = _roots(ctx)
    if not roots:
        ctx.incomplete(
            Completeness.TRUNCATED,
            "Wikidata has nothing with our code, number or address: name its item in [sources.wikidata] items",
        )
        return
    properties = " ".join(f'(p:{name} ps:{name} "{name}")' for name in PROPERTIES)
    values = " ".join(f"wd:{root}" for root in roots)
    text = CLAIMS.format(roots=values, properties=properties, language=_language(ctx), most=MOST)
    rows = _select(ctx, text)
    if len(rows) >= MOST:
        truncated(ctx, "claims", f"Wikidata has more than {MOST} statements: name fewer items")
    for row in read_rows(ctx, rows, _whole):
        try:
            yield read_claim(row, rfc3339(ctx.now))
        except Changed as odd:
            ctx.skipped(str(odd))


def _whole(row: Row) -> Row:
    """A row that states something, whatever that is. Raises Changed."""
    if not _value(row, "property"):
        raise Changed("a row of Wikidata's names no account of ours")
    return row


def read_account(row: Row) -> Account:
    """A row of the answer (name -> {"type", "value"}) as an account. Raises Changed when it names none."""
    return read_claim(row).account


def read_claim(row: Row, now: str = "") -> Claim:
    """A row with the item it stands on; ended before `now` (RFC 3339), or withdrawn, it is a former one."""
    item, name = _value(row, "item").rpartition("/")[2], _value(row, "label")
    written = _value(row, "property")
    if written not in PROPERTIES or not _ITEM.fullmatch(item):
        raise Changed("a row of Wikidata's names no account of ours")
    platform, form = PROPERTIES[written]
    said = _value(row, "value").strip().removeprefix("@")
    link = read_link(form.format(said)) if _VALUE.fullmatch(said) else None
    if link is None or link.kind is not LinkKind.PROFILE or link.platform != platform:
        raise Changed(f"{item} {written}: {said[:60]!r} is no account")
    ended = time_of(_value(row, "end"))
    former = _value(row, "rank").endswith("DeprecatedRank") or bool(ended and (not now or rfc3339(ended) <= now))
    number = _value(row, "number") if platform == "x" and _value(row, "number").isdigit() else None
    account = Account(
        platform=platform,
        platform_id=link.platform_id or number,
        handle=link.handle,
        url=link.canonical,
        source="wikidata",
        term=name or None,
        labels=(LABEL, FORMER) if former else (LABEL,),
    )
    return Claim(item=item, name=name, account=account, former=former)


def _value(row: Row, name: str) -> str:
    cell = row.get(name)
    return text_of(cell.get("value")) or "" if isinstance(cell, Mapping) else ""


def _roots(ctx: Context) -> list[str]:
    """Our items: those of the settings, else those with our municipality code, number or web address."""
    check(ctx.settings)
    if named := [str(item) for item in ctx.settings.get("items", ())]:
        return named
    ways = [*_codes(ctx), *_addresses(ctx.sites)]
    if not ways:
        raise SourceError("nothing to find us by in Wikidata: name our item in [sources.wikidata] items")
    text = OURS.format(ways=" UNION ".join(f"{{ {way} }}" for way in ways), most=20)
    found = (_value(row, "item").rpartition("/")[2] for row in _select(ctx, text))
    return [item for item in dict.fromkeys(found) if _ITEM.fullmatch(item)]


def _codes(ctx: Context) -> Iterator[str]:
    code = str(ctx.settings.get("municipality_code", ""))
    if re.fullmatch(r"\d{4}", code, re.ASCII):
        yield f'?item wdt:P525 "{code}"'
    for number in map(str, ctx.settings.get("org_numbers", ())):
        digits = "".join(_DIGIT.findall(number))
        if len(digits) == 10:
            yield f'VALUES ?number {{ "{digits}" "{digits[:6]}-{digits[6:]}" }} ?item wdt:P6460 ?number'


def _addresses(sites: Sequence[str]) -> Iterator[str]:
    """Our web addresses as people may have written them."""
    for site in filter(_HOST.fullmatch, sites):
        forms = [f"<{scheme}://{www}{site}{end}>" for scheme in ("https", "http") for www in ("www.", "")
                 for end in ("/", "")]  # fmt: skip
        yield f"VALUES ?site {{ {' '.join(forms)} }} ?item wdt:P856 ?site"


def _language(ctx: Context) -> str:
    wanted = str(ctx.settings.get("language", ""))
    return wanted if _LANGUAGE.fullmatch(wanted) else "sv"


def _select(ctx: Context, text: str) -> list[Row]:
    """The rows of a SELECT. Raises SourceError, Throttled or Changed."""
    base_url = str(ctx.settings.get("base_url", ABOUT.base_url))
    response = ctx.http.get(
        base_url,
        params={"query": PREFIXES + text, "format": "json"},
        headers={"Accept": "application/sparql-results+json"},
        seconds=SECONDS,
    )
    if not response.ok:
        raise SourceError(f"{shown_url(base_url)} answers {response.status}")
    content = response.json()
    results = content.get("results") if isinstance(content, Mapping) else None
    return list(rows_of(results if isinstance(results, Mapping) else None, "bindings"))
