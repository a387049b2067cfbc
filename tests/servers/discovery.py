"""Google's own discovery document of an interface holds requests to its methods, and the answers to its schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from servers.children import REAL, installed

from listener.demo.serve import Answer, Reply, Request, json_reply

YOUTUBE = REAL / "youtube.v3.json"
KINDS = {"string": str, "integer": int, "boolean": bool, "number": (int, float), "array": list, "object": dict}


class Document:
    """A discovery document: `faults` gathers what broke it, by a request or by an answer."""

    def __init__(self, path: Path) -> None:
        self.document: dict[str, Any] = json.loads(installed(path).read_text(encoding="utf-8"))
        self.routes = {
            f"/{self.document['servicePath']}{method.get('flatPath', method['path'])}": method
            for method in methods(self.document)
            if method["httpMethod"] == "GET"
        }
        self.faults: list[str] = []

    def holding(self, answer: Answer) -> Answer:
        """The same answers, each request and each good answer held against the document."""

        def held(request: Request) -> Reply:
            method = self.routes.get(request.path)
            wrong = [f"no method at {request.path}"] if method is None else list(self.wrong_request(method, request))
            self.faults += wrong
            if wrong or method is None:
                return json_reply({"error": {"code": 400, "message": wrong[0]}}, 400)
            reply = answer(request)
            if reply.status == 200:
                self.faults += self.wrong_answer(json.loads(reply.body), method["response"], method["id"])
            return reply

        return held

    def wrong_request(self, method: Mapping[str, Any], request: Request) -> Iterator[str]:
        known = {**self.document["parameters"], **method.get("parameters", {})}
        missing = [name for name, row in known.items() if row.get("required") and name not in request.query]
        yield from (f"{method['id']}: no {name}" for name in missing)
        for name, values in request.query.items():
            if name not in known:
                yield f"{method['id']}: unknown {name}"
                continue
            for value in values if not known[name].get("repeated") else [v for each in values for v in each.split(",")]:
                if not fits(value, known[name]):
                    yield f"{method['id']}: {name}={value}"

    def wrong_answer(self, value: Any, schema: Mapping[str, Any], place: str) -> Iterator[str]:
        if "$ref" in schema:
            schema = self.document["schemas"][schema["$ref"]]
        kind = KINDS.get(schema.get("type", ""), object)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            yield f"{place} is no {schema['type']}"
        elif isinstance(value, list):
            for row in value:
                yield from self.wrong_answer(row, schema["items"], f"{place}[]")
        elif isinstance(value, dict):
            for name, field in value.items():
                known = schema.get("properties", {}).get(name, schema.get("additionalProperties"))
                if known is None:
                    yield f"{place}.{name} is unknown"
                else:
                    yield from self.wrong_answer(field, known, f"{place}.{name}")
        elif "enum" in schema and value not in schema["enum"]:
            yield f"{place}={value}"


def fits(value: str, parameter: Mapping[str, Any]) -> bool:
    """Whether a value is one the parameter may have."""
    if "enum" in parameter:
        return value in parameter["enum"]
    if parameter["type"] == "integer":
        return value.isdigit() and int(parameter.get("minimum", 0)) <= int(value) <= int(
            parameter.get("maximum", 10**9)
        )
    return parameter["type"] != "boolean" or value in ("true", "false")


def methods(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every method of the interface."""
    yield from node.get("methods", {}).values()
    for resource in node.get("resources", {}).values():
        yield from methods(resource)
