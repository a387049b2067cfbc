"""A sweep of two million domain names end to end: `python bench/domains.py [names]`, every figure from one run.

The names are made of everyday words, places and trades, as in a national zone; 2 in 100 are written in Punycode and 1
in 1,000 imitates us. They are read as a bare list, packed with gzip and with zstandard, and as a zone file of two
records a name. The gate's recall is what it lets through of all names in a sample that the reader itself would flag,
one by one. The peer is one C call a name: rapidfuzz's `partial_ratio` against each of our names, a list of names that
score above 85 and nothing more.
"""

from __future__ import annotations

import gzip
import io
import json
import multiprocessing
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dns.message
import dns.rrset
import zstandard
from rapidfuzz import fuzz

from listener.match.domains import Sites
from listener.municipalities import MUNICIPALITIES
from listener.organisation import read_organisation
from listener.registry import Registry
from listener.screen.domain_gate import Gate
from listener.screen.sift import NameSift
from listener.sites import may_flag
from listener.sources.zone_transfer import Transfer
from listener.text.fold import compact
from listener.words.claims import THIRD_PARTY
from listener.words.everyday import ENGLISH, SWEDISH
from listener.words.lures import LURES

SEED = 20261122
SAMPLE = 100_000
TRANSFERRED = 500_000
SETTINGS = {"name": "Almby kommun", "aliases": ["Almby stad"], "places": ["Almby"], "domains": ["almby.example"]}
FLAG, CUT = 0.5, 85
LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORDS = sorted({*ENGLISH, *SWEDISH, *map(compact, MUNICIPALITIES), *map(compact, THIRD_PARTY)})


def imitation(chance: random.Random) -> str:
    """Our name with a slip, a look-alike, a lure or another ending."""
    name = chance.choice(("almby", "almbykommun", "almbystad"))
    place = chance.randrange(len(name))
    ways = (
        name[:place] + chance.choice(LETTERS) + name[place:],
        name[:place] + name[place + 1 :],
        name[:place] + chance.choice(LETTERS) + name[place + 1 :],
        name[:place] + name[place : place + 2][::-1] + name[place + 2 :],
        name.translate(str.maketrans("lo", "10")),
        f"{chance.choice(sorted(LURES))}{chance.choice(('', '-'))}{name}",
        f"{name}{chance.choice(('', '-'))}{chance.choice(sorted(LURES))}",
        name,
    )
    return chance.choice(ways) + chance.choice((".se", ".nu", ".com"))


def names(count: int, chance: random.Random) -> Iterator[str]:
    """Names as a national zone holds them."""
    for number in range(count):
        if number % 1000 == 0:
            yield imitation(chance)
            continue
        text = chance.choice(("", "", "-")).join(chance.choices(WORDS, k=chance.choice((1, 2, 2, 3)))) or "a"
        if number % 50 == 1:
            place = chance.randrange(len(text))
            text = f"{text[:place]}{chance.choice('åäöéü')}{text[place:]}".encode("idna").decode()
        elif number % 3 == 0:
            text += str(number % 977)
        yield text[:63] + ".se"


def write(folder: Path, listed: list[str]) -> dict[str, Path]:
    """The list in its four forms, and an organisation's two files."""
    plain = "".join(f"{name}\n" for name in listed).encode()
    zone = "".join(f"{name}.\t86400\tIN\tNS\tns{n}.host.example.\n" for name in listed for n in (1, 2)).encode()
    forms = {"bare list": ("names.txt", plain), "zone file": ("se.zone", zone)}
    forms["gzip"], forms["zstandard"] = ("n.gz", gzip.compress(plain, 6)), ("n.zst", zstandard.compress(plain))
    for name, content in forms.values():
        (folder / name).write_bytes(content)
    lists = "\n".join(f"{key} = {json.dumps(value)}" for key, value in SETTINGS.items())
    (folder / "listener.toml").write_text(f"[organisation]\n{lists}\n", encoding="utf-8")
    (folder / "registry.csv").write_text("platform,url,unit,status,owner_email\n", encoding="utf-8")
    return {form: folder / name for form, (name, _content) in forms.items()}


def messages(listed: list[str]) -> list[bytes]:
    """A zone of these names as its transfer: two name servers and a DS record each, as .se has them."""
    query = dns.message.make_query("se.", "AXFR")
    ends = dns.rrset.from_text("se.", 60, "IN", "SOA", "ns.se. hostmaster.se. 1 1 1 1 1")
    sent = []
    for start in range(0, len(listed), 250):
        part = dns.message.make_response(query)
        for name in listed[start : start + 250]:
            part.answer.append(
                dns.rrset.from_text(f"{name}.", 60, "IN", "NS", "ns1.host.example.", "ns2.host.example.")
            )
            part.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "DS", "12345 13 2 " + "ab" * 32))
        sent.append(part.to_wire(max_size=65_535))
    mark = dns.message.make_response(query)
    mark.answer.append(ends)
    return [mark.to_wire(), *sent, mark.to_wire()]


def send(listener: socket.socket, sent: list[bytes]) -> None:
    """Answer one question with these messages."""
    line, _address = listener.accept()
    with line:
        question = line.recv(65_535)
        for message in sent:
            line.sendall(len(message).to_bytes(2, "big") + question[2:4] + message[2:])


def transferred(listed: list[str]) -> str:
    """What sweeping a transfer of these names costs this process; another one sends them."""
    organisation = read_organisation(SETTINGS, Path("listener.toml"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        sender = multiprocessing.get_context("fork").Process(target=send, args=(listener, messages(listed)))
        sender.start()
        started, busy = time.perf_counter(), time.process_time()
        with Transfer("127.0.0.1", listener.getsockname()[1], "se", time.monotonic() + 600) as transfer:
            sift = NameSift(organisation, Registry(entries=()))
            told = sum(1 for _host in sift.hosts(io.BufferedReader(transfer, 1 << 20)))
        seconds, busy = time.perf_counter() - started, time.process_time() - busy
        sender.join()
    return f"{seconds:6.2f} s ({busy:.2f} s of one core), {transfer.names:,} names, {told:,} findings"


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


RUN = """
import resource, subprocess, sys, time
started = time.perf_counter()
subprocess.run(sys.argv[1:], check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""


def cost(command: list[str], folder: Path) -> list[float]:
    """Seconds, seconds of processor time and peak MB of a command, asked of a process that has no other child."""
    done = subprocess.run([sys.executable, "-c", RUN, *command], cwd=folder, capture_output=True, check=True)
    return [float(figure) for figure in done.stdout.split()]


def recall(listed: list[str]) -> tuple[int, int, int]:
    """Of a sample with every imitation: how many the reader flags, the gate passes of those, and of all."""
    sites = Sites(read_organisation(SETTINGS, Path("listener.toml")))
    sample = list(dict.fromkeys([*listed[::1000], *listed[:SAMPLE]]))
    flagged = {number for number, name in enumerate(sample) if may_flag(sites.read(name), FLAG)}
    passed = set(Gate(sites).lines("".join(f"{name}\n" for name in sample).encode()))
    return len(flagged), len(flagged & passed), len(passed)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000
    listed = list(names(count, random.Random(SEED)))
    listen = str(Path(sys.executable).parent / "listen")
    print(f"{count:,} names")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for form, path in write(folder, listed).items():
            command = [listen, "screen", "--domains", path.name, "-o", "out.ndjson"]
            seconds, busy, peak = cost(command, folder)
            told = sum(1 for _line in (folder / "out.ndjson").open("rb"))
            print(
                f"listen, {form:12} {seconds:6.2f} s ({busy:.2f} s of one core)  peak {peak:4.0f} MB  {told:,} findings"
            )
    print(f"a zone transfer      {transferred(listed[:TRANSFERRED])}")
    flagged, kept, passed = recall(listed)
    print(f"gate: {kept:,} of {flagged:,} names that the reader flags ({kept / flagged:.4f}); lets {passed:,} through")
    ours = ("almby", "almbykommun", "almbystad")
    part = listed[: min(count, SAMPLE)]
    seconds = timed(lambda: [one for one in part if max(fuzz.partial_ratio(own, one) for own in ours) > CUT])
    print(f"rapidfuzz scan       {seconds * count / len(part):6.2f} s  (from {len(part):,} names; compared only)")


if __name__ == "__main__":
    main()
