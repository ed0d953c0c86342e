"""Gives each pytest run a throwaway Postgres, and a throwaway Valkey to the tests that ask for one.

Loaded by `-p devstack.pytest_plugin` in pyproject.toml: it acts at import, before pytest-django reads the settings.
The workers of pytest-xdist inherit the environment and so share the run's Postgres; each has its own database there.
`DATABASE_URL`, `PG_BINDIR` and `REDIS_SERVER` are respected where set.
"""

import atexit
import contextlib
import itertools
import os
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from devstack.commands import WORKER
from devstack.environment import tool_environment
from devstack.faults import ChildProcess, SmtpSink, TcpProxy, celery_publishing_to, free_port, python, wait_until
from devstack.migrated import DATABASE, migrated_cluster
from devstack.places import ROOT
from devstack.postgres import Postgres
from devstack.postgres import remove_abandoned as remove_abandoned_postgres
from devstack.valkey import Valkey
from devstack.valkey import remove_abandoned as remove_abandoned_valkey


def _start_throwaway_postgres() -> str:
    """Start the run's own Postgres (0.4 s), to be deleted when this process ends; returns its DATABASE_URL."""
    owner = os.getpid()
    postgres = Postgres(ROOT, f"test-{owner}", durable=False, copy_of=migrated_cluster(ROOT))
    remove_abandoned_postgres(ROOT, postgres.home)
    remove_abandoned_valkey(ROOT)
    os.environ["TEST_DATABASE_TEMPLATE"] = DATABASE

    @atexit.register
    def destroy() -> None:
        if os.getpid() == owner:  # a forked child runs our exit handlers too
            postgres.destroy()

    return postgres.start().url


if "DATABASE_URL" not in os.environ:
    os.environ["DATABASE_URL"] = _start_throwaway_postgres()

for _name, _value in tool_environment().items():
    os.environ.setdefault(_name, _value)  # xdist's workers inherit them, secrets too
# Making and dropping the test database is a statement too, and on a busy machine takes longer than a page may.
os.environ.setdefault("DATABASE_STATEMENT_TIMEOUT_MS", "60000")


@pytest.fixture(scope="session")
def valkey() -> Iterator[Valkey]:
    """A running Valkey of this test process alone; `valkey.url` is its address."""
    server = Valkey(ROOT, f"test-{os.getpid()}").start()
    try:
        yield server
    finally:
        server.destroy()


@pytest.fixture
def own_valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    """A running Valkey for this one test, which may kill it, stop it or empty it."""
    server = Valkey(ROOT, f"test-{os.getpid()}-own").start()
    try:
        yield server
    finally:
        server.destroy()


@pytest.fixture
def own_postgres() -> Iterator[Postgres]:
    """A running, empty Postgres for this one test, which may kill it; it keeps its promises (fsync is on)."""
    server = Postgres(ROOT, f"test-{os.getpid()}-own").start()
    try:
        yield server
    finally:
        server.destroy()


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    """A scriptable SMTP server; see devstack.faults for the stages and steps."""
    sink = SmtpSink()
    try:
        yield sink
    finally:
        sink.stop()


@pytest.fixture
def tcp_proxy() -> Iterator[Callable[..., TcpProxy]]:
    """Makes proxies that can be cut: `proxy = tcp_proxy(("127.0.0.1", port))`, or before a unix socket's path."""
    proxies: list[TcpProxy] = []

    def make(target: tuple[str, int] | str | Path) -> TcpProxy:
        proxies.append(TcpProxy(target))
        return proxies[-1]

    yield make
    for proxy in proxies:
        proxy.stop()


def database_url() -> str:
    """The address of the very database this test writes to, as another process has to be told it."""
    from django.db import connection

    settings = connection.settings_dict
    login = ":".join(quote(settings[key], safe="") for key in ("USER", "PASSWORD") if settings[key])
    port = f":{settings['PORT']}" if settings["PORT"] else ""
    return f"postgresql://{login}@{quote(settings['HOST'], safe='')}{port}/{settings['NAME']}"


@pytest.fixture
def spawn(tmp_path: Path, transactional_db: None, valkey: Valkey) -> Iterator[Callable[..., ChildProcess]]:
    """Starts processes on the test's own database and Valkey: `spawn(python("manage.py", "x"), env={...})`.

    What the test committed they see, and the other way round. Those still running at the end are killed.
    """
    started: list[ChildProcess] = []
    numbers = itertools.count(1)
    base = {
        "DATABASE_URL": database_url(),
        "DATABASE_STATEMENT_TIMEOUT_MS": "60000",
        "REDIS_URL": valkey.url,
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }

    def start(argv: list[str], *, env: Mapping[str, str] | None = None) -> ChildProcess:
        log = tmp_path / f"process-{next(numbers)}.log"
        started.append(ChildProcess(argv, base | dict(env or {}), log))
        return started[-1]

    yield start
    for process in started:
        process.kill()


@pytest.fixture
def celery_worker_process(spawn: Callable[..., ChildProcess], valkey: Valkey) -> Iterator[Callable[..., ChildProcess]]:
    """Starts real Celery workers: `worker = celery_worker_process(env={"EMAIL_URL": smtp_sink.url})`.

    Returns when the worker is ready. `arguments` go to `celery worker` (`"-B"` adds beat, `"-P", "solo"` spares the
    child process). While the fixture lives, this process publishes to the same broker, which starts empty. A test
    that brings its own broker says so with `env={"REDIS_URL": ...}` and `celery_publishing_to`.
    """
    valkey.empty()

    def start(*arguments: str, env: Mapping[str, str] | None = None) -> ChildProcess:
        worker = spawn(python("-m", "celery", *WORKER, "-c", "1", *arguments), env=env)
        worker.wait_for_output(" ready.")
        return worker

    with celery_publishing_to(valkey.url):
        yield start


@pytest.fixture
def web_process(spawn: Callable[..., ChildProcess]) -> Callable[..., tuple[ChildProcess, str]]:
    """Starts real gunicorns: `process, url = web_process(env={...})`; returns when `/healthz` answers."""

    def start(*arguments: str, env: Mapping[str, str] | None = None) -> tuple[ChildProcess, str]:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        options = ["config.wsgi", "-b", f"127.0.0.1:{port}", "--threads", "4", "--no-control-socket"]
        process = spawn(python("-m", "gunicorn", *options, *arguments), env={"BASE_URL": url} | dict(env or {}))

        def answers() -> Any:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/healthz", timeout=2) as response:  # noqa: S310
                return response.status == 200
            return not process.is_running

        if not wait_until(answers, patience=30) or not process.is_running:
            raise RuntimeError(f"gunicorn did not start:\n{process.output[-3000:]}")
        return process, url

    return start


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--second-round`, for a run on another Postgres and Redis than the first (docs/decisions/0122)."""
    parser.addoption(
        "--second-round",
        action="store_true",
        help="leave out what sees no difference between two Postgres: no database, a browser, the same statements",
    )


# What a test has to ask for to meet a Postgres or a broker at all; pytest-django refuses it to all others.
SERVERS = {"db", "transactional_db", "valkey", "own_valkey", "own_postgres"}


def has_a_server(item: pytest.Item) -> bool:
    """Whether this test meets a Postgres or a broker; one that starts its own says so with the mark `servers`."""
    marks = any(item.get_closest_marker(name) for name in ("django_db", "servers"))
    return marks or not SERVERS.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.hookimpl(trylast=True)  # the folder of the browser tests marks them in this same hook
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out of a second round what sees no difference between two Postgres (docs/decisions/0122)."""
    if not config.getoption("--second-round"):
        return
    first: dict[str, str] = {}  # of the cases of each test, whatever order pytest-randomly gave them
    for item in items:
        test = item.nodeid.partition("[")[0]
        first[test] = min(item.nodeid, first.get(test, item.nodeid))

    def stays(item: pytest.Item) -> bool:
        if item.get_closest_marker("browser") or item.get_closest_marker("once"):
            return False
        if item.get_closest_marker("same_statements") and item.nodeid != first[item.nodeid.partition("[")[0]]:
            return False
        return has_a_server(item)

    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        (kept if stays(item) else left_out).append(item)
    config.hook.pytest_deselected(items=left_out)
    items[:] = kept


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `fault_round` is repeated: 5 times, 100 times in `make faults` (FAULT_ROUNDS)."""
    if "fault_round" in metafunc.fixturenames:
        metafunc.parametrize("fault_round", range(int(os.environ.get("FAULT_ROUNDS", "5"))))


NO_BROWSER = "No usable browser, so the browser tests did not run."


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line that browser tests were skipped, which a row of letters would hide."""
    reports = terminalreporter.getreports("skipped")
    reasons = {report.longrepr[2] for report in reports if isinstance(report.longrepr, tuple)}
    for reason in sorted(reason for reason in reasons if NO_BROWSER in reason):
        terminalreporter.write_line(reason.removeprefix("Skipped: "), yellow=True)
