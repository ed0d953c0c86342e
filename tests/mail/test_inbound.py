from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from core.encrypted import decrypt
from mail import inbound
from mail.models import Inbound
from tests.factories.accounts import UserFactory
from tests.mail.coming_in import DOMAIN, SECRET, arrive, notices, reply_address, reply_mail, said_in
from tests.mail.queued import only_message, queue

pytestmark = pytest.mark.django_db


def test_answer_is_used_once_and_its_text_erased(taken):
    message = only_message()

    row = arrive(reply_mail(message, SECRET))

    assert taken == [(message.pk, SECRET)]
    assert (row.state, row.reason, row.raw, row.envelope, row.raw_size) == ("used", "", "", "", 0)
    assert not notices()


def test_answer_that_waits_is_encrypted(taken):
    raw = reply_mail(only_message(), SECRET)
    inbound.receive(raw, via="command", sender="a@example.org", recipient="", at=timezone.now())

    with connection.cursor() as cursor:
        cursor.execute("SELECT raw, envelope, mail_inbound::text FROM mail_inbound")
        stored, envelope, whole = cursor.fetchone()

    assert SECRET not in whole
    assert "example.org" not in whole
    assert SECRET in decrypt(stored)
    assert "a@example.org" in decrypt(envelope)


def test_answer_with_broken_bytes_is_stored_as_it_came(taken):
    raw = reply_mail(only_message()).replace(b"Thank", b"\xff\x00Th\xe4nk")

    row = inbound.receive(raw, via="command", sender=None, recipient="", at=timezone.now())

    assert Inbound.objects.get(pk=row.pk).raw.encode("latin-1") == raw


def test_answer_delivered_five_times_is_used_once(taken):
    raw = reply_mail(only_message())

    rows = [arrive(raw) for _ in range(5)]

    assert [row is None for row in rows] == [False, True, True, True, True]
    assert len(taken) == 1


def test_answer_without_message_id_delivered_twice_is_used_once(taken):
    raw = reply_mail(only_message()).replace(b"Message-ID: <1@example.org>\n", b"")

    arrive(raw)
    arrive(raw)

    assert len(taken) == 1


def test_second_answer_to_the_same_mail_is_used_too(taken):
    message = only_message()

    arrive(reply_mail(message, "One.", message_id="<1@example.org>"))
    arrive(reply_mail(message, "Two.", message_id="<2@example.org>"))

    assert [text for _, text in taken] == ["One.", "Two."]


def test_same_message_id_to_another_reply_address_is_another_mail(taken):
    """Whoever guesses a Message-ID cannot keep somebody else's answer out."""
    first = only_message()
    second = queue(dedupe="2")

    arrive(reply_mail(first, message_id="<same@example.org>"))
    arrive(reply_mail(second, message_id="<same@example.org>"))

    assert [pk for pk, _ in taken] == [first.pk, second.pk]


def test_envelope_says_whom_a_mail_was_for(taken):
    message = only_message()
    address = reply_address(message).encode()
    raw = reply_mail(message).replace(address, b"undisclosed@example.org")

    arrive(raw, recipient=address.decode())

    assert len(taken) == 1


def test_mail_to_other_addresses_is_not_kept(taken):
    raw = reply_mail(only_message()).replace(reply_address(only_message()).encode(), b"hello@in.waymark.test")

    with pytest.raises(inbound.NotForUsError):
        arrive(raw)

    assert not Inbound.objects.exists()


@pytest.mark.parametrize("letter", ["a", "z"])
def test_unknown_token_is_dropped_without_a_word(taken, caplog, letter):
    message = only_message()
    raw = reply_mail(message, SECRET).replace(reply_address(message).encode(), f"reply+{letter * 26}@{DOMAIN}".encode())

    with caplog.at_level("INFO"):
        row = arrive(raw)

    assert (row.state, row.reason, row.raw) == ("refused", "unknown", "")
    assert not taken
    assert not notices()
    assert f"inbound.rejected unknown {row.pk}" in caplog.text
    assert SECRET not in caplog.text
    assert message.user.email not in caplog.text


def test_forged_sender_is_set_aside_for_a_week(taken):
    message = only_message()

    row = arrive(reply_mail(message, SECRET, sender="stranger@example.org"))

    assert (row.state, row.reason) == ("quarantined", "sender")
    assert SECRET in row.raw
    assert not taken
    assert [notice.address for notice in notices()] == [message.user.email]
    assert "stranger" not in said_in(notices()[0])


def test_reply_address_of_somebody_else_is_of_no_use(taken):
    message = only_message()
    other = UserFactory()

    row = arrive(reply_mail(message, sender=other.email))

    assert row.state == "quarantined"
    assert not taken
    assert not notices().filter(user=other)


def test_unproven_second_address_is_no_proof(taken):
    message = only_message()
    message.user.emailaddress_set.create(email="new@example.org", verified=False, primary=False)

    assert arrive(reply_mail(message, sender="new@example.org")).state == "quarantined"


def test_sender_in_capitals_is_the_same(taken):
    message = only_message()

    arrive(reply_mail(message, sender=message.user.email.upper()))

    assert len(taken) == 1


def test_set_aside_mail_is_erased_after_a_week(taken):
    row = arrive(reply_mail(only_message(), sender="stranger@example.org"))

    inbound.housekeeping()
    assert Inbound.objects.get().raw
    Inbound.objects.update(finished_at=timezone.now() - timedelta(days=7, seconds=1))
    inbound.housekeeping()

    row.refresh_from_db()
    assert (row.raw, row.envelope, row.raw_size, row.state) == ("", "", 0, "quarantined")


def test_rows_are_forgotten_after_ninety_days(taken):
    arrive(reply_mail(only_message()))
    Inbound.objects.update(finished_at=timezone.now() - timedelta(days=91))

    inbound.housekeeping()

    assert not Inbound.objects.exists()
