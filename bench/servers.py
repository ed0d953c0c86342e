"""The servers a measurement needs, started for it alone, and their CPU time."""

import contextlib
import http.client
import importlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from bench.figures import Figure
from devstack.environment import fresh_secrets
from devstack.postgres import Postgres
from devstack.valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent
# What the production guide tells an operator to set, so that the measured paths are the served ones.
PRODUCTION = {
    "BASE_URL": "https://waymark.test",
    "OPERATOR_NAME": "The bench",
    "OPERATOR_EMAIL": "operator@waymark.test",
    "DEFAULT_FROM_EMAIL": "Waymark <waymark@waymark.test>",
    "EMAIL_URL": "smtp://127.0.0.1:1",
    "TRUSTED_PROXY_COUNT": "1",
    "LOG_LEVEL": "ERROR",
    "DATABASE_STATEMENT_TIMEOUT_MS": "0",
}


@contextlib.contextmanager
def services() -> Iterator[dict[str, object]]:
    """Start Postgres (with pg_stat_statements) and Valkey, and set the environment of a production server."""
    postgres = Postgres(
        ROOT,
        f"bench-{os.getpid()}",
        settings={
            "shared_preload_libraries": "pg_stat_statements",
            "shared_buffers": "1GB",
            "max_wal_size": "8GB",
        },
    )
    valkey = Valkey(ROOT, f"bench-{os.getpid()}")
    try:
        postgres.start()
        valkey.start()
        os.environ.update(
            PRODUCTION | fresh_secrets() | {"DATABASE_URL": postgres.url, "REDIS_URL": valkey.url},
            DJANGO_SETTINGS_MODULE="config.settings",
        )
        for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True)
        yield {"postgres": postgres, "valkey": valkey}
    finally:
        valkey.destroy()
        postgres.destroy()


def measure(part: str, *, has_servers: bool) -> list[Figure]:
    """Run bench.<part>, with servers of its own if it needs some; it prints a line for each figure."""
    servers: contextlib.AbstractContextManager[dict[str, object]]
    servers = services() if has_servers else contextlib.nullcontext({})
    with servers as running:
        found: list[Figure] = importlib.import_module(f"bench.{part}").run(running)
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Web:
    """A gunicorn of its own with two workers."""

    def __init__(self, application: str) -> None:
        self.port = free_port()
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", application, "-b", f"127.0.0.1:{self.port}", "-w", "2"),
                *("--threads", "4", "--no-control-socket", "--log-level", "error"),
            ],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise
                time.sleep(0.1)

    def get(self, path: str, headers: dict[str, str], posted: str = "") -> tuple[int, bytes]:
        """Ask once on a new connection, by POST where a form is given; return the status and the body as sent."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST" if posted else "GET", path, body=posted or None, headers=headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def cpu(self) -> float:
        return tree_cpu(self.process.pid)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


def tree_cpu(pid: int) -> float:
    """Return the CPU seconds (user and system) of a process and all its children, ended ones included."""
    total = 0.0
    root = psutil.Process(pid)
    for process in [root, *root.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total
