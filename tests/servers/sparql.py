"""A SPARQL endpoint on loopback: a real engine (Oxigraph) over a graph written in Turtle."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyoxigraph

from listener.demo.serve import Reply, Request, Server

JSON = "application/sparql-results+json"


class Endpoint:
    """Answers SELECTs as Wikidata's query service does; keeps what it was asked."""

    def __init__(self, graph: str) -> None:
        self.store = pyoxigraph.Store()
        self.store.load(graph.encode(), format=pyoxigraph.RdfFormat.TURTLE)
        self.asked: list[str] = []

    def __call__(self, request: Request) -> Reply:
        assert request.headers["user-agent"].startswith("listen/")
        assert request.headers["accept"] == JSON
        self.asked.append(request.one("query"))
        try:
            found = self.store.query(request.one("query"))
        except SyntaxError as wrong:
            return Reply(status=400, body=str(wrong).encode(), kind="text/plain")
        body = found.serialize(format=pyoxigraph.QueryResultsFormat.JSON)
        return Reply(body=body or b"", kind=JSON)


@contextmanager
def sparql(graph: str) -> Iterator[tuple[str, Endpoint]]:
    """The endpoint's address and itself, until the block ends."""
    endpoint = Endpoint(graph)
    server = Server(endpoint)
    try:
        yield f"{server.url}/sparql", endpoint
    finally:
        server.stop()
