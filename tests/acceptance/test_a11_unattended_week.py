"""A11: the week runs by itself: an empty environment, one run at a time, missed weeks made up for once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from town import Town

from listener.demo import Fault
from listener.run import locked

pytestmark = pytest.mark.network

ROOT = Path(__file__).resolve().parents[2]
WEEKLY = ROOT / "cron" / "weekly.sh"
MONDAY = "2026-11-23T06:30:00+01:00"
PATIENCE = 60.0  # seconds until something that ought to happen at once counts as a hang


def environ(town: Town) -> dict[str, str]:
    """What cron gives, which is nothing, and what points the demo at its servers. LISTEN only outside our own .venv."""
    ours = (ROOT / ".venv" / "bin" / "listen").exists()
    program = {} if ours else {"LISTEN": str(Path(sys.executable).with_name("listen"))}
    return {"LISTEN_NOW": town.now, **town.served.environ(), **program}


def cron(town: Town) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [WEEKLY, town.folder], env=environ(town), cwd="/", capture_output=True, text=True, timeout=120, check=False
    )


def reports(town: Town) -> list[str]:
    return sorted(path.stem for path in (town.folder / "reports").glob("*.html"))


def report(town: Town, week: str, now: str) -> dict[str, dict[str, object]]:
    asked = town.listen("report", "--week", week, "--format", "json", LISTEN_NOW=now)
    assert asked.returncode == 0, asked.stderr
    found: dict[str, dict[str, object]] = json.loads(asked.stdout)
    return found


def test_the_cron_line_works_in_an_empty_environment(town: Town) -> None:
    town.now = MONDAY
    ran = cron(town)
    assert ran.returncode == 0, ran.stderr + (town.folder / "listen.log").read_text()
    assert ran.stderr == ""
    assert "vecka 47 2026" in ran.stdout
    assert "Efter veckans slut, måndag 23 november 06:30" in ran.stdout
    assert reports(town) == ["2026-W47"]
    log = (town.folder / "listen.log").read_text()
    assert "audit left with 0" in log
    assert "report left with 0" in log


def test_the_crontab_names_a_script_that_is_there_and_keeps_clear_of_the_lost_hour() -> None:
    lines = [
        line for line in (ROOT / "cron" / "crontab").read_text().splitlines() if line[:1] == "*" or line[:1].isdigit()
    ]
    assert lines
    for line in lines:
        minute, hour, _day, _month, weekday, command = line.split(maxsplit=5)
        weekly = command.split()[0].endswith("cron/weekly.sh")
        assert (minute, hour, weekday) == (("30", "6", "1") if weekly else ("30", "4", "*"))
        assert weekly or command.startswith("cd /srv/listen && /opt/listener/.venv/bin/listen retention ")
    assert os.access(WEEKLY, os.X_OK)


def test_without_a_folder_the_script_says_what_to_do(town: Town) -> None:
    asked = subprocess.run([WEEKLY], env={}, capture_output=True, text=True, check=False)
    assert asked.returncode == 2
    assert "listener.toml" in asked.stderr


def test_wrong_settings_end_with_2_and_no_report(town: Town) -> None:
    (town.folder / "registry.csv").write_text("platform,url\nx,https://x.com/almby\n")
    ran = cron(town)
    assert ran.returncode == 2
    assert "registry.csv" in ran.stderr
    assert ran.stdout == ""
    assert reports(town) == []


def test_a_failed_source_ends_with_3_and_a_report_that_says_so(town: Town) -> None:
    town.served.fail("bluesky", Fault(status=503))
    ran = cron(town)
    assert ran.returncode == 3
    assert ran.stdout
    text = town.listen("report", "--week", "latest").stdout
    assert "OFULLSTÄNDIG" in text
    assert "Bluesky" in text


def test_two_at_once_leave_one_with_5_at_once(town: Town) -> None:
    with locked(town.folder / "listener.db"):
        began = time.monotonic()
        second = cron(town)
        took = time.monotonic() - began
    assert second.returncode == 5
    assert "another run" in second.stderr
    assert second.stdout == ""
    assert reports(town) == []
    assert took < PATIENCE


def test_a_killed_run_holds_nothing_up(town: Town) -> None:
    town.served.fail("bluesky", Fault(kind="slow", seconds=PATIENCE))
    first = town.start("audit")
    lock = town.folder / "listener.db.lock"
    give_up = time.monotonic() + PATIENCE
    while not (lock.exists() and lock.read_text().strip() == str(first.pid)):
        assert time.monotonic() < give_up, "the first run never took the lock"
        time.sleep(0.05)
    assert town.listen("audit").returncode == 5
    first.kill()
    first.communicate()
    town.served.heal("bluesky")
    again = town.listen("audit")
    assert again.returncode == 0, again.stderr
    assert "OFULLSTÄNDIG" not in town.listen("report", "--week", "latest").stdout


def test_a_machine_that_slept_makes_up_for_the_missed_weeks_once(town: Town) -> None:
    town.now = "2026-11-02T06:30:00+01:00"  # the Monday of week 45
    assert cron(town).returncode == 0
    assert reports(town) == ["2026-W44"]
    town.now = MONDAY
    woken = town.listen("report", "--week", "latest-complete")
    assert woken.returncode == 0, woken.stderr
    assert reports(town) == ["2026-W44", "2026-W45", "2026-W46", "2026-W47"]
    assert [week for week in ("W45", "W46") if f"2026-{week}.html" in woken.stderr] == ["W45", "W46"]
    (town.folder / "reports" / "2026-W46.html").unlink()
    again = town.listen("report", "--week", "latest-complete")
    assert "W45" not in again.stderr
    assert "2026-W46" not in reports(town)
    assert again.stdout == woken.stdout


def test_when_nothing_is_new_the_report_says_that_the_watch_is_running(town: Town) -> None:
    assert town.listen("audit").returncode == 0
    town.a_week_later()
    assert town.listen("audit").returncode == 0
    text = town.listen("report", "--week", "latest").stdout
    assert "Inget nytt den här veckan. Bevakningen är i gång." in text
    assert town.listen("report", "--week", "latest", "--language", "en").stdout.count("Nothing new this week.") == 1


@pytest.mark.parametrize(
    ("week", "now", "name", "dates", "hours"),
    [
        ("latest-complete", "2027-01-01T07:00+01:00", "2026-W52", ("2026-12-21", "2026-12-27"), 168),
        ("latest", "2027-01-01T07:00+01:00", "2026-W53", ("2026-12-28", "2027-01-03"), 168),
        ("2026-W53", "2027-01-04T07:00+01:00", "2026-W53", ("2026-12-28", "2027-01-03"), 168),
        ("2026-W43", "2027-01-01T07:00+01:00", "2026-W43", ("2026-10-19", "2026-10-25"), 169),
    ],
)
def test_a_week_is_the_iso_week_of_sweden(
    town: Town, week: str, now: str, name: str, dates: tuple[str, str], hours: int
) -> None:
    found = report(town, week, now)["week"]
    assert (found["name"], (found["first"], found["last"]), found["hours"]) == (name, dates, hours)
    assert name in reports(town)


@pytest.mark.parametrize("week", ["2027-W00", "2025-W53", "next", "W47"])
def test_a_week_that_is_none_ends_with_2_and_advice(town: Town, week: str) -> None:
    refused = town.listen("report", "--week", week)
    assert refused.returncode == 2
    assert "latest-complete" in refused.stderr or "1 till 5" in refused.stderr
    assert refused.stdout == ""
