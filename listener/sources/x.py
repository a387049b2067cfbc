"""X through tweepy: handles looked up, accounts and posts searched, within a budget and once its terms are accepted.

X's developer terms ("Government Use") demand an Enterprise plan of whoever makes X content available to a government
body, a municipality too. So the source stays off until the settings say `terms_accepted = "enterprise"`. What is
returned is paid for, each id once a UTC day: what was paid today is kept, and not counted again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

import msgspec

from listener.context import Context
from listener.errors import ConfigError, CredentialError
from listener.language import N_
from listener.models import Account, Completeness, Term
from listener.posts import Post
from listener.query import Query
from listener.quotas import Quota
from listener.sources import About, read_rows, truncated
from listener.sources.departed import tell_departed
from listener.sources.x_client import APP_TOKEN, BASE_URL, BATCH, GENERATIONS, SIGNING, USER_TOKEN, Api
from listener.sources.x_paid import affordable, paid_posts, paid_users, pay
from listener.sources.x_rows import next_page, organisations_of, read_account, read_post, suspended_in, total_of

__all__ = ["ABOUT", "accounts", "known", "posts", "read_account", "read_post", "wanted"]

PRICES = {"users": 0.010, "posts": 0.005, "counts": 0.005, "owned": 0.001}  # US dollars each; X's price list of 2026
ABOUT = About(
    access="official_api",
    finds=("accounts", "posts"),
    needs=(APP_TOKEN, USER_TOKEN),
    note=N_(
        "off until its Enterprise terms are accepted; handles looked up, names searched in ASCII with a user's token, "
        "posts of seven days; settings: terms_accepted, handles, own, generation, max_dollars"
    ),
    per_term=False,
    base_url=BASE_URL,
    looks_up=True,
    proves_absence=True,
    keys={"base_url": "address", "handles": "texts", "own": "texts", "generation": "text"},
    quotas=(
        Quota(kind="users", most=200, price=PRICES["users"]),
        Quota(kind="posts", most=200, price=PRICES["posts"]),
        Quota(kind="counts", most=40, price=PRICES["counts"]),
        Quota(kind="owned", most=500, price=PRICES["owned"]),
    ),
    dollars=20.0,
    gate="enterprise",
    gate_text=N_("X's developer terms ask government bodies, municipalities too, for an Enterprise agreement"),
)
FOUND = 20  # users a search; each is paid for, and the likeliest come first
RESERVE = 4  # a quarter of the users is kept for those that we know
PAGES = 50  # of one search, however small X makes them
MENTIONS = 50  # posts a page, of those that mention us
WINDOW = timedelta(days=7) - timedelta(minutes=5)  # what the recent search reaches back, with a margin
LONGEST_QUERY = 512  # characters
SEARCHED = frozenset({"name", "alias", "unit"})  # kinds of terms; the others are handles and domains
_HANDLE = re.compile(r"[A-Za-z0-9_]{1,15}")
_UNSEARCHABLE = re.compile(r"[^A-Za-z0-9_' ]+")  # a search of users takes [A-Za-z0-9_' ]{1,50}
_LONG = str.maketrans({"å": "aa", "ä": "ae", "ö": "oe", "Å": "Aa", "Ä": "Ae", "Ö": "Oe"})


def check(settings: Mapping[str, Any]) -> None:
    """Raises ConfigError for settings with which nobody can be asked."""
    if str(settings.get("generation", "tweet")) not in GENERATIONS:
        raise ConfigError('[sources.x] generation: write "tweet" or "post"')


def accounts(ctx: Context, _term: Term) -> Iterator[Account]:
    """Our affiliates, who bears a handle of ours or a likely one, and what a search by name finds, each once."""
    api = _api(ctx)
    ours = _affiliates(ctx, api)
    seen: set[str] = set()
    found: Iterator[tuple[dict[str, Any], str | None]] = ((row, None) for row in ctx.memory["affiliated"])
    rows = chain(found, _looked_up(ctx, api), _searched(ctx, api))
    for account, row, term in read_rows(ctx, rows, lambda one: (read_account(one[0]), *one)):
        if account.platform_id not in seen:
            seen.add(account.platform_id or "")
            yield _vouched(msgspec.structs.replace(account, term=term), row, ours)


def known(ctx: Context, accounts: Sequence[Account]) -> Iterator[Account]:
    """These accounts as they are today, by id, whatever they are called now; those that X has taken down are told."""
    api = _api(ctx)
    ours = _affiliates(ctx, api)
    names = {account.platform_id: account.handle for account in accounts if account.platform_id}
    gone: list[str] = []
    for part in affordable(ctx, list(names), "users"):
        content = api.users_by_id(part)
        rows = paid_users(ctx, content)
        gone += suspended_in(content)
        yield from read_rows(ctx, rows, lambda row: _vouched(read_account(row), row, ours))
    tell_departed(ctx, {one: f"{names[one]!r}: X has suspended the account" for one in gone if one in names})


def posts(ctx: Context, query: Query, since: datetime) -> Iterator[Post]:
    """What mentions us, then what the query's searches find of the last seven days, newest first."""
    api = _api(ctx)
    start = max(since, ctx.now - WINDOW)
    if start > since:
        truncated(ctx, "window", "X's recent search reaches back seven days only")
    yield from _mentions(ctx, api, start)
    for search in query.alternatives():
        text = search.to_platform("x")
        if len(text) > LONGEST_QUERY:
            truncated(ctx, "query", f"a search of more than {LONGEST_QUERY} characters was not made: split the query")
        elif _worth_asking(ctx, api, text, start):
            yield from _search(ctx, api, text, start)


def wanted(ctx: Context) -> dict[str, int]:
    """The most users that the next search for accounts would read; those that were paid for today are not taken off."""
    by_handle, by_name = len(_handles(ctx)), FOUND * len(search_forms(ctx.terms))
    ours = len(ctx.settings.get("own") or ()) * (1 + BATCH)
    as_user = any(ctx.secrets.get(name) for name in (USER_TOKEN, SIGNING[0]))
    return {"users": by_handle + ours + (by_name if as_user else 0)}


def search_forms(terms: Iterable[Term]) -> tuple[str, ...]:
    """What is searched for names: in ASCII, å as a and as aa, 50 characters at most, each once whatever its case."""
    forms: dict[str, str] = {}
    for term in terms:
        for text in (term.text, term.text.translate(_LONG)) if term.kind in SEARCHED else ():
            plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
            form = " ".join(_UNSEARCHABLE.sub(" ", plain).split())[:50].strip()
            if len(form) >= 3:
                forms.setdefault(form.casefold(), form)
    return tuple(forms.values())


def _handles(ctx: Context) -> list[str]:
    wanted = [*(ctx.settings.get("handles") or ()), *(term.text for term in ctx.terms if term.kind == "handle")]
    return list({name.lower(): name for name in map(str, wanted) if _HANDLE.fullmatch(name)}.values())


def _looked_up(ctx: Context, api: Api) -> Iterator[tuple[dict[str, Any], str | None]]:
    handles = _handles(ctx)
    while handles and ctx.afford("users"):
        size = min(BATCH, ctx.quotas.left("users"))  # most are nobody's, and cost nothing
        part, handles = handles[:size], handles[size:]
        for row in paid_users(ctx, api.users_by_name(part)):
            yield row, str(row.get("username"))


def _searched(ctx: Context, api: Api) -> Iterator[tuple[dict[str, Any], str | None]]:
    forms = search_forms(ctx.terms)
    if forms and not api.has_user:
        truncated(ctx, "search", f"X searches accounts with a user's token only: set {USER_TOKEN}")
        return
    kept = ctx.quotas.left("users") // RESERVE
    for number, form in enumerate(forms):
        size = min(FOUND, ctx.quotas.left("users") - kept)
        if size < 1:
            left = len(forms) - number
            ctx.incomplete(Completeness.QUOTA, f"{left} names were not searched on X: raise max_users or max_dollars")
            return
        content = api.search_users(form, size)
        for row in paid_users(ctx, content):
            yield row, form
        if next_page(content):
            truncated(ctx, "found", f"X knows more accounts than the {size} likeliest for {form!r}")


def _affiliates(ctx: Context, api: Api) -> dict[str, str]:
    """Who is affiliated to the organisations of the setting `own`: id of the account or organisation -> proving page.

    Only a business or a government that X has verified can have affiliates.
    """
    if "affiliates" in ctx.memory:
        return ctx.memory["affiliates"]  # type: ignore[no-any-return]
    pages: dict[str, str] = ctx.memory.setdefault("affiliates", {})
    rows: list[dict[str, Any]] = ctx.memory.setdefault("affiliated", [])
    for row in _own(ctx, api):
        if row.get("verified_type") not in ("business", "government"):
            continue
        page = f"https://x.com/{read_account(row).handle}/affiliates"
        pages[str(row["id"])] = page
        if ctx.afford("users"):
            content = api.affiliates(str(row["id"]), min(BATCH, ctx.quotas.left("users")))
            found = paid_users(ctx, content)
            rows += found
            pages |= {str(one["id"]): page for one in found if one.get("id")}
            if next_page(content):
                truncated(ctx, "affiliates", f"X lists more affiliates than the {len(found)} that were read")
    return pages


def _own(ctx: Context, api: Api) -> list[dict[str, Any]]:
    """The accounts of the setting `own`, asked for once a run."""
    if "own" not in ctx.memory:
        names = [name for name in map(str, ctx.settings.get("own") or ()) if _HANDLE.fullmatch(name)][:BATCH]
        part = names[: ctx.afford("users", len(names))]
        rows = paid_users(ctx, api.users_by_name(part)) if part else []
        ctx.memory["own"] = [row for row, _account in read_rows(ctx, rows, lambda row: (row, read_account(row)))]
    return ctx.memory["own"]  # type: ignore[no-any-return]


def _vouched(account: Account, row: dict[str, Any], ours: dict[str, str]) -> Account:
    """The account with the page that shows it as ours, when our own verified organisation vouches for it."""
    own = [number for number in (account.platform_id or "", *organisations_of(row)) if number in ours]
    pages = tuple(dict.fromkeys(ours[number] for number in own if number))
    return msgspec.structs.replace(account, official_links=pages) if pages else account


def _mentions(ctx: Context, api: Api, start: datetime) -> list[Post]:
    """Posts that mention our own accounts, fetched once a run; those that mention whom we speak as are cheap."""
    if "mentions" in ctx.memory:
        return ctx.memory["mentions"]  # type: ignore[no-any-return]
    found: list[Post] = ctx.memory.setdefault("mentions", [])
    own = _own(ctx, api)
    me = _me(ctx, api) if own and api.has_user else None
    for number in (str(row["id"]) for row in own):
        kind = "owned" if number == me else "posts"
        token: str | None = None
        for _page in range(PAGES):
            if ctx.afford(kind, 5) < 5:
                break
            content = api.mentions(number, start, min(MENTIONS, ctx.quotas.left(kind)), token)
            found += paid_posts(ctx, content, kind)
            token = next_page(content)
            if not token:
                break
    return found


def _me(ctx: Context, api: Api) -> str | None:
    if not ctx.afford("users"):
        return None
    row = api.me().get("data")
    number = str(row.get("id")) if isinstance(row, dict) else None
    if number:
        pay(ctx, "users", [number])
    return number


def _worth_asking(ctx: Context, api: Api, text: str, start: datetime) -> bool:
    """Whether the search finds anything, and what of it we can pay for; a count costs as much as one post."""
    if not api.has_app or not ctx.afford("counts"):
        return True
    total = total_of(api.count_posts(text, start))
    ctx.spend("counts")
    left = ctx.quotas.left("posts")
    if total > left:
        ctx.incomplete(
            Completeness.QUOTA,
            f"X has {total} posts for {text!r}, and {left} may be read: raise max_posts or max_dollars",
        )
    return total > 0


def _search(ctx: Context, api: Api, text: str, start: datetime) -> Iterator[Post]:
    token: str | None = None
    for _page in range(PAGES):
        size = min(BATCH, ctx.quotas.left("posts"), ctx.quotas.left("users"))
        if size < 10:  # a page holds ten posts at least, and each may bring an author who is paid for
            break
        content = api.search_posts(text, start, size, token)
        yield from paid_posts(ctx, content, "posts")
        token = next_page(content)
        if not token:
            return
    ctx.afford("posts" if ctx.quotas.left("posts") < 10 else "users", 10)


def _api(ctx: Context) -> Api:
    """X's operations, in the words of the generation that the settings name. Raises ConfigError, CredentialError."""
    if "api" not in ctx.memory:
        check(ctx.settings)
        words = GENERATIONS[str(ctx.settings.get("generation", "tweet"))]
        api = Api(ctx.http, ctx.secrets, words, str(ctx.settings.get("base_url", "")))
        if not api.has_app and not api.has_user:
            raise CredentialError(f"X wants a token: set {APP_TOKEN}")
        ctx.memory["api"] = api
    return ctx.memory["api"]  # type: ignore[no-any-return]
