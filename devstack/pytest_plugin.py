"""Gives each pytest run a throwaway Postgres, and a throwaway Valkey to the tests that ask for one.

Loaded by `-p devstack.pytest_plugin` in pyproject.toml: it acts at import, before pytest-django reads the settings.
The workers of pytest-xdist inherit the environment and so share the run's Postgres; each has its own database there.
`DATABASE_URL`, `PG_BINDIR` and `REDIS_SERVER` are respected where set.
"""

import atexit
import os
from collections.abc import Iterator

import pytest

from devstack.environment import tool_environment
from devstack.places import ROOT
from devstack.postgres import Postgres, remove_abandoned
from devstack.valkey import Valkey


def _start_throwaway_postgres() -> str:
    """Start the run's own Postgres (0.4 s), to be deleted when this process ends; returns its DATABASE_URL."""
    owner = os.getpid()
    postgres = Postgres(ROOT, f"test-{owner}", durable=False)
    remove_abandoned(ROOT, postgres.home)

    @atexit.register
    def destroy() -> None:
        if os.getpid() == owner:  # a forked child runs our exit handlers too
            postgres.destroy()

    return postgres.start().url


if "DATABASE_URL" not in os.environ:
    os.environ["DATABASE_URL"] = _start_throwaway_postgres()

for _name, _value in tool_environment().items():
    os.environ.setdefault(_name, _value)  # xdist's workers inherit them, secrets too


@pytest.fixture(scope="session")
def valkey() -> Iterator[Valkey]:
    """A running Valkey of this test process alone; `valkey.url` is its address."""
    server = Valkey(ROOT, f"test-{os.getpid()}").start()
    try:
        yield server
    finally:
        server.destroy()
