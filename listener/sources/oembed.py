"""Platforms without an interface of their own for us, asked by oEmbed who bears our handles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from listener.context import Context
from listener.errors import Changed, ConfigError, SourceError
from listener.language import N_
from listener.models import Account, Term
from listener.profiles import read_link
from listener.quotas import Quota
from listener.sources import About, failed_part
from listener.sources.embeds import Embeds, Provider, read_profile
from listener.sources.fields import required
from listener.sources.turns import all_handles, in_turn

ABOUT = About(
    access="oembed",
    finds=("accounts",),
    note=N_("whether an exact handle exists on the platforms you name, and what its owner shows; settings: platforms"),
    per_term=False,
    looks_up=True,
    quotas=(Quota(kind="lookups", most=400, window="day"),),
    keys={"base_url": "address", "platforms": "texts"},
)
PROVIDERS = {
    provider.platform: provider
    for provider in (
        Provider(
            "soundcloud",
            "SoundCloud",
            "https://soundcloud.com/oembed",
            "soundcloud",
            re.compile(r"[a-z0-9_-]{3,25}", re.IGNORECASE),
        ),
        Provider(
            "pinterest",
            "Pinterest",
            "https://www.pinterest.com/oembed.json",
            "pinterest",
            re.compile(r"\w{3,30}", re.A),
        ),
    )
}


def check(settings: Mapping[str, Any]) -> None:
    """Raises ConfigError for settings with which nobody can be asked."""
    if settings.get("platforms") == []:
        raise ConfigError(f"[sources.oembed] platforms: name some of {', '.join(PROVIDERS)}, or leave it out")
    if unknown := [str(name) for name in settings.get("platforms") or () if str(name) not in PROVIDERS]:
        raise ConfigError(f"[sources.oembed] platforms: {unknown[0]!r} is not one of {', '.join(PROVIDERS)}")


def reaches(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """The platforms on which handles are looked up."""
    return tuple(str(name) for name in settings.get("platforms") or PROVIDERS)


def accounts(ctx: Context, term: Term) -> Iterator[Account]:
    """Who bears the handles on each platform; with a term, that handle alone. Raises SourceError when all failed."""
    for one in [term] if term.text else in_turn(ctx, "lookups", all_handles(ctx)):
        if one.kind == "handle":
            yield from (msgspec.structs.replace(account, term=one.text) for account in _everywhere(ctx, one.text))
    list(_everywhere(ctx, ""))


def wanted(ctx: Context) -> dict[str, int]:
    """The look-ups that the next search for accounts would take: each handle on each platform."""
    return {"lookups": len(all_handles(ctx)) * len(reaches(ctx.settings))}


def read_account(row: dict[str, Any]) -> Account:
    """An oEmbed answer for a profile on one of PROVIDERS as an account. Raises Changed."""
    platform = read_link(required(row, "author_url")).platform
    if platform not in PROVIDERS:
        raise Changed("the answer's author_url is no profile of the platform")
    return read_profile(row, platform, "oembed")


def _platforms(ctx: Context) -> dict[str, Embeds]:
    """The platforms of the settings that have not failed in this run. Raises ConfigError for one we do not know."""
    if "platforms" not in ctx.memory:
        check(ctx.settings)
        names = [str(name) for name in ctx.settings.get("platforms") or PROVIDERS]
        base = str(ctx.settings.get("base_url", ""))
        ctx.memory["platforms"] = {name: Embeds(ctx, PROVIDERS[name], base) for name in names}
    platforms: dict[str, Embeds] = ctx.memory["platforms"]
    return platforms


def _everywhere(ctx: Context, handle: str) -> Iterator[Account]:
    for platform, embeds in tuple(_platforms(ctx).items()):
        if account := _asked(ctx, platform, embeds, handle):
            yield account


def _asked(ctx: Context, platform: str, embeds: Embeds, handle: str) -> Account | None:
    """Who bears a handle; without one, the misses so far are settled. A platform that fails is told and left out."""
    try:
        if handle:
            return embeds.account(handle, "oembed")
        embeds.settle()
    except SourceError as trouble:
        del _platforms(ctx)[platform]
        if not _platforms(ctx):
            raise
        failed_part(ctx, platform, trouble)
    return None
