"""Evidence as one WACZ 1.1.1 file, which replay programs such as ReplayWeb.page open."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from listener.clock import rfc3339
from listener.evidence.warc import tool

ARCHIVE, INDEX, PAGES = "archive/data.warc.gz", "indexes/index.cdx.gz", "pages/pages.jsonl"
PACKAGE, DIGEST = "datapackage.json", "datapackage-digest.json"
Member = tuple[str, bytes, bool]  # path, content, whether it may be packed further


def wacz_members(warcs: Iterable[bytes], title: str, created: datetime) -> Iterator[Member]:
    """The members of the ZIP, in order. `warcs` are whole gzipped WARC files; one after another they are one, too."""
    archive = b"".join(warcs)
    records = list(_records(archive))
    lines = sorted(_index_line(record) for record in records)
    pages = [{"format": "json-pages-1.0", "id": "pages", "title": title}, *_pages(records)]
    members = [
        (ARCHIVE, archive, False),
        (INDEX, gzip.compress("".join(lines).encode(), mtime=0), False),
        (PAGES, "".join(json.dumps(page, ensure_ascii=False) + "\n" for page in pages).encode(), True),
    ]
    package = {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "title": title,
        "created": rfc3339(created),
        "software": tool(),
        "resources": [
            {
                "name": path.rpartition("/")[2],
                "path": path,
                "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
                "bytes": len(content),
            }
            for path, content, _packable in members
        ],
    }
    told = json.dumps(package, indent=2, ensure_ascii=False).encode()
    yield from members
    yield PACKAGE, told, True
    digest = {"path": PACKAGE, "hash": f"sha256:{hashlib.sha256(told).hexdigest()}"}
    yield DIGEST, json.dumps(digest, indent=2).encode(), True


def _records(archive: bytes) -> Iterator[dict[str, Any]]:
    """Every answer in the archive: where it stands and what it is."""
    from warcio.archiveiterator import ArchiveIterator

    walk = ArchiveIterator(BytesIO(archive))
    for record in walk:
        url = record.rec_headers.get_header("WARC-Target-URI") or ""
        if record.rec_type not in ("response", "resource") or not url.startswith(("http://", "https://")):
            continue
        found = {
            "url": url,
            "ts": record.rec_headers.get_header("WARC-Date"),
            "digest": record.rec_headers.get_header("WARC-Payload-Digest") or "",
            "mime": _mime(record),
            "status": record.http_headers.get_statuscode() if record.http_headers else "200",
            "offset": str(walk.get_record_offset()),
        }
        record.content_stream().read()
        yield {**found, "length": str(walk.get_record_length())}


def _mime(record: Any) -> str:
    headers = record.http_headers or record.rec_headers
    return str(headers.get_header("Content-Type") or "unk").partition(";")[0].strip()


def _index_line(record: dict[str, Any]) -> str:
    """One line of CDXJ: the address turned round, the time, and where the record is."""
    stamp = re.sub(r"\D", "", record["ts"])[:14]
    told = {name: record[name] for name in ("url", "digest", "mime", "offset", "length", "status")}
    return f"{surt(record['url'])} {stamp} {json.dumps({**told, 'filename': 'data.warc.gz'})}\n"


def _pages(records: Iterable[dict[str, Any]]) -> Iterator[dict[str, str]]:
    for number, record in enumerate(records, 1):
        if record["mime"] in ("text/html", "application/xhtml+xml") and record["status"].startswith("2"):
            yield {"id": str(number), "url": record["url"], "ts": record["ts"], "title": record["url"]}


def surt(url: str) -> str:
    """The address in the order in which archives sort it: `http://www.almby.se/x?b=1` -> `se,almby)/x?b=1`."""
    try:
        parts = urlsplit(url.lower())
        number = parts.port
    except ValueError:  # an address that strangers made up
        return url.lower()
    host = re.sub(r"^www\d*\.", "", parts.hostname or "")
    port = f":{number}" if number and number not in (80, 443) else ""
    query = f"?{'&'.join(sorted(parts.query.split('&')))}" if parts.query else ""
    path = parts.path.rstrip("/") or "/"
    return f"{','.join(reversed(host.split('.')))}{port}){path}{query}"
