"""Where the invented accounts' profile pictures lie: one server for all networks, as theirs have."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from listener.demo.serve import Reply, Request
from listener.demo.shield import shield_png
from listener.demo.world import World

drawn = cache(shield_png)


class PictureServer:
    """Answers with the world's pictures, by their names."""

    def __init__(self, world: Callable[[], World]) -> None:
        self._world = world
        self.base_url = ""

    def answer(self, request: Request) -> Reply:
        """A picture, or 404."""
        look = self._world().pictures.get(request.path.strip("/"))
        if look is None:
            return Reply(status=404, kind="text/plain; charset=utf-8")
        return Reply(body=drawn(look), kind="image/png")
