from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from journal.models import Period
from mail.models import Message
from mail.services import set_preference
from reminders.models import Schedule
from tests.factories.accounts import BreakFactory, UserFactory
from tests.factories.reminders import ScheduleFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 18, 0, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_prompt_now_queues_names_the_subject_and_where_to_read_it():
    UserFactory(email="amara@example.org", name="Amara Osei")

    said = run("prompt_now", "AMARA@example.org")

    assert "Subject: Week 47: how was your week, Amara?" in said
    assert "/dev/mail/" in said
    assert Message.objects.get().state == "queued"


def test_prompt_now_again_and_again():
    UserFactory(email="amara@example.org")

    for _ in range(5):
        run("prompt_now", "amara@example.org")

    assert Message.objects.count() == 5


def test_prompt_now_to_nobody():
    with pytest.raises(CommandError, match="Nobody here signs in"):
        run("prompt_now", "who@example.org")


def test_prompt_now_to_somebody_who_turned_it_off():
    user = UserFactory()
    set_preference(user=user, kind="weekly", on=False)

    with pytest.raises(CommandError, match="turned the weekly mail off"):
        run("prompt_now", user.email)


def test_prompt_now_to_an_unconfirmed_address():
    with pytest.raises(CommandError, match="is not confirmed"):
        run("prompt_now", UserFactory(verified=False).email)


def test_send_due_dry_run_says_who_and_writes_nothing():
    ScheduleFactory(user__email="amara@example.org")
    away = ScheduleFactory(user__email="leo@example.org")
    BreakFactory(user=away.user, from_on=NOW.date())
    ScheduleFactory(user__email="wen@example.org", unanswered=9)
    ScheduleFactory(user__email="sofia@example.org", next_due_at=NOW + timedelta(days=1, hours=-0.5))
    before = set(Schedule.objects.values_list("pk", "next_due_at"))
    UserFactory()

    said = run("send_due", "--dry-run")

    assert "amara@example.org, Sunday 18:00: is asked about 2026-W47" in said
    assert "leo@example.org, Sunday 18:00: gets nothing: on a break" in said
    assert "wen@example.org, Sunday 18:00: waits, after 9 quiet weeks" in said
    assert "3 due." in said
    assert "Next: sofia@example.org, Monday 23 November 2026, 17:30 (Europe/London)" in said
    assert not Message.objects.exists()
    assert not Period.objects.exists()
    assert set(Schedule.objects.values_list("pk", "next_due_at")) == before


def test_send_due_does_what_beat_does():
    ScheduleFactory()
    UserFactory()

    assert "1 due." in run("send_due")
    assert Message.objects.get().kind == "weekly_prompt"
    assert Schedule.objects.count() == 2
