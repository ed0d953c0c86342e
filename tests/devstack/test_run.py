"""`make run`, really started, in copies of this checkout."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request

import psutil
import psycopg
import pytest

from devstack.environment import tool_environment
from devstack.faults import free_port, wait_until
from devstack.places import ROOT, remove_traces

pytestmark = pytest.mark.servers

LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "var", "node_modules", "__pycache__", ".*_cache", "tests")
PAGE = "/account/login/"
OURS = {*tool_environment(), "DATABASE_STATEMENT_TIMEOUT_MS", "PORT", "WAYMARK_FAILPOINT"}


class Run:
    """One `make run` in a folder of its own."""

    def __init__(self, folder, port):
        self.folder = folder
        self.output = folder.parent / f"{folder.name}.log"
        self.earlier_starts = self.said.count("Waymark runs at") if self.output.exists() else 0
        environment = {key: value for key, value in os.environ.items() if key not in OURS} | {"PORT": str(port)}
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "devstack.run"],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    @property
    def said(self):
        return self.output.read_text(errors="replace")

    @property
    def state(self):
        return json.loads((self.folder / "var" / "run.json").read_text())

    def wait_until_it_runs(self):
        assert wait_until(
            lambda: self.said.count("Waymark runs at") > self.earlier_starts or self.process.poll() is not None,
            patience=180,
        ), self.said
        assert self.process.poll() is None, self.said
        self.address = re.findall(r"Waymark runs at (\S+)", self.said)[-1].replace("localhost", "127.0.0.1")
        self.pids = [pid for pid, _, _ in self.state["processes"]]
        return self

    def status(self, path):
        with urllib.request.urlopen(self.address + path, timeout=20) as response:
            return response.status

    def query(self, sql):
        with psycopg.connect(self.state["environment"]["DATABASE_URL"], autocommit=True) as connection:
            cursor = connection.execute(sql)
            return cursor.fetchone() if cursor.description else None

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(40)


LIST_NAMES = "from accounts.models import User; print(*User.objects.values_list('name', flat=True))"


def in_folder(folder, module, *arguments):
    """Run a module of devstack there, with nothing of this test run's environment."""
    environment = {key: value for key, value in os.environ.items() if key not in OURS}
    argv = [sys.executable, "-m", module, *arguments]
    return subprocess.run(argv, cwd=folder, env=environment, capture_output=True, text=True)


def is_gone(pid):
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.fixture
def checkout(tmp_path):
    """Makes copies of this checkout, and ends whatever still runs in them."""
    runs, folders = [], []

    def make(name):
        folder = tmp_path / name
        shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
        folders.append(folder)
        return folder

    def start(folder, port):
        runs.append(Run(folder, port))
        return runs[-1]

    yield make, start
    for run in runs:
        if run.process.poll() is None:
            run.interrupt()
    for folder in folders:
        remove_traces(folder)


def test_run_from_nothing_to_a_page_and_again_after_ctrl_c_and_kill(checkout):
    make, start = checkout
    folder, port = make("first ä b"), free_port()

    run = start(folder, port).wait_until_it_runs()
    assert run.address == f"http://127.0.0.1:{port}"
    assert "amara@example.org" in run.said
    assert "/dev/mail/" in run.said
    assert run.status(PAGE) == run.status("/dev/mail/") == 200
    assert len(run.pids) == 5
    assert [path.stat().st_mode & 0o777 for path in (folder / "var/secrets").iterdir()] == [0o600, 0o600]
    (people,) = run.query("SELECT count(*) FROM accounts_user")
    run.query("UPDATE accounts_user SET name = 'Sam of before' WHERE email = 'sam@example.org'")

    assert "Sam of before" in in_folder(folder, "devstack.manage", "shell", "-c", LIST_NAMES).stdout
    other = in_folder(folder, "devstack.run")
    assert other.returncode == 1
    assert f"already runs from this folder: http://localhost:{port}" in other.stdout

    run.process.kill()  # nobody is told; Postgres, Valkey, web, worker and beat stay behind
    run.process.wait()
    assert not all(is_gone(pid) for pid in run.pids)

    again = start(folder, port).wait_until_it_runs()
    assert "of a run that was killed" in again.said
    assert all(is_gone(pid) for pid in run.pids)
    assert again.status(PAGE) == 200
    assert again.query("SELECT name FROM accounts_user WHERE email = 'sam@example.org'") == ("Sam of before",)
    assert again.query("SELECT count(*) FROM accounts_user") == (people,)

    assert again.interrupt() == 0
    assert "stopped." in again.said
    assert all(is_gone(pid) for pid in again.pids)
    assert not (folder / "var/run.json").exists()
    assert "Start `make run` first" in in_folder(folder, "devstack.manage", "check").stderr


def test_run_in_two_folders_at_once_on_one_port(checkout):
    make, start = checkout
    port = free_port()
    one = start(make("one"), port)
    two = start(make("two"), port)

    one.wait_until_it_runs()
    two.wait_until_it_runs()

    assert one.address != two.address
    assert one.status(PAGE) == two.status(PAGE) == 200
    assert one.state["environment"]["DATABASE_URL"] != two.state["environment"]["DATABASE_URL"]

    assert one.interrupt() == 0
    web = next(pid for pid, _, name in two.state["processes"] if name == "web")
    os.kill(web, signal.SIGKILL)  # one part that ends by itself ends the rest, and the exit code says so
    assert two.process.wait(40) == 1
    assert "web ended with" in two.said
    assert all(is_gone(pid) for pid in two.pids)


@pytest.mark.parametrize("port", ["none", "0", "65536", "-1", "8000; ls"])
def test_run_refuses_a_port_that_is_none(checkout, port):
    make, start = checkout
    run = start(make("checkout"), port)

    assert run.process.wait(20) == 1
    assert "PORT must be a number" in run.said
