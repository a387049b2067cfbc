"""Every server of the invented municipality, started and stopped together, and the world they share."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

from listener.demo.bluesky_server import LOGIN, PASSWORD, BlueskyServer
from listener.demo.mastodon_server import TOKEN, MastodonServer
from listener.demo.picture_server import PictureServer
from listener.demo.serve import Fault, Request, Server
from listener.demo.site_server import NewsServer, SiteServer
from listener.demo.world import Resident, World
from listener.models import Account, Verdict

SITES = {"website": "kommunen", "phishing": "natfiske"}  # server -> its folder of pages


class Served:
    """The running servers: `bluesky`, `mastodon`, `fediverse` (a second instance), `website`, `news`, `phishing`,
    `pictures` (everybody's profile pictures).

    The world may be changed and the servers made to fail while they run. Use it as a context manager, or call stop().
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._lock = threading.Lock()
        self._servers: dict[str, Server] = {}
        self._open("pictures", PictureServer(self._now))
        self._world = world.served_from(self.urls["pictures"])
        self._bluesky = BlueskyServer(self._now)
        self._open("bluesky", self._bluesky)
        for name in world.hosts:
            self._open(name, MastodonServer(name, self._now))
        for name, folder in SITES.items():
            self._open(name, SiteServer(folder, self._now))
        self._open("news", NewsServer(self._now))

    @property
    def world(self) -> World:
        return self._world

    @property
    def urls(self) -> dict[str, str]:
        """Base address of every server, without a slash at the end."""
        return {name: server.url for name, server in self._servers.items()}

    def environ(self) -> dict[str, str]:
        """The secrets these servers accept, and leave to talk to loopback; add them to a process's environment."""
        return {
            "LISTEN_ALLOW_LOOPBACK": "1",
            "LISTEN_BLUESKY_IDENTIFIER": LOGIN,
            "LISTEN_BLUESKY_PASSWORD": PASSWORD,
            **{f"LISTEN_MASTODON_TOKEN_{_as_variable(self.urls[name])}": TOKEN for name in self._world.hosts},
        }

    def requests(self, name: str) -> tuple[Request, ...]:
        """What one server was asked, in order."""
        return tuple(self._servers[name].requests)

    def fail(self, name: str, fault: Fault) -> None:
        """Make one server fail from now on."""
        self._servers[name].fail(fault)

    def heal(self, name: str) -> None:
        """Let one server work again."""
        self._servers[name].fail(None)

    def rename(self, account_id: str, **fields: Any) -> None:
        """Give the account with this platform id (or handle) another handle, display_name, avatar or the like."""
        known = self._world.find(account_id).account
        if known.platform == "bluesky" and known.platform_id and known.handle and "handle" in fields:
            self._bluesky.remember_handle(known.platform_id, known.handle)
        self._change(lambda world: world.changed(account_id, **fields))

    def remove(self, account_id: str) -> None:
        """Take the account with this platform id (or handle) away."""
        self._change(lambda world: world.without(account_id))

    def add(self, account: Account, expected: Verdict = Verdict.UNCLEAR) -> None:
        """Put one more account on the server that its platform (and, in the fediverse, its host) names."""
        host = (account.handle or "").partition("@")[2]
        wheres = [name for name, domain in self._world.hosts.items() if domain == host]
        where = wheres[0] if account.platform == "mastodon" and wheres else account.platform
        self._change(lambda world: world.joined_by(Resident(account=account, where=where, expected=expected)))

    def stop(self) -> None:
        """Close every port."""
        for server in self._servers.values():
            server.stop()

    def __enter__(self) -> Served:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _now(self) -> World:
        return self._world

    def _change(self, how: Callable[[World], World]) -> None:
        with self._lock:
            self._world = how(self._world)

    def _open(self, name: str, part: BlueskyServer | MastodonServer | SiteServer | NewsServer | PictureServer) -> None:
        server = Server(part.answer)
        part.base_url = server.url
        self._servers[name] = server


def _as_variable(url: str) -> str:
    """`http://127.0.0.1:8080` as `127_0_0_1_8080`: how a server's own token is named."""
    return re.sub(r"\W", "_", url.partition("://")[2])


def start(world: World, faults: Mapping[str, Fault] | None = None) -> Served:
    """Start every server of the world on free loopback ports; ready when this returns."""
    served = Served(world)
    for name, fault in (faults or {}).items():
        served.fail(name, fault)
    return served
