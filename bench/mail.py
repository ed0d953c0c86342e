"""What a mail costs: CPU in R, statements, connections, tasks. Called by `python -m bench`.

R is the CPU of one finished mail of 3.8 KB handed over by smtplib on a kept connection. Only the processes of the
Celery worker are counted, not Postgres, Valkey or the mail server.

To wake a server on another core costs the sender several times what one on its own core does, so R is three times as
much or not as the kernel likes it. Here the bench and the worker stay on one core, the server is moved between it and
another, and mails are measured beside R at either place. The worse of both ratios is the figure.
"""

import contextlib
import os
import re
import signal
import smtplib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil

from bench.figures import Figure
from bench.servers import ROOT, tree_cpu
from devstack.commands import WORKER

# The first mails of a worker make it ready for all later ones, and are not counted.
FIRST, EACH, ROUNDS, EVENTS = 50, 1000, 3, 60
PEOPLE = FIRST + 2 * EACH * ROUNDS
CALIBRATION, CALIBRATION_ROUNDS = 2000, 3
PEERS_CPU, PEERS_SQL, PEERS_TASKS, PEERS_CONNECTIONS = "18-100", "1-8", "1", "1000"
# pg_stat_statements counts for everybody. Taken out is what the bench asks itself, the frame of a transaction, and
# the looks at a foreign key that Postgres takes by itself at each commit.
_STATEMENTS = """
SELECT coalesce(sum(calls), 0) FROM pg_stat_statements
WHERE query NOT LIKE '%pg_stat_statements%' AND query NOT LIKE '%FOR KEY SHARE OF x'
  AND query NOT IN ('BEGIN', 'COMMIT')
"""


class Sink:
    """The process of bench.sink."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.sink"], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout
        self.port = int(self._process.stdout.readline())
        self.client = smtplib.SMTP("127.0.0.1", self.port)

    def move(self, core: int) -> None:
        """Let it run on this core only, the threads of its conversations too."""
        for thread in psutil.Process(self._process.pid).threads():
            os.sched_setaffinity(thread.id, {core})

    def counts(self) -> tuple[int, int]:
        """Return how many connections brought mails, and how many mails."""
        connections, mails = self.client.docmd("VRFY", "counts")[1].split()
        return int(connections), int(mails)

    def wait_for(self, mails: int, *, patience: float = 120) -> None:
        """Return once it took so many mails; raise TimeoutError after so many seconds."""
        deadline = time.monotonic() + patience
        while self.counts()[1] < mails:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.counts()[1]} of {mails} mails")
            time.sleep(0.05)

    def stop(self) -> None:
        self.client.close()
        self._process.terminate()
        self._process.wait()


class Worker:
    """A Celery worker as production runs it, with one child, and its log. `port` is that of its mail server."""

    def __init__(self, port: int, folder: Path, name: str = "worker", **environment: str) -> None:
        self.log = folder / f"{name}.log"
        options = [*WORKER, "-c", "1", "-n", f"{name}@%h"]
        environment = {"EMAIL_URL": f"smtp://127.0.0.1:{port}", "LOG_LEVEL": "INFO"} | environment
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "celery", *options],
                cwd=ROOT,
                env=os.environ | environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        while " ready." not in self.log.read_text():
            if self._process.poll() is not None:
                raise RuntimeError(self.log.read_text()[-2000:])
            time.sleep(0.1)

    def cpu(self) -> float:
        return tree_cpu(self._process.pid)

    def tasks(self) -> int:
        return len(re.findall(r" Task \S+ received", self.log.read_text()))

    def kill(self) -> None:
        """SIGKILL to it and its child at once."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(30)


def calibrate(sink: Sink) -> float:
    """Return R in seconds: the median of some rounds."""
    mail = b"From: <a@example.org>\r\nTo: <b@example.org>\r\nSubject: x\r\n\r\n" + b"x" * 74 + b"\r\n"
    mail += (b"y" * 74 + b"\r\n") * ((3800 - len(mail)) // 76)
    rounds = []
    for _ in range(CALIBRATION_ROUNDS):
        before = time.process_time()
        for _ in range(CALIBRATION):
            sink.client.sendmail("a@example.org", ["b@example.org"], mail)
        rounds.append((time.process_time() - before) / CALIBRATION)
    return statistics.median(rounds)


@contextlib.contextmanager
def on_one_core() -> Iterator[dict[str, int | None]]:
    """Keep this process, and those it starts, on one core; yield at which places a mail server can run."""
    if not hasattr(os, "sched_setaffinity"):
        yield {"wherever the system likes": None}
        return
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[-1:])
    yield {"the same core": cores[-1], "another core": cores[0]} if cores[1:] else {"the only core": cores[0]}
    os.sched_setaffinity(0, cores)


@dataclass
class Cost:
    """What mails cost beside R at one place of the mail server, round by round in seconds."""

    place: str
    mails: list[float] = field(default_factory=list)
    units: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return statistics.mean(self.mails) / statistics.mean(self.units)

    def __str__(self) -> str:
        mail, unit = statistics.mean(self.mails) * 1000, statistics.mean(self.units) * 1000
        return f"{mail:.3f} ms a mail, R = {unit:.3f} ms, ratio {self.ratio:.1f}: the mail server on {self.place}"


def worst_cost(sink: Sink, worker: Worker, places: dict[str, int | None], send: Callable[[int, int], None]) -> float:
    """Have `send` queue mails to some people, the first and last number given, again and again; return the worse ratio."""
    mails = sink.counts()[1]
    send(1, FIRST)
    sink.wait_for(mails + FIRST)
    costs, last = [Cost(place) for place in places], FIRST
    for cost in costs * ROUNDS:
        if (core := places[cost.place]) is not None:
            sink.move(core)
        before = calibrate(sink)
        mails, cpu = sink.counts()[1], worker.cpu()
        send(last + 1, last + EACH)
        last += EACH
        sink.wait_for(mails + EACH)
        time.sleep(0.5)
        cost.mails.append((worker.cpu() - cpu) / EACH)
        cost.units.append((before + calibrate(sink)) / 2)
    print(*costs, sep="\n", flush=True)
    return max(cost.ratio for cost in costs)


@contextlib.contextmanager
def counted_statements() -> Iterator[list[int]]:
    """Count the statements of everybody in the block; the number stands in the list afterwards."""
    from django.db import connection

    found: list[int] = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_statements_reset()")
    yield found
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENTS)
        found.append(int(cursor.fetchone()[0]))


def seed_people() -> None:
    """Make people with a weekly hour and three goals each, with milestones and updates of this week."""
    from accounts.models import User
    from bench import seed

    seed.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
    seed.people(1, PEOPLE)
    seed.goals(1, PEOPLE, 3)
    seed.updates(1, PEOPLE, 2)
    User.objects.update(time_zone="UTC")
    seed.schedules(1, PEOPLE, datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(days=7))
    seed.settle()


def send_weekly(sink: Sink, worker: Worker, places: dict[str, int | None]) -> list[Figure]:
    """Send everybody's weekly mail; working out who is due counts for the statements, not for the worker's CPU."""
    from django.db.models import F

    from reminders.models import Schedule
    from reminders.tasks import send_due

    def send(first: int, last: int) -> None:
        people = Schedule.objects.filter(user__in=range(first, last + 1))
        people.update(next_due_at=F("next_due_at") - timedelta(days=7))
        send_due()

    connections, tasks = sink.counts()[0], worker.tasks()
    with counted_statements() as statements:
        worst = worst_cost(sink, worker, places, send)
    new_connections = sink.counts()[0] - connections
    return [
        Figure("CPU per weekly mail, claim to mark, in R", worst, 10, PEERS_CPU),
        Figure("SQL per weekly mail", statements[0] / PEOPLE, 1.1, PEERS_SQL),
        Figure("tasks per weekly mail", (worker.tasks() - tasks) / PEOPLE, 0.01, PEERS_TASKS),
        Figure("connections per 1000 weekly mails", 1000 * new_connections / PEOPLE, 8, PEERS_CONNECTIONS),
    ]


def send_plain(sink: Sink, worker: Worker, places: dict[str, int | None]) -> list[Figure]:
    """Send mails that say almost nothing: what the outbox itself costs."""
    from mail.services import Draft, queue_many

    def send(first: int, last: int) -> None:
        people = range(first, last + 1)
        queue_many("test", [Draft(to=f"plain{n}@example.org", dedupe=f"plain:{n}") for n in people])

    with counted_statements() as statements:
        worst = worst_cost(sink, worker, places, send)
    return [
        Figure("CPU per plain mail, claim to mark, in R", worst, 10, PEERS_CPU),
        Figure("SQL per plain mail", statements[0] / PEOPLE, 1.1, PEERS_SQL),
    ]


def send_events(sink: Sink) -> list[Figure]:
    """Send mails about comments, one at a time as they happen."""
    from django.db import transaction
    from django.utils import timezone

    from goals.models import Goal, GoalComment
    from sharing.models import Mentorship
    from sharing.notices import notify_thread

    comments = []
    for n in range(1, EVENTS + 1):
        mentorship = Mentorship.objects.get(mentee_id=n)
        goal = Goal.objects.filter(owner_id=n).earliest("pk")
        goal.shared_with.add(mentorship)
        comments.append(
            GoalComment.objects.create(
                item=goal,
                mentorship=mentorship,
                author_id=n + 1,
                text="Well done. What next?",
                created_at=timezone.now(),
            )
        )
    total = 0
    people = GoalComment.objects.select_related("item", "author", "mentorship__mentee", "mentorship__mentor")
    for comment in people.filter(pk__in=[comment.pk for comment in comments]):
        mails = sink.counts()[1]
        with counted_statements() as statements:
            with transaction.atomic():
                notify_thread("goal_comment", comment=comment, at=timezone.now())
            sink.wait_for(mails + 1)
            time.sleep(0.15)
        total += statements[0]
    return [Figure("SQL per mail about a comment, cause to mark", total / EVENTS, 6, PEERS_SQL)]


def run(services: dict[str, object]) -> list[Figure]:
    """Measure; print as it goes and return the figures."""
    import django

    django.setup()

    seed_people()
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder, on_one_core() as places, contextlib.ExitStack() as running:
        sink = Sink()
        running.callback(sink.stop)
        worker = Worker(sink.port, Path(folder))
        running.callback(worker.stop)
        for measure in (send_weekly, send_plain):
            figures += measure(sink, worker, places)
        figures += send_events(sink)
    print(*figures, sep="\n", flush=True)
    return figures
