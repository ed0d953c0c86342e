"""Which news of a mail counts, once, and by what way it comes."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from mail import bounces, outbox, services
from mail.models import (
    DeliveryEvent,
    Message,
    Preference,
    Suppression,
    address_hash,
)
from mail.news import News
from tests.factories.accounts import UserFactory
from tests.mail import provider_events as post
from tests.mail.heard import BOUNCING, What, hear, now, outcome, sent
from tests.mail.queued import queue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("says")]


@pytest.mark.parametrize("what", What.values)
def test_forged_for_another_address(what):
    message, victim = sent(), UserFactory()
    Suppression.objects.create(address_hash=address_hash(victim.email), bounces=1)

    hear(message, what, to=victim.email)

    assert DeliveryEvent.objects.get().reason == "this mail went to another address"
    assert outcome(victim) == "sent"
    assert not Preference.objects.exists()


def test_unknown_name_waits_and_is_then_ignored():
    victim = UserFactory()
    news = News("postmark", "2706ee8a-737c-4285-b032-ccd317af53ed", victim.email, What.BOUNCED, now())
    bounces.take([news], now=now())

    bounces.settle(now=now())
    assert DeliveryEvent.objects.get().state == "new"
    bounces.settle(now=now() + bounces.PATIENCE + timedelta(minutes=1))

    assert DeliveryEvent.objects.get().reason == "no mail of ours has this name"
    assert not services.is_paused(victim.email)


def test_news_that_is_quicker_than_our_own_note():
    message = queue()
    bounces.take([News("postmark", message.message_id, message.to, What.BOUNCED, now())], now=now())
    bounces.settle(now=now())
    assert not Suppression.objects.exists()
    outbox.deliver()

    bounces.settle(now=now() + bounces.LOOK_AGAIN * 2)

    assert services.is_paused(message.to)


def test_mail_that_was_not_sent(says):
    says.anything = None
    message = queue()
    outbox.deliver()

    hear(message, "bounced")

    assert DeliveryEvent.objects.get().reason == "this mail was not sent"


def test_the_same_by_two_ways_counts_once():
    message = sent()
    Message.objects.update(provider_id="2706ee8a-737c")

    hear(message, "put_off")
    hear(message, "put_off", reference="2706ee8a-737c", source="mail")

    assert Suppression.objects.get().points == pytest.approx(1)
    assert sorted(DeliveryEvent.objects.values_list("state", flat=True)) == ["counted", "ignored"]


def test_our_own_error_is_noted_and_blocks_nothing(monkeypatch, caplog):
    first, second = sent(), sent(dedupe="2")
    judge = bounces._judge

    def fail(event, at):
        if event.reference == first.message_id:
            raise ZeroDivisionError
        judge(event, at)

    monkeypatch.setattr(bounces, "_judge", fail)
    for message in (first, second):
        hear(message, "bounced")

    assert DeliveryEvent.objects.get(reference=first.message_id).reason == "our own code failed"
    assert services.is_paused(second.to)
    assert "could not be dealt with" in caplog.text


def test_database_down_loses_nothing(monkeypatch):
    message = sent()
    bounces.take([News("postmark", message.message_id, message.to, What.BOUNCED, now())], now=now())

    def fail(*args):
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr(bounces, "_judge", fail)
        with pytest.raises(OperationalError):
            bounces.settle(now=now())
    bounces.settle(now=now())

    assert services.is_paused(message.to)


def test_sweep_deals_with_what_the_bell_missed():
    message = sent()
    bounces.take([News("postmark", message.message_id, message.to, What.BOUNCED, now())], now=now())

    outbox.sweep()

    assert services.is_paused(message.to)


def test_news_from_the_future_and_from_long_ago():
    message = sent()

    hear(message, "bounced", at=now() + timedelta(days=400))
    hear(message, "put_off", at=datetime(1990, 1, 1, tzinfo=UTC))

    moments = sorted(DeliveryEvent.objects.values_list("happened_at", flat=True))
    assert now() - bounces.OLDEST - timedelta(minutes=1) < moments[0] < moments[1] <= now()


def test_housekeeping_forgets():
    message = sent()
    hear(message, "bounced")
    DeliveryEvent.objects.update(received_at=now() - timedelta(days=91))

    outbox.housekeeping()

    assert not DeliveryEvent.objects.exists()
    assert Message.objects.exists()
    assert services.is_paused(message.to)


@pytest.mark.django_db(transaction=True)
def test_two_ways_at_the_same_moment_count_once():
    message = sent()
    Message.objects.update(provider_id="2706ee8a-737c")
    barrier = threading.Barrier(4)
    for number, reference in enumerate([message.message_id, "2706ee8a-737c"]):
        news = News(f"source{number}", reference, message.to, What.PUT_OFF, now())
        bounces.take([news], now=now())

    def work():
        try:
            barrier.wait()
            bounces.settle(now=now())
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(DeliveryEvent.objects.values_list("state", flat=True)) == ["counted", "ignored"]
    assert Suppression.objects.get().points == pytest.approx(1)


def test_name_at_the_provider_is_kept(monkeypatch):
    def send_messages(self, messages):
        messages[0].anymail_status = type("Status", (), {"message_id": "2706ee8a-737c-4285-b032-ccd317af53ed"})()
        return 1

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", send_messages)
    message = sent()
    assert message.provider_id == "2706ee8a-737c-4285-b032-ccd317af53ed"

    hear(message, "bounced", reference="2706ee8a-737c-4285-b032-ccd317af53ed")

    assert outcome(message.user) != "sent"


@pytest.mark.parametrize("given", [None, {"a", "b"}, "own"])
def test_name_at_the_provider_that_says_nothing_new(monkeypatch, given):
    def send_messages(self, messages):
        name = messages[0].extra_headers["Message-ID"] if given == "own" else given
        messages[0].anymail_status = type("Status", (), {"message_id": name})()
        return 1

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", send_messages)

    assert sent().provider_id == ""


def test_from_webhook_to_consequence(client, settings):
    settings.ANYMAIL = dict(post.SETTINGS)
    message = sent()

    post.post(client, "mailgun", post.mailgun("failed", message.message_id, message.to))
    outbox.sweep()

    assert outcome(message.user) == BOUNCING


@pytest.mark.parametrize(
    "fields",
    [
        {"paused_at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"cause": "bounced"},
        {"cause": "bounced", "paused_at": datetime(2026, 1, 1, tzinfo=UTC), "paused_until": datetime(2027, 1, 1, tzinfo=UTC)},
        {"cause": "resting", "paused_at": datetime(2026, 1, 1, tzinfo=UTC)},
    ],
)  # fmt: skip
def test_pause_and_cause_belong_together(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Suppression.objects.create(address_hash="x", **fields)


def test_what_counts_has_a_mail_and_counts_once():
    message = sent()
    fields = {
        "source": "mail", "reference": "x", "to_hash": "x", "what": "bounced", "state": "counted",
        "happened_at": now(), "received_at": now(), "look_at": now(),
    }  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        DeliveryEvent.objects.create(key="1", **fields)
    DeliveryEvent.objects.create(key="2", message=message, **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        DeliveryEvent.objects.create(key="3", message=message, **fields)


def test_deleting_a_person_deletes_what_was_said_about_their_mails():
    message = sent()
    hear(message, "bounced")

    message.user.delete()

    assert not DeliveryEvent.objects.exists()
