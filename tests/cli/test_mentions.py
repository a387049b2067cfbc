"""The questions put to us at the terminal: listed by when they are due, taken step by step, masked, without names."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest

from listener.cli import run
from listener.posts import Mention, Post
from listener.store import open_store
from listener.store.database import Store
from listener.store.lines import note_changed
from listener.store.mentions import save_mentions

QUERY = '"Almby kommun"'
GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "answers.md"
LOGGED = datetime(2026, 11, 27, 16, 0, tzinfo=UTC)
SETTINGS = """
[organisation]
name = "Almby kommun"
places = ["Almby"]
[[organisation.units]]
name = "Stadsbiblioteket"
kind = "local_office"
[answers]
channel = "019-555 01 00"
"""
REGISTER = """platform,url,unit,status,owner_email,handle,platform_id
bluesky,https://bsky.app/profile/almby.example,Almby kommun,approved,web@almby.example,almby.example,did:plc:almby
"""
POSTS = (
    ("1", "När öppnar Almby simhall?\x1b[31m\u202e Mvh", "2026-11-27T16:30:00+01:00"),
    ("2", "Varför svarar ni inte, Almby kommun? Ring mig: 070-555 01 02", "2026-11-24T09:00:00+01:00"),
    ("3", "Fint väder i Almby.", "2026-11-27T12:00:00+01:00"),
    ("4", "Hur gör man för att söka bygglov i Almby kommun?", "2026-11-27T10:00:00+01:00"),
)


def mention(number: str, text: str, at: str, **more: str) -> Mention:
    post = Post(**{"platform": "bluesky", "id": number, "text": text, "author": "anna.example",
                   "url": f"https://bsky.app/profile/anna.example/post/{number}",
                   "published_at": datetime.fromisoformat(at)} | more)  # fmt: skip
    return Mention(post=post, query=QUERY)


def log(store: Store, *mentions: Mention) -> None:
    save_mentions(store, None, QUERY, "bluesky", mentions, LOGGED)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A log with three questions and a remark, on the Monday after."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LISTEN_NOW", "2026-11-30T12:00:00+01:00")
    monkeypatch.setenv("LISTEN_USER", "sara")
    (tmp_path / "listener.toml").write_text(SETTINGS)
    (tmp_path / "registry.csv").write_text(REGISTER)
    with open_store(tmp_path / "listener.db") as store:
        log(store, *(mention(*post) for post in POSTS))
    return tmp_path


def listed(capsys: pytest.CaptureFixture[str], *options: str) -> dict[int, dict[str, object]]:
    capsys.readouterr()
    assert run(["mentions", "list", "--format", "json", *options]) == 0
    return {row["mention"]: row for row in json.loads(capsys.readouterr().out)}


def test_the_question_due_first_stands_first_and_what_asks_nothing_is_not_there(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = listed(capsys)
    assert [(number, row["due_at"], row["late"]) for number, row in found.items()] == [
        (2, "2026-11-25T08:00:00Z", True),
        (4, "2026-11-30T09:00:00Z", True),
        (1, "2026-11-30T15:30:00Z", False),
    ]
    assert list(listed(capsys, "--overdue")) == [2, 4]
    assert list(listed(capsys, "--since", "2026-11-27")) == [4, 1]
    assert listed(capsys, "--unit", "Stadsbiblioteket") == {}


def test_a_question_that_was_taken_away_or_changed_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_store(folder / "listener.db") as store:
        assert note_changed(store, "bluesky", ["2"], ["4"], LOGGED) == 2
    found = listed(capsys)
    assert list(found) == [4, 1]
    assert (found[4]["edited_at"], found[4]["gone_at"], found[4]["late"]) == ("2026-11-27T16:00:00Z", None, True)
    assert list(listed(capsys, "--overdue")) == [4]
    assert listed(capsys, "--all")[2]["gone_at"] == "2026-11-27T16:00:00Z"
    assert run(["mentions", "show", "2"]) == 0
    taken_away = capsys.readouterr().out
    assert "The writer took the post away 2026-11-27 17:00." in taken_away
    assert "unanswered, taken away\n" in taken_away
    assert run(["mentions", "show", "4"]) == 0
    assert "The writer changed the post 2026-11-27 17:00" in capsys.readouterr().out
    assert run(["mentions", "list"]) == 0
    assert "unanswered, changed, late" in capsys.readouterr().out


def test_what_is_shown_names_nobody_hides_numbers_and_cannot_harm_the_terminal(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["mentions", "list"]) == 0
    assert run(["mentions", "show", "1"]) == 0
    assert run(["mentions", "show", "2"]) == 0
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "555" not in shown
    assert "▇" in shown
    assert "anna.example\n" not in shown
    assert run(["mentions", "list", "--format", "csv"]) == 0
    handed_on = capsys.readouterr().out
    rows = list(csv.DictReader(io.StringIO(handed_on)))
    assert "author" not in rows[0]
    assert rows[0]["writer"]
    assert "anna.example" not in handed_on  # nor in an address
    assert "anna.example" in str(listed(capsys)[1]["url"])  # who answers needs it


def test_a_remark_has_no_deadline_until_somebody_takes_it_up(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LISTEN_NOW", "2027-01-15T09:00:00+01:00")
    assert run(["mentions", "show", "3"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Mention 3: not counted as a question to us\n")
    assert "listen mentions triage 3 --public" in shown
    assert run(["mentions", "show", "3", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["due_at"], told["late"]) == (None, False)
    assert run(["mentions", "triage", "3", "--public", "yes"]) == 0
    assert "late" in capsys.readouterr().out


def test_our_reply_answers_and_stops_the_clock(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_store(folder / "listener.db") as store:
        ours = mention("9", "Klockan tio.", "2026-11-27T16:45:00+01:00", reply_to="1", author="almby.example")
        log(store, ours)
        store.db.execute("UPDATE mentions SET direction = 'out' WHERE post_id = '9'")
        store.db.conn.commit()
    assert 1 not in listed(capsys)
    found = listed(capsys, "--all")[1]
    assert (found["state"], found["answered_at"]) == ("answered", "2026-11-27T15:45:00Z")


def test_a_forwarded_question_must_be_told_and_followed_up(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["mentions", "forward", "4", "--to", "någon"]) == 2
    assert "Stadsbiblioteket" in capsys.readouterr().err
    assert run(["mentions", "forward", "4", "--to", "stadsbiblioteket"]) == 0
    assert "Can they answer on the same platform?" in capsys.readouterr().out
    assert run(["mentions", "follow-up", "4", "--until", "2026-12-02"]) == 2
    assert "`listen mentions triage 4 --same-platform ANSWER`" in capsys.readouterr().err
    assert run(["mentions", "triage", "4", "--same-platform", "ja", "--told", "nej"]) == 0
    assert "Tell the sender first" in capsys.readouterr().out
    assert run(["mentions", "triage", "4", "--told", "yes", "--follow-up", "2026-12-02"]) == 0
    assert 4 not in listed(capsys)
    assert 4 not in listed(capsys, "--overdue")
    monkeypatch.setenv("LISTEN_NOW", "2026-12-02T07:00:00+01:00")
    assert listed(capsys, "--overdue")[4]["follow_up_late"] is True
    assert run(["mentions", "follow-up", "4", "--done"]) == 0
    assert listed(capsys, "--all")[4]["state"] == "answered"
    assert run(["mentions", "show", "4", "--format", "json"]) == 0
    steps = json.loads(capsys.readouterr().out)["steps"]
    assert [(step["step"], step["who"]) for step in steps] == [
        (name, "sara") for name in ("forward", "same_platform", "told", "told", "follow_up", "follow_up")
    ]
    assert steps[0]["text"] == "Stadsbiblioteket"


def test_the_commands_of_the_guide_work_when_copied(folder: Path) -> None:
    logged = {"12": "1", "13": "2", "14": "4"}
    for line in GUIDE.read_text(encoding="utf-8").split("```sh\n")[1].partition("```")[0].splitlines():
        words = shlex.split(line, comments=True)[1:]
        assert run([logged.get(word, word) for word in words]) == 0, line


def test_the_wrong_order_is_refused_whole_and_a_step_is_taken_back_by_a_new_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["mentions", "triage", "2", "--public", "yes", "--mine", "yes"]) == 2
    told = capsys.readouterr().err
    assert '"can be answered by me" does not come yet; first: ' in told
    assert "`listen mentions triage 2 --case ANSWER`" in told
    assert listed(capsys)[2]["next"] == "public", "nothing of a refused command is kept"
    assert run(["mentions", "triage", "2", "--public", "yes", "--case", "no", "--remove", "kanske"]) == 2
    assert "choose one of no, threat" in capsys.readouterr().err
    assert run(["mentions", "triage", "2", "--public", "yes", "--case", "no", "--remove", "no"]) == 0
    assert run(["mentions", "answer", "2"]) == 2
    assert run(["mentions", "triage", "2", "--remove", "threat"]) == 2
    assert "--again-from remove" in capsys.readouterr().err
    assert run(["mentions", "triage", "2", "--again-from", "remove", "--remove", "threat", "--own-channel", "no"]) == 0
    assert run(["mentions", "no-answer", "2", "--reason", "other"]) == 2
    assert run(["mentions", "no-answer", "2", "--reason", "reported", "--text", "till plattformen"]) == 0
    assert listed(capsys, "--all")[2]["state"] == "no_answer"


def test_of_child_abuse_no_words_are_kept(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    steps = ["--public", "yes", "--case", "no", "--remove", "child_abuse"]
    with open_store(folder / "listener.db") as store:
        text = store.rows("SELECT text FROM mentions WHERE id = 2")[0]["text"].encode()
        others = store.rows("SELECT id, text FROM mentions WHERE id <> 2")
    assert text in (folder / "listener.db").read_bytes()
    assert run(["mentions", "triage", "2", *steps, "--text", "bilden visar"]) == 2
    assert run(["mentions", "triage", "2", *steps]) == 0
    assert "holding it is a crime" in capsys.readouterr().out
    kept = b"".join(path.read_bytes() for path in folder.glob("listener.db*"))
    assert text not in kept
    assert b"bilden visar" not in kept
    with open_store(folder / "listener.db") as store:
        assert store.rows("SELECT url IS NOT NULL AS there, at IS NOT NULL AS dated FROM mentions WHERE id = 2") == [
            {"there": 1, "dated": 1}
        ]
        assert store.rows("SELECT id, text FROM mentions WHERE id <> 2") == others


def test_the_questions_are_asked_at_a_terminal_and_what_was_answered_is_kept(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal("kanske\nyes\nno\nno\n"))
    assert run(["mentions", "triage", "1"]) == 130, "the answers ran out: the person left"
    assert "choose one of yes, no" in capsys.readouterr().err
    assert listed(capsys)[1]["next"] == "answerable"
    monkeypatch.setattr("sys.stdin", Terminal("y\nn\nweb@almby.example\ny\ny\n2026-01-01\n2026-12-04\n"))
    assert run(["mentions", "triage", "1"]) == 0
    assert "is no day to come" in capsys.readouterr().err
    assert listed(capsys, "--all")[1]["follow_up"] == "2026-12-04"


def test_the_words_of_a_step_go_with_its_post_and_the_step_stays(folder: Path) -> None:
    assert run(["mentions", "answer", "1", "--text", "svarade Anna på Storgatan 5"]) == 0
    with open_store(folder / "listener.db") as store:
        store.db.execute("DELETE FROM mentions WHERE id = 1")
        store.db.conn.commit()
        assert store.rows("SELECT who, step FROM answer_steps") == [{"who": "sara", "step": "answer"}]
        assert store.rows("SELECT * FROM answer_texts") == []
        assert store.row("SELECT 1 FROM questions WHERE mention_id = 1") is None


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ('opens = "8"', "write a time as 08:00"),
        ('opens = "18:00"', "the office closes after it opens"),
        ('closed_days = ["jul"]', "a day as 2026-12-28"),
        ("days = 0", "1 or more"),
        ('open = "08:00"', "did you mean opens?"),
    ],
)
def test_hours_that_cannot_be_read_are_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], answers: str, told: str
) -> None:
    (folder / "listener.toml").write_text(SETTINGS + answers)
    assert run(["mentions", "list"]) == 2
    assert told in capsys.readouterr().err


def test_the_office_closes_when_we_say_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    days = 'opens = "09:00"\ncloses = "16:00"\nclosed_days = ["2026-11-30"]\nhalf_days = ["2026-11-25 08:30"]\n'
    (folder / "listener.toml").write_text(SETTINGS + days)
    found = listed(capsys)
    assert {number: row["due_at"] for number, row in found.items()} == {
        2: "2026-11-26T08:00:00Z",  # nobody was there at nine on the 25th
        4: "2026-12-01T09:00:00Z",
        1: "2026-12-02T08:00:00Z",  # after four on Friday: counted from Tuesday's opening
    }


def test_there_are_ready_words_in_both_languages(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for kind in ("forwarded", "referred", "looking"):
        for language in ("sv", "en"):
            given = ["--unit", "Stadsbiblioteket", "--day", "fredag", "--signature", "Sara, bibliotekarie"]
            assert run(["mentions", "reply-text", kind, "--language", language, *given]) == 0
            shown = capsys.readouterr().out
            assert shown.endswith("/Sara, bibliotekarie, Almby kommun\n")
            assert "{{" not in shown
            assert ("019-555 01 00" in shown) is (kind == "referred")
    assert run(["mentions", "reply-text", "forwarded"]) == 0
    assert "[…]" in capsys.readouterr().out


def test_a_post_that_is_not_there_is_said_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["show", "99"], ["answer", "99"], ["triage", "99", "--public", "yes"]):
        assert run(["mentions", *command]) == 2
        assert "mention 99: there is none in the log" in capsys.readouterr().err


def test_a_writer_has_one_name_in_a_language(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "sv")
    capsys.readouterr()
    shown = []
    for asked in (
        ["mentions", "list"],
        ["mentions", "show", "2"],
        ["--query", "simhall", "--offline", "--format", "table"],
    ):
        assert run(asked) == 0
        shown.append(capsys.readouterr().out)
    assert {name for out in shown for name in re.findall(r"skribent-\w{8}\b", out)} == {
        re.findall(r"skribent-\w{8}\b", shown[0])[0]
    }
    assert shown[0].startswith("omnämnande "), "no heading is cut"
    assert all("skribent-" in out and "writer-" not in out for out in shown)
