import signal
import time

import pytest

from core.cache import ForgivingRedisCache


@pytest.fixture
def cache(valkey):
    ForgivingRedisCache._silent_until = 0.0
    yield ForgivingRedisCache(valkey.url, {"KEY_PREFIX": "test"})
    ForgivingRedisCache._silent_until = 0.0


def test_cache_round_trip(cache):
    cache.set("a", {"b": 1}, 30)

    assert cache.get("a") == {"b": 1}
    assert cache.get_many(["a", "x"]) == {"a": {"b": 1}}
    assert cache.delete("a")
    assert cache.get("a", "gone") == "gone"


@pytest.mark.faults
def test_hung_server_is_a_miss_and_is_asked_once(cache, valkey):
    cache.set("a", 1, 30)
    valkey.process.send_signal(signal.SIGSTOP)
    try:
        started = time.monotonic()
        assert cache.get("a", "miss") == "miss"
        assert time.monotonic() - started < 1.5
        started = time.monotonic()
        for _ in range(20):
            assert cache.get("a", "miss") == "miss"
            cache.set("a", 2)
        assert time.monotonic() - started < 0.1
    finally:
        valkey.process.send_signal(signal.SIGCONT)


def test_absent_server_is_a_miss():
    ForgivingRedisCache._silent_until = 0.0
    absent = ForgivingRedisCache("unix:///nonexistent/socket", {})

    assert absent.get("a") is None
    assert absent.add("a", 1) is True
    absent.set("a", 1)
    ForgivingRedisCache._silent_until = 0.0


def test_nothing_is_kept_longer_than_a_minute(cache):
    """A session signed out while the server was away is gone a minute later, whatever its own age says."""
    cache.set("session", 1, 30 * 86400)

    assert 0 < cache._cache.get_client().ttl(cache.make_key("session")) <= 60
