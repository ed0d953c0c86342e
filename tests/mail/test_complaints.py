"""What follows from reports that a mail was not wanted."""

from datetime import timedelta

import pytest

from mail import outbox, services
from mail.account_mail import AccountAdapter
from mail.models import (
    DeliveryEvent,
    Message,
    Preference,
    Suppression,
)
from tests.factories.accounts import UserFactory
from tests.mail.heard import hear, now, outcome, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("says")]


def test_complaint_stops_just_that_kind():
    message = sent()

    hear(message, "complained")

    assert Preference.objects.for_user(message.user) == dict.fromkeys(
        Preference.objects.for_user(message.user), True
    ) | {"comments": False}
    assert outcome(message.user) == "skipped switched off"
    assert outcome(message.user, "test_weekly", "w") == "sent"
    assert not Suppression.objects.exists()


def test_unsubscribing_at_the_provider_does_the_same():
    message = sent()

    hear(message, "unsubscribed")

    assert outcome(message.user) == "skipped switched off"


def test_complaint_then_switched_on_again():
    message = sent()
    hear(message, "complained")
    services.set_preference(user=message.user, kind="comments", on=True)

    hear(message, "complained")
    hear(message, "unsubscribed", at=now() - timedelta(minutes=1))

    assert outcome(message.user) == "sent"


def test_another_complaint_after_switching_on_again():
    message = sent()
    hear(message, "complained")
    services.set_preference(user=message.user, kind="comments", on=True)
    second = sent(message.user, dedupe="2")

    hear(second, "complained")

    assert outcome(message.user) == "skipped switched off"


def test_complaint_of_a_stranger_stops_all_mail_to_the_address():
    message = sent(kind="test_letter", to="ann@example.org")

    hear(message, "complained")

    assert services.is_stopped("ann@example.org")


def test_complaint_about_a_code_at_an_address_with_an_account_changes_nothing():
    user = UserFactory()
    AccountAdapter().send_mail("account/email/login_code", user.email, {"code": "A1B-2C3"})
    outbox.deliver()

    hear(Message.objects.get(kind="account"), "complained")

    assert not services.is_stopped(user.email)
    assert outcome(user) == "sent"


def test_complaint_about_a_mail_without_a_switch():
    message = sent(kind="test_letter", user=UserFactory())

    hear(message, "complained")

    assert not Preference.objects.exists()
    assert DeliveryEvent.objects.get().state == "counted"


def test_complaint_at_an_address_that_was_left():
    user = UserFactory()
    message = sent(user)
    user.emailaddress_set.update(email="new@example.org")
    user.email = "new@example.org"
    user.save()

    hear(message, "complained")

    assert not Preference.objects.exists()
