"""What was alerted of: kept before it is sent, marked when it is, so that nothing is lost and nothing told twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from listener.clock import read_time, rfc3339
from listener.models import Record
from listener.store.database import Store, as_json, storable

CLAIM = timedelta(minutes=10)  # a delivery that was begun and never ended is begun again after this
GIVE_UP = timedelta(days=7)  # then it stays in the list as not sent
AT_ONCE = 200  # deliveries of one round


class Kept(Record):
    """One alert as kept."""

    id: int
    at: datetime
    kind: str
    severity: str
    title: str
    cause: str
    links: tuple[str, ...]
    key: str
    posts: tuple[int, ...]


class Delivery(Record):
    """One alert on its way through one channel; `tries` counts the attempts before this one."""

    alert: Kept
    channel: str
    tries: int
    sent_at: datetime | None = None
    trouble: str = ""


def keep_alert(
    store: Store,
    now: datetime,
    *,
    kind: str,
    severity: str,
    title: str,
    cause: str,
    key: str,
    links: Iterable[str] = (),
    posts: Iterable[int] = (),
    channels: Iterable[str] = (),
    cool_down: timedelta,
) -> int | None:
    """Keep an alert with a delivery for each channel; None when its key was told within the cool-down."""
    with store.transaction():
        sql = "SELECT id FROM alerts WHERE key = ? AND at > ?"
        if store.row(sql, (storable(key), rfc3339(now - cool_down))):
            return None
        row = (rfc3339(now), kind, severity, storable(title), storable(cause), as_json(list(links)), storable(key),
               as_json(list(posts)))  # fmt: skip
        added = store.db.execute(
            "INSERT INTO alerts (at, kind, severity, title, cause, links, key, posts) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            row,
        )
        number = added.lastrowid or 0
        store.db.conn.executemany(
            "INSERT OR IGNORE INTO deliveries (alert_id, channel) VALUES (?, ?)",
            [(number, storable(channel)) for channel in channels],
        )
    return number


def said(store: Store, key: str) -> bool:
    """True when an alert of this key was ever kept."""
    return store.row("SELECT id FROM alerts WHERE key = ? LIMIT 1", (storable(key),)) is not None


def last_said(store: Store, kind: str) -> datetime | None:
    """When an alert of this kind was last kept."""
    row = store.row("SELECT max(at) AS at FROM alerts WHERE kind = ?", (kind,))
    return read_time(row["at"]) if row and row["at"] else None


def claim_deliveries(store: Store, channels: Sequence[str], now: datetime) -> list[Delivery]:
    """What waits to be sent through these channels, oldest first; nobody else is given it for ten minutes."""
    values = {"channels": as_json(list(channels)), "begun": rfc3339(now - CLAIM), "oldest": rfc3339(now - GIVE_UP),
              "most": AT_ONCE, "now": rfc3339(now)}  # fmt: skip
    sql = """SELECT d.id, d.alert_id, d.channel, d.tries, d.trouble, d.sent_at, a.* FROM deliveries d
        JOIN alerts a ON a.id = d.alert_id
        WHERE d.sent_at IS NULL AND (d.begun_at IS NULL OR d.begun_at <= :begun) AND a.at > :oldest
        AND d.channel IN (SELECT value FROM json_each(:channels)) ORDER BY d.id LIMIT :most"""
    with store.transaction():
        rows = store.rows(sql, values)
        store.db.conn.executemany(
            "UPDATE deliveries SET begun_at = ? WHERE alert_id = ? AND channel = ?",
            [(values["now"], row["alert_id"], row["channel"]) for row in rows],
        )
    return [read_delivery(row) for row in rows]


def mark_sent(store: Store, delivery: Delivery, now: datetime) -> None:
    """It went out; it is never sent again."""
    sql = """UPDATE deliveries SET sent_at = ?, tries = tries + 1, trouble = '', begun_at = NULL
             WHERE alert_id = ? AND channel = ?"""
    with store.transaction():
        store.db.execute(sql, (rfc3339(now), delivery.alert.id, delivery.channel))


def mark_failed(store: Store, delivery: Delivery, trouble: str) -> None:
    """It did not go out; the next round tries again."""
    sql = "UPDATE deliveries SET tries = tries + 1, trouble = ?, begun_at = NULL WHERE alert_id = ? AND channel = ?"
    with store.transaction():
        store.db.execute(sql, (storable(trouble[:500]), delivery.alert.id, delivery.channel))


def list_alerts(store: Store, limit: int = 50) -> list[tuple[Kept, tuple[Delivery, ...]]]:
    """The latest alerts, newest first, each with how it fared on its channels."""
    found = []
    for row in store.rows("SELECT a.*, a.id AS alert_id FROM alerts a ORDER BY a.id DESC LIMIT ?", (limit,)):
        kept = read_alert(row)
        sql = "SELECT * FROM deliveries WHERE alert_id = ? ORDER BY id"
        ways = tuple(read_delivery({**row, **way}) for way in store.rows(sql, (kept.id,)))
        found.append((kept, ways))
    return found


def read_alert(row: dict[str, object]) -> Kept:
    """A row as an alert."""
    return Kept(
        id=int(str(row["alert_id"])),
        at=read_time(str(row["at"])),
        kind=str(row["kind"]),
        severity=str(row["severity"]),
        title=str(row["title"]),
        cause=str(row["cause"]),
        links=msgspec.json.decode(str(row["links"]), type=tuple[str, ...]),
        key=str(row["key"]),
        posts=msgspec.json.decode(str(row["posts"]), type=tuple[int, ...]),
    )


def read_delivery(row: dict[str, object]) -> Delivery:
    """A row as a delivery."""
    return Delivery(
        alert=read_alert(row),
        channel=str(row["channel"]),
        tries=int(str(row["tries"])),
        sent_at=read_time(str(row["sent_at"])) if row["sent_at"] else None,
        trouble=str(row["trouble"]),
    )
