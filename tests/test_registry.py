"""The register: read from every file people save, refused with every fault named, asked whose an account is."""

from __future__ import annotations

from pathlib import Path

import pytest

from listener.errors import RegistryError
from listener.models import Account, Status
from listener.registry import Registry, compare, load_registry, read_registry, save_registry

HEADER = "platform,url,unit,status,owner_email"


def register(*rows: str, header: str = HEADER) -> Registry:
    return read_registry("\n".join((header, *rows)).encode(), "r.csv")


def faults(content: bytes | str, *, unique: bool = False) -> list[str]:
    with pytest.raises(RegistryError) as raised:
        read_registry(content.encode() if isinstance(content, str) else content, "r.csv", unique=unique)
    return str(raised.value).splitlines()


ALMBY = register(
    "x,https://twitter.com/AlmbyKommun,Almby,approved,a@almby.example,,",
    "facebook,https://www.facebook.com/pages/Almby/200000000000001,Almby,approved,a@almby.example,,",
    "youtube,https://www.youtube.com/@almby,Almby,approved,a@almby.example,UCAlmbyAlmbyAlmbyAlmby01,",
    "linkedin,https://www.linkedin.com/company/almby-kommun,Almby,approved,a@almby.example,,",
    "reddit,https://www.reddit.com/r/almby,Almby,pending,a@almby.example,,",
    "mastodon,@almby@social.example,Almby,approved,a@almby.example,,",
    "web,https://www.almby.example/,Almby,approved,a@almby.example,,",
    "x,https://x.com/almbysatir,Satir,parody_ok,a@almby.example,,",
    "youtube,https://www.youtube.com/channel/UCAlmbyAlmbyAlmbyAlmby02,Almby,approved,a@almby.example,,AlmbyMuseum",
    header=HEADER + ",platform_id,handle",
)


@pytest.mark.parametrize(
    ("account", "line"),
    [
        (Account(platform="x", url="https://mobile.twitter.com/almbykommun/?lang=sv"), 2),
        (Account(platform="x", handle="@ALMBYKOMMUN"), 2),
        (Account(platform="x", handle="almbykommun", platform_id="123"), 2),
        (Account(platform="x", handle="almbykommun", url="https://x.com/almbyk0mmun"), None),
        (Account(platform="x", handle="almbyk0mmun"), None),
        (Account(platform="instagram", handle="almbykommun"), None),
        (Account(platform="facebook", url="https://facebook.com/Almby-200000000000001/"), 3),
        (Account(platform="facebook", platform_id="200000000000001", handle="renamed"), 3),
        (Account(platform="youtube", handle="almby"), 4),
        (Account(platform="youtube", url="https://www.youtube.com/channel/UCAlmbyAlmbyAlmbyAlmby01"), 4),
        (Account(platform="youtube", handle="almby", platform_id="UCAlmbyAlmbyAlmbyAlmby99"), None),
        (Account(platform="youtube", handle="almbymuseum"), 10),
        (Account(platform="youtube", url="https://www.youtube.com/@AlmbyMuseum"), 10),
        (Account(platform="linkedin", handle="almby-kommun"), 5),
        (Account(platform="linkedin", handle="almby-kommun", url="https://www.linkedin.com/in/almby-kommun"), None),
        (Account(platform="reddit", handle="almby", url="https://old.reddit.com/r/Almby"), 6),
        (Account(platform="reddit", handle="almby", url="https://www.reddit.com/user/almby"), None),
        (Account(platform="mastodon", handle="almby@social.example"), 7),
        (Account(platform="mastodon", handle="almby@other.example"), None),
        (Account(platform="web", handle="almby.example"), 8),
        (Account(platform="web", handle="almby.example", url="http://almby.example"), 8),
        (Account(platform="web", handle="almby.example.evil.example"), None),
        (Account(platform="x", handle="almbysatir"), 9),
        (Account(platform="x"), None),
    ],
)
def test_find(account: Account, line: int | None) -> None:
    entry = ALMBY.find(account)
    assert (entry.line if entry else None) == line


def test_a_taken_over_handle_is_still_known_by_handle() -> None:
    entry = ALMBY.by_handle("youtube", "@Almby")
    assert entry is not None
    assert entry.platform_id == "UCAlmbyAlmbyAlmbyAlmby01"


def test_rows_become_canonical_and_keep_what_was_written() -> None:
    entry = register(
        " Twitter ,HTTP://www.Twitter.com/AlmbyKommun/?s=20,Vård och omsorg,Approved,a@almby.example,department,hej",
        header=HEADER + ",Unit kind,Egen kolumn",
    ).entries[0]
    assert (entry.platform, entry.url, entry.handle) == ("x", "https://x.com/AlmbyKommun", "AlmbyKommun")
    assert (entry.unit, entry.status, entry.unit_kind) == ("Vård och omsorg", Status.APPROVED, "department")
    assert entry.columns["egen_kolumn"] == "hej"
    assert entry.columns["url"] == "HTTP://www.Twitter.com/AlmbyKommun/?s=20"


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_way_to_save(mark: str, encoding: str, end: str) -> None:
    rows = [HEADER.split(","), ["x", "https://x.com/almby", f"Vård{mark} omsorg\noch Å", "approved", "a@almby.example"]]
    lines = [mark.join(f'"{cell}"' if mark in cell or "\n" in cell else cell for cell in row) for row in rows]
    found = read_registry((end.join(lines) + end).encode(encoding), "r.csv")
    assert [entry.unit for entry in found.entries] == [f"Vård{mark} omsorg\noch Å"]


def test_excel_separator_line_and_empty_lines() -> None:
    content = (
        "sep=;\r\n" + HEADER.replace(",", ";") + "\r\n;;;;\r\n\r\nx;https://x.com/a;U;approved;a@almby.example;;\r\n"
    )
    assert [entry.line for entry in read_registry(content.encode(), "r.csv").entries] == [5]


def test_neutralised_cells_are_restored() -> None:
    found = register("x,https://x.com/almby,'=1+1,approved,a@almby.example,'@almby", header=HEADER + ",display_name")
    assert (found.entries[0].unit, found.entries[0].display_name) == ("=1+1", "@almby")


def test_an_empty_register_and_a_register_of_one() -> None:
    assert len(register()) == 0
    assert register().find(Account(platform="x", handle="a")) is None
    assert len(register("x,https://x.com/almby,U,approved,a@almby.example")) == 1


def test_every_fault_is_named_with_line_column_and_advice() -> None:
    found = faults(
        f"{HEADER},unit_kind\n"
        "x,https://x.com/a,U,approved,a@almby.example,\n"
        "friendster,https://x.com/b,U,approved,a@almby.example,\n"
        'x,https://x.com/c,"U\nU",okay,a@almby.example,section\n'
        "x,,,approved,nobody,\n"
        "x,not an address,U,approved,a@almby.example,\n"
        "x,https://x.com/d,U,approved,a@almby.example,,too,many\n"
    )
    assert [":".join(line.split(":")[:3]) for line in found] == [
        "r.csv:3: platform",
        "r.csv:4: status",
        "r.csv:4: unit_kind",
        "r.csv:6: owner_email",
        "r.csv:6: unit",
        "r.csv:6: url",
        "r.csv:7: url",
        "r.csv:8: -",
    ]
    assert "facebook, instagram, x," in found[0]
    assert "approved, pending, archived" in found[1]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "r.csv:1: -: the file is empty"),
        ("\ufeff\n\n", "r.csv:1: -: the file is empty"),
        ("platform,url,unit,status\n", "r.csv:1: owner_email: the column is missing"),
        (HEADER + ",Lösenord\n", "r.csv:1: lösenord: passwords have no place"),
        (HEADER + ",x password\n", "r.csv:1: x_password: passwords have no place"),
        (HEADER + ",unit\n", "r.csv:1: unit: the column stands twice"),
        (HEADER + '\nx,"https://x.com/a"b,U,approved,a@almby.example\n', "r.csv:2: url: "),
        (HEADER + '\nx,"https://x.com/a,U,approved,a@almby.example\n', "r.csv:2: url: "),
        (HEADER + "\nx,\0,U\n", "r.csv:2: -: holds a zero byte"),
        (HEADER.encode() + b"\nx,\x81\x8d,U\n", "r.csv:2: -: neither UTF-8 nor Windows-1252"),
        (b"\xff\xfea", "r.csv:1: -: neither UTF-8 nor Windows-1252"),
    ],
)
def test_files_that_are_no_register(content: bytes | str, told: str) -> None:
    assert faults(content)[0].startswith(told)


def test_a_file_of_faults_does_not_flood_the_terminal() -> None:
    found = faults(HEADER + "\n" + "x,,,,\n" * 1000)
    assert len(found) == 201
    assert found[-1] == "… and 3800 more faults"


DUPLICATES = (
    f"{HEADER},platform_id\n"
    "x,https://twitter.com/Almby,U,approved,a@almby.example,\n"
    "x,https://mobile.twitter.com/almby/?lang=sv,U,approved,a@almby.example,\n"
    "facebook,https://facebook.com/almby,U,approved,a@almby.example,77777\n"
    "facebook,https://facebook.com/almbykommun,U,approved,a@almby.example,77777\n"
)


def test_one_account_in_two_spellings_is_named_with_both_lines() -> None:
    found = faults(DUPLICATES, unique=True)
    assert found[0].startswith("r.csv:3: url: the same account as on line 2 (https://twitter.com/Almby)")
    assert found[1].startswith("r.csv:5: url: the same account as on line 4")


def test_repeated_rows_do_not_stop_a_run() -> None:
    found = read_registry(DUPLICATES.encode(), "r.csv")
    assert [(first.line, again.line) for first, again in found.duplicates] == [(2, 3), (4, 5)]
    entry = found.by_handle("x", "almby")
    assert entry is not None
    assert entry.line == 2


def test_an_address_that_is_no_profile_is_kept_and_found() -> None:
    found = register("facebook,https://www.facebook.com/share/1AbC/,U,approved,a@almby.example")
    account = Account(platform="facebook", url="https://m.facebook.com/share/1AbC")
    assert found.find(account) == found.entries[0]


def test_saved_in_one_step_with_a_backup_and_read_back_the_same(tmp_path: Path) -> None:
    path = tmp_path / "registry.csv"
    save_registry(register("x,https://x.com/a,U,approved,a@almby.example"), path)
    first = path.read_bytes()
    found = register('x,https://x.com/b,"Å; ""U"",\nÖ",approved,a@almby.example,x', header=HEADER + ",extra")
    save_registry(found, path)
    again = load_registry(path)
    assert [entry.columns for entry in again.entries] == [entry.columns for entry in found.entries]
    assert (tmp_path / "registry.csv.bak").read_bytes() == first
    assert sorted(file.name for file in tmp_path.iterdir()) == ["registry.csv", "registry.csv.bak"]


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="listen init"):
        load_registry(tmp_path / "registry.csv")


def test_compare_goes_by_account_not_by_spelling() -> None:
    old = register("x,https://x.com/a,U,approved,a@almby.example", "x,https://x.com/b,U,approved,a@almby.example")
    new = register("x,https://x.com/c,U,approved,a@almby.example", "x,https://x.com/A,V,approved,a@almby.example")
    found = compare(old, new)
    assert [entry.url for entry in found.added] == ["https://x.com/c"]
    assert [entry.url for entry in found.removed] == ["https://x.com/b"]
    changes = [(change.column, change.before, change.after) for change in found.changed]
    assert changes == [("url", "https://x.com/a", "https://x.com/A"), ("unit", "U", "V")]


def test_a_large_register_is_found_by_every_row() -> None:
    rows = [f"x,https://x.com/almby{number},Enhet {number},approved,a@almby.example" for number in range(5000)]
    found = register(*rows)
    entry = found.find(Account(platform="x", url="https://twitter.com/Almby4321"))
    assert entry is not None
    assert entry.unit == "Enhet 4321"


OK = "x,https://x.com/almby,Almby,approved,a@almby.example"


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ((OK, 'x,https://x.com/b,"Bad,approved,a@almby.example', OK, OK), ["3: unit: ", "none closes it"]),
        (
            (
                OK,
                'x,https://x.com/b,"Bad,approved,a@almby.example',
                OK,
                'x,https://x.com/c,Ö,approved,"a@almby.example"',
            ),
            ["3: unit: ", "the next one stands on line 5"],
        ),
        (('x,https://x.com/b,"Ba"d",approved,a@almby.example', OK), ["2: unit: ", 'write ""']),
        (
            ('x,https://x.com/b,"two', 'lines",approved,"a@almby.example', OK),
            ["3: owner_email: ", "none closes it"],
        ),
        ((OK, 'x,https://x.com/b,Bad,"approved' + OK * 4_000), ["3: status: ", "none closes it"]),
    ],
    ids=["never closed", "closed by another cell", "inside a cell", "behind a cell of two lines", "very long"],
)
def test_the_line_that_opens_a_quotation_is_named_with_what_to_do(rows: tuple[str, ...], told: list[str]) -> None:
    (line,) = faults("\r\n".join((HEADER, *rows)))
    assert line.startswith(f"r.csv:{told[0]}")
    assert told[1] in line
