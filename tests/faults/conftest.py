"""Real workers against a real database, broker and mail server; each test breaks one of them on purpose.

FAULT_ROUNDS says how often (5 unless told; `make faults`: 100). The oracle joins what the database says with what the
mail server took: nothing may be lost, and nothing sent twice, but where the answer to a mail could not be heard
(RFC 1047).
"""

import itertools
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from config.celery import app
from devstack.faults import wait_until
from devstack.places import ROOT
from devstack.pytest_plugin import database_url
from mail.models import Message
from mail.services import Draft, queue_many
from tests.faults import kinds  # noqa: F401 - this process queues these kinds too

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "5"))


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.faults)


class Outbox:
    """The outbox under test as its surroundings see it."""

    def __init__(self, sink, tmp_path):
        self.sink = sink
        self.failpoint_file = tmp_path / "failpoint"
        self.numbers = itertools.count(1)

    @property
    def env(self):
        return {
            "EMAIL_URL": f"{self.sink.url}?timeout=1",
            "MAIL_LEASE_SECONDS": "2",
            "WAYMARK_FAILPOINT": f"@{self.failpoint_file}",
        }

    def queue(self, count=1, kind="fault_fine", **values):
        """Queue mails to addresses of their own; returns the rows."""
        drafts = [
            Draft(to=f"r{n}@example.org", dedupe=f"fault:{n}", **values) for n in itertools.islice(self.numbers, count)
        ]
        return queue_many(kind, drafts)

    def end_leases(self):
        """Let so much time pass that the leases of the dead end. Nobody alive may hold one."""
        Message.objects.filter(state="sending").update(lease_until=timezone.now())

    def sweep(self):
        """Let that time pass, and beat tick."""
        self.end_leases()
        app.send_task("mail.tasks.sweep")

    def arm(self, place, action="kill"):
        self.failpoint_file.write_text(f"{place}:{action}")

    def has_fired(self):
        return wait_until(lambda: not self.failpoint_file.exists(), patience=30)

    def states(self):
        return Counter(Message.objects.values_list("state", flat=True))

    def wait_until_done(self, *, patience=90, tick=None):
        """Tick until nothing waits any more; by default a tick also ends the leases of those who hold any."""
        clock = itertools.count()

        def done():
            if not Message.objects.waiting().exists():
                return True
            if next(clock) % 10 == 9:
                (tick or self.sweep)()
            return False

        if not wait_until(done, patience=patience, pause=0.1):
            raise AssertionError(f"mails still wait after {patience} s: {self.states()}")

    def check(self, *, twice=0):
        """Nothing lost, and at most `twice` mails accepted a second time."""
        accepted = Counter(self.sink.message_ids())
        sent = set(Message.objects.filter(state="sent").values_list("message_id", flat=True))
        assert set(accepted) == sent, "what the server took is not what the database says was sent"
        assert max(accepted.values(), default=0) <= 2
        assert sum(accepted.values()) - len(accepted) <= twice


@pytest.fixture
def outbox(transactional_db, smtp_sink, tmp_path, monkeypatch):
    monkeypatch.setattr("mail.services._bell_silent_until", 0.0)
    connection.ensure_connection()
    return Outbox(smtp_sink, tmp_path)


class Forks:
    """Orders children of tests/faults/forks.py, one at a time, for the mail server of one test."""

    def __init__(self, parent, outbox):
        self._parent = parent
        self._outbox = outbox

    def begin(self, failpoint="", *, url=None, env=None, task="sweep"):
        """Let a child sweep, or do another task of mail; returns its pid."""
        order = {"failpoint": failpoint, "url": url or self._outbox.env["EMAIL_URL"], "env": env or {}, "task": task}
        self._parent.stdin.write(json.dumps(order) + "\n")
        self._parent.stdin.flush()
        return int(self._parent.stdout.readline())

    def end(self):
        """Wait for that child and return its exit code; -9 if it was killed."""
        return int(self._parent.stdout.readline())

    def run(self, failpoint="", **order):
        self.begin(failpoint, **order)
        return self.end()


@pytest.fixture(scope="session")
def forking_parent(django_db_setup, django_db_blocker):
    """A process that has loaded the project; its children use the tests' database."""
    with django_db_blocker.unblock():
        url = database_url()
    env = {"DATABASE_URL": url, "MAIL_LEASE_SECONDS": "2", "DJANGO_SETTINGS_MODULE": "config.settings"}
    parent = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.forks"], cwd=ROOT, env={**os.environ, **env, "LOG_LEVEL": "CRITICAL"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert parent.stdout.readline().strip() == "ready"
    yield parent
    parent.kill()
    parent.communicate()


@pytest.fixture
def forks(forking_parent, outbox):
    """Cheap workers."""
    return Forks(forking_parent, outbox)


@pytest.fixture
def worker(outbox, celery_worker_process):
    """Starts workers that know these tests' mails: `worker("-B", env={...})`."""

    def start(*arguments, env=None):
        return celery_worker_process("-I", "tests.faults.kinds", *arguments, env={**outbox.env, **(env or {})})

    return start
