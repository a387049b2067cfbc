"""Where a post stands and leads to: the index finds what the live search finds, whatever hosts people make up."""

from __future__ import annotations

import pytest
from test_mentions import ids, log, post
from test_word_list import live

from listener.store import Store
from listener.store.schema import indexing

DEEP = "https://" + ".".join("abcdefghijkl") + ".example/x"
POSTS = [
    post(1, "och", url="https://www.svt.example/nyheter/1", platform="web", author="Örebro Nyheter"),
    post(2, "och", url="https://blogg.svt.example/2", links=("https://almby.example/bad?x=1", "inte en adress")),
    post(3, "och", links=("https://l.facebook.com/l.php?u=https%3A%2F%2Fbad.almby.example%2Fsimhall",)),
    post(4, "och", url="http://127.0.0.1/4", platform="web", author="almbyposten"),
    post(5, "och", url=DEEP, platform="web", author="жaнр"),
    post(6, "och", url="https://örebro.example/6", source="feeds", platform="news", reply_to="1"),
    post(7, "och", url="https://localhost/7", title="qhqsvtexample OR qnqalmby qrqreply"),
    post(8, "och", links=tuple(f"https://a{number}.example/" for number in range(150))),
    post(9, "och", url=None),
]
ASKED = (
    "site:svt.example", "site:www.svt.example", "site:blogg.svt.example", "site:example", "site:almby.example",
    "site:bad.almby.example", "site:127.0.0.1", "site:k.l.example", "site:b.c.d.e.f.g.h.i.j.k.l.example",
    "site:örebro.example", "site:xn--rebro-kva.example", "site:localhost", "site:a7.example", "site:a149.example",
    "site:facebook.com", "link:almby.example", "link:almby.example/bad", "link:almby.example/simhall",
    "link:bad.almby.example/simhall", "link:a120.example", "link:l.facebook.com", "srcname:svt", "srcname:svtexample",
    "srcname:s*t", "srcname:örebronyheter", "srcname:oreb*", "srcname:*nyheter", "srcname:almbyposten", "srcname:al*n",
    "srcname:mastodon", "srcname:feeds", "srcname:127001", "srcname:жaнр", "srcname:örebro", "srcname:xnrebrokva",
    "srcname:localhost", "is:original", "is:reply", "och -site:svt.example",
    "site:svt.example is:original srcname:svt",
)  # fmt: skip


def test_hosts_and_outlets_are_found_as_the_live_search_finds_them(store: Store) -> None:
    log(store, *POSTS)
    for asked in ASKED:
        text = asked if "och" in asked else f"och {asked}"
        assert set(ids(store, text)) == live(POSTS, text), text
    assert ids(store, "och site:svt.example") == ["1", "2"]
    assert ids(store, "och link:bad.almby.example/simhall") == ["3"]


@pytest.mark.parametrize("text", ["och site:svt.example", "och srcname:almbyposten", "och link:almby.example"])
def test_what_was_logged_before_the_index_knew_hosts_is_found(store: Store, text: str) -> None:
    log(store, *POSTS)
    wanted = ids(store, text)
    store.conn.execute("UPDATE mentions SET facets = ''")
    store.conn.execute(indexing.REBUILT)
    assert ids(store, text) != wanted
    indexing.m055_headlines_and_exact_words(store.db)
    assert ids(store, text) == wanted
