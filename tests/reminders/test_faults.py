"""Killing whoever claims, and claiming twice at once: real processes on the test's own database."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from devstack.faults import python
from mail.models import Message
from reminders.models import Schedule
from tests.factories.accounts import UserFactory
from tests.factories.reminders import ScheduleFactory

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
ROUNDS = int(os.environ.get("FAULT_ROUNDS", "5"))
PEOPLE = 12


@pytest.fixture
def due():
    """A dozen people whose hour came two minutes ago, by the real clock."""
    hour = (datetime.now(UTC) - timedelta(minutes=2)).replace(second=0, microsecond=0)
    return [
        ScheduleFactory(
            user=UserFactory(time_zone="UTC"), weekday=hour.weekday(), local_time=hour.time(), next_due_at=hour
        )
        for _ in range(PEOPLE)
    ]


def send_due(spawn, failpoint=""):
    return spawn(python("manage.py", "send_due"), env={"WAYMARK_FAILPOINT": failpoint, "REDIS_URL": "memory://"})


def check_everybody_was_asked_once(schedules):
    asked = Message.objects.filter(kind="weekly_prompt")
    assert sorted(asked.values_list("user_id", flat=True)) == sorted(schedule.user_id for schedule in schedules)
    assert not Schedule.objects.due(datetime.now(UTC)).exists()


@pytest.mark.parametrize("place", ["after_claim", "after_queue", "before_commit"])
@pytest.mark.parametrize("turn", range(max(1, ROUNDS // 5)))
def test_a_kill_within_the_claim_loses_and_doubles_nothing(spawn, due, place, turn):
    killed = send_due(spawn, f"schedules.{place}:kill")

    assert killed.wait(patience=60) == -9
    assert not Message.objects.exists()
    assert Schedule.objects.due(datetime.now(UTC)).count() == PEOPLE

    assert send_due(spawn).wait(patience=60) == 0
    check_everybody_was_asked_once(due)


@pytest.mark.parametrize("turn", range(max(1, ROUNDS // 5)))
def test_two_beats_at_once_ask_once(spawn, due, turn):
    """The first holds its claim for two seconds; the second finds nothing and does not wait for it."""
    first = send_due(spawn, "schedules.after_claim:sleep=2")
    others = [send_due(spawn, "schedules.after_queue:sleep=1") for _ in range(2)]

    assert [process.wait(patience=60) for process in (first, *others)] == [0, 0, 0]
    check_everybody_was_asked_once(due)
