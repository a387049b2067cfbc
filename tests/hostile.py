"""What a stranger, a broken export or an attacker may feed us, made from a seed so that every find can be repeated."""

from __future__ import annotations

import json
import random
import zlib
from typing import Any

NAMES = ("Lindviks kommun", "lindvikskommun", "Kulturhuset Kvarnen", "lindvik.example", "بلدية ليندفيك", "Björkskolan")
PLATFORMS = ("x", "facebook", "instagram", "web", "mastodon", "bluesky", "youtube", "", "no such", "WEB\0")
URLS = (
    "https://x.com/{}",
    "https://www.facebook.com/pages/{}/1",
    "http://[{}",
    "{}",
    "//{}@x.com:99999/",
    "https://{}.example/%00%ff",
)
PIECES = (
    "\0", "\x1b[31m", "\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\ud800", "\udfff", "\U000e0041", "\n", "\r\n",
    "\t", '"', "'", ";", ",", "=cmd|' /C calc'!A0", "<script>", "{{7*7}}", "%s%n", "../../etc/passwd", "NaN", "1e999",
    "\u0301", "\u0345", "\ufdfa", "\u1100\u1161", "👩‍👩‍👧‍👦", "🇸🇪", "ﷺ", "Ⅷ", "ß", "İ", "ǅ", "ſ", "K", "xn--",
    "xn--a-ecp.ru",
    "xn--99999999", ".", "..", "-", "_", "@", "@@", "://", "https://", "https://x.com/", "9" * 400, "٣", "①", "ａ",
)  # fmt: skip
SIGNATURES = (
    b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0\0\x10JFIF\0", b"GIF89a", b"RIFF\xff\xff\xff\xffWEBPVP8 ", b"BM",
    b"<svg xmlns='http://www.w3.org/2000/svg'>", b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a 'aa'>]><svg>&a;",
    b"%PDF-1.7", b"MZ", b"II*\0", b"",
)  # fmt: skip
QUERY_WORDS = (
    "AND", "OR", "NOT", "(", ")", '"', "-", "NEAR/3", "site:", "lang:sv", "since:2026-13-99", "*", "lindvik",
    "~", "x:y:z",
)  # fmt: skip


class Hostile:
    """A maker of bad input; the same seed makes the same."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)

    def text(self, longest: int = 10_000) -> str:
        """A name, a piece of one, or a mixture, at times `longest` characters of it."""
        dice = self.dice
        kind = dice.randrange(9)
        if kind == 0:
            return ""
        if kind == 1:
            return (dice.choice(NAMES + PIECES) * longest)[:longest]
        if kind == 2:
            return dice.choice(NAMES) + dice.choice("\u0301\u0489\u20dd\u0345") * dice.choice((1, 100, 5_000))
        if kind == 3:
            return "".join(
                chr(dice.choice((0x24F, 0x3000, 0xFFFF, 0x10FFFF)) - dice.randrange(0x200)) for _ in range(30)
            )
        if kind == 4:
            return " ".join(dice.choice(NAMES) for _ in range(dice.choice((2, 20, 400))))[:longest]
        return "".join(dice.choice(NAMES if dice.random() < 0.4 else PIECES) for _ in range(dice.randrange(1, 12)))[
            :longest
        ]

    def platform(self) -> str:
        """A platform we know, or none at all."""
        return self.dice.choice(PLATFORMS)

    def url(self) -> str:
        """An address, or what stands where one should."""
        return self.dice.choice(URLS).format(self.text(2_000))

    def domain(self) -> str:
        """A host name of up to a thousand labels, or one that never was."""
        dice = self.dice
        kind = dice.randrange(6)
        if kind == 0:
            return ".".join(dice.choice(("a", "lindvik", "xn--", "www", "")) for _ in range(1_000)) + ".test"
        if kind == 1:
            return "xn--" + "".join(dice.choice("abcz0129-") for _ in range(dice.choice((3, 60, 3_000)))) + ".test"
        if kind == 2:
            return "lindvik" * dice.randrange(1, 900) + ".test"
        if kind == 3:
            return ("lindvik" + dice.choice(PIECES) + "." + dice.choice(("example", "test", "co.uk", ""))) * 2
        return self.text(3_000)

    def value(self, depth: int = 0) -> Any:
        """A JSON value of any type, nested at times."""
        dice = self.dice
        plain = (None, True, -1, 10**30, 1e308, float("inf"), float("nan"), self.text(500), self.url())
        if depth > 3 or dice.random() < 0.7:
            return dice.choice(plain)
        if dice.random() < 0.5:
            return [self.value(depth + 1) for _ in range(dice.randrange(4))]
        return {self.text(20): self.value(depth + 1) for _ in range(dice.randrange(4))}

    def candidate(self) -> dict[str, Any]:
        """The fields of an account, most of them wrong."""
        dice = self.dice
        fields: dict[str, Any] = {"platform": dice.choice(PLATFORMS[:7])}
        fields["handle"] = self.url() if dice.random() < 0.2 else self.text()
        for key in ("display_name", "description", "location"):
            if dice.random() < 0.7:
                fields[key] = self.text()
        if dice.random() < 0.5:
            fields |= {"url": self.url(), "links": [self.url() for _ in range(dice.choice((1, 3, 200)))]}
        for key in ("platform_id", "avatar", "followers", "created_at", "verified", "ref", "official_links", "term"):
            if dice.random() < 0.25:
                fields[key] = self.value()
        if dice.random() < 0.1:
            fields[dice.choice(("platform", "handle", "display_name", "links"))] = self.value()
        return fields

    def line(self) -> bytes:
        """A line of NDJSON, at times broken."""
        dice = self.dice
        line = json.dumps(self.candidate(), ensure_ascii=dice.random() < 0.5).encode("utf-8", "surrogatepass")
        kind = dice.randrange(12)
        if kind == 0:
            return line[: dice.randrange(len(line))]
        if kind == 1:
            return b"[" * dice.choice((10, 200_000)) + line
        if kind == 2:
            return self.noise(line)
        if kind == 3:
            return line.replace(b'"handle"', b'"handle": 1e9999, "handle"', 1)
        return line

    def noise(self, content: bytes, share: float = 0.02) -> bytes:
        """The same bytes with some of them changed, doubled or gone."""
        dice = self.dice
        altered = bytearray(content)
        for _ in range(max(1, int(len(altered) * share)) if altered else 0):
            place = dice.randrange(len(altered) or 1)
            altered[place : place + dice.randrange(2)] = bytes([dice.randrange(256)] * dice.randrange(3))
        return bytes(altered)

    def table(self, rows: int = 6) -> bytes:
        """A register as somebody saved it: wrong separators, quotation marks, columns, bytes."""
        dice = self.dice
        mark = dice.choice((";", ",", "\t", "|"))
        columns = ["platform", "url", "unit", "status", "owner_email", "handle", "display_name", "platform_id"]
        worst = dice.choice((0.0, 0.02, 0.3))  # the share of cells that are wrong
        if dice.random() < 0.3:
            dice.shuffle(columns)
        lines = [mark.join(columns)]
        for _ in range(dice.randrange(rows)):
            good = [
                "x",
                f"https://x.com/a{dice.randrange(99)}",
                "Lindvik",
                "approved",
                "a@lindvik.example",
                "a",
                "A",
                "7",
            ]
            cells = [self.text(300) if dice.random() < worst else cell for cell in good]
            lines.append(mark.join(f'"{cell}"' if dice.random() < 0.3 else cell for cell in cells))
        content = dice.choice(("\n", "\r\n", "\r")).join(lines)
        coding = dice.choice(("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-32"))
        whole = content.encode(coding, "replace")
        return self.noise(whole) if dice.random() < 0.2 else whole

    def settings(self) -> dict[str, Any]:
        """An [organisation] table with values of any type and length."""
        table: dict[str, Any] = {"name": self.text(10_000), "places": [self.text(200)]}
        for key in ("aliases", "phones", "logos", "org_numbers"):
            table[key] = [self.text(200) for _ in range(self.dice.choice((0, 2, 40)))]
        table["units"] = [
            {"name": "Björkskolan" + self.text(40), "kind": "team"} for _ in range(self.dice.choice((0, 3)))
        ]
        for key in ("name", "domains", "languages", "units", "siblings", "unit_words", "allowed_platforms"):
            if self.dice.random() < 0.06:
                table[key] = self.value()
        return table

    def picture(self) -> bytes:
        """Bytes that say they are a picture: another kind, cut off, changed, or of a size nobody could hold."""
        dice = self.dice
        width, height = dice.choice(
            ((4, 4), (40, 90), (4, 4), (60_000, 60_000), (2**31 - 1, 1), (0, 0), (9_000, 3_000))
        )
        head = (
            width.to_bytes(4, "big")
            + height.to_bytes(4, "big")
            + bytes([dice.choice((1, 8, 8, 16)), dice.choice((0, 2, 6, dice.randrange(8))), 0, 0, 0])
        )
        body = zlib.compress(bytes(min(9 * (width + 1) * height, 200_000)))
        whole = SIGNATURES[0] + b"".join(
            _chunk(name, data) for name, data in ((b"IHDR", head), (b"IDAT", body), (b"IEND", b""))
        )
        if dice.random() < 0.4:
            whole = dice.choice(SIGNATURES) + dice.randbytes(dice.choice((0, 50, 5_000)))
        return (
            self.noise(whole)
            if dice.random() < 0.5
            else whole[: dice.choice((len(whole), dice.randrange(len(whole) + 1)))]
        )

    def page(self) -> bytes:
        """A web page of odd markup and addresses."""
        links = "".join(f'<a href="{self.url()}">{self.text(200)}</a><div>' for _ in range(self.dice.choice((1, 20))))
        whole = (
            f'<base href="{self.url()}"><script type="application/ld+json">{{"sameAs": ["{self.url()}"</script>{links}'
        )
        return self.noise(whole.encode("utf-8", "surrogatepass"))

    def query(self) -> str:
        """Operators, quotation marks and names in any order."""
        dice = self.dice
        if dice.random() < 0.5:
            quoted = self.text(60).replace('"', "") or "x"
            return f'("{quoted}" OR lindvik*) -"{dice.choice(NAMES)}"{dice.choice(("", "", "", " (", " NOT"))}'
        return " ".join(dice.choice((*QUERY_WORDS, self.text(60))) for _ in range(dice.choice((1, 6, 30, 2_000))))


def _chunk(name: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")
