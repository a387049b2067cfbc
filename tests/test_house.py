"""The house rules, read from the code: sizes, nesting, layers, who may print and who may catch everything."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted(path for room in ("listener", "spiders") for path in (ROOT / room).rglob("*.py"))
GENERATED = {"listener/text/confusables.py"}

# Imports point down: a room may import rooms of its own number or a lower one.
LAYERS = {
    0: {"models", "posts", "errors", "rulings", "__init__", "__version__"},
    1: {"clock", "language", "sentences", "trouble_texts", "troubles"},
    2: {
        "text",
        "urls",
        "profiles",
        "platforms",
        "guard",
        "spreadsheet",
        "terminal",
        "harvest",
        "municipalities",
        "likely_hosts",
        "processes",
        "redaction",
        "words",
        "lexicons",
        "near_duplicates",
        "office_hours",
    },
    3: {
        "spikes",
        "config",
        "doors",
        "settings_check",
        "first_files",
        "organisation",
        "thresholds",
        "quotas",
        "registry",
        "registry_quotes",
        "registry_read",
        "registry_check",
        "registry_publish",
        "context",
        "http",
        "robots",
        "throttle",
        "transport",
        "walls",
        "resolver",
        "query",
        "logos",
    },
    4: {"match", "store", "sources", "evidence"},
    5: {"enrich", "verdict", "registered", "sites", "screen", "run", "rules", "terms", "fetched_avatars"},
    6: {
        "assessment",
        "audit",
        "doctor",
        "explain",
        "tune",
        "overview",
        "saved",
        "discover",
        "asking",
        "dead_links",
        "renamed",
        "seeds",
        "bootstrap",
        "heard",
        "kept_queries",
        "listen",
        "mentions",
        "stream",
        "storms",
        "coordination",
        "answers",
        "alerts",
        "crisis",
        "report",
        "records",
        "coverage",
    },
    7: {"demo"},
    8: {"cli", "review", "__main__"},
}
LAYER = {room: number for number, rooms in LAYERS.items() for room in rooms}
SPIDERS_MAY_IMPORT = {
    *("models", "errors", "urls", "profiles", "platforms", "guard", "harvest", "robots", "evidence"),
    *("redaction", "__init__"),
}

# path -> why it may catch everything
BROAD_EXCEPT = {
    "listener/run.py": "the run boundary: one source's bug, fed by a stranger's data, must not cost us the others",
}


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def room(path: Path) -> str:
    return path.relative_to(ROOT / "listener").parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module] if node.module != "listener" else [f"listener.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            if name.startswith("listener."):
                yield name.split(".")[1]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body, the docstring left out."""
    body = function.body
    start = body[1:] if ast.get_docstring(function) and len(body) > 1 else body
    return (function.end_lineno or 0) - start[0].lineno + 1


def nesting(node: ast.AST, depth: int = 0) -> int:
    blocks = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.AsyncFor, ast.AsyncWith)
    deepest = depth
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        is_elif = isinstance(node, ast.If) and isinstance(child, ast.If) and child in node.orelse
        deepest = max(deepest, nesting(child, depth + (isinstance(child, blocks) and not is_elif)))
    return deepest


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_a_module_is_short_and_says_what_it_is_for(path: Path) -> None:
    if relative(path) in GENERATED:
        return
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300, "is there a second idea inside that wants its own file?"
    assert not text.strip() or ast.get_docstring(tree(path)), "a module opens with one sentence"


def test_functions_are_short_and_flat() -> None:
    lengths = {f"{relative(path)}:{f.name}": length(f) for path in MODULES for f in functions(path)}
    too_long = {name: lines for name, lines in lengths.items() if lines > 50}
    too_deep = [f"{relative(path)}:{f.name}" for path in MODULES for f in functions(path) if nesting(f) > 3]
    assert not too_long
    assert not too_deep
    assert statistics.quantiles(lengths.values(), n=10)[-1] <= 25


@pytest.mark.parametrize("path", [path for path in MODULES if path.is_relative_to(ROOT / "listener")], ids=relative)
def test_imports_point_down(path: Path) -> None:
    assert room(path) in LAYER, f"give {room(path)} its place in LAYERS"
    up = {name for name in imported_rooms(path) if LAYER[name] > LAYER[room(path)]}
    assert not up


def test_spiders_import_only_what_reads_pages() -> None:
    used = {name for path in MODULES if path.is_relative_to(ROOT / "spiders") for name in imported_rooms(path)}
    assert used <= SPIDERS_MAY_IMPORT


def test_match_knows_no_http_and_no_sql_and_store_no_http() -> None:
    forbidden = {"match": {"http", "store", "sources"}, "sources": {"registry", "store"}, "store": {"http", "sources"}}
    for path in (path for path in MODULES if path.is_relative_to(ROOT / "listener")):
        assert not forbidden.get(room(path), set()) & set(imported_rooms(path)), relative(path)


def test_only_the_run_boundary_catches_everything() -> None:
    broad = {
        relative(path)
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")))
    }
    assert broad == set(BROAD_EXCEPT)


def test_only_the_command_line_prints() -> None:
    talkers = {
        relative(path)
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Name) and node.func.id == "print")
            or (isinstance(node.func, ast.Attribute) and node.func.attr in ("echo", "secho"))
        )
    }
    assert not {name for name in talkers if not name.startswith("listener/cli/")}


def test_no_file_is_named_for_nothing() -> None:
    vague = {"utils", "util", "helper", "helpers", "manager", "data", "info", "misc", "common"}
    assert not {relative(path) for path in MODULES if path.stem in vague}
