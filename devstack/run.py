"""`make run`: Postgres, Valkey, mail, web, worker and beat in one terminal; Ctrl-C ends all of it.

A lock lets one run at a time into a checkout. What was started stands in `var/run.json` with each process's start
time, so that a run after `kill -9` ends exactly what the killed one left, and nothing that merely has its number now.
"""

import contextlib
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import psutil

from devstack.commands import WORKER
from devstack.environment import run_environment
from devstack.mailbox import MailSink
from devstack.people import PASSWORD, PEOPLE
from devstack.places import ROOT, PlaceError, give_back
from devstack.postgres import Postgres, PostgresError
from devstack.valkey import Valkey, ValkeyError

VAR = ROOT / "var"
STATE = VAR / "run.json"
FIRST_PORT = 8000
PORTS_TO_TRY = 100
START_PATIENCE = 60.0  # seconds until the first page must answer
STOP_PATIENCE = 10.0  # seconds a process gets for what it has in hand
SERVICES = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL")


def say(text: str) -> None:
    """Print a line at once; a terminal that is gone is no reason to leave processes behind."""
    with contextlib.suppress(OSError, ValueError):
        print(text, flush=True)


class StartError(RuntimeError):
    """Something did not start; the text is for the person at the terminal."""


def listen() -> socket.socket:
    """A listening socket at the port PORT names (else 8000), or at the next free one.

    Held from here on and handed to the web process, so that of two runs that start together each gets its own.
    """
    said = os.environ.get("PORT") or str(FIRST_PORT)
    if not said.isdecimal() or not 0 < int(said) < 65536:
        raise StartError(f"PORT must be a number from 1 to 65535; it is {said!r}.")
    wanted = int(said)
    for port in range(wanted, min(wanted + PORTS_TO_TRY, 65536)):
        try:
            listener = socket.create_server(("127.0.0.1", port), backlog=128)
        except PermissionError:
            raise StartError(f"This account may not listen at port {port}. Name another with PORT=...") from None
        except OSError:
            continue
        if port != wanted:
            say(f"waymark: port {wanted} is taken, so this run uses {port}.")
        return listener
    raise StartError(f"No free port from {wanted} on. Name another with PORT=...")


def read_state() -> dict[str, Any]:
    """What the last run wrote about itself; empty if there is nothing to read."""
    try:
        state = json.loads(STATE.read_text())
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def end_leftovers() -> None:
    """End what a killed run left behind. Only called with the lock held, so its writer is gone."""
    alive = []
    for pid, created, name in read_state().get("processes", []):
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(pid)
            if abs(process.create_time() - created) < 1:  # else another process has the number by now
                say(f"waymark: ending {name} of a run that was killed ({pid}).")
                alive += [process, *process.children(recursive=True)]
                process.send_signal(signal.SIGINT if name == "postgres" else signal.SIGTERM)
    for process in psutil.wait_procs(alive, timeout=STOP_PATIENCE)[1]:
        with contextlib.suppress(psutil.Error):
            process.kill()
    STATE.unlink(missing_ok=True)


@contextlib.contextmanager
def only_run_here() -> Iterator[None]:
    """Hold the checkout's lock; raises StartError where another run has it."""
    VAR.mkdir(exist_ok=True)
    with (VAR / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            address = read_state().get("address", "another terminal")
            raise StartError(f"Waymark already runs from this folder: {address}") from None
        yield


class Supervisor:
    """Starts everything in order, watches it, and ends it in the opposite order."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.in_a_hurry = False
        self.address = ""
        self.environment: dict[str, str] = {}
        self.servers: list[Postgres | Valkey | MailSink] = []
        self.processes: dict[str, subprocess.Popen[str]] = {}
        self.started_at = time.monotonic()

    def on_signal(self, number: int, frame: object) -> None:
        """The first Ctrl-C ends politely, the second at once."""
        self.in_a_hurry = self.stopping.is_set()
        self.stopping.set()

    def run(self) -> int:
        """Start, stay until told to stop or something ends by itself, stop; returns the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.on_signal)
        code = 0
        try:
            self.start()
            code = self.watch()
        except (StartError, PostgresError, ValkeyError, PlaceError) as error:
            if not self.stopping.is_set():
                say(f"waymark: {error}")
                code = 1
        finally:
            self.stop()
        return code

    # Start

    def start(self) -> None:
        """Bring everything up; returns when the first page answers."""
        listener = listen()
        port: int = listener.getsockname()[1]
        self.address = os.environ.get("BASE_URL", f"http://localhost:{port}")
        self.environment = run_environment(self.address) | dict(os.environ)
        self.start_servers()
        self.remember()
        self.prepare_database()
        gunicorn = ["gunicorn", "config.wsgi", "-b", f"fd://{listener.fileno()}", "-c", "python:devstack.gunicorn_conf"]
        # No pickle is accepted, so the warning about root, which fills a screen, has no ground here.
        python = [sys.executable, "-W", "ignore:You're running the worker with superuser", "-m"]
        worker = ["celery", "-q", *WORKER, "-c", "2"]
        beat = ["celery", "-q", "-A", "config", "beat", "-l", "warning", "-s", str(VAR / "beat-schedule"), "--pidfile="]
        self.start_process("web", [*python, *gunicorn], hand_over=listener)
        self.start_process("worker", [*python, *worker], DATABASE_STATEMENT_TIMEOUT_MS="60000")
        self.start_process("beat", [*python, *beat])
        self.await_first_page(port)
        if not self.stopping.is_set():
            self.welcome()

    def start_servers(self) -> None:
        """Postgres and Valkey unless the environment names them, and the local mailbox unless it names a server."""
        if "DATABASE_URL" in os.environ:
            say("waymark: using the database that DATABASE_URL names.")
        else:
            postgres = Postgres(ROOT)
            self.servers.append(postgres)
            postgres.start()
            self.environment["DATABASE_URL"] = postgres.url
            say(f"waymark: Postgres {postgres.major} runs, with its data in {shown(postgres.data)}.")
        if "REDIS_URL" in os.environ:
            say("waymark: using the server that REDIS_URL names.")
        else:
            valkey = Valkey(ROOT)
            self.servers.append(valkey)
            valkey.start()
            self.environment["REDIS_URL"] = valkey.url
        if "EMAIL_URL" not in os.environ:
            sink = MailSink(VAR / "mail", hand_in=self.hand_in)
            self.servers.append(sink)
            sink.start()
            self.environment["EMAIL_URL"] = sink.url
        elif "REPLY_DOMAIN" not in os.environ:
            self.environment["REPLY_DOMAIN"] = ""  # nobody brings the answers back from a real mail server

    def hand_in(self, mail: bytes, sender: str, recipient: str) -> bool:
        """Give an answer that came to the local mailbox to Waymark, as a mail server does; tell whether it was taken."""
        argv = [sys.executable, "manage.py", "receive_mail", f"--sender={sender}", f"--recipient={recipient}"]
        return subprocess.run(argv, cwd=ROOT, env=self.environment, input=mail).returncode == 0

    def prepare_database(self) -> None:
        """Migrate, and load the demo people into a database that has nobody in it."""
        argv = [sys.executable, "manage.py", "prepare"]
        environment = self.environment | {"DATABASE_STATEMENT_TIMEOUT_MS": "0"}
        process = subprocess.Popen(argv, cwd=ROOT, env=environment, start_new_session=True)
        while process.poll() is None:
            if self.stopping.wait(0.05):
                process.terminate()
                process.wait()
        self.check_stopping()
        if process.returncode:
            raise StartError("The database could not be prepared; the lines above say why.")

    def start_process(
        self, name: str, argv: list[str], *, hand_over: socket.socket | None = None, **environment: str
    ) -> None:
        """Start one long-lived process; its lines appear behind its name. `hand_over` becomes its own."""
        self.check_stopping()
        process = subprocess.Popen(
            argv,
            cwd=ROOT,
            env=self.environment | {"PYTHONUNBUFFERED": "1"} | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches us alone, and we pass it on in order
            pass_fds=[hand_over.fileno()] if hand_over else [],
            text=True,
            errors="replace",
            bufsize=1,
        )
        if hand_over:
            hand_over.close()
        self.processes[name] = process
        self.remember()
        threading.Thread(target=pass_on_lines, args=(name, process.stdout), daemon=True).start()

    def await_first_page(self, port: int) -> None:
        """Wait until the web process answers, or raise StartError."""
        deadline = time.monotonic() + START_PATIENCE
        while time.monotonic() < deadline and not self.ended():
            self.check_stopping()
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
            time.sleep(0.1)
        raise StartError("The web process did not start; its lines above say why.")

    def check_stopping(self) -> None:
        """Raise StartError once somebody asked to stop."""
        if self.stopping.is_set():
            raise StartError("Stopped while starting.")

    def welcome(self) -> None:
        """Say where things are, and who can sign in."""
        people = "\n".join(f"    {person.email:20} {person.name}, {person.who}" for person in PEOPLE)
        mailbox = f"\n  Mails are read at {self.address}/dev/mail/" if "EMAIL_URL" not in os.environ else ""
        say(
            f"\n  Waymark runs at {self.address} ({time.monotonic() - self.started_at:.0f} s). Ctrl-C stops it.{mailbox}\n"
            f"  Demo people, all with the password {PASSWORD}:\n{people}\n"
        )

    def remember(self) -> None:
        """Write down what runs, for a later run and for `make manage`; the file holds secrets."""
        pids = {name: process.pid for name, process in self.processes.items()}
        for server in self.servers:
            if not isinstance(server, MailSink) and server.process:
                pids[type(server).__name__.lower()] = server.process.pid
        processes = []
        for name, pid in pids.items():
            with contextlib.suppress(psutil.Error):
                processes.append((pid, psutil.Process(pid).create_time(), name))
        keys = (*run_environment(self.address), *SERVICES)
        named = {key: self.environment[key] for key in keys if key in self.environment}
        partial = STATE.with_suffix(".new")
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump({"address": self.address, "processes": processes, "environment": named}, file, indent=1)
        partial.rename(STATE)

    # Stay and stop

    def ended(self) -> list[str]:
        """The names of processes that are no longer there."""
        return [name for name, process in self.processes.items() if process.poll() is not None]

    def watch(self) -> int:
        """Wait for a signal (returns 0) or for a process to end by itself (returns 1)."""
        while not self.stopping.wait(0.3):
            if ended := self.ended():
                say(f"waymark: {ended[0]} ended with {self.processes[ended[0]].returncode}, so everything stops.")
                return 1
        return 0

    def stop(self) -> None:
        """End everything: first who works, then what they work on."""
        if self.processes:
            say("waymark: stopping ...")
        for process in self.processes.values():
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        deadline = time.monotonic() + STOP_PATIENCE
        while time.monotonic() < deadline and not self.in_a_hurry and len(self.ended()) < len(self.processes):
            time.sleep(0.05)
        for process in self.processes.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # the group: a pool child may have outlived its parent
            process.wait()
        for server in reversed(self.servers):
            server.stop()
        STATE.unlink(missing_ok=True)
        give_back(ROOT, VAR)
        if self.processes:
            say("waymark: stopped.")


def shown(path: Path) -> str:
    """A path as short as it can be said from the checkout."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def pass_on_lines(name: str, stream: TextIO) -> None:
    """Print what a process says, each line behind its name."""
    for line in stream:
        say(f"{name:6} | {line.rstrip()}")


def main() -> int:
    """Run until stopped; returns the exit code."""
    try:
        with only_run_here():
            end_leftovers()
            return Supervisor().run()
    except StartError as error:
        say(f"waymark: {error}")
        return 1


if __name__ == "__main__":
    sys.exit(main())
