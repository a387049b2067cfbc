"""Enough of Bluesky's XRPC, and of its directory of identities, for the atproto client to talk to."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Callable
from typing import Any

from listener.clock import read_time
from listener.demo.search import mentions_all, page_start, words_of
from listener.demo.serve import Reply, Request, json_reply
from listener.demo.world import World, plc_did
from listener.models import Account
from listener.posts import Post

LOGIN = "almby.example"
PASSWORD = "almby-demo-only"
SESSION_SECONDS = 7200
PROOF_PATH = "/proof/"  # stands for every domain's own /.well-known/atproto-did


class BlueskyServer:
    """Answers for one world; `base_url` must be known before the first session is made."""

    def __init__(self, world: Callable[[], World], password: str = PASSWORD) -> None:
        self._world = world
        self._password = password
        self._handles: dict[str, list[str]] = {}  # did -> every handle it had, oldest first
        self.base_url = ""

    def remember_handle(self, did: str, handle: str) -> None:
        """Keep a handle that is about to change: the directory's log shows it."""
        self._handles.setdefault(did, []).append(handle)

    def answer(self, request: Request) -> Reply:
        """One XRPC call, one look into the directory, or a domain's proof of its handle."""
        if request.path.startswith("/did:plc:"):
            return self._directory(request.path.strip("/"))
        if request.path.startswith(PROOF_PATH):
            return self._proof(request.path.removeprefix(PROOF_PATH))
        method = _METHODS.get(request.path.removeprefix("/xrpc/"))
        if method is None:
            return _refused(501, "MethodNotImplemented", f"{request.path} is not served here")
        return method(self, request)

    def _residents(self) -> tuple[Account, ...]:
        return self._world().living_on("bluesky")

    def _account(self, actor: str) -> Account | None:
        wanted = actor.casefold()
        return next((a for a in self._residents() if wanted in (a.platform_id, (a.handle or "").casefold())), None)

    def _search_actors(self, request: Request) -> Reply:
        words = words_of(request.one("q") or request.one("term"))
        found = [a for a in self._residents() if words and mentions_all(words, a.display_name, a.handle, a.description)]
        start, limit = page_start(request.one("cursor")), request.number("limit", 25, 100)
        body: dict[str, Any] = {"actors": [profile_view(account) for account in found[start : start + limit]]}
        if len(found) > start + limit:
            body["cursor"] = str(start + limit)
        return json_reply(body)

    def _profile(self, request: Request) -> Reply:
        account = self._account(request.one("actor"))
        if account is None:
            return _refused(400, "InvalidRequest", "Profile not found")
        return json_reply(detailed_view(account))

    def _profiles(self, request: Request) -> Reply:
        wanted = request.query.get("actors", [])
        if len(wanted) > 25:
            return _refused(400, "InvalidRequest", "Error: actors must not have more than 25 elements")
        found = [account for actor in wanted if (account := self._account(actor))]
        return json_reply({"profiles": [detailed_view(account) for account in found]})

    def _resolve(self, request: Request) -> Reply:
        account = self._account(request.one("handle"))
        if account is None:
            return _refused(400, "InvalidRequest", "Unable to resolve handle")
        return json_reply({"did": account.platform_id})

    def _search_posts(self, request: Request) -> Reply:
        if not request.headers.get("authorization", "").startswith("Bearer "):
            return _refused(403, "Forbidden", "searching posts needs a session")
        words = words_of(request.one("q"))
        found = [post for post in self._window(request) if words and mentions_all(words, post.text)]
        start, limit = page_start(request.one("cursor")), request.number("limit", 25, 100)
        body: dict[str, Any] = {"posts": [self._post_view(post) for post in found[start : start + limit]]}
        body["hitsTotal"] = len(found)
        if len(found) > start + limit:
            body["cursor"] = str(start + limit)
        return json_reply(body)

    def _window(self, request: Request) -> list[Post]:
        posts = [post for post in self._world().posts_on("bluesky") if post.published_at is not None]
        if since := _when(request.one("since")):
            posts = [post for post in posts if post.published_at and post.published_at >= since]
        if until := _when(request.one("until")):
            posts = [post for post in posts if post.published_at and post.published_at < until]
        if lang := request.one("lang"):
            posts = [post for post in posts if post.lang == lang]
        if author := request.one("author"):
            posts = [post for post in posts if author in (post.author, plc_did(post.author or ""))]
        return posts

    def _create_session(self, request: Request) -> Reply:
        asked = json.loads(request.body or b"{}")
        if asked.get("password") != self._password:
            return _refused(401, "AuthenticationRequired", "Invalid identifier or password")
        return self._session(str(asked.get("identifier", LOGIN)))

    def _refresh_session(self, request: Request) -> Reply:
        if not request.headers.get("authorization", "").startswith("Bearer "):
            return _refused(401, "AuthMissing", "Authentication Required")
        return self._session(LOGIN)

    def _current_session(self, request: Request) -> Reply:
        if not request.headers.get("authorization", "").startswith("Bearer "):
            return _refused(401, "AuthMissing", "Authentication Required")
        return json_reply({"did": plc_did(LOGIN), "handle": LOGIN, "active": True})

    def _session(self, identifier: str) -> Reply:
        account = self._account(identifier)
        did = (account and account.platform_id) or plc_did(identifier)
        body = {
            "did": did,
            "handle": (account and account.handle) or LOGIN,
            "accessJwt": _token(did, "com.atproto.access"),
            "refreshJwt": _token(did, "com.atproto.refresh"),
            "active": True,
            "didDoc": self._document(did, identifier),
        }
        return json_reply(body)

    def _proof(self, handle: str) -> Reply:
        """The did that a domain names as its own."""
        account = self._account(handle)
        if account is None or not account.platform_id:
            return Reply(status=404, kind="text/plain; charset=utf-8")
        return Reply(body=account.platform_id.encode(), kind="text/plain; charset=utf-8")

    def _directory(self, path: str) -> Reply:
        did, _slash, rest = path.partition("/")
        account = self._account(did)
        if account is None:
            return json_reply({"message": f"DID not registered: {did}"}, 404)
        if rest != "log/audit":
            return json_reply(self._document(did, account.handle or ""))
        created = _stamp(account)
        handles = [*self._handles.get(did, []), account.handle or ""]
        return json_reply([_operation(did, handle, created) for handle in handles])

    def _document(self, did: str, handle: str) -> dict[str, Any]:
        service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": self.base_url}
        return {
            "@context": ["https://www.w3.org/ns/did/v1"],
            "id": did,
            "alsoKnownAs": [f"at://{handle}"],
            "verificationMethod": [],
            "service": [service],
        }

    def _post_view(self, post: Post) -> dict[str, Any]:
        account = self._account(post.author or "")
        author = account or Account(
            platform="bluesky", platform_id=plc_did(post.author or ""), handle=post.author, display_name=""
        )
        when = post.published_at.strftime("%Y-%m-%dT%H:%M:%S.000Z") if post.published_at else ""
        record = {"$type": "app.bsky.feed.post", "text": post.text, "createdAt": when, "langs": [post.lang or "sv"]}
        return {
            "uri": f"at://{author.platform_id}/app.bsky.feed.post/{post.id}",
            "cid": cid_of(post.id),
            "author": basic_view(author),
            "record": record,
            "replyCount": 0,
            "repostCount": 0,
            "likeCount": 0,
            "quoteCount": 0,
            "indexedAt": when,
            "labels": [],
        }


_METHODS: dict[str, Callable[[BlueskyServer, Request], Reply]] = {
    "app.bsky.actor.searchActors": BlueskyServer._search_actors,
    "app.bsky.actor.getProfile": BlueskyServer._profile,
    "app.bsky.actor.getProfiles": BlueskyServer._profiles,
    "app.bsky.feed.searchPosts": BlueskyServer._search_posts,
    "com.atproto.identity.resolveHandle": BlueskyServer._resolve,
    "com.atproto.server.createSession": BlueskyServer._create_session,
    "com.atproto.server.refreshSession": BlueskyServer._refresh_session,
    "com.atproto.server.getSession": BlueskyServer._current_session,
}


def basic_view(account: Account) -> dict[str, Any]:
    """app.bsky.actor.defs#profileViewBasic; what is unknown is left out, as the network does."""
    view: dict[str, Any] = {"did": account.platform_id, "handle": account.handle, "labels": []}
    if account.display_name is not None:
        view["displayName"] = account.display_name
    if account.avatar:
        view["avatar"] = account.avatar
    if account.created_at:
        view["createdAt"] = _stamp(account)
    return view


def profile_view(account: Account) -> dict[str, Any]:
    """app.bsky.actor.defs#profileView."""
    view = basic_view(account)
    view["indexedAt"] = _stamp(account)
    if account.description is not None:
        view["description"] = account.description
    return view


def detailed_view(account: Account) -> dict[str, Any]:
    """app.bsky.actor.defs#profileViewDetailed."""
    view = profile_view(account)
    view |= {"followersCount": account.followers or 0, "followsCount": 12, "postsCount": 34}
    if account.links:
        view["website"] = account.links[0]
    return view


def cid_of(text: str) -> str:
    """A well-formed content id that stands for nothing stored."""
    return "bafyrei" + base64.b32encode(hashlib.sha256(text.encode()).digest()).decode().lower().rstrip("=")[:52]


def _stamp(account: Account) -> str:
    return account.created_at.strftime("%Y-%m-%dT%H:%M:%S.000Z") if account.created_at else "2024-01-01T00:00:00.000Z"


def _when(text: str) -> Any:
    if not text:
        return None
    return read_time(text if "T" in text else f"{text}T00:00:00Z")


def _token(did: str, scope: str) -> str:
    """An unsigned token of the right shape; it lives by the machine's clock, since the client checks it by that."""
    now = int(time.time())
    claims = {"scope": scope, "sub": did, "iat": now, "exp": now + SESSION_SECONDS, "aud": "did:web:bsky.example"}
    parts = (json.dumps({"typ": "at+jwt", "alg": "HS256"}), json.dumps(claims), "unsigned")
    return ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)


def _operation(did: str, handle: str, created: str) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "type": "plc_operation",
        "alsoKnownAs": [f"at://{handle}"],
        "services": {},
        "prev": None,
    }
    return {"did": did, "cid": cid_of(did + handle), "operation": operation, "nullified": False, "createdAt": created}


def _refused(status: int, error: str, message: str) -> Reply:
    return json_reply({"error": error, "message": message}, status)
