"""The hour of many people at once: four workers from the schedule to the mail server, killed at random moments."""

import random
import zoneinfo
from datetime import UTC, datetime, timedelta

from allauth.account.models import EmailAddress

from accounts.models import User
from config.celery import app
from devstack.faults import wait_until
from mail.models import Message
from reminders.models import Schedule
from tests.faults.conftest import ROUNDS

WORKERS, PEOPLE = 4, 1600
# Long beside what a starved machine may do to a living worker, so that only the dead lose what they held.
LEASE_SECONDS = 10


def people_due_in_every_zone(count: int) -> None:
    """Make people in all time zones whose weekly hour came two minutes ago on their own clock."""
    hour = (datetime.now(UTC) - timedelta(minutes=2)).replace(second=0, microsecond=0)
    zones = sorted(zoneinfo.available_timezones() - {"localtime", "posixrules"})
    users = User.objects.bulk_create(
        User(email=f"r{n}@example.org", name=f"Person {n}", password="!", time_zone=zones[n % len(zones)])
        for n in range(count)
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, primary=True, verified=True) for user in users
    )
    rows = []
    for user in users:
        wall = hour.astimezone(zoneinfo.ZoneInfo(str(user.time_zone)))
        rows.append(
            Schedule(
                user=user,
                weekday=wall.weekday(),
                local_time=wall.time(),
                next_due_at=hour,
                turned_at=hour - timedelta(days=7),
            )
        )
    Schedule.objects.bulk_create(rows)


def beat():
    app.send_task("reminders.tasks.send_due")
    app.send_task("mail.tasks.sweep")


def test_four_workers_killed_at_random(outbox, worker):
    """F5-F8, F11: everybody is asked, nobody twice but for the mail that was in the air at a kill (RFC 1047)."""
    people_due_in_every_zone(PEOPLE)
    started = [worker("-n", f"w{n}@%h", env={"MAIL_LEASE_SECONDS": str(LEASE_SECONDS)}) for n in range(WORKERS)]
    for _ in range(WORKERS):
        beat()

    for kill in range(ROUNDS):
        # Spread over the whole run, the first among the claims of schedules.
        enough = random.randrange(kill * PEOPLE // (ROUNDS + 1), (kill + 1) * PEOPLE // (ROUNDS + 1))
        wait_until(lambda enough=enough: len(outbox.sink.accepted) >= enough, patience=LEASE_SECONDS, pause=0.001)
        place = random.randrange(WORKERS)
        started[place].kill()
        started[place] = worker("-n", f"again{kill}@%h", env={"MAIL_LEASE_SECONDS": str(LEASE_SECONDS)})
        beat()

    outbox.wait_until_done(patience=180, tick=beat)
    assert wait_until(lambda: not Schedule.objects.due(datetime.now(UTC)).exists(), patience=60)
    asked = Message.objects.filter(kind="weekly_prompt", state="sent").values_list("user_id", flat=True)
    assert sorted(asked) == sorted(User.objects.values_list("pk", flat=True))
    assert outbox.states() == {"sent": PEOPLE}
    outbox.check(twice=ROUNDS)
