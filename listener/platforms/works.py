"""Addresses of linkedin, github, flickr, pinterest, soundcloud, spotify, tumblr and linktree."""

from __future__ import annotations

import re

from listener.platforms.shape import HANDLE, HOUSE, OTHER, POST, PROFILE, REST, SHARE, Platform, pages, shape, words

_LI = "https://www.linkedin.com/"
_COMPANY = r"/(?:company|company-beta|organization)/"
LINKEDIN = Platform(
    "linkedin",
    ("linkedin.com",),
    _LI + "company/{}",
    (
        shape(SHARE, r"/(?:shareArticle|sharing|share|cws/share|in\.js|autofill|px)" + REST),
        shape(PROFILE, _COMPANY + r"(?P<id>\d+)" + REST, _LI + "company/{}"),
        shape(PROFILE, _COMPANY + HANDLE + REST, _LI + "company/{}"),
        shape(PROFILE, r"/showcase/" + HANDLE + REST, _LI + "showcase/{}"),
        shape(PROFILE, r"/(?:school|edu/school)/" + HANDLE + REST, _LI + "school/{}"),
        shape(PROFILE, r"/(?:in|pub)/" + HANDLE + REST, _LI + "in/{}", "in"),
        shape(PROFILE, r"/groups/" + HANDLE + REST, _LI + "groups/{}", "groups"),
        shape(POST, r"/(?:feed/update|posts|pulse|video|embed/feed|events|newsletters|jobs/view)/.+"),
    ),
    ids=re.compile(r"(\d+)"),
)
_GITHUB = "https://github.com/"
GITHUB = Platform(
    "github",
    ("github.com",),
    _GITHUB + "{}",
    (
        shape(PROFILE, r"/(?:orgs|sponsors)/" + HANDLE + REST, _GITHUB + "{}"),
        pages(
            "codespaces collections customer-stories enterprise events features issues marketplace new organizations "
            "orgs pulls readme resources site solutions sponsors team topics"
        ),
        HOUSE,
        shape(OTHER, r"/(?P<handle>[\w-]+)/.+"),
        shape(PROFILE, r"/(?P<handle>[\w-]{1,39})", _GITHUB + "{}"),
    ),
)
_FLICKR = "https://www.flickr.com/"
_NSID = r"\d+@N\d\d"
FLICKR = Platform(
    "flickr",
    ("flickr.com", "flic.kr"),
    _FLICKR + "photos/{}",
    (
        shape(POST, r"/photos/(?P<handle>[^/?]+)/(?:\d+|(?:albums|sets|galleries|collections)/\d+).*"),
        shape(POST, r"/(?:p|s|ps)/.+"),
        shape(OTHER, r"/(?:photos|people)/(?:tags|upload|friends)" + REST),
        shape(PROFILE, rf"/(?:photos|people)/(?P<id>{_NSID})" + REST, _FLICKR + "photos/{}"),
        shape(PROFILE, r"/(?:photos|people)/" + HANDLE + REST, _FLICKR + "photos/{}"),
        shape(POST, r"/groups/(?P<handle>[^/?]+)/(?:pool/.+/\d+|discuss/\d+).*", space="groups"),
        shape(PROFILE, r"/groups/" + HANDLE + REST, _FLICKR + "groups/{}", "groups"),
    ),
    ids=re.compile(rf"({_NSID})", re.IGNORECASE),
)
_PINTEREST = "https://www.pinterest.com/{}"
PINTEREST = Platform(
    "pinterest",
    ("pin.it", *(f"pinterest.{end}" for end in words("com se co.uk de fr es it at ch ca dk fi no nl ie pt jp com.au"))),
    _PINTEREST,
    (
        shape(SHARE, r"/pin/create" + REST),
        shape(POST, r"/pin/.+"),
        pages("_ ideas pin pin-builder today videos"),
        HOUSE,
        shape(PROFILE, r"/@?(?P<handle>\w{3,60})" + REST, _PINTEREST),
    ),
)
_SOUNDCLOUD = "https://soundcloud.com/{}"
SOUNDCLOUD = Platform(
    "soundcloud",
    ("soundcloud.com",),
    _SOUNDCLOUD,
    (
        pages("charts imprint pages player stream tags you"),
        HOUSE,
        shape(
            PROFILE,
            r"/(?P<handle>[\w-]+)(?:/(?:tracks|popular-tracks|albums|sets|reposts|likes|followers|following))?",
            _SOUNDCLOUD,
        ),
        shape(POST, r"/(?P<handle>[\w-]+)/.+"),
    ),
)
_SPOTIFY = "https://open.spotify.com/"
_INTL = r"(?:/intl-[\w-]+)?"
SPOTIFY = Platform(
    "spotify",
    ("spotify.com",),
    _SPOTIFY + "user/{}",
    (
        shape(POST, _INTL + r"/user/(?P<handle>[^/?]+)/playlist/.+"),
        shape(PROFILE, _INTL + r"/user/" + HANDLE + REST, _SPOTIFY + "user/{}"),
        shape(PROFILE, _INTL + r"/artist/(?P<id>\w{22})" + REST, _SPOTIFY + "artist/{}", "artist"),
        shape(PROFILE, _INTL + r"/show/(?P<id>\w{22})" + REST, _SPOTIFY + "show/{}", "show"),
        shape(POST, _INTL + r"/(?:track|album|episode|playlist)/.+"),
        shape(SHARE, r"/embed(?:-podcast)?" + REST),
    ),
    exact=re.compile(r"\w{22}"),
)
_TUMBLR = "https://www.tumblr.com/{}"
TUMBLR = Platform(
    "tumblr",
    ("tumblr.com",),
    _TUMBLR,
    (
        shape(SHARE, r"/(?:share|widgets/share)" + REST),
        shape(POST, r"/(?:blog/)?(?P<handle>[\w-]+)/(?:post/)?\d+.*"),
        pages("blog communities likes register tagged theme"),
        HOUSE,
        shape(PROFILE, r"/(?:blog/(?:view/)?)?@?(?P<handle>[\w-]{1,32})" + REST, _TUMBLR),
    ),
    below="/{sub}",
)
_LINKTREE = "https://linktr.ee/{}"
LINKTREE = Platform(
    "linktree",
    ("linktr.ee",),
    _LINKTREE,
    (HOUSE, shape(PROFILE, r"/@?(?P<handle>[\w.-]+)", _LINKTREE)),
)
