"""Addresses of facebook, instagram and threads."""

from __future__ import annotations

import re

from listener.platforms.shape import HANDLE, HOUSE, POST, PROFILE, REST, SHARE, Platform, pages, shape

_FB = "https://www.facebook.com/"
_FB_ID = _FB + "profile.php?id={}"
_PAGE = r"/(?:(?:pg|t)/)?@?(?!(?:p|pg|t|pages|people|groups)(?:[/?]|\Z))"
FACEBOOK = Platform(
    "facebook",
    ("facebook.com", "fb.com", "fb.me", "m.me", "fb.watch", "facebook.net"),
    _FB + "{}",
    (
        shape(SHARE, r"/(?:share|sharer|share_channel|dialog|tr|plugins|widgets|connect|v\d+\.\d+)(?:\.php)?" + REST),
        shape(SHARE, r"/[a-z]{2}_[a-z]{2}/(?:sdk|all)\b.*"),
        shape(PROFILE, r"/profile\.php\?(?:.*&)?id=(?P<id>\d+)", _FB_ID),
        shape(PROFILE, r"/(?:people|pages)/[^/?]+/(?P<id>\d+)" + REST, _FB_ID),
        shape(PROFILE, r"/(?:p|pages/category/[^/?]+)/(?:[^/?]*-)?(?P<id>\d{6,})" + REST, _FB_ID),
        shape(PROFILE, r"/pages/category/[^/?]+/" + HANDLE + REST, _FB + "{}"),
        shape(POST, r"/groups/(?P<handle>[^/?]+)/(?:posts|permalink)/.+", space="groups"),
        shape(PROFILE, r"/groups/" + HANDLE + REST, _FB + "groups/{}", "groups"),
        shape(POST, r"/(?:permalink|story|photo|video)\.php.*"),
        shape(POST, r"/(?:watch|reel|photo|photos|events|stories|notes|media|e)" + REST),
        shape(POST, r"/(?:pg/)?" + HANDLE + r"/(?:posts|videos|photos?|events?|notes?|albums?|reels?|permalink)/.+"),
        pages(
            "ajax donate fundraisers gaming games groups home.php l.php lite login.php marketplace messenger pages "
            "people photo.php places policy.php public r.php recover reg"
        ),
        HOUSE,
        shape(PROFILE, _PAGE + r"(?P<handle>[\w.·-]*-(?P<id>\d{9,}))" + REST, _FB_ID),
        shape(PROFILE, _PAGE + r"(?P<id>\d{5,})" + REST, _FB_ID),
        shape(PROFILE, _PAGE + r"(?!\w+\.(?:php|js|png|ico))(?P<handle>[\w.·-]{2,100})" + REST, _FB + "{}"),
    ),
    ids=re.compile(r"(?:.*-)?(\d{9,})|(\d{5,})"),
)
_IG = "https://www.instagram.com/"
INSTAGRAM = Platform(
    "instagram",
    ("instagram.com", "instagr.am", "ig.me"),
    _IG + "{}",
    (
        shape(SHARE, r"/(?:share|sharer|embed\.js|intent)" + REST),
        shape(POST, r"/(?:p|reel|reels|tv|s)/.+"),
        shape(POST, r"/stories/" + HANDLE + REST),
        shape(POST, "/" + HANDLE + r"/(?:p|reel|tv)/.+"),
        pages("_n accounts challenge direct emails graphql p popular reel reels stories topics tv web"),
        HOUSE,
        shape(PROFILE, r"/(?:_u/|m/)?@?(?P<handle>[\w.]{1,40})" + REST, _IG + "{}"),
    ),
)
_THREADS = "https://www.threads.com/@{}"
THREADS = Platform(
    "threads",
    ("threads.com", "threads.net"),
    _THREADS,
    (
        shape(POST, r"/@(?P<handle>[\w.]+)/post/.+"),
        shape(POST, r"/t/.+"),
        shape(PROFILE, r"/@(?P<handle>[\w.]{1,40})" + REST, _THREADS),
        shape(SHARE, r"/(?:intent|share)" + REST),
        pages("activity custom_feed saved t tag topics"),
        HOUSE,
        shape(PROFILE, r"/(?P<handle>[\w.]{1,40})", _THREADS),
    ),
)
