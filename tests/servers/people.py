"""Invented accounts on the real Bluesky network, opened and changed as their owners would."""

from __future__ import annotations

import base64
import struct
import zlib
from dataclasses import dataclass
from typing import Any

import requests
from servers.bluesky import Bluesky

PASSWORD = "ett-losenord-for-prov"
BLUE = (0, 90, 160)
JOINED = "2026-11-01T08:00:00Z"


@dataclass(frozen=True)
class Person:
    """Who is signed in where."""

    pds: str
    did: str
    token: str

    def ask(self, method: str, content: dict[str, Any] | bytes, kind: str = "application/json") -> dict[str, Any]:
        """Call a procedure of the network; raises on any status but success."""
        return call(self.pds, method, content, {"Authorization": f"Bearer {self.token}", "Content-Type": kind})

    def show(self, display_name: str, description: str = "", colour: tuple[int, int, int] = BLUE) -> None:
        """Write the profile that others see, with a picture of one colour."""
        picture = self.ask("com.atproto.repo.uploadBlob", png(colour), "image/png")["blob"]
        profile = {"displayName": display_name, "description": description, "avatar": picture, "createdAt": JOINED}
        self._put("app.bsky.actor.profile", "self", profile)

    def post(self, text: str, at: str) -> None:
        """Publish a text; `at` is its time, RFC 3339."""
        self._put("app.bsky.feed.post", None, {"text": text, "createdAt": at, "langs": ["sv"]})

    def rename(self, handle: str) -> None:
        """Take another handle; the did stays."""
        call(
            self.pds,
            "com.atproto.identity.updateHandle",
            {"handle": handle},
            {"Authorization": f"Bearer {self.token}"},
        )

    def _put(self, collection: str, key: str | None, record: dict[str, Any]) -> None:
        row = {"repo": self.did, "collection": collection, "record": {"$type": collection, **record}}
        if key is None:
            self.ask("com.atproto.repo.createRecord", row)
        else:
            self.ask("com.atproto.repo.putRecord", {**row, "rkey": key})


def join(network: Bluesky, handle: str, display_name: str, description: str = "") -> Person:
    """Open an account with a profile."""
    wanted = {"handle": handle, "email": f"{handle}@almby.example", "password": PASSWORD}
    made = call(network.pds, "com.atproto.server.createAccount", wanted)
    person = Person(network.pds, made["did"], made["accessJwt"])
    person.show(display_name, description)
    return person


def take_down(network: Bluesky, did: str) -> None:
    """What a moderator does to an account that breaks the rules."""
    subject = {"$type": "com.atproto.admin.defs#repoRef", "did": did}
    wanted = {"subject": subject, "takedown": {"applied": True, "ref": "1"}}
    moderator = base64.b64encode(b"admin:admin-pass").decode()
    call(network.appview, "com.atproto.admin.updateSubjectStatus", wanted, {"Authorization": f"Basic {moderator}"})


def call(
    base: str, method: str, content: dict[str, Any] | bytes, headers: dict[str, str] | None = None
) -> dict[str, Any]:
    """One XRPC procedure."""
    sent = {"data": content} if isinstance(content, bytes) else {"json": content}
    answer = requests.post(f"{base}/xrpc/{method}", headers=headers, timeout=20, **sent)
    assert answer.ok, f"{method}: {answer.status_code} {answer.text[:300]}"
    return answer.json() if answer.content else {}


def png(colour: tuple[int, int, int], side: int = 64) -> bytes:
    """A picture of one colour."""
    rows = (b"\x00" + bytes(colour) * side) * side

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
