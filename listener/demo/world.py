"""The invented municipality of Almby: who speaks in its name, what is said of it, and what an audit ought to find."""

from __future__ import annotations

import base64
import hashlib
import tomllib
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from listener.clock import local
from listener.demo.shield import OFFICIAL, PALE, Look
from listener.demo.storm import draw_posts
from listener.models import Account, Record, UnitKind, Verdict
from listener.posts import Post

CONTENT = Path(__file__).parent / "almby"


class Resident(Record, frozen=True):
    """One account of the world. `where` = server it lives on (bluesky, mastodon, fediverse), else tips or website.

    `expected` and `unit_kind` are the truth an audit is measured by; `registered` holds its registry.csv columns when
    it is one of the municipality's own; `linked_from` the path of the official page that links to it.
    """

    account: Account
    where: str
    expected: Verdict
    unit_kind: UnitKind | None = None
    registered: dict[str, str] = {}
    linked_from: str | None = None


class News(Record, frozen=True):
    """One article of the local paper's feed."""

    title: str
    summary: str
    path: str
    published_at: datetime


class World(Record, frozen=True):
    """Everything the demo servers serve, at one moment."""

    now: datetime
    residents: tuple[Resident, ...]
    posts: tuple[Post, ...]
    news: tuple[News, ...]
    hosts: dict[str, str]  # name of a Mastodon server -> its domain
    pictures: dict[str, Look] = {}  # name of a profile picture -> how it shows the shield

    def living_on(self, where: str) -> tuple[Account, ...]:
        """The accounts of one server."""
        return tuple(resident.account for resident in self.residents if resident.where == where)

    def posts_on(self, where: str) -> tuple[Post, ...]:
        """What was published on one server, newest first."""
        return tuple(post for post in self.posts if post.source == where)

    def find(self, account_id: str) -> Resident:
        """The resident with this platform id or handle. Raises KeyError."""
        for resident in self.residents:
            if account_id in (resident.account.platform_id, resident.account.handle):
                return resident
        raise KeyError(account_id)

    def expected_counts(self) -> dict[str, int]:
        """How many of each flagged kind an audit ought to find: the unit kinds, then the other verdicts by name."""
        return dict(Counter(str(resident.unit_kind or resident.expected) for resident in self.residents))

    def changed(self, account_id: str, **fields: Any) -> World:
        """The same world where one account got other fields (a rename, a new avatar)."""
        known = self.find(account_id)
        if known.account.platform == "bluesky" and "handle" in fields:
            fields.setdefault("url", page_of("bluesky", fields["handle"]))
        fresh = msgspec.structs.replace(known, account=msgspec.structs.replace(known.account, **fields))
        return self._with(tuple(fresh if resident is known else resident for resident in self.residents))

    def without(self, account_id: str) -> World:
        """The same world where one account is gone."""
        known = self.find(account_id)
        return self._with(tuple(resident for resident in self.residents if resident is not known))

    def served_from(self, pictures: str) -> World:
        """The same world where profile pictures that were given by name stand at an address."""
        housed = []
        for resident in self.residents:
            avatar = resident.account.avatar
            if avatar in self.pictures:
                account = msgspec.structs.replace(resident.account, avatar=f"{pictures}/{avatar}")
                resident = msgspec.structs.replace(resident, account=account)
            housed.append(resident)
        return self._with(tuple(housed))

    def joined_by(self, resident: Resident) -> World:
        """The same world with one account more."""
        return self._with((*self.residents, resident))

    def _with(self, residents: tuple[Resident, ...]) -> World:
        return msgspec.structs.replace(self, residents=residents)


def plc_did(seed: str) -> str:
    """A well-formed did:plc that stands for nobody."""
    digest = hashlib.sha256(f"almby {seed}".encode()).digest()
    return "did:plc:" + base64.b32encode(digest).decode().lower()[:24]


def platform_id_of(platform: str, handle: str) -> str | None:
    """What the platform keys an account by: a did on Bluesky, the actor's address in the fediverse, else unknown."""
    if platform == "bluesky":
        return plc_did(handle)
    if platform == "mastodon":
        user, _at, host = handle.partition("@")
        return f"https://{host}/users/{user}"
    return None


def page_of(platform: str, handle: str) -> str:
    """The address of a profile on one of the two networks that the demo serves."""
    if platform == "bluesky":
        return f"https://bsky.app/profile/{handle}"
    user, _at, host = handle.partition("@")
    return f"https://{host}/@{user}"


def load_world(now: datetime) -> World:
    """The world as it stands at `now`: ages and posting times are counted back from it, the rest never varies."""
    tables = _read("accounts.toml")
    hosts: dict[str, str] = tables["hosts"]
    residents = tuple(_read_resident(row, hosts, now) for row in tables["accounts"])
    texts = _read("posts.toml")
    news = tuple(_read_news(row, now) for row in texts["news"])
    pictures = {"almby-skold.png": OFFICIAL, "almby-skold-ljus.png": PALE}
    posts = draw_posts(texts, now)
    return World(now=now, residents=residents, posts=posts, news=news, hosts=hosts, pictures=pictures)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((CONTENT / name).read_text(encoding="utf-8"))


def _read_resident(row: dict[str, Any], hosts: dict[str, str], now: datetime) -> Resident:
    platform, handle = row["platform"], row["handle"]
    account = Account(
        platform=platform,
        platform_id=platform_id_of(platform, handle),
        handle=handle,
        display_name=row.get("name"),
        description=row.get("bio"),
        url=row.get("url") or page_of(platform, handle),
        links=tuple(row.get("links", ())),
        verified_links=tuple(row.get("verified_links", ())),
        avatar=row.get("avatar"),
        followers=row.get("followers"),
        created_at=now - timedelta(days=row["age_days"]) if "age_days" in row else None,
    )
    return Resident(
        account=account,
        where=row.get("where") or _server_of(platform, handle, hosts),
        expected=Verdict(row["expected"]),
        unit_kind=UnitKind(row["unit_kind"]) if "unit_kind" in row else None,
        registered=_read_columns(row.get("registered", {}), now),
        linked_from=row.get("linked_from"),
    )


def _read_columns(row: dict[str, Any], now: datetime) -> dict[str, str]:
    """registry.csv columns; the two dates that grow old are counted from `now`."""
    if not row:
        return {}
    columns = {key: str(value) for key, value in row.items() if not key.endswith(("_days", "_days_ago"))}
    today = local(now).date()
    columns["review_by"] = (today + timedelta(days=row["review_in_days"])).isoformat()
    columns["last_snapshot_on"] = (today - timedelta(days=row["snapshot_days_ago"])).isoformat()
    return columns


def _server_of(platform: str, handle: str, hosts: dict[str, str]) -> str:
    if platform == "bluesky":
        return "bluesky"
    domain = handle.partition("@")[2]
    return next((name for name, host in hosts.items() if host == domain and platform == "mastodon"), "tips")


def _read_news(row: dict[str, Any], now: datetime) -> News:
    when = now - timedelta(hours=row["hours_ago"])
    return News(title=row["title"], summary=row["summary"], path=row["path"], published_at=when)
