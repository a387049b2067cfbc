"""Features of an account's life: when it was made, and what the platform says of it."""

from __future__ import annotations

from datetime import datetime

from listener.match.claims import Hit
from listener.match.view import View

BADGES = "✓✔☑✅✪🔵🏛®™"
WARNINGS = frozenset({"scam", "fake", "impersonation"})  # what Telegram and Bluesky's moderation call them


def younger(view: View) -> Hit | None:
    """The account is younger than the registered one it resembles (registry column `created_at` or `valid_from`)."""
    made = view.account.created_at
    if made is None:
        return None
    for entry in view.registered_on:
        since = _since(entry.columns.get("created_at") or entry.columns.get("valid_from") or "")
        if since is not None and made.date() > since.date():
            return Hit(1.0, f"made on {made:%Y-%m-%d}, after our {entry.handle or entry.url} of {since:%Y-%m-%d}")
    return None


def _since(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def badge_imitated(view: View) -> Hit | None:
    """A sign in the display name that looks like the platform's own badge."""
    name = view.account.display_name or ""
    signs = [sign for sign in BADGES if sign in name]
    if not signs or view.account.verified in ("government", "business", "true"):
        return None
    return Hit(1.0, f"display name {name[:120]!r} carries {signs[0]!r}, which is not the platform's badge")


def government_badge(view: View) -> Hit | None:
    """The platform vouches for a public body."""
    if view.account.verified != "government":
        return None
    return Hit(1.0, f"{view.account.platform} marks the account as {view.account.verified!r}")


def platform_outside(view: View) -> Hit | None:
    """The account is on a platform that is not among those we use."""
    allowed = view.organisation.allowed_platforms
    if not allowed or view.account.platform in allowed or view.account.platform == "web":
        return None
    return Hit(1.0, f"speaks on {view.account.platform!r}, and we use only {', '.join(allowed)}")


def platform_warns(view: View) -> Hit | None:
    """The platform's own moderators mark the account as a scam, a fake or an impersonation."""
    marks = sorted(WARNINGS & set(view.account.labels))
    return Hit(1.0, f"the platform marks it as {marks[0]!r}") if marks else None
