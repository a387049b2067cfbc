"""A frontier in Redis whose requests are lent, not given away: what a killed worker held comes back to the others.

scrapy-redis takes a request out of its queue when a worker asks for it, so a worker that is killed takes what it was
at work on with it. Here such a request is on loan for `LEASE_SECONDS`. The worker renews its loans while it lives,
returns what is done with, and gives back what it did not get to; a loan that runs out is lent to somebody else. So no
page is lost, and one that was under way may be fetched twice.
"""

from __future__ import annotations

from typing import Any

from scrapy import Request, Spider, signals
from scrapy_redis.queue import Base
from twisted.internet.task import LoopingCall

from spiders.ledger import KEPT, PARTS

BEATS = 10  # renewals within one lease, at least: a worker may miss nine of them

# KEYS: waiting (id by rank), lent (id by the time it runs out, in ms), requests (id → request), known (what must be
# queued once), last (id). One clock: Redis's. To know a request and to queue it is one step, or a kill between the two
# would lose it.
_NOW = "local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000) "
# A crawl that nobody finishes is forgotten; a key that ran empty and came again has lost its end.
_EXPIRE = f"for i = 1, #KEYS do redis.call('EXPIRE', KEYS[i], {KEPT}) end "
PUSH = (
    """
if ARGV[3] ~= '' and redis.call('SADD', KEYS[4], ARGV[3]) == 0 then return 0 end
local id = string.format('%012d', redis.call('INCR', KEYS[5]))
redis.call('HSET', KEYS[3], id, ARGV[2])
redis.call('ZADD', KEYS[1], ARGV[1], id)
"""
    + _EXPIRE
    + "return 1"
)
_FINISH = """
    redis.call('ZREM', KEYS[1], ARGV[i])
    redis.call('ZREM', KEYS[2], ARGV[i])
    redis.call('HDEL', KEYS[3], ARGV[i])
end
"""
POP = (
    _NOW
    + "for i = 2, #ARGV do"
    + _FINISH
    + """
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, 100)) do
    redis.call('ZREM', KEYS[2], id)
    redis.call('ZADD', KEYS[1], '-inf', id)
end
"""
    + _EXPIRE
    + """
local first = redis.call('ZPOPMIN', KEYS[1])
if not first[1] then return nil end
redis.call('ZADD', KEYS[2], now + ARGV[1], first[1])
"""
    + _EXPIRE
    + """
return {first[1], redis.call('HGET', KEYS[3], first[1])}
"""
)
RENEW = _NOW + "for i = 2, #ARGV do redis.call('ZADD', KEYS[2], 'XX', now + ARGV[1], ARGV[i]) end"
DONE = "for i = 1, #ARGV do" + _FINISH
RETURN = (
    """
for _, id in ipairs(ARGV) do
    if redis.call('ZREM', KEYS[2], id) == 1 then redis.call('ZADD', KEYS[1], 0, id) end
end
"""
    + _EXPIRE
)


class LeaseQueue(Base):  # type: ignore[misc]
    """The queue class of scrapy-redis's scheduler; requests of a higher priority first, else as they came."""

    def __init__(self, server: Any, spider: Spider, key: str, serializer: Any = None) -> None:
        super().__init__(server, spider, key, serializer)
        self._keys = [self.key, *(f"{self.key}:{part}" for part in PARTS)]
        self._seconds = spider.crawler.settings.getfloat("LEASE_SECONDS")
        self._lent: dict[bytes, Request] = {}  # ours at work now, by id
        self._push, self._pop, self._renew, self._done, self._return = map(
            server.register_script, (PUSH, POP, RENEW, DONE, RETURN)
        )
        self._beat = LoopingCall(self._keep_up)
        self._beat.start(min(1.0, self._seconds / BEATS), now=False)
        spider.crawler.signals.connect(self._give_back, signal=signals.spider_closed)

    def __len__(self) -> int:
        """Requests that wait or are lent to anybody: while there are some, more may come of them."""
        return int(self.server.zcard(self._keys[0])) + int(self.server.zcard(self._keys[1]))

    def push(self, request: Request, once: str = "") -> bool:
        """Add a request, unless one was added before with the same `once`; True when it was added."""
        return bool(self._push(keys=self._keys, args=[-request.priority, self._encode_request(request), once]))

    def pop(self, timeout: int = 0) -> Request | None:
        """The next request, on loan; None when nothing waits. What is done with goes back in the same step."""
        slot = self.spider.crawler.engine._slot
        done = self._finished(slot.inprogress) if slot is not None else []
        found = self._pop(keys=self._keys, args=[int(self._seconds * 1000), *done])
        if found is None:
            return None
        number, encoded = found
        request: Request = self._decode_request(encoded)
        self._lent[number] = request
        return request

    def clear(self) -> None:
        """Forget every request."""
        self.server.delete(*self._keys)

    def _keep_up(self) -> None:
        """Return what is done with, renew the rest, and look whether there is more to do.

        A request is done with when Scrapy's engine has let go of it: its answer was read, what it gave is stored, and
        the requests that came of it are queued. No signal says so; the engine's own list of what is in progress does.
        """
        slot = self.spider.crawler.engine._slot
        if slot is None:
            return
        self._settle(slot.inprogress)
        if self._lent:
            self._renew(keys=self._keys, args=[int(self._seconds * 1000), *self._lent])
        slot.nextcall.schedule()

    def _settle(self, busy: set[Request]) -> None:
        done = self._finished(busy)
        if done:
            self._done(keys=self._keys, args=done)

    def _finished(self, busy: set[Request]) -> list[bytes]:
        """What we hold and are no longer at work on; from here on it is not ours."""
        done = [number for number, request in self._lent.items() if request not in busy]
        for number in done:
            del self._lent[number]
        return done

    def _give_back(self) -> None:
        """The crawl ends here: what is not done with goes to the others at once."""
        if self._beat.running:
            self._beat.stop()
        slot = self.spider.crawler.engine._slot
        self._settle(slot.inprogress if slot is not None else set())
        if self._lent:
            self._return(keys=self._keys, args=list(self._lent))
            self._lent.clear()
