"""`listen screen` opens the profile pictures that lie on this machine, and no others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from screened import REGISTRY, TOML

from listener.cli import run
from listener.demo.shield import shield_png, shield_svg

FILLING = [{"platform": "x", "handle": f"stranger{number}", "display_name": "The Daily Bun"} for number in range(50)]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_stranger_with_our_logo_is_found_among_strangers(
    jobs: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = TOML.replace("[organisation]", '[organisation]\nlogos = ["shield.svg"]', 1)
    Path("listener.toml").write_text(settings, encoding="utf-8")
    Path("registry.csv").write_text(REGISTRY, encoding="utf-8")
    Path("shield.svg").write_text(shield_svg(), encoding="utf-8")
    Path("worn.png").write_bytes(shield_png())
    worn = [
        {"platform": "x", "handle": "glada", "display_name": "Glada grannar", "avatar": avatar}
        for avatar in ("worn.png", "https://cdn.example/worn.png", "missing.png")
    ]
    lines = [*FILLING, worn[0], *FILLING, *worn[1:]]
    Path("in.ndjson").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert run(["screen", "--only-flagged", "--jobs", jobs, "in.ndjson"]) == 0
    found = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert [one["signals"][0]["feature"] for one in found] == ["avatar_carries_logo"]
