"""X through tweepy: handles looked up and recent posts searched, within a budget and once its terms are accepted.

X's developer terms ("Government Use") demand an Enterprise plan of whoever makes X content available to a government
body, a municipality too. So the source stays off until the settings say `terms_accepted = "enterprise"`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec
import requests
from requests.adapters import BaseAdapter

from listener.clock import rfc3339
from listener.context import Context
from listener.errors import Blocked, Changed, ConfigError, CredentialError, SourceError
from listener.language import N_
from listener.models import Account, Completeness, Post, Term
from listener.query import Query
from listener.quotas import Quota
from listener.sources import About, truncated
from listener.sources.fields import count_of, distinct, required, rows_of, text_of, time_of, url_of
from listener.transport import no_answer

if TYPE_CHECKING:
    from tweepy import Client

ABOUT = About(
    access="official_api",
    finds=("accounts", "posts"),
    needs=("LISTEN_X_BEARER_TOKEN",),
    note=N_("off until its Enterprise terms are accepted; exact handles; settings: terms_accepted, handles, max_users"),
    base_url="https://api.twitter.com",  # tweepy's own; X answers there as at api.x.com
    looks_up=True,
    keys={"base_url": "address", "handles": "texts"},
    quotas=(Quota(kind="users", most=100, price=0.010), Quota(kind="posts", most=200, price=0.005)),
    dollars=20.0,
    gate="enterprise",
    gate_text=N_("X's developer terms ask government bodies, municipalities too, for an Enterprise agreement"),
)
GATE = "enterprise"
MAX_USERS = 100  # a run; each costs about $0.010
MAX_POSTS = 200  # a run; each costs about $0.005
BATCH = 100  # handles a look-up, and posts a page
WINDOW = timedelta(days=7) - timedelta(minutes=5)  # what the recent search reaches back, with a margin
LONGEST_QUERY = 512  # characters
USER_FIELDS = (
    "id,username,name,description,location,created_at,verified_type,parody,public_metrics,profile_image_url,"
    "profile_banner_url,entities,url"
)
POST_FIELDS = "id,text,author_id,created_at,lang,entities,referenced_tweets"
_HANDLE = re.compile(r"[A-Za-z0-9_]{1,15}")
_CHECKS = {"government": "government", "business": "business", "blue": "individual", "none": "false"}

Row = Mapping[str, Any]


def accounts(ctx: Context, term: Term) -> Iterator[Account]:
    """The accounts that bear the term as their handle, and those of the setting `handles`, while the budget lasts."""
    client = _client(ctx)
    asked: set[str] = ctx.memory.setdefault("asked", set())
    wanted = [*(ctx.settings.get("handles") or ()), *([term.text] if term.kind == "handle" else [])]
    names = {name.lower(): name for name in map(str, wanted) if _HANDLE.fullmatch(name)}
    fresh = [name for key, name in names.items() if key not in asked]
    for start in range(0, len(fresh), BATCH):
        part = fresh[start : start + _left(ctx, "users", MAX_USERS, BATCH)]
        asked.update(name.lower() for name in part)
        if not part:
            return
        with _translated():
            content = client.get_users(usernames=part, user_fields=USER_FIELDS)
        rows = _rows(content)
        _spend(ctx, "users", len(rows))
        for row in rows:
            yield msgspec.structs.replace(read_account(row), term=term.text or None)


def posts(ctx: Context, query: Query, since: datetime) -> Iterator[Post]:
    """The posts of the last seven days that the query's searches find, newest first, while the budget lasts."""
    client = _client(ctx)
    start = max(since, ctx.now - WINDOW)
    if start > since:
        truncated(ctx, "window", "X's recent search reaches back seven days only")
    for search in query.alternatives():
        text = search.to_platform("x")
        if len(text) > LONGEST_QUERY:
            truncated(ctx, "query", f"a search of more than {LONGEST_QUERY} characters was not made: split the query")
            continue
        yield from _search(ctx, client, text, start)


def read_account(row: Row) -> Account:
    """A user object of the v2 interface as an account. Raises Changed."""
    handle, entities = required(row, "username"), _object(row, "entities")
    return Account(
        platform="x",
        platform_id=required(row, "id"),
        handle=handle,
        display_name=text_of(row.get("name")) or "",
        description=text_of(row.get("description")),
        url=f"https://x.com/{handle}",
        links=distinct(link for part in ("url", "description") for link in _expanded(_object(entities, part))),
        avatar=(url_of(row.get("profile_image_url")) or "").replace("_normal.", ".") or None,
        banner=url_of(row.get("profile_banner_url")),
        followers=count_of(_object(row, "public_metrics").get("followers_count")),
        created_at=time_of(row.get("created_at")),
        verified=_CHECKS.get(str(row.get("verified_type"))),
        location=text_of(row.get("location")),
        source="x",
        labels=("parody",) if row.get("parody") is True else (),
    )


def read_post(row: Row, handles: Mapping[str, str] | None = None) -> Post:
    """A post object of the v2 interface; `handles` gives the handle of an author's id. Raises Changed."""
    number, author = required(row, "id"), text_of(row.get("author_id")) or ""
    handle = (handles or {}).get(author)
    return Post(
        platform="x",
        id=number,
        text=text_of(row.get("text")) or "",
        url=f"https://x.com/{handle or 'i'}/status/{number}",
        author=handle,
        lang=text_of(row.get("lang")),
        published_at=time_of(row.get("created_at")),
        reply_to=_replied_to(row.get("referenced_tweets")),
        links=distinct(_expanded(_object(row, "entities"))),
        source="x",
    )


def _object(row: Row, name: str) -> Row:
    found = row.get(name)
    return found if isinstance(found, Mapping) else {}


def _expanded(entity: Row) -> Iterator[object]:
    urls = entity.get("urls")
    yield from (url.get("expanded_url") for url in urls or () if isinstance(urls, list) and isinstance(url, Mapping))


def _replied_to(references: object) -> str | None:
    for one in references if isinstance(references, list) else ():
        if isinstance(one, Mapping) and one.get("type") == "replied_to":
            return text_of(one.get("id"))
    return None


def _search(ctx: Context, client: Client, text: str, start: datetime) -> Iterator[Post]:
    token: str | None = None
    while (size := _left(ctx, "posts", MAX_POSTS, BATCH)) >= 10:  # a page holds ten posts at least
        with _translated():
            content = client.search_recent_tweets(
                text,
                start_time=rfc3339(start),
                max_results=size,
                next_token=token,
                tweet_fields=POST_FIELDS,
                user_fields="username",
                expansions="author_id",
            )
        rows = _rows(content)
        _spend(ctx, "posts", len(rows))
        users = _object(content, "includes").get("users")
        handles = {str(user.get("id")): str(user.get("username")) for user in rows_of(users or [], "")}
        yield from (read_post(row, handles) for row in rows)
        token = text_of(_object(content, "meta").get("next_token"))
        if not token:
            return


def _rows(content: object) -> list[dict[str, Any]]:
    """The rows of an answer; X leaves `data` out when it found nothing."""
    if not isinstance(content, Mapping):
        raise Changed("X answers with something else than an object")
    return rows_of(content.get("data", []), "")


def _left(ctx: Context, kind: str, usual: int, most: int) -> int:
    """How many more users or posts this run may pay for, at most `most`; said once when it is none."""
    left = int(ctx.settings.get(f"max_{kind}", usual)) - int(ctx.memory.get(f"spent_{kind}", 0))
    if left < (10 if kind == "posts" else 1) and not ctx.memory.get(f"told_{kind}"):
        ctx.memory[f"told_{kind}"] = True
        ctx.incomplete(Completeness.QUOTA, f"the run's budget is spent: raise max_{kind} in [sources.x] to see more")
    return max(0, min(left, most))


def _spend(ctx: Context, kind: str, count: int) -> None:
    ctx.memory[f"spent_{kind}"] = int(ctx.memory.get(f"spent_{kind}", 0)) + count


def _client(ctx: Context) -> Client:
    """tweepy's client over our guarded session. Raises ConfigError before the terms are accepted, CredentialError."""
    from tweepy import Client

    if ctx.settings.get("enabled") is not True or ctx.settings.get("terms_accepted") != GATE:
        raise ConfigError(
            "[sources.x]: X's terms ask government bodies, municipalities too, for an Enterprise agreement; when you "
            f'have one, set enabled = true and terms_accepted = "{GATE}", else leave the source out'
        )
    token = ctx.secrets.get(ABOUT.needs[0])
    if not token:
        raise CredentialError(f"X wants a token: set {ABOUT.needs[0]}")
    client = Client(bearer_token=token, return_type=dict, wait_on_rate_limit=False)
    client.session = ctx.http.requests
    client.user_agent = ctx.http.user_agent
    if base_url := str(ctx.settings.get("base_url", "")):
        client.session.mount(ABOUT.base_url, Rebased(ctx.http.requests.get_adapter("https://"), base_url))
    return client


class Rebased(BaseAdapter):
    """Sends what tweepy addresses to api.twitter.com, which it cannot be told otherwise, to another base address."""

    def __init__(self, adapter: BaseAdapter, base_url: str) -> None:
        super().__init__()
        self._adapter = adapter
        self._base_url = base_url.rstrip("/")

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        parts = urlsplit(request.url or "")
        request.url = f"{self._base_url}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        return self._adapter.send(request, *args, **kwargs)

    def close(self) -> None:
        self._adapter.close()


@contextmanager
def _translated() -> Iterator[None]:
    """What tweepy and requests raise, as our errors."""
    from tweepy.errors import Forbidden, HTTPException, TweepyException, Unauthorized

    try:
        yield
    except Unauthorized as refused:
        raise CredentialError(f"X refuses the token: check {ABOUT.needs[0]}") from refused
    except Forbidden as refused:
        raise Blocked(f"X does not allow this with the plan you have ({str(refused)[:200]})") from refused
    except HTTPException as failed:
        raise SourceError(f"X failed ({str(failed)[:200]})") from failed
    except requests.JSONDecodeError as odd:
        raise Changed(f"X's answer cannot be read ({odd})") from odd
    except requests.RequestException as failed:
        raise SourceError(f"{ABOUT.base_url}: {no_answer(failed)}") from failed
    except (TweepyException, TypeError, AttributeError, RecursionError, ValueError) as odd:
        raise Changed(f"X's answer cannot be read ({str(odd)[:200]})") from odd
