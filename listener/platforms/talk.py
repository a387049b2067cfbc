"""Addresses of x, bluesky, mastodon, lemmy, reddit, telegram, discord, whatsapp, flashback and hacker news."""

from __future__ import annotations

import re

from listener.platforms.shape import HANDLE, HOUSE, OTHER, POST, PROFILE, REST, SHARE, Platform, pages, shape, words

_X = "https://x.com/"
X = Platform(
    "x",
    ("x.com", "twitter.com"),
    _X + "{}",
    (
        shape(PROFILE, r"/intent/(?:user|follow)\?(?:.*&)?screen_name=@?(?P<handle>\w{1,20})", _X + "{}"),
        shape(PROFILE, r"/(?:intent/user\?(?:.*&)?user_id=|i/user/)(?P<id>\d+)", _X + "i/user/{}", "id"),
        shape(SHARE, r"/home\?(?:.*&)?status=.*"),
        shape(SHARE, r"/(?:share|intent|widgets|widgets\.js|oct\.js|i/adsct|i/jot)" + REST),
        shape(POST, r"/(?:i/(?:web/)?status|i/events|i/moments|i/spaces|i/broadcasts|i/articles?|statuse?s?)/.+"),
        shape(POST, r"/@?(?P<handle>\w{1,20})/(?:status|statuses|article|moments)/.+"),
        shape(OTHER, r"/@?(?P<handle>\w{1,20})/(?:lists|timelines|communities)/.+"),
        pages("account communities compose i intent lists logged_out who_to_follow"),
        HOUSE,
        shape(PROFILE, r"/@?(?P<handle>\w{1,20})" + REST, _X + "{}"),
    ),
)
_BSKY = "https://bsky.app/profile/{}"
_DID = r"did:(?:plc|web):[\w.:%-]+"
BLUESKY = Platform(
    "bluesky",
    ("bsky.app", "bsky.social"),
    _BSKY,
    (
        shape(POST, rf"/profile/(?:(?P<id>{_DID})|@?(?P<handle>[\w.-]+))/post/.+"),
        shape(OTHER, r"/profile/[^/?]+/(?:feed|lists)/.+"),
        shape(PROFILE, rf"/profile/(?P<id>{_DID})" + REST, _BSKY),
        shape(PROFILE, r"/profile/@?(?P<handle>[\w.-]+\.[\w-]+)" + REST, _BSKY),
        shape(SHARE, r"/intent/.*"),
    ),
    ids=re.compile(rf"({_DID})"),
    below="/profile/{host}",
)
# any host may be a Mastodon server: these shapes are tried when no platform owns the host
MASTODON = Platform(
    "mastodon",
    (),
    "",
    (
        shape(POST, r"/(?:web/|deck/)?@(?P<handle>[\w.-]+(?:@[\w.-]+)?)/(?:statuses/)?\w*\d{6,}\w*"),
        shape(POST, r"/users/(?P<handle>[\w.-]+)/statuses/\d+"),
        shape(
            PROFILE,
            r"/(?:web/|deck/)?@(?P<handle>[\w.-]+(?:@[\w.-]+\.[\w-]+)?)" + r"(?:/(?:with_replies|media|featured))?",
        ),
        shape(
            PROFILE,
            r"/users/(?!(?:login|logout|sign_?in|sign_?up|sign_?out|password|register|me)\b)"
            r"(?P<handle>[\w.-]*[^\W\d][\w.-]*)",
        ),
        shape(SHARE, r"/share\?(?:.*&)?text=.*"),
    ),
)
# hosts whose /@name is no account of the fediverse
NOT_FEDIVERSE = words(
    "medium.com substack.com odysee.com unsplash.com replit.com ko-fi.com hackernoon.com vc.ru npmjs.com rumble.com "
    "lbry.tv giphy.com tenor.com codepen.io glitch.com kaggle.com"
)
_LEMMY = r"(?P<handle>\w{1,50}(?:@[\w.-]+\.[\w-]+)?)"
LEMMY = Platform(
    "lemmy",
    (
        "lemmy.world", "lemmy.ml", "lemmy.zip", "lemmy.dbzer0.com", "feddit.nu", "feddit.dk", "feddit.org",
        "sopuli.xyz", "programming.dev", "sh.itjust.works", "beehaw.org",
    ),
    "https://{}",
    (
        shape(POST, r"/(?:post|comment)/\d+" + REST),
        shape(PROFILE, r"/c/" + _LEMMY, "https://{}", "c"),
        shape(PROFILE, r"/u/" + _LEMMY, "https://{}"),
    ),
    homes=True,
)  # fmt: skip
_REDDIT = "https://www.reddit.com/"
REDDIT = Platform(
    "reddit",
    ("reddit.com", "redd.it"),
    _REDDIT + "user/{}",
    (
        shape(POST, r"/(?:r|u|user)/(?P<handle>[^/?]+)/(?:comments|s|duplicates)/.+"),
        shape(POST, r"/(?:comments|gallery|tb|video)/.+"),
        shape(SHARE, r"/(?:r/[^/?]+/)?submit" + REST),
        shape(OTHER, r"/(?:r|u|user)/[^/?]+/(?:wiki|w|m)/.+"),
        shape(PROFILE, r"/r/" + HANDLE + REST, _REDDIT + "r/{}", "r"),
        shape(PROFILE, r"/(?:u|user)/" + HANDLE + REST, _REDDIT + "user/{}"),
    ),
)
_TELEGRAM = "https://t.me/"
TELEGRAM = Platform(
    "telegram",
    ("t.me", "telegram.me", "telegram.dog"),
    _TELEGRAM + "{}",
    (
        shape(SHARE, r"/share" + REST),
        shape(PROFILE, r"/(?:joinchat/|\+| )(?P<handle>[\w-]{8,})", _TELEGRAM + "+{}", "invite"),
        shape(POST, r"/(?:s/)?(?P<handle>\w{4,40})/\d+.*"),
        shape(POST, r"/c/\d+/.+"),
        pages(
            "addemoji addlist addstickers addtheme bg boost c confirmphone giftcode invoice iv joinchat msg proxy "
            "setlanguage socks"
        ),
        HOUSE,
        shape(PROFILE, r"/(?:s/)?@?(?P<handle>\w{4,40})" + REST, _TELEGRAM + "{}"),
    ),
    below="/{sub}",
)
_DISCORD = "https://discord.gg/{}"
DISCORD = Platform(
    "discord",
    ("discord.gg", "discord.com", "discordapp.com"),
    _DISCORD,
    (
        shape(PROFILE, r"/invite/(?P<handle>[\w-]+)", _DISCORD),
        shape(PROFILE, r"/users/(?P<id>\d+)", "https://discord.com/users/{}", "users"),
        shape(PROFILE, r"/servers/(?:[^/?]*-)?(?P<id>\d+)", "https://discord.com/servers/{}", "servers"),
        shape(POST, r"/channels/.+"),
    ),
    exact=re.compile(r"[\w-]+"),
)
_WHATSAPP = "https://www.whatsapp.com/channel/{}"
WHATSAPP = Platform(
    "whatsapp",
    ("whatsapp.com", "wa.me"),
    _WHATSAPP,
    (
        shape(POST, r"/channel/(?P<handle>\w+)/\d+"),
        shape(PROFILE, r"/channel/(?P<handle>\w+)", _WHATSAPP),
        shape(SHARE, r"/(?:send|share)?\?(?:.*&)?text=.*"),
        shape(PROFILE, r"/(?P<handle>\+?\d{6,15})", "https://wa.me/{}", "phone"),
    ),
    exact=re.compile(r"0029\w+"),
)
_FLASHBACK = "https://www.flashback.org/u{}"
FLASHBACK = Platform(
    "flashback",
    ("flashback.org", "flashback.info"),
    _FLASHBACK,
    (
        shape(PROFILE, r"/u(?P<id>\d+)", _FLASHBACK),
        shape(POST, r"/(?:t|p|sp)\d+(?:[ps]\d+)?.*"),
    ),
    ids=re.compile(r"u?(\d+)"),
)
_HACKERNEWS = "https://news.ycombinator.com/user?id={}"
HACKERNEWS = Platform(
    "hackernews",
    ("news.ycombinator.com",),
    _HACKERNEWS,
    (
        shape(PROFILE, r"/user\?(?:.*&)?id=(?P<handle>[\w-]{2,15})", _HACKERNEWS),
        shape(POST, r"/item\?.*"),
    ),
    exact=re.compile(r"[\w-]+"),
)
