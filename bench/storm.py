"""The hour of many people at once, four workers, and workers that die. Called by `python -m bench storm`.

Everybody's weekly hour comes at one moment, in every time zone. Once it is timed beside one process that hands a
prebuilt mail to smtplib again and again; once, with other people, workers are killed at random moments and the database
is compared with what the mail server took. Of a mail that was in the air when its worker died nobody knows whether it
was taken; it may come twice, under the same Message-ID (RFC 1047). BENCH_SMALL=1 takes a fifth of people and kills.
"""

import contextlib
import functools
import os
import random
import smtplib
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench import seed
from bench.figures import Figure
from bench.mail import Sink, Worker
from devstack.faults import SmtpSink, wait_until

WORKERS = 4
# Long beside what other work on the machine may do to a living worker.
LEASE_SECONDS = 15
FLOOR_MAILS = 3000
PATIENCE = 600


def beat() -> None:
    """Ring what beat rings every minute."""
    from config.celery import app

    app.send_task("reminders.tasks.send_due")
    app.send_task("mail.tasks.sweep")


def ask_everybody(first: int, last: int) -> None:
    """Let the weekly hour of these new people have come two minutes ago."""
    seed.verified_people(first, last)
    seed.live_everywhere()
    seed.schedules(first, last, (datetime.now(UTC) - timedelta(minutes=2)).replace(second=0, microsecond=0))
    seed.settle()


def floor(sink: Sink) -> float:
    """Return how many prebuilt mails a second one process hands to smtplib on a kept connection."""
    mail = b"Subject: x\r\n\r\n" + b"x" * 3800
    begun = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", sink.port) as connection:
        for _ in range(FLOOR_MAILS):
            connection.sendmail("a@example.org", ["b@example.org"], mail)
    return FLOOR_MAILS / (time.perf_counter() - begun)


@contextlib.contextmanager
def workers(port: int) -> Iterator[tuple[list[Worker], Path]]:
    """Run four workers that send to the mail server on this port; those in the list at the end are stopped."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        running = [Worker(port, folder, f"worker{n}", MAIL_LEASE_SECONDS=str(LEASE_SECONDS)) for n in range(WORKERS)]
        try:
            yield running, folder
        finally:
            for worker in running:
                worker.stop()


def speed(people: int) -> Figure:
    """Time four workers, from the schedules to the last mail, beside the floor."""
    sink = Sink()
    try:
        rate = floor(sink)
        ask_everybody(1, people)
        with workers(sink.port):
            before, begun = sink.counts()[1], time.perf_counter()
            for _ in range(WORKERS):
                beat()
            sink.wait_for(before + people, patience=PATIENCE)
            seconds = time.perf_counter() - begun
    finally:
        sink.stop()
    print(f"{people / seconds:.0f} weekly mails a second with {WORKERS} workers; the floor: {rate:.0f}", flush=True)
    return Figure("weekly mails a second, a part of the floor's", people / seconds / rate, None)


def _has_accepted(sink: SmtpSink, number: int) -> bool:
    return len(sink.accepted) >= number


def deaths(first: int, last: int, kills: int) -> list[Figure]:
    """Kill one of four workers at random moments, and compare what was asked, stored and taken."""
    from mail.models import Message

    people, sink = last - first + 1, SmtpSink()
    ask_everybody(first, last)
    mine = Message.objects.filter(user__in=range(first, last + 1))
    with workers(sink.port) as (running, folder):
        for _ in range(WORKERS):
            beat()
        for kill in range(kills):
            enough = random.randrange(kill * people // (kills + 1), (kill + 1) * people // (kills + 1))
            wait_until(functools.partial(_has_accepted, sink, enough), patience=LEASE_SECONDS, pause=0.001)
            place = random.randrange(WORKERS)
            running[place].kill()
            running[place] = Worker(sink.port, folder, f"again{kill}", MAIL_LEASE_SECONDS=str(LEASE_SECONDS))
            beat()
        deadline = time.monotonic() + PATIENCE
        while mine.filter(state="sent").count() < people and time.monotonic() < deadline:
            time.sleep(2)
            beat()
    taken = Counter(accepted.message_id for accepted in sink.accepted)
    sink.stop()
    stored = set(mine.filter(state="sent").values_list("message_id", flat=True))
    twice = sum(taken.values()) - len(taken)
    asked = mine.values("user").distinct().count()
    return [
        Figure(f"people not asked, or whose mail was lost, over {kills} kills", people - min(asked, len(taken)), 0),
        Figure("mails taken and not marked, or marked and not taken", len(stored ^ set(taken)), 0),
        Figure("mails taken twice, beyond one in the air at each kill", max(0, twice - kills), 0),
        Figure("mails taken twice in that gap", twice, None),
    ]


def run(services: dict[str, object]) -> list[Figure]:
    """Measure; print as it goes and return the figures."""
    import django

    django.setup()

    people, kills = (2000, 4) if os.environ.get("BENCH_SMALL") else (10_000, 20)
    figures = [speed(people), *deaths(people + 1, 2 * people, kills)]
    for figure in figures:
        print(figure, flush=True)
    return figures
