"""Real processes to kill, and the waiting for them."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from devstack.places import ROOT

LOOPBACK = "127.0.0.1"


class ChildProcess:
    """A process a test started, in a group of its own, with its output in `log`."""

    def __init__(self, argv: Sequence[str], env: Mapping[str, str], log: Path) -> None:
        self.argv = list(argv)
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                self.argv,
                cwd=ROOT,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **env},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def output(self) -> str:
        return self.log.read_text(errors="replace")

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def wait_for_output(self, text: str, *, patience: float = 60) -> None:
        """Return once it has said this; raises RuntimeError with what it said if it ends or stays silent."""
        if not wait_until(lambda: text in self.output or not self.is_running, patience=patience):
            raise RuntimeError(f"{self.argv} did not say {text!r} in {patience} s:\n{self.output[-3000:]}")
        if text not in self.output:
            raise RuntimeError(f"{self.argv} ended with {self._process.returncode}:\n{self.output[-3000:]}")

    def signal_group(self, number: int) -> None:
        """Send a signal to it and all its children."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def kill(self) -> None:
        """SIGKILL to the whole group: no handler runs, no transaction is ended politely."""
        self.signal_group(signal.SIGKILL)
        self._process.wait()

    def freeze(self) -> None:
        """SIGSTOP to the whole group: it holds its connections and answers nothing."""
        self.signal_group(signal.SIGSTOP)

    def thaw(self) -> None:
        self.signal_group(signal.SIGCONT)

    def wait(self, *, patience: float = 30) -> int:
        """Wait for its own end; returns the exit code."""
        return self._process.wait(patience)

    def stop(self, *, patience: float = 15) -> None:
        """SIGTERM, and SIGKILL to what is left of the group."""
        if self.is_running:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(patience)
        self.kill()


def python(*arguments: str) -> list[str]:
    """A command line of the Python the tests run on."""
    return [sys.executable, *arguments]


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(condition: Callable[[], Any], *, patience: float = 30, pause: float = 0.05) -> bool:
    """Ask until it is true (True) or so many seconds have passed (False)."""
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


@contextlib.contextmanager
def celery_publishing_to(redis_url: str) -> Iterator[None]:
    """Let this process ring the bell at a real broker, which tests otherwise do not have."""
    from kombu import pools

    from config.celery import app
    from config.environment import celery_broker_from_url

    before = app.conf.broker_url

    def point_at(url: str) -> None:
        app.conf.broker_url = app.conf.broker_write_url = app.conf.broker_read_url = url
        pools.reset()  # kombu keeps closed pools by address and would hand them out again
        app._pool = None
        app.amqp._producer_pool = None

    point_at(celery_broker_from_url(redis_url))
    try:
        yield
    finally:
        point_at(before)
