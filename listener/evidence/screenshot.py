"""A picture of an open page as a browser shows it: Chromium, whose only way out is a proxy of ours."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from listener.errors import SourceError
from listener.evidence.browser_gate import Gate
from listener.guard import check_url

NAMES = ("chromium", "chromium-browser", "chromium-headless-shell", "google-chrome")
SECONDS = 45.0  # for starting, loading and drawing
SETTLING = 5_000  # milliseconds of the page's own time before the picture is taken
WIDTH, HEIGHT = 1280, 2000
MOST_BYTES = 20_000_000
NOBODY = 65534
# Nothing that speaks past the proxy, keeps anything, or asks anybody at home.
_FLAGS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-crash-reporter",
    "--disable-features=WebRtcHideLocalIpsWithMdns,OptimizationHints,MediaRouter,DialMediaRouteProvider",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--dns-prefetch-disable",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--mute-audio",
    "--hide-scrollbars",
    "--password-store=basic",
    "--proxy-bypass-list=<-loopback>",  # this machine is reached through the proxy too, which refuses it
)


def shoot(url: str, agent: str, *, allow_loopback: bool = False, seconds: float = SECONDS) -> bytes:
    """The page as a PNG, asked for in the name of `agent`.

    Raises SourceError when it cannot be drawn, saying why, and Blocked for a private address.
    """
    check_url(url, allow_loopback)
    browser = next((path for name in NAMES if (path := shutil.which(name))), None)
    if browser is None:
        raise SourceError("no browser here: install chromium")
    with tempfile.TemporaryDirectory(prefix="listen-browser-") as home, Gate(allow_loopback) as gate:
        picture = Path(home) / "page.png"
        command = [
            browser,
            *_FLAGS,
            f"--proxy-server=http://127.0.0.1:{gate.port}",
            f"--user-agent={agent}",
            f"--user-data-dir={home}/profile",
            f"--screenshot={picture}",
            f"--window-size={WIDTH},{HEIGHT}",
            f"--virtual-time-budget={SETTLING}",
            "--",
            url,
        ]
        said = _run(command, Path(home), seconds)
        if not picture.is_file() or not 0 < picture.stat().st_size <= MOST_BYTES:
            raise SourceError(f"the browser drew nothing ({said})")
        return picture.read_bytes()


def _run(command: list[str], home: Path, seconds: float) -> str:
    """Run the browser in a session of its own, stop all of it when time is up, and return its last word."""
    words = home / "said"
    root = os.geteuid() == 0
    if root:  # a stranger's page is not opened by root
        os.chown(home, NOBODY, NOBODY)
    environ = {"PATH": os.environ.get("PATH", ""), "HOME": str(home), "LANG": "C.UTF-8"}
    with words.open("wb") as said:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            cwd=home,
            env=environ,
            start_new_session=True,
            user=NOBODY if root else None,
            group=NOBODY if root else None,
            extra_groups=[] if root else None,
        )
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            raise SourceError(f"the browser drew nothing within {seconds:.0f} seconds") from None
        finally:
            _end(child)
    lines = [line for line in words.read_text("utf-8", "replace").splitlines() if line.strip()]
    return next(
        (line[-200:] for line in reversed(lines) if "sandbox" in line.lower()), lines[-1][-200:] if lines else ""
    )


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the browser and everything it started: they share a session."""
    try:
        os.killpg(child.pid, 9)
    except (ProcessLookupError, PermissionError):
        child.kill()
    child.wait()
