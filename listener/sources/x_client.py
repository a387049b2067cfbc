"""The operations of X's v2 interface that we use, through tweepy over our guarded session, and their words."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlsplit

import requests
from requests.adapters import BaseAdapter

from listener.clock import rfc3339
from listener.errors import Blocked, Changed, CredentialError, SourceError
from listener.http import Session
from listener.transport import no_answer

if TYPE_CHECKING:
    from tweepy import Client

BASE_URL = "https://api.twitter.com"  # tweepy's own; X answers there as at api.x.com
BATCH = 100  # users a look-up, and posts or affiliates a page
APP_TOKEN = "LISTEN_X_BEARER_TOKEN"
USER_TOKEN = "LISTEN_X_USER_TOKEN"
TOKENS = f"{APP_TOKEN} and {USER_TOKEN}"
# OAuth 1.0a, whose tokens last; those of OAuth 2 last two hours
SIGNING = ("LISTEN_X_API_KEY", "LISTEN_X_API_SECRET", "LISTEN_X_ACCESS_TOKEN", "LISTEN_X_ACCESS_SECRET")

_ANSWERS = {"data", "errors", "meta"}  # one of which every answer holds, where nothing was found too


class Words(NamedTuple):
    """What one generation of X's specification calls the fields we ask for."""

    user_fields: str
    posts_parameter: str
    post_fields: str


_USER = (
    "id,username,name,description,location,created_at,verified_type,parody,protected,withheld,public_metrics,"
    "profile_image_url,profile_banner_url,entities,url"
)
# By the specification's version. 2.167 knows no `affiliation` among the fields of a user, and gives who wrote a post
# as an expansion only. What a post refers to would be an expansion too, paid for once more, and is not asked for.
GENERATIONS = {
    "tweet": Words(  # 2.159
        user_fields=f"{_USER},affiliation",
        posts_parameter="tweet.fields",
        post_fields="id,text,author_id,created_at,lang,entities,referenced_tweets",
    ),
    "post": Words(  # 2.167
        user_fields=_USER,
        posts_parameter="post.fields",
        post_fields="id,text,created_at,lang,entities",
    ),
}

Params = Mapping[str, str | int | None]  # of a request; None is left out


class Api:
    """X's operations, each answer as it was sent.

    All raise CredentialError, Blocked, Throttled, Changed or SourceError. `has_user` says whether we speak as a user,
    without which X searches no accounts; `has_app` whether we speak as an app, without which it counts no posts.
    """

    def __init__(self, http: Session, secrets: Mapping[str, str], words: Words, base_url: str = "") -> None:
        keys = [secrets.get(name, "") for name in SIGNING]
        app, user = secrets.get(APP_TOKEN, ""), secrets.get(USER_TOKEN, "")
        self._words = words
        self._signed = not user and all(keys)
        self.has_app, self.has_user = bool(app), bool(user) or self._signed
        self._app = _client(http, app or user)
        self._user = _client(http, user, *(keys if self._signed else ()))
        if not app and self._signed:
            self._app = self._user
        for chatty in ("tweepy.client", "requests_oauthlib", "oauthlib"):  # their debug lines hold tokens
            logging.getLogger(chatty).setLevel(logging.INFO)
        if base_url:
            http.requests.mount(BASE_URL, Rebased(http.requests.get_adapter("https://"), base_url))

    def users_by_name(self, names: Sequence[str]) -> dict[str, Any]:
        """Users by their handles, at most BATCH."""
        return self._ask("/2/users/by", {"usernames": ",".join(names), "user.fields": self._words.user_fields})

    def users_by_id(self, ids: Sequence[str]) -> dict[str, Any]:
        """Users by their ids, at most BATCH; `errors` tells those that are not there any more."""
        return self._ask("/2/users", {"ids": ",".join(ids), "user.fields": self._words.user_fields})

    def me(self) -> dict[str, Any]:
        """The user that we speak as."""
        return self._ask("/2/users/me", {"user.fields": "id,username"}, as_user=True)

    def search_users(self, text: str, size: int) -> dict[str, Any]:
        """Users by name, handle and text, the likeliest first; `text` in ASCII, 1–50 of [A-Za-z0-9_' ]."""
        params: Params = {"query": text, "max_results": size, "user.fields": self._words.user_fields}
        return self._ask("/2/users/search", params, as_user=True)

    def affiliates(self, number: str, size: int) -> dict[str, Any]:
        """The users that a verified organisation shows as its own."""
        params: Params = {"max_results": size, "user.fields": self._words.user_fields}
        return self._ask(f"/2/users/{quote(number, safe='')}/affiliates", params)

    def count_posts(self, text: str, start: datetime) -> dict[str, Any]:
        """How many posts a search would find, by day."""
        return self._ask("/2/tweets/counts/recent", {"query": text, "start_time": rfc3339(start), "granularity": "day"})

    def search_posts(self, text: str, start: datetime, size: int, token: str | None) -> dict[str, Any]:
        """A page of posts, newest first, 10–100, with their authors."""
        params: Params = {"query": text, "start_time": rfc3339(start), "max_results": size, "next_token": token}
        return self._ask("/2/tweets/search/recent", {**params, **self._with_authors()})

    def mentions(self, number: str, start: datetime, size: int, token: str | None) -> dict[str, Any]:
        """A page of the posts that mention a user, 5–100, with their authors."""
        params: Params = {"start_time": rfc3339(start), "max_results": size, "pagination_token": token}
        path = f"/2/users/{quote(number, safe='')}/mentions"
        return self._ask(path, {**params, **self._with_authors()}, as_user=self.has_user)

    def _with_authors(self) -> dict[str, str]:
        words = self._words
        return {words.posts_parameter: words.post_fields, "user.fields": "id,username", "expansions": "author_id"}

    def _ask(self, path: str, params: Params, as_user: bool = False) -> dict[str, Any]:
        client, signed = (self._user if as_user else self._app), self._signed and (as_user or not self.has_app)
        given = {name.replace(".", "_"): value for name, value in params.items()}
        with _translated():
            # tweepy has a method for most of these, but none for the search of users, the affiliates or post.fields
            content: dict[str, Any] = client._make_request(
                "GET", path, params=given, endpoint_parameters=tuple(params), user_auth=signed
            )
        if not isinstance(content, dict):
            raise Changed("X answers with something else than an object")
        if not content.keys() & _ANSWERS:
            raise Changed("X answers with an object that holds none of what it always held")
        return content


def _client(http: Session, bearer: str = "", *keys: str) -> Client:
    from tweepy import Client

    client = Client(bearer or None, *keys, return_type=dict, wait_on_rate_limit=False)
    client.session = http.requests
    client.user_agent = http.user_agent
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
        raise CredentialError(f"X refuses the token: check {TOKENS}") from refused
    except Forbidden as refused:
        raise Blocked(f"X does not allow this with the plan you have ({str(refused)[:200]})") from refused
    except HTTPException as failed:
        if failed.response.status_code == 402:
            raise Blocked(f"X does not allow this with the plan you have ({str(failed)[:200]})") from failed
        raise SourceError(f"X failed ({str(failed)[:200]})") from failed
    except requests.JSONDecodeError as odd:
        raise Changed(f"X's answer cannot be read ({odd})") from odd
    except requests.RequestException as failed:
        raise SourceError(f"{BASE_URL}: {no_answer(failed)}") from failed
    except (TweepyException, TypeError, AttributeError, RecursionError, ValueError) as odd:
        raise Changed(f"X's answer cannot be read ({str(odd)[:200]})") from odd
