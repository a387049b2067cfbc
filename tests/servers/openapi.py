"""Requests held against a small OpenAPI contract: the operation, its parameters, their patterns and limits."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

SERVERS = Path(__file__).resolve().parent


class Contract:
    """One OpenAPI document of tests/servers."""

    def __init__(self, path: str) -> None:
        self._spec: dict[str, Any] = json.loads((SERVERS / path).read_text(encoding="utf-8"))

    def operation(self, path: str) -> dict[str, Any] | None:
        """The operation that a path asks for; None when there is none."""
        for pattern, methods in self._spec["paths"].items():
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), path):
                return methods["get"]  # type: ignore[no-any-return]
        return None

    def violations(self, path: str, query: Mapping[str, list[str]]) -> list[str]:
        """What is wrong with a request; nothing when all is well."""
        operation = self.operation(path)
        if operation is None:
            return [f"no operation at {path}"]
        known = {one["name"]: one for one in map(self._resolved, operation["parameters"]) if one["in"] == "query"}
        wrong = [f"unknown parameter {name}" for name in query if name not in known]
        wrong += [f"{name} is missing" for name, one in known.items() if one["required"] and name not in query]
        for name in known.keys() & query.keys():
            wrong += [f"{name}: {why}" for why in self._breaks(known[name]["schema"], query[name][0])]
        return wrong

    def _resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in node:
            return node
        found: Any = self._spec
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return found  # type: ignore[no-any-return]

    def _breaks(self, schema: dict[str, Any], text: str) -> Iterator[str]:
        if schema["type"] == "array":
            values = text.split(",")
            if not schema.get("minItems", 0) <= len(values) <= schema.get("maxItems", len(values)):
                yield f"{len(values)} values"
            for value in values:
                yield from self._breaks(schema["items"], value)
        elif schema["type"] == "integer":
            if not text.isdigit() or not schema.get("minimum", 0) <= int(text) <= schema.get("maximum", int(text)):
                yield f"{text} is out of range"
        elif not re.search(schema.get("pattern", ""), text):
            yield f"{text!r} does not match {schema['pattern']}"
        elif text not in schema.get("enum", [text]):
            yield f"{text!r} is none of {schema['enum']}"
        elif not schema.get("minLength", 0) <= len(text) <= schema.get("maxLength", len(text)):
            yield f"{len(text)} characters"
