"""Memory and speed of `listen stream`: the real loop, told posts by a Jetstream-like server on loopback.

One post in a hundred matches and is logged in a real store.

    python bench/stream.py             1,000,000 posts
    python bench/stream.py full        10,000,000 posts: seven minutes on a quiet machine
    python bench/stream.py 250000      as many as you say

The server is a process of its own. Beside it, in the same run: aiohttp and json.loads alone, which receive and parse
the same frames and do nothing with them. Memory is what the process holds (VmRSS), the store's share included.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

MOST_MEMORY = 300.0  # MB
GROWTH = 1.10  # what the end may hold against the first mark, when it is flat
DEFAULT, FULL = 1_000_000, 10_000_000
MARKS = (0.1, 0.5, 1.0)  # of all posts
BARE = 100_000
DIDS = 5_000
START = 1_790_000_000_000_000
MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455
WORDS = (
    "jag",
    "tycker",
    "att",
    "det",
    "här",
    "är",
    "väldigt",
    "bra",
    "och",
    "vi",
    "ses",
    "i",
    "morgon",
    "på",
    "torget",
    "med",
    "alla",
    "vänner",
    "som",
    "kommer",
    "dit",
)
SETTINGS = """
[listening]
dpia_ref = "KS 2024/2"
dpia_on = 2024-03-01
[organisation]
name = "Almby kommun"
[sources.bluesky]
base_url = "http://127.0.0.1:{port}"
stream_url = "ws://127.0.0.1:{port}"
{queries}
"""
NAMES = (
    "simhallen",
    "skolan",
    "vården",
    "bussen",
    "parken",
    "torget",
    "biblioteket",
    "hamnen",
    "bron",
    "stationen",
    "museet",
    "teatern",
    "kyrkan",
    "gatan",
)


def text_of(number: int) -> str:
    """A post of fourteen words; every hundredth one names us."""
    said = " ".join(WORDS[(number * 7 + turn * (number % 5 + 1)) % len(WORDS)] for turn in range(14))
    return f"{said} {NAMES[number // 100 % len(NAMES)]} i Almby kommun" if number % 100 == 0 else said


def frame_of(number: int, texts: list[str]) -> bytes:
    """One WebSocket frame of one post, as Jetstream tells it."""
    text = texts[number % len(texts)]
    content = (
        f'{{"did":"did:plc:{number % DIDS:024d}","time_us":{START + number * 1000},"kind":"commit",'
        f'"commit":{{"rev":"3k","operation":"create","collection":"app.bsky.feed.post","rkey":"3k{number:011d}","record":{{"$type":'
        f'"app.bsky.feed.post","createdAt":"2026-09-21T12:00:00.000Z","langs":["sv"],"text":"{text}"}},"cid":"bafy"}}}}'
    ).encode()
    return b"\x81\x7e" + len(content).to_bytes(2, "big") + content


async def tell(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one connection: the stream, or the two questions that a session asks."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    target = head.split(" ", 2)[1]
    if target.startswith("/subscribe"):
        key = next(
            line.split(":", 1)[1].strip() for line in head.split("\r\n") if line.lower().startswith("sec-websocket-key")
        )
        accept = base64.b64encode(hashlib.sha1(key.encode() + MAGIC).digest()).decode()
        answer = (
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
        )
        writer.write(f"{answer}{accept}\r\n\r\n".encode())
        await pour(writer, parse_qs(urlsplit(target).query))
    else:
        dids = [unquote(did) for did in parse_qs(urlsplit(target).query).get("actors", [])]
        profiles = [{"did": did, "handle": f"a{did[-6:]}.example"} for did in dids]
        body = json.dumps({"profiles": profiles, "posts": []}).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n")
        writer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()
        writer.close()


async def pour(writer: asyncio.StreamWriter, asked: dict[str, list[str]]) -> None:
    """Posts as fast as they are taken, from the cursor on."""
    texts = [text_of(number) for number in range(10_000)]
    number = max(0, (int(asked.get("cursor", ["0"])[0]) - START) // 1000)
    try:
        while True:
            writer.write(b"".join(frame_of(at, texts) for at in range(number, number + 500)))
            number += 500
            await writer.drain()
    except ConnectionError:
        return


async def serve() -> None:
    """Serve on a free port, printed first."""
    server = await asyncio.start_server(tell, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def receive(port: int) -> float:
    """Frames a second that aiohttp and json.loads alone take."""
    import aiohttp

    began, count = 0.0, 0
    async with aiohttp.ClientSession() as session:
        socket = await session.ws_connect(f"ws://127.0.0.1:{port}/subscribe")
        async for message in socket:
            json.loads(message.data)
            count += 1
            if count == 1:
                began = time.perf_counter()
            if count > BARE:
                return BARE / (time.perf_counter() - began)
    raise SystemExit("the server went away")


def memory() -> float:
    """What this process holds, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmRSS"))) / 1024


class Watch:
    """Notes memory as the marks are passed."""

    def __init__(self, posts: int) -> None:
        self.marks = {int(posts * part): 0.0 for part in MARKS}
        self.most = 0.0
        self.began = time.perf_counter()
        self.ended = self.began

    def show(self, status: object) -> None:
        held, read = memory(), status.read  # type: ignore[attr-defined]
        self.most = max(self.most, held)
        self.ended = time.perf_counter()
        for mark, before in self.marks.items():
            if read >= mark and not before:
                self.note(mark, held)

    def note(self, mark: int, held: float) -> None:
        self.marks[mark] = held
        print(f"  {mark:>12,} posts read: {held:6.1f} MB after {time.perf_counter() - self.began:6.1f} s", flush=True)


def listen(port: int, posts: int, folder: Path) -> Watch:
    """The session itself."""
    from listener.config import load_config
    from listener.stream import Limits, stream

    queries = "\n".join(f'[queries."{name}"]\nquery = "{name} almby"' for name in NAMES)
    (folder / "listener.toml").write_text(SETTINGS.format(port=port, queries=queries), encoding="utf-8")
    config = load_config(folder / "listener.toml", {"LISTEN_ALLOW_LOOPBACK": "1"})
    watch = Watch(posts)
    stream(config, ["bluesky"], limits=Limits(posts=posts), show=watch.show)
    watch.ended = time.perf_counter()
    for mark, held in watch.marks.items():
        if not held:
            watch.note(mark, memory())
    return watch


def logged(folder: Path) -> tuple[int, int]:
    """How many posts are in the log, and how many of them twice."""
    import sqlite3

    with sqlite3.connect(folder / "listener.db") as db:
        rows, posts = db.execute("SELECT count(*), count(DISTINCT post_id) FROM mentions").fetchone()
    return rows, rows - posts


def goal(met: bool, told: str) -> None:
    print(f"GOAL {'met' if met else 'NOT MET'}: {told}")


def main() -> None:
    """Run it and print the figures."""
    words = sys.argv[1:]
    if words == ["serve"]:
        asyncio.run(serve())
        return
    posts = FULL if words == ["full"] else int(words[0]) if words else DEFAULT
    server = subprocess.Popen([sys.executable, __file__, "serve"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        bare = asyncio.run(receive(port))
        with tempfile.TemporaryDirectory(prefix="listen-bench-") as place:
            watch = listen(port, posts, Path(place))
            rows, twice = logged(Path(place))
    finally:
        server.kill()
        server.wait()
    rate = posts / (watch.ended - watch.began)
    first, last = watch.marks[int(posts * MARKS[0])], watch.marks[posts]
    print(f"  {rate:,.0f} posts/s through the whole loop; aiohttp and json.loads alone {bare:,.0f} ({rate / bare:.2f})")
    print(f"  {rows:,} posts logged, {twice} of them twice; memory at most {watch.most:.1f} MB")
    goal(watch.most <= MOST_MEMORY, f"at most {MOST_MEMORY:.0f} MB: {watch.most:.1f} MB over {posts:,} posts")
    goal(last <= first * GROWTH, f"flat: {last:.1f} MB at the end against {first:.1f} MB at a tenth of the way")
    goal(
        rows >= posts // 100 and not twice,
        f"each post that matches logged once: {rows:,} of {posts // 100:,}, {twice} twice",
    )


if __name__ == "__main__":
    main()
