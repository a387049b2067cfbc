"""Pages as they came: what a hostile header may not do to them."""

from __future__ import annotations

import tempfile

from scrapy.exceptions import DownloadConnectionRefusedError, DownloadFailedError
from scrapy.http import Request, TextResponse

from spiders.keeping import KeepMiddleware
from spiders.walker import reason


def test_a_header_that_is_no_utf8_hides_no_page() -> None:
    with tempfile.TemporaryFile() as kept:
        answer = TextResponse("https://a.example/", headers={b"Server": [b"caf\xe9", b"x"]}, body=b"Almby kommun")
        asked = Request("https://a.example/", headers={b"Accept": b"\xe9", b"Cookie": b"hemlig"})
        assert KeepMiddleware(kept, 10_000).process_response(asked, answer) is answer
        kept.seek(0)
        told = kept.read()
    assert "café".encode() in told
    assert b"Almby kommun" in told
    assert b"hemlig" not in told


def test_what_went_wrong_here_is_not_told_of_the_site() -> None:
    assert reason(UnicodeDecodeError("utf-8", b"", 0, 1, "")) == "broken"
    assert reason(ValueError()) == "broken"
    assert reason(DownloadConnectionRefusedError()) == "refused"
    assert reason(DownloadFailedError()) == "connection"
