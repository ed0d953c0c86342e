"""A cache that may be lost: every failure of its server is a miss."""

import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

TIMEOUT_SECONDS = 0.3
# What this cache forgot to delete while its server was away (a session signed out) must not live on for long.
LONGEST_SECONDS = 60
# A server that hung once is not asked again for this long, so that one page pays for it and not every page.
PAUSE_SECONDS = 15.0


class _KeptClient(RedisCacheClient):
    """Keeps what talks to the server: Django makes one for every question, which takes as long as the question."""

    _made: Any = None

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        if self._made is None:
            self._made = super().get_client(key, write=write)
        return self._made


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache with short timeouts, in which a server that is down or hung answers "not there"."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = params.setdefault("OPTIONS", {})
        options.setdefault("socket_timeout", TIMEOUT_SECONDS)
        options.setdefault("socket_connect_timeout", TIMEOUT_SECONDS)
        options.setdefault("retry", None)
        super().__init__(server, params)
        self._class = _KeptClient

    # Shared by the threads of a process: Django makes one cache object for each.
    _silent_until = 0.0

    def _ask(self, call: Callable[..., Any], *args: Any, missing: Any, **kwargs: Any) -> Any:
        if time.monotonic() < type(self)._silent_until:
            return missing
        try:
            return call(*args, **kwargs)
        except (RedisError, OSError):
            type(self)._silent_until = time.monotonic() + PAUSE_SECONDS
            return missing

    def get_backend_timeout(self, timeout: Any = DEFAULT_TIMEOUT) -> int | float | None:
        """Keep nothing longer than LONGEST_SECONDS: everything here can be had again from Postgres."""
        wanted = super().get_backend_timeout(timeout)
        return LONGEST_SECONDS if wanted is None else min(wanted, LONGEST_SECONDS)

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask(super().add, *args, missing=True, **kwargs)

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._ask(super().get, key, default, version, missing=default)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask(super().set, *args, missing=None, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask(super().touch, *args, missing=False, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask(super().delete, *args, missing=False, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask(super().get_many, *args, missing={}, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask(super().has_key, *args, missing=False, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask(super().set_many, *args, missing=[], **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask(super().delete_many, *args, missing=None, **kwargs)

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> Any:
        return self._ask(super().incr, key, delta, version, missing=delta)
