"""A loopback interface that holds its client to a contract: paths, parameters, and keys that stand in no address."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from listener.demo.serve import Answer, Reply, Request, Server, json_reply


class Endpoint(NamedTuple):
    """One path (a regular expression), the parameters it must and may have, and its answer."""

    path: str
    required: str
    optional: str
    answer: Callable[[Request], Reply]
    method: str = "GET"


def contract(endpoints: tuple[Endpoint, ...], headers: Mapping[str, str], secrets: tuple[str, ...] = ()) -> Answer:
    """Answers by the endpoints: 404 for another path, 400 for parameters too many or too few, 401 without `headers`."""

    def answer(request: Request) -> Reply:
        address = f"{request.path}?{request.query}"
        if any(secret in address for secret in secrets):
            return json_reply({"error": {"code": 400, "message": "a key in an address"}}, 400)
        wrong = [name for name, value in headers.items() if request.headers.get(name.lower()) != value]
        if wrong:
            return json_reply({"error": {"code": 190, "message": f"no {wrong[0]}"}}, 401)
        for endpoint in endpoints:
            if re.fullmatch(endpoint.path, request.path) and request.method == endpoint.method:
                asked, must = set(request.query), set(endpoint.required.split())
                if must - asked or asked - must - set(endpoint.optional.split()):
                    return json_reply({"error": {"code": 100, "message": f"parameters {sorted(asked)}"}}, 400)
                return endpoint.answer(request)
        return json_reply({"error": {"code": 404, "message": f"no {request.path}"}}, 404)

    return answer


@contextmanager
def serving(answer: Answer) -> Iterator[Server]:
    """A server that answers so, stopped in the end."""
    server = Server(answer)
    try:
        yield server
    finally:
        server.stop()
