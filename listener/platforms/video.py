"""Addresses of youtube, tiktok, vimeo, twitch and snapchat."""

from __future__ import annotations

import re

from listener.platforms.shape import HANDLE, HOUSE, POST, PROFILE, REST, SHARE, Platform, pages, shape

_YT = "https://www.youtube.com/"
YOUTUBE = Platform(
    "youtube",
    ("youtube.com", "youtu.be", "youtube-nocookie.com"),
    _YT + "@{}",
    (
        shape(PROFILE, r"/@" + HANDLE + REST, _YT + "@{}"),
        shape(PROFILE, r"/channel/(?P<id>UC[\w-]{22})" + REST, _YT + "channel/{}"),
        shape(PROFILE, r"/user/" + HANDLE + REST, _YT + "user/{}"),
        shape(PROFILE, r"/c/" + HANDLE + REST, _YT + "c/{}"),
        shape(PROFILE, r"/(?:profile|subscription_center)\?(?:.*&)?(?:add_)?user=(?P<handle>[\w.-]+)", _YT + "user/{}"),
        shape(POST, r"/(?:watch|embed|v|e|shorts|live|clip|playlist|post|attribution_link)" + REST),
        shape(SHARE, r"/(?:share|iframe_api|player_api|yts)" + REST),
        pages(
            "account c channel channels creators gaming howyoutubeworks kids learning live movies music news premium "
            "red redirect results s shopping shorts sports t trends tv user"
        ),
        HOUSE,
        shape(PROFILE, r"/(?P<handle>[\w.·-]{1,100})" + REST, _YT + "{}"),
    ),
    ids=re.compile(r"(UC[\w-]{22})"),
    exact=re.compile(r"UC[\w-]{22}"),
)
_TIKTOK = "https://www.tiktok.com/@{}"
TIKTOK = Platform(
    "tiktok",
    ("tiktok.com",),
    _TIKTOK,
    (
        shape(POST, r"/@(?P<handle>[\w.]+)/(?:video|photo)/.+"),
        shape(PROFILE, r"/@(?P<handle>[\w.]{1,40})" + REST, _TIKTOK),
        shape(SHARE, r"/(?:share|embed|embed\.js|player)" + REST),
        shape(POST, r"/(?:t|v)/.+"),
        pages("channel effect following foryou live music place sticker t tag topics v"),
        HOUSE,
        shape(PROFILE, r"/(?P<handle>[\w.]{2,40})", _TIKTOK),
    ),
)
_VIMEO = "https://vimeo.com/"
VIMEO = Platform(
    "vimeo",
    ("vimeo.com",),
    _VIMEO + "{}",
    (
        shape(POST, r"/(?:(?:channels|groups|showcase|album)/[^/?]+/(?:videos?/)?)?\d+(?:/\w+)?"),
        shape(POST, r"/(?:ondemand|showcase|album|video|event|manage/videos)/.+"),
        shape(PROFILE, r"/channels/" + HANDLE + REST, _VIMEO + "channels/{}", "channels"),
        shape(PROFILE, r"/groups/" + HANDLE + REST, _VIMEO + "groups/{}", "groups"),
        shape(SHARE, r"/(?:share|moogaloop\.swf)" + REST),
        pages("album blog categories channels create features groups join log_in ondemand stock upgrade video watch"),
        HOUSE,
        shape(PROFILE, r"/(?P<handle>[\w.-]*[^\W\d][\w.-]*)" + REST, _VIMEO + "{}"),
    ),
)
_TWITCH = "https://www.twitch.tv/{}"
TWITCH = Platform(
    "twitch",
    ("twitch.tv",),
    _TWITCH,
    (
        shape(POST, r"/(?:videos|collections)/.+"),
        shape(POST, r"/(?P<handle>\w+)/(?:clip|video|v|b)/.+"),
        pages("bits collections drops friends inventory p payments prime redeem subscriptions turbo videos wallet"),
        HOUSE,
        shape(PROFILE, r"/(?:popout/|moderator/)?(?P<handle>\w{2,30})" + REST, _TWITCH),
    ),
)
_SNAPCHAT = "https://www.snapchat.com/add/{}"
SNAPCHAT = Platform(
    "snapchat",
    ("snapchat.com",),
    _SNAPCHAT,
    (
        shape(POST, r"/(?:add/|@)(?P<handle>[\w.-]+)/(?:spotlight/)?[\w-]{10,}"),
        shape(PROFILE, r"/(?:add/|u/|@|s/|stories/)@?(?P<handle>[\w.-]{2,40})" + REST, _SNAPCHAT),
        shape(POST, r"/(?:p|spotlight|t|story|lens)/.+"),
        shape(SHARE, r"/(?:scan|share|unlock)" + REST),
    ),
)
