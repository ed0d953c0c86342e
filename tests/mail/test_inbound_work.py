"""Mails that came in, in a worker: attempts, poison, how many a day, and forgetting them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mail import health, inbound
from mail.models import Inbound, Message
from tests.mail.coming_in import SECRET, arrive, become, notices, reply_mail, said_in
from tests.mail.queued import only_message, queue

pytestmark = pytest.mark.django_db


def test_poison_is_given_up_after_three_attempts_and_blocks_nobody(taken, monkeypatch):
    poison = only_message()
    others = [queue(dedupe=f"n{number}") for number in range(5)]

    def take(message, answer, *, at):
        if message.pk == poison.pk:
            raise RuntimeError(SECRET)
        taken.append(message.pk)

    become(monkeypatch, take)
    monkeypatch.setattr(inbound, "ATTEMPT_SECONDS", 0)
    for number, message in enumerate([poison, *others]):
        raw = reply_mail(message, message_id=f"<{number}@x>")
        inbound.receive(raw, via="command", sender=None, recipient="", at=timezone.now())

    inbound.take_waiting()
    inbound.take_waiting()

    assert sorted(taken) == sorted(message.pk for message in others)
    row = Inbound.objects.get(state="dead")
    assert row.attempts == 3
    assert row.raw


def test_failures_leave_no_words_in_the_log(taken, monkeypatch, caplog):
    def fail(message, answer, *, at):
        raise RuntimeError(answer.text)

    become(monkeypatch, fail)

    arrive(reply_mail(only_message(), SECRET))

    assert "failed at attempt 1: RuntimeError" in caplog.text
    assert SECRET not in caplog.text


def test_attempt_that_fails_leaves_nothing_behind_and_waits(taken, monkeypatch):
    def half(message, answer, *, at):
        queue(dedupe="half", user=message.user)
        raise RuntimeError

    become(monkeypatch, half)

    row = arrive(reply_mail(only_message()))

    assert (row.state, row.attempts) == ("waiting", 1)
    assert row.not_before > timezone.now()
    assert not Message.objects.filter(dedupe="half").exists()


def test_given_up_mail_can_be_tried_again(taken, monkeypatch):
    raw = reply_mail(only_message())
    row = inbound.receive(raw, via="command", sender=None, recipient="", at=timezone.now())
    Inbound.objects.update(attempts=3)
    inbound.take_waiting()
    row.refresh_from_db()
    assert row.state == "dead"

    assert inbound.try_again() == 1
    inbound.take_waiting()

    assert len(taken) == 1


def test_bell_rings_once_a_mail_is_stored(taken, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        inbound.receive(reply_mail(only_message()), via="command", sender=None, recipient="", at=timezone.now())

    assert callbacks


def test_more_mails_to_one_reply_address_than_a_day_may_bring_are_counted_and_dropped(taken, monkeypatch):
    monkeypatch.setattr(inbound, "MAX_STORED_A_DAY", 3)
    message, other = only_message(), queue(dedupe="2")

    rows = [arrive(reply_mail(message, f"{SECRET} {n}", message_id=f"<{n}@x>")) for n in range(6)]
    again = arrive(reply_mail(message, SECRET, message_id="<1@x>"))
    beside = arrive(reply_mail(other, "Yes.", message_id="<1@y>"))

    assert [row is None for row in rows] == [False, False, False, True, True, True]
    assert len(taken) == 4
    assert (again, beside.state) == (None, "used")
    counted = Inbound.objects.get(reason="too_many")
    assert (counted.state, counted.dropped, counted.raw) == ("refused", 3, "")
    assert Inbound.objects.count() == 5
    (notice,) = notices()
    assert "More than 20 emails came today" in said_in(notice)
    assert SECRET not in said_in(notice)
    assert dict(health.look(now=timezone.now()).came) == {"Used": 4, "Too many": 3}


def test_reply_address_takes_mails_again_on_the_next_day(taken, monkeypatch):
    monkeypatch.setattr(inbound, "MAX_STORED_A_DAY", 1)
    message, now = only_message(), timezone.now()
    times = [now, now, now + timedelta(days=1)]

    rows = [
        inbound.receive(reply_mail(message, message_id=f"<{n}@x>"), via="command", sender=None, recipient="", at=at)
        for n, at in enumerate(times)
    ]

    assert [row is None for row in rows] == [False, True, False]


def test_machine_that_sends_too_many_is_not_told_about(taken, monkeypatch):
    monkeypatch.setattr(inbound, "MAX_STORED_A_DAY", 1)

    for n in range(3):
        arrive(reply_mail(only_message(), headers="Auto-Submitted: auto-replied\n", message_id=f"<{n}@x>"))

    assert Inbound.objects.get(reason="too_many").dropped == 2
    assert not notices()


def test_housekeeping_forgets_which_mail_was_answered(taken):
    row = arrive(reply_mail(only_message()))
    assert row.token_day

    Inbound.objects.update(finished_at=timezone.now() - timedelta(days=3))
    inbound.housekeeping()

    assert Inbound.objects.get().token_day == ""
