"""The description of the interface (OpenAPI 3.1), made from its operations and shapes; served and kept in the docs."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from flask import Response

from listener.review.api import JSON, PREFIX, PROBLEM, Operation, answered
from listener.review.api import OPERATIONS as ON_CASES
from listener.review.api_lists import LISTS
from listener.review.api_shapes import Problem
from listener.review.roles import Right
from listener.review.safety import MOST_NUMBER

OPERATIONS = (*ON_CASES, *LISTS)
VERSION = "1"
ADDRESS = f"{PREFIX}/openapi.json"
REFERENCE = "#/components/schemas/{name}"
CODES = {
    "400": "The request is not as described",
    "401": "No token, or one that does not hold or has ended",
    "403": "The token's role does not allow it",
    "404": "There is no such case, or no report of that week",
    "422": "It is well said and cannot be done, and why",
    "503": "Another run is writing: try again",
}
TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "description": "Made by `listen serve token add`. It ends on a day, after a year where no other was said.",
}
OF_A_BODY = {
    "409": "Something has happened to the case since it was read",
    "413": "The body is too large",
    "415": "The body is no application/json",
}


def served() -> Response:
    """The description, for anybody: it tells nothing of the organisation."""
    return answered(described())


def described() -> dict[str, Any]:
    """The whole description as plain values, the same at each call."""
    shapes: list[Any] = [Problem]
    for each in OPERATIONS:
        shapes += [shape for shape in (each.gives, each.query, each.body) if shape]
    _found, components = msgspec.json.schema_components(shapes, ref_template=REFERENCE)
    paths: dict[str, Any] = {}
    for each in OPERATIONS:
        paths.setdefault(path_of(each), {})[each.method.lower()] = operation(each, components)
    asked = {each.query.__name__ for each in OPERATIONS if each.query}
    kept = {name: schema for name, schema in sorted(components.items()) if name not in asked}
    return {
        "openapi": "3.1.0",
        "info": {"title": "listen", "version": VERSION, "summary": "Accounts that claim to be us, and what is decided"},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {"schemas": kept, "securitySchemes": {"token": TOKEN}},
    }


def path_of(each: Operation) -> str:
    """The path as OpenAPI writes it."""
    return PREFIX + re.sub(r"<int:(\w+)>", r"{\1}", each.path)


def operation(each: Operation, components: dict[str, Any]) -> dict[str, Any]:
    """One operation: what it takes, gives and refuses."""
    parameters: list[dict[str, Any]] = [path_parameter(name) for name in re.findall(r"<int:(\w+)>", each.path)]
    if each.query:
        schema = components[each.query.__name__]
        for name, one in schema["properties"].items():
            required = name in schema.get("required", ())
            parameters.append({"name": name, "in": "query", "required": required, "schema": one})
    told: dict[str, Any] = {
        "operationId": each.name.removeprefix("api_"),
        "summary": each.told,
        "description": f"Takes the right `{each.right.value}`.",
        "responses": {"200": {"description": each.told, "content": content(JSON, each.gives)}, **refusals(each)},
    }
    if parameters:
        told["parameters"] = parameters
    if each.body:
        told["requestBody"] = {"required": True, "content": content(JSON, each.body)}
    return told


def path_parameter(name: str) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": 1, "maximum": MOST_NUMBER, "examples": [1]}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def content(kind: str, shape: type) -> dict[str, Any]:
    return {kind: {"schema": {"$ref": REFERENCE.format(name=shape.__name__)}}}


def refusals(each: Operation) -> dict[str, Any]:
    """What can go wrong with it."""
    codes = CODES | (OF_A_BODY if each.body else {})
    if "<" not in each.path and each.name != "api_report":
        codes = {code: told for code, told in codes.items() if code != "404"}
    return {code: {"description": told, "content": content(PROBLEM, Problem)} for code, told in sorted(codes.items())}


API_ROUTES = (
    (ADDRESS, "api_description", served, Right.LOG_IN, ("GET",)),
    *((PREFIX + each.path, each.name, each.view, each.right, (each.method,)) for each in OPERATIONS),
)
