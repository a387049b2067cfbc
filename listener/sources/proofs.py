"""Links between an account and a domain proven from both ends, by looking ourselves: who cannot look knows nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

import msgspec
from lxml.etree import XPath
from parsel import Selector
from w3lib.encoding import html_to_unicode

from listener.context import Context
from listener.errors import SourceError
from listener.http import Response
from listener.models import Account
from listener.profiles import account_key, read_link
from listener.resolver import Outcome, Resolver
from listener.sources.fields import distinct
from listener.sources.outside import may_ask
from listener.urls import host, on_site, url_key

PROOFS = 30  # domain handles that one run proves; our own domains are always proven
PAGES = 30  # of our own pages that one run reads for links back
OF_ONE = 3  # of them for one account
HOSTED = ("bsky.social", "brid.gy")  # handles given by a service prove nothing about a domain
PROOF = "https://{handle}/.well-known/atproto-did"
DIRECTORY = "https://plc.directory"
SECONDS = 5.0  # for each look
PAGE_SECONDS = 15.0
PAGE_BYTES = 2_000_000
_DOMAIN = r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HANDLE = re.compile(_DOMAIN, re.IGNORECASE)
_DID = re.compile(rf"did:plc:[a-z2-7]{{1,64}}|did:web:{_DOMAIN}")
_ME = "contains(concat(' ', translate(normalize-space(@rel), 'ME', 'me'), ' '), ' me ')"
_RELATED = XPath(f"//a[{_ME}]/@href | //link[{_ME}]/@href", smart_strings=False)
_LINK_HEADER = re.compile(r"<([^<>]{1,2000})>((?:\s*;\s*[^;,<>]{1,200})+)")


def prove(ctx: Context, account: Account) -> Account:
    """The account with those of its links and domains that hold from both ends, and without those that do not.

    What the platform says it verified stands where we could not look.
    """
    checked = check_pages(ctx, account)
    domain = prove_domain(ctx, account) if account.platform == "bluesky" else None
    if domain is None:
        return checked
    return msgspec.structs.replace(checked, verified_links=distinct([*domain, *(checked.verified_links or ())]))


def prove_domain(ctx: Context, account: Account) -> tuple[str, ...] | None:
    """The domain that a Bluesky handle or a did:web proves control of; () when it does not hold.

    The domain must name the account's did (TXT record of `_atproto.` or /.well-known/atproto-did) and the did's
    document must name the handle. A did:web is the domain's own word. None: it was not or could not be looked up.
    """
    handle, did = (account.handle or "").lower(), account.platform_id or ""
    if not _HANDLE.fullmatch(handle) or not _DID.fullmatch(did):  # they are put into addresses that we fetch
        return None
    given = any(handle == name or handle.endswith("." + name) for name in (*HOSTED, "invalid"))
    domain = did.removeprefix("did:web:")
    if (given and domain == did) or not _may_prove(ctx, handle):
        return None
    named = _document_names(ctx, handle, did)
    own = (f"https://{domain}/",) if named and domain != did else ()
    if given:
        return own if named is not None else None
    back = _domain_names(ctx, handle, did)
    if named and back:
        return tuple(dict.fromkeys((f"https://{handle}/", *own)))
    return own if own or named is False or back is False else None


def check_pages(ctx: Context, account: Account) -> Account:
    """The account with each of its links to our own pages looked at: does the page link back with rel=me?"""
    ours = [link for link in account.links or () if on_site(link, ctx.sites)][:OF_ONE]
    told = {link: _links_back(ctx, link, account) for link in ours}
    if all(answer is None for answer in told.values()):
        return account
    kept = [link for link in account.verified_links or () if told.get(link) is not False]
    return msgspec.structs.replace(account, verified_links=distinct([*kept, *(link for link in ours if told[link])]))


def _may_prove(ctx: Context, handle: str) -> bool:
    tried: int = ctx.memory.get("proofs", 0)
    if tried >= PROOFS and not on_site(handle, ctx.sites):
        return False
    ctx.memory["proofs"] = tried + 1
    return True


def _domain_names(ctx: Context, handle: str, did: str) -> bool | None:
    """Whether the domain names the did: by its DNS, else by its web server; None when one could not be asked."""
    resolver = _resolver(ctx)
    answer = resolver.texts(f"_atproto.{handle}") if resolver else None
    told = {text.strip().removeprefix("did=") for text in answer.records if text.startswith("did=")} if answer else ()
    if told:
        return set(told) == {did}
    page = _look(ctx, str(ctx.settings.get("proof_url", PROOF)).format(handle=handle))
    if page is not None and page.ok and page.text.strip() == did:
        return True
    if answer is None or answer.outcome is Outcome.UNKNOWN or page is None:
        return None
    return False if page.ok or page.status in (404, 410) else None


def _document_names(ctx: Context, handle: str, did: str) -> bool | None:
    """Whether the did's document names the handle; None when it could not be read."""
    page = _look(ctx, _document_url(ctx, did), 100_000)
    try:
        content = page.json() if page is not None and page.ok else None
    except SourceError:
        return None
    if not isinstance(content, dict):
        return None
    known = content.get("alsoKnownAs")
    if content.get("id") != did or not isinstance(known, list):
        return False
    return f"at://{handle}" in [name.lower() for name in known if isinstance(name, str)]


def _document_url(ctx: Context, did: str) -> str:
    if did.startswith("did:web:"):
        return f"https://{host(did.removeprefix('did:web:'))}/.well-known/did.json"
    return f"{str(ctx.settings.get('directory_url', DIRECTORY)).rstrip('/')}/{did}"


def _look(ctx: Context, url: str, most: int = 2048) -> Response | None:
    """The answer at `url`; None when we could not look."""
    if not may_ask(ctx, url):
        return None
    try:
        return ctx.http.get(url, max_bytes=most, seconds=SECONDS)
    except SourceError:
        return None


def _resolver(ctx: Context) -> Resolver | None:
    """Who is asked for TXT records: `nameserver`, else the system's; nobody when a run on loopback names none."""
    if "resolver" not in ctx.memory:
        server, _colon, port = str(ctx.settings.get("nameserver", "")).partition(":")
        try:
            asked = Resolver((server,) if server else (), int(port or 53)) if server or not ctx.allow_loopback else None
        except (SourceError, ValueError):
            asked = None
        ctx.memory["resolver"] = asked
    return ctx.memory["resolver"]  # type: ignore[no-any-return]


def _links_back(ctx: Context, page: str, account: Account) -> bool | None:
    """Whether one of our pages links to the account with rel=me; None when it could not be read."""
    seen: dict[str, frozenset[str] | None] = ctx.memory.setdefault("related", {})
    if page not in seen:
        if len(seen) >= PAGES:
            return None
        seen[page] = _related(ctx, page)
    related = seen[page]
    if related is None:
        return None
    spelled = [account.url or "", account.platform_id or ""]
    names = {url_key(text) for text in spelled if "://" in text}
    return bool(related & (names | {account_key(account.platform, account.handle or account.url or "")}))


def _related(ctx: Context, url: str) -> frozenset[str] | None:
    """Keys of the accounts that a page of ours calls itself; None when it could not be read, or is not ours."""
    if not may_ask(ctx, url):
        return None
    try:
        page = ctx.http.get(url, robots=True, max_bytes=PAGE_BYTES, seconds=PAGE_SECONDS)
    except SourceError:
        return None
    if not (page.ok or page.status in (404, 410)) or not on_site(page.url, ctx.sites):
        return None
    links = list(_rel_me(page)) if page.ok else []
    return frozenset(key for link in links for key in (url_key(link.strip()), read_link(link, page.url).key))


def _rel_me(page: Response) -> Iterator[str]:
    """Addresses that a page links to with rel=me, in its head, its text or its HTTP header."""
    for address, rest in _LINK_HEADER.findall(page.headers.get("link", "")[:20_000]):
        if re.search(r"rel\s*=\s*\"?[^\";]*\bme\b", rest):
            yield address
    text = html_to_unicode(page.headers.get("content-type"), page.body)[1].replace("\0", "")
    selector = Selector(text=text.encode("utf-8", "replace").decode("utf-8") or "<html></html>", type="html")
    if selector.root is not None:
        yield from cast("list[str]", _RELATED(selector.root))
