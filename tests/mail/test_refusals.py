import smtplib
from datetime import timedelta

import pytest
from django.utils import timezone

from mail import outbox, services
from mail.models import Message, OutboxState, Suppression, address_hash
from tests.factories.accounts import UserFactory
from tests.mail.queued import only_message, queue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("says")]


def refuse_with(monkeypatch, error):
    def send_messages(self, messages):
        raise error

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", send_messages)


def test_refused_mail_fails_and_counts(monkeypatch):
    user = UserFactory()
    refuse_with(monkeypatch, smtplib.SMTPResponseException(550, b"no such user"))
    queue(user=user, dedupe="1")
    outbox.deliver()

    assert only_message().state == "failed"
    assert not services.is_paused(user.email)
    queue(user=user, dedupe="2")
    outbox.deliver()
    assert services.is_paused(user.email)


def test_accepted_mail_forgets_bounces():
    user = UserFactory()
    Suppression.objects.create(address_hash=address_hash(user.email), bounces=1)
    queue(user=user)

    outbox.deliver()

    assert Suppression.objects.get().bounces == 0


def test_later_backs_off(monkeypatch):
    refuse_with(monkeypatch, smtplib.SMTPResponseException(451, b"greylisted"))
    queue()

    before = timezone.now()
    outbox.deliver()

    row = only_message()
    assert (row.state, row.tries) == ("queued", 1)
    assert 50 < (row.not_before - before).total_seconds() < 80
    assert "451" in row.reason


def test_later_is_given_up_after_a_day(monkeypatch, caplog):
    refuse_with(monkeypatch, smtplib.SMTPResponseException(451, b"greylisted"))
    queue()
    waited = timedelta()
    tries = 0
    while only_message().state == "queued":
        begun = timezone.now()
        outbox.deliver()
        tries += 1
        waited += only_message().not_before - begun
        Message.objects.filter(state="queued").update(not_before=timezone.now() - timedelta(seconds=1))

    assert only_message().state == "dead"
    assert tries >= 8
    assert waited > timedelta(hours=24)
    assert "given up" in caplog.text


def test_broken_server_burns_nothing(monkeypatch):
    refuse_with(monkeypatch, ConnectionRefusedError())
    queue(dedupe="1")
    queue(dedupe="2")

    outbox.deliver()

    state = OutboxState.objects.get()
    assert state.failures == 1
    assert "ConnectionRefusedError" in state.broken_reason
    assert set(Message.objects.values_list("state", "tries", "deaths", "lease")) == {("queued", 0, 0, None)}


def test_broken_server_is_left_alone_longer_each_time(monkeypatch):
    refuse_with(monkeypatch, ConnectionRefusedError())
    queue()
    pauses = []
    for _ in range(8):
        OutboxState.objects.update(broken_until=None)
        begun = timezone.now()
        outbox.deliver()
        pauses.append(round((OutboxState.objects.get().broken_until - begun).total_seconds(), -1))

    assert pauses == sorted(pauses)
    assert pauses[0] in {10, 20}
    assert pauses[-1] == 600
    monkeypatch.undo()


def test_mended_server_is_used_again(monkeypatch):
    with monkeypatch.context() as patch:
        refuse_with(patch, ConnectionRefusedError())
        queue()
        outbox.deliver()
    assert outbox.deliver() == 0

    OutboxState.objects.update(broken_until=timezone.now())
    assert outbox.sweep() == 1

    assert OutboxState.objects.get().failures == 0
