"""Every platform we can read addresses of, by name and by host."""

from __future__ import annotations

from listener.platforms import meta, talk, video, works
from listener.platforms.shape import Platform

WEB = Platform("web", (), "https://{}/")

PLATFORMS: dict[str, Platform] = {
    platform.name: platform
    for platform in (
        meta.FACEBOOK,
        meta.INSTAGRAM,
        talk.X,
        video.YOUTUBE,
        works.LINKEDIN,
        video.TIKTOK,
        meta.THREADS,
        talk.BLUESKY,
        talk.MASTODON,
        video.SNAPCHAT,
        talk.TELEGRAM,
        talk.WHATSAPP,
        talk.REDDIT,
        talk.DISCORD,
        talk.FLASHBACK,
        talk.LEMMY,
        talk.HACKERNEWS,
        works.FLICKR,
        video.VIMEO,
        works.PINTEREST,
        video.TWITCH,
        works.GITHUB,
        works.SOUNDCLOUD,
        works.SPOTIFY,
        works.TUMBLR,
        works.LINKTREE,
        WEB,
    )
}
BY_HOST: dict[str, Platform] = {host: platform for platform in PLATFORMS.values() for host in platform.hosts}
ALIASES = {
    "twitter": "x",
    "x (twitter)": "x",
    "x/twitter": "x",
    "fb": "facebook",
    "ig": "instagram",
    "insta": "instagram",
    "yt": "youtube",
    "bsky": "bluesky",
    "website": "web",
    "webb": "web",
    "webbplats": "web",
    "snap": "snapchat",
}


def platform_name(text: str) -> str | None:
    """The name of a platform as we write it, from how people do (`Twitter` -> `x`); None when we know no such one."""
    name = text.strip().casefold()
    name = ALIASES.get(name, name)
    return name if name in PLATFORMS else None
