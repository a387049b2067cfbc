"""Enough of Mastodon's REST interface, and of WebFinger, for Mastodon.py to talk to; one instance a server."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from typing import Any

from listener.demo.search import mentions_all, page_start, words_of
from listener.demo.serve import Reply, Request, json_reply
from listener.demo.world import World
from listener.models import Account
from listener.posts import Post

TOKEN = "almby-demo-only"
VERSION = "4.5.2"
LIMIT = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "299"}


class MastodonServer:
    """Answers as the instance `name` of one world: its own accounts, and posts by them and by its other members."""

    def __init__(self, name: str, world: Callable[[], World], token: str = TOKEN) -> None:
        self._name = name
        self._world = world
        self._token = token
        self.base_url = ""

    @property
    def domain(self) -> str:
        return self._world().hosts[self._name]

    def answer(self, request: Request) -> Reply:
        """One REST call."""
        path = request.path.rstrip("/")
        if path in _FIXED:
            return _FIXED[path](self, request)
        for prefix, method in _PREFIXED.items():
            if path.startswith(prefix):
                return method(self, request, path.removeprefix(prefix))
        return _missing()

    def _residents(self) -> tuple[Account, ...]:
        return self._world().living_on(self._name)

    def _instance(self, _request: Request) -> Reply:
        about = {"title": self.domain, "version": VERSION, "languages": ["sv"], "rules": [], "contact": {}}
        return json_reply(about | {"domain": self.domain, "api_versions": {"mastodon": 7}, "description": ""})

    def _instance_v1(self, _request: Request) -> Reply:
        stats = {"user_count": len(self._residents()), "status_count": 0, "domain_count": 2}
        about = {"uri": self.domain, "title": self.domain, "version": VERSION, "languages": ["sv"], "stats": stats}
        return json_reply(about | {"short_description": "", "description": "", "email": "", "urls": {}, "rules": []})

    def _search(self, request: Request) -> Reply:
        if not self._allowed(request) and (request.one("offset", "0") != "0" or request.one("resolve") == "true"):
            return json_reply({"error": "Search queries that resolve or page need a user"}, 401)
        kind, words = request.one("type"), words_of(request.one("q"))
        start, limit = page_start(request.one("offset")), request.number("limit", 20, 40)
        body: dict[str, list[Any]] = {"accounts": [], "statuses": [], "hashtags": []}
        if kind in ("", "accounts"):
            body["accounts"] = [self.account_view(a) for a in self._matching(words)[start : start + limit]]
        if kind in ("", "statuses") and self._allowed(request):
            found = [post for post in self._posts() if words and mentions_all(words, post.text)]
            body["statuses"] = [self._status_view(post) for post in found[start : start + limit]]
        return json_reply(body, headers=self._pace())

    def _account_search(self, request: Request) -> Reply:
        if not self._allowed(request):
            return json_reply({"error": "This method requires an authenticated user"}, 401)
        start, limit = page_start(request.one("offset")), request.number("limit", 40, 80)
        found = self._matching(words_of(request.one("q")))[start : start + limit]
        return json_reply([self.account_view(account) for account in found], headers=self._pace())

    def _matching(self, words: list[str]) -> list[Account]:
        return [a for a in self._residents() if words and mentions_all(words, a.display_name, a.handle, a.description)]

    def _lookup(self, request: Request) -> Reply:
        user = request.one("acct").removeprefix("@").partition("@")[0].casefold()
        for account in self._residents():
            if _user(account).casefold() == user:
                return json_reply(self.account_view(account), headers=self._pace())
        return _missing()

    def _webfinger(self, request: Request) -> Reply:
        wanted = request.one("resource").removeprefix("acct:").casefold()
        for account in self._residents():
            if (account.handle or "").casefold() == wanted:
                links = [{"rel": "self", "type": "application/activity+json", "href": account.platform_id}]
                return json_reply({"subject": f"acct:{account.handle}", "aliases": [account.url], "links": links})
        return _missing()

    def _account(self, request: Request, rest: str) -> Reply:
        number, _slash, what = rest.partition("/")
        account = next((a for a in self._residents() if number_of(a.platform_id or "") == number), None)
        if account is None or what not in ("", "statuses"):
            return _missing()
        if not what:
            return json_reply(self.account_view(account), headers=self._pace())
        return self._page(request, [post for post in self._posts() if post.author == account.handle])

    def _tag(self, request: Request, tag: str) -> Reply:
        wanted = f"#{tag}".casefold()
        return self._page(request, [post for post in self._posts() if wanted in post.text.casefold().split()])

    def _page(self, request: Request, posts: list[Post]) -> Reply:
        """Newest first; `max_id`, `since_id` and `limit` as on the real thing, and the Link header to go on by."""
        views = [self._status_view(post) for post in posts]
        if oldest := request.one("max_id"):
            views = [view for view in views if int(view["id"]) < int(oldest)]
        if newest := request.one("since_id") or request.one("min_id"):
            views = [view for view in views if int(view["id"]) > int(newest)]
        limit = request.number("limit", 20, 40)
        headers = self._pace()
        if len(views) > limit:
            headers["Link"] = f'<{self.base_url}{request.path}?max_id={views[limit - 1]["id"]}>; rel="next"'
        return json_reply(views[:limit], headers=headers)

    def _posts(self) -> tuple[Post, ...]:
        return self._world().posts_on(self._name)

    def _allowed(self, request: Request) -> bool:
        return request.headers.get("authorization") == f"Bearer {self._token}"

    def _pace(self) -> dict[str, str]:
        reset = datetime.now(UTC).replace(second=0, microsecond=0).isoformat().replace("+00:00", ".000Z")
        return {**LIMIT, "X-RateLimit-Reset": reset}

    def account_view(self, account: Account) -> dict[str, Any]:
        """An Account entity; `acct` is bare for the instance's own, as Mastodon writes it."""
        verified = account.verified_links or ()
        fields = [
            {
                "name": "Webb",
                "value": f'<a href="{escape(link)}" rel="me nofollow noopener">{escape(link)}</a>',
                "verified_at": "2026-01-15T09:00:00.000+00:00" if link in verified else None,
            }
            for link in account.links or ()
        ]
        avatar = account.avatar or f"https://{self.domain}/avatars/original/missing.png"
        return {
            "id": number_of(account.platform_id or ""),
            "username": _user(account),
            "acct": _user(account),
            "uri": account.platform_id,
            "url": account.url,
            "display_name": account.display_name or "",
            "note": f"<p>{escape(account.description or '')}</p>",
            "locked": False,
            "bot": False,
            "group": False,
            "discoverable": True,
            "indexable": True,
            "created_at": _stamp(account.created_at),
            "avatar": avatar,
            "avatar_static": avatar,
            "header": f"https://{self.domain}/headers/original/missing.png",
            "header_static": f"https://{self.domain}/headers/original/missing.png",
            "followers_count": account.followers or 0,
            "following_count": 12,
            "statuses_count": 34,
            "last_status_at": None,
            "emojis": [],
            "roles": [],
            "fields": fields,
        }

    def _status_view(self, post: Post) -> dict[str, Any]:
        author = next((a for a in self._residents() if a.handle == post.author), None) or _stranger(post, self.domain)
        return {
            "id": snowflake(post),
            "uri": f"{author.platform_id}/statuses/{snowflake(post)}",
            "url": f"https://{self.domain}/@{_user(author)}/{snowflake(post)}",
            "account": self.account_view(author),
            "content": f"<p>{escape(post.text)}</p>",
            "created_at": _stamp(post.published_at),
            "edited_at": None,
            "in_reply_to_id": None,
            "in_reply_to_account_id": None,
            "language": post.lang or "sv",
            "sensitive": False,
            "spoiler_text": "",
            "visibility": "public",
            "replies_count": 0,
            "reblogs_count": 0,
            "favourites_count": 0,
            "reblog": None,
            "media_attachments": [],
            "mentions": [],
            "tags": [{"name": word[1:], "url": ""} for word in post.text.split() if word.startswith("#")],
            "emojis": [],
            "card": None,
            "poll": None,
        }


_FIXED: dict[str, Callable[[MastodonServer, Request], Reply]] = {
    "/api/v2/instance": MastodonServer._instance,
    "/api/v1/instance": MastodonServer._instance_v1,
    "/api/v2/search": MastodonServer._search,
    "/api/v1/accounts/search": MastodonServer._account_search,
    "/api/v1/accounts/lookup": MastodonServer._lookup,
    "/.well-known/webfinger": MastodonServer._webfinger,
}
_PREFIXED: dict[str, Callable[[MastodonServer, Request, str], Reply]] = {
    "/api/v1/accounts/": MastodonServer._account,
    "/api/v1/timelines/tag/": MastodonServer._tag,
}


def number_of(actor: str) -> str:
    """The number an instance knows an actor by."""
    return str(109_000_000_000_000_000 + int(hashlib.sha256(actor.encode()).hexdigest()[:12], 16))


def snowflake(post: Post) -> str:
    """A status number that grows with time, as Mastodon's do."""
    moment = int(post.published_at.timestamp() * 1000) if post.published_at else 0
    return str((moment << 16) + int(hashlib.sha256(post.id.encode()).hexdigest()[:4], 16))


def _user(account: Account) -> str:
    return (account.handle or "").partition("@")[0]


def _stranger(post: Post, domain: str) -> Account:
    handle = post.author or "okänd"
    user = handle.partition("@")[0]
    actor = f"https://{domain}/users/{user}"
    url = f"https://{domain}/@{user}"
    return Account(platform="mastodon", handle=handle, display_name=user, platform_id=actor, url=url)


def _stamp(when: datetime | None) -> str:
    return (when or datetime(2024, 1, 1, tzinfo=UTC)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _missing() -> Reply:
    return json_reply({"error": "Record not found"}, 404)
