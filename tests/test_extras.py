"""What is installed without extras must do without them: whoever runs `pip install .` has none."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What an extra's packages are imported as.
PACKAGES = {
    "opencv-python-headless": "cv2",
    "pillow": "PIL",
    "resvg-py": "resvg_py",
    "rfc3161-client": "rfc3161_client",
    "apprise": "apprise",
    "distributed": "distributed",
    "pyarrow": "pyarrow",
    "redis": "redis",
    "scrapy-redis": "scrapy_redis",
    "axe-playwright-python": "axe_playwright_python",
    "playwright": "playwright",
}
# The modules that need an extra; whoever imports them looks first, or says which extra to install.
NEEDING = {
    "cv2": ("listener.logos.",),
    "PIL": ("listener.logos.",),
    "distributed": ("listener.screen.cluster",),
    "scrapy_redis": ("spiders.leases", "spiders.sharing"),
}
ASK = """
import importlib, json, pkgutil, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in blocked:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

blocked = set(json.loads(sys.argv[1]))
sys.meta_path.insert(0, Absent())
import listener, spiders
lacking = {}
for package in (listener, spiders):
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.", onerror=lambda name: None):
        if not found.name.endswith("__main__"):
            try:
                importlib.import_module(found.name)
            except ModuleNotFoundError as missing:
                lacking[found.name] = (missing.name or "").partition(".")[0]
from scrapy.spiderloader import SpiderLoader
from scrapy.settings import Settings
import spiders.__main__
import spiders.settings
loader = SpiderLoader.from_settings(Settings({"SPIDER_MODULES": spiders.settings.SPIDER_MODULES}))
print(json.dumps({"lacking": lacking, "spiders": sorted(loader.list()), "run": sorted(spiders.__main__.SPIDERS)}))
"""


def test_every_package_of_an_extra_is_named_here() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    wanted = {line.split(">")[0] for extra, lines in extras.items() if extra != "dev" for line in lines}
    assert wanted == set(PACKAGES)


def test_nothing_but_what_an_extra_is_for_needs_it() -> None:
    asked = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASK, json.dumps(sorted(PACKAGES.values()))],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert asked.returncode == 0, asked.stderr
    told = json.loads(asked.stdout)
    unexpected = {
        module: package
        for module, package in told["lacking"].items()
        if not module.startswith(NEEDING.get(package, ("none",)))
    }
    assert not unexpected
    assert told["spiders"] == told["run"]  # Scrapy itself imports what its settings name
