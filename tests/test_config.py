"""Settings: where they are found, and what is said when they are wrong."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from listener.config import load_config, read_toml
from listener.errors import ConfigError
from listener.query.saved import load_queries
from listener.thresholds import LEAST, MOST, SETTABLE, Thresholds

SETTINGS = Path(__file__).resolve().parent.parent / "docs" / "reference" / "settings.md"


def write(folder: Path, text: str) -> Path:
    path = folder / "listener.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_paths_stand_beside_the_settings(tmp_path: Path) -> None:
    path = write(tmp_path, '[organisation]\nname = "Almby kommun"\nlanguages = ["en"]\n[files]\nstore = "almby.db"\n')
    config = load_config(path, {})
    assert config.registry == tmp_path / "registry.csv"
    assert config.store == tmp_path / "almby.db"
    assert config.language == "en"


def test_a_report_language_of_its_own_wins(tmp_path: Path) -> None:
    path = write(tmp_path, '[organisation]\nlanguages = ["sv"]\n[report]\nlanguage = "en"\n')
    assert load_config(path, {}).language == "en"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[organisation\n", "line 1"),
        ("organisation = 3\n", "[organisation] must be a table"),
        ("[files]\nstore = 3\n", "[files] must hold paths"),
        ("[sources]\nbluesky = 1\n", "[sources.bluesky] must be a table"),
        ('[organisation]\nlanguages = "sv"\n', "languages"),
        ("[contact]\nemail = 3\n", "email"),
    ],
)
def test_a_wrong_setting_is_named_with_its_file(tmp_path: Path, text: str, said: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as wrong:
        config = load_config(path, {})
        config.source("bluesky")
    assert str(path) in str(wrong.value)
    assert said in str(wrong.value)


def test_settings_saved_in_latin_1_are_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "listener.toml"
    path.write_bytes('[organisation]\nname = "Örebro"\n'.encode("cp1252"))
    with pytest.raises(ConfigError, match="save it as UTF-8"):
        load_config(path, {})


def test_no_settings_anywhere_says_where_it_looked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match="listen init"):
        load_config(None, {"HOME": str(tmp_path)})


def test_the_users_own_settings_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".config" / "listen").mkdir(parents=True)
    write(tmp_path / ".config" / "listen", '[organisation]\nname = "Almby kommun"\n')
    assert load_config(None, {"HOME": str(tmp_path)}).table("organisation")["name"] == "Almby kommun"


def test_the_page_on_settings_gives_the_thresholds_as_they_are() -> None:
    row = next(line for line in SETTINGS.read_text("utf-8").splitlines() if line.startswith("| `[matching]` |"))
    told = {name: float(value) for name, value in re.findall(r"`(\w+)` \(([\d.]+):", row)}
    assert told == {name: getattr(Thresholds(), name) for name in SETTABLE}
    assert f"between {LEAST} and {MOST}" in row


@pytest.mark.parametrize("head", ["[queries.klagomål]", "[queries]\nklagomål = 'a'"])
def test_a_name_with_swedish_letters_is_told_to_stand_in_quotation_marks(tmp_path: Path, head: str) -> None:
    path = tmp_path / "q.toml"
    path.write_text(f"{head}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="a name with å, ä or ö stands in quotation marks"):
        read_toml(path)
    path.write_text("[queries.x]\nquery = 'skål\n", encoding="utf-8")
    with pytest.raises(ConfigError) as wrong:
        read_toml(path)
    assert "quotation marks" not in str(wrong.value)


def test_the_queries_of_the_guide_can_be_read(tmp_path: Path) -> None:
    guide = Path(__file__).resolve().parent.parent / "docs" / "how-to" / "match.md"
    path = tmp_path / "q.toml"
    path.write_text(guide.read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0], encoding="utf-8")
    assert list(load_queries(path, datetime(2026, 11, 22, tzinfo=UTC))) == ["bad", "klagomål"]
