"""Sites probed a second, and what is believed of liars, beside sherlock and maigret in one run.

The world is on loopback: every site has an address of its own and answers after 300 ms. One in ten that can be
trusted has the handle. Liars find every name, walls answer 403, challenges ask for proof of a person with 200, log-ins
send to a page that is there, and dead ones close the connection. Half of the sites are told by texts, half by status.
The peers are installed by pip into an environment of their own and are given the same sites in their own form; each
program's time is that of its process, less that of the same process asked for one site. They ask once a site; we ask
for robots.txt and for a name that nobody has first.
"""

from __future__ import annotations

import asyncio
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
import venv
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

SITES, LATENCY = 1_000, 0.3
HANDLE = "almbykommun"
PEERS = ("sherlock-project==0.16.2", "maigret==0.6.6")
KINDS = ("liar", "wall", "challenge", "login", "dead")  # one site in twenty each; the others can be trusted
CONCURRENCY = 600
FOUND, MISSING = "profile-card", "no such member"


class Fake(NamedTuple):
    """One site of the world: its address, what it is, whether it is told by texts, whether it has the handle."""

    name: str
    address: str
    kind: str
    texts: bool
    has: bool


def world(count: int) -> list[Fake]:
    """Sites in a fixed mixture, each on an address of its own."""
    sites = []
    for number in range(count):
        kind = KINDS[number % 20] if number % 20 < len(KINDS) else "plain"
        address = f"127.1.{number // 200}.{number % 200 + 1}"
        sites.append(Fake(f"site{number}", address, kind, number % 2 == 0, kind == "plain" and number % 10 == 7))
    return sites


def reply(site: Fake, path: str) -> tuple[int, str, str]:
    """Status, headers and body that a site answers."""
    if path == "/robots.txt":
        return 404, "", "none"
    if path == "/login":
        return 200, "", f"<html><title>Log in</title>{FOUND}"
    if site.kind == "wall":
        return 403, "", "forbidden"
    if site.kind == "challenge":
        return 200, "", f"<html><title>Just a moment...</title>{FOUND}"
    if site.kind == "login":
        return 302, "Location: /login\r\n", ""
    if site.kind == "liar" or (site.has and path.rpartition("/")[2] == HANDLE):
        return 200, "", f"<html><title>{path}</title><div class='{FOUND}'>"
    return (200 if site.texts else 404), "", f"<html><title>Oops</title>{MISSING}"


class Line(asyncio.Protocol):
    """One connection to a site."""

    def __init__(self, sites: dict[str, Fake]) -> None:
        self._sites = sites

    def connection_made(self, transport: Any) -> None:
        self._line = transport
        self._site = self._sites[transport.get_extra_info("sockname")[0]]

    def data_received(self, data: bytes) -> None:
        if self._site.kind == "dead":
            self._line.close()
            return
        for asked in re.findall(rb"(?:GET|HEAD) (\S+) HTTP", data):
            asyncio.get_running_loop().call_later(LATENCY, self._answer, asked.decode())

    def _answer(self, path: str) -> None:
        status, headers, body = reply(self._site, path)
        head = f"HTTP/1.1 {status} X\r\nContent-Type: text/html\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
        self._line.write(f"{head}{body}".encode())


async def serve(count: int) -> None:
    """Serve the world until killed; the port is told on stdout."""
    sites = {site.address: site for site in world(count)}
    loop = asyncio.get_running_loop()
    first = await loop.create_server(lambda: Line(sites), next(iter(sites)), 0)
    port = first.sockets[0].getsockname()[1]
    await loop.create_server(lambda: Line(sites), list(sites)[1:], port, backlog=200)
    print(port, flush=True)
    await asyncio.Event().wait()


def maigret_list(sites: list[Fake], port: int) -> dict[str, Any]:
    """The world as maigret's list, which we read too."""
    rows: dict[str, Any] = {}
    for site in sites:
        main = f"http://{site.address}:{port}"
        row: dict[str, Any] = {"url": f"{main}/u/{{username}}", "urlMain": main, "checkType": "status_code"}
        if site.texts:
            row |= {"checkType": "message", "presenseStrs": [FOUND], "absenceStrs": [MISSING]}
        rows[site.name] = row | {
            "usernameClaimed": HANDLE,
            "usernameUnclaimed": "nobody",
            "tags": ["forum"],
            "alexaRank": 1,
        }
    return {"sites": rows, "engines": {}, "tags": ["forum"]}


def sherlock_list(sites: list[Fake], port: int) -> dict[str, Any]:
    """The world as sherlock's list."""
    rows: dict[str, Any] = {}
    for site in sites:
        main = f"http://{site.address}:{port}"
        told = {"errorType": "message", "errorMsg": MISSING} if site.texts else {"errorType": "status_code"}
        rows[site.name] = {"url": f"{main}/u/{{}}", "urlMain": main, "username_claimed": HANDLE, **told}
    return rows


OURS = """
import asyncio, sys
from pathlib import Path
from listener.sources.probe import ask_all
from listener.sources.probe_client import Bounds
from listener.sources.probe_rules import load_sites
sites = load_sites("", Path(sys.argv[1]))
bounds = Bounds(pause=0.0, seconds=10.0, concurrency=int(sys.argv[2]))
for one in asyncio.run(ask_all(sites, [sys.argv[3]], "listen/bench (+bench@almby.example)", bounds, 600.0, True)):
    print(one.site.name, one.fate.value, *one.there)
"""


def ours(folder: Path, lists: Path) -> tuple[set[str], str]:
    """The sites where we say the handle is, and what became of the others."""
    command = [sys.executable, "-c", OURS, str(lists / "maigret.json"), str(CONCURRENCY), HANDLE]
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in said.splitlines()]
    fates = Counter(row[1] for row in rows)
    return {row[0] for row in rows if len(row) > 2}, ", ".join(f"{count} {fate}" for fate, count in fates.items())


def sherlock(folder: Path, lists: Path) -> tuple[set[str], str]:
    """The same of sherlock."""
    program = [str(folder / "peers/bin/sherlock"), "--json", str(lists / "sherlock.json"), "--no-color"]
    command = [*program, "--timeout", "10", "--print-all", HANDLE]
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout
    errors = len(re.findall(r"^\[-\].*(?:Error|Timeout|Blocked|bot)", said, re.MULTILINE))
    return set(re.findall(r"^\[\+\] (site\d+):", said, re.MULTILINE)), f"{errors} errors"


def maigret(folder: Path, lists: Path) -> tuple[set[str], str]:
    """The same of maigret, with its own number of connections (100): with ours every request fails."""
    program = [str(folder / "peers/bin/maigret"), "--db", str(lists / "maigret.json"), "--no-autoupdate", "-a"]
    more = ["--no-recursion", "--no-extracting", "--no-progressbar", "--no-color", "--timeout", "10", "--retries", "0"]
    command = [*program, *more, "-J", "simple", "-fo", str(lists), HANDLE]
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout
    report = lists / f"report_{HANDLE}_simple.json"
    found = set(json.loads(report.read_text())) if report.is_file() else set()
    report.unlink(missing_ok=True)
    return found, ", ".join(" ".join(told) for told in re.findall(r'errors of type "([^"]+)" \((\S+)\)', said))


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else SITES
    sites = world(count)
    true = {site.name for site in sites if site.has}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        venv.create(folder / "peers", with_pip=True)
        subprocess.run([folder / "peers/bin/pip", "install", "--quiet", *PEERS], check=True, stderr=subprocess.DEVNULL)
        with subprocess.Popen(
            [sys.executable, __file__, "serve", str(count)], stdout=subprocess.PIPE, text=True
        ) as server:
            assert server.stdout is not None
            port = int(server.stdout.readline())
            for part, chosen in (("one", sites[-1:]), ("all", sites)):
                (folder / part).mkdir()
                (folder / part / "maigret.json").write_text(json.dumps(maigret_list(chosen, port)))
                (folder / part / "sherlock.json").write_text(json.dumps(sherlock_list(chosen, port)))
            print(f"{count:,} sites at {LATENCY * 1000:.0f} ms, {len(true)} have the handle; half told by texts")
            for program in (ours, sherlock, maigret):
                tell(program.__name__, program, folder, count, true)
            server.kill()


def spent(program: Any, folder: Path, lists: Path) -> tuple[float, float, tuple[set[str], str]]:
    """Seconds, seconds of processor time, and what a program found."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    found = program(folder, lists)
    seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, found


def tell(name: str, program: Any, folder: Path, count: int, true: set[str]) -> None:
    """Run a program twice, for one site and for all, and print its figures."""
    start, first, _found = spent(program, folder, folder / "one")
    seconds, busy, (found, note) = spent(program, folder, folder / "all")
    rate, of_core = count / max(seconds - start, 0.001), count / max(busy - first, 0.001)
    print(
        f"{name:9} {rate:6.0f} sites/s, {of_core:6.0f} a second of processor "
        f"({seconds:.1f} s, {start:.1f} s of them start); "
        f"{len(found & true)} of {len(true)} found, {len(found - true)} false; {note}",
        flush=True,
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        asyncio.run(serve(int(sys.argv[2])))
    else:
        main()
