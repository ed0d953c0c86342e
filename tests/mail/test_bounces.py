"""What follows from mails that came back: for good, or for now."""

from datetime import UTC, datetime, timedelta

import pytest

from mail import bounces, outbox, services
from mail.account_mail import AccountAdapter
from mail.models import (
    HALF_LIFE,
    REST,
    DeliveryEvent,
    Message,
    Suppression,
    address_hash,
)
from mail.news import failure, find_status
from tests.factories.accounts import UserFactory
from tests.mail.heard import BOUNCING, hear, now, outcome, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("says")]


def test_bounce_stops_list_mail_at_once():
    message = sent()

    hear(message, "bounced")

    assert outcome(message.user) == BOUNCING
    row = Suppression.objects.get()
    assert (row.address_hash, row.cause, row.paused_until) == (address_hash(message.user.email), "bounced", None)
    event = DeliveryEvent.objects.get()
    assert (event.state, event.message) == ("counted", message)


def test_account_mail_still_goes_after_everything():
    user = UserFactory()
    message = sent(user)
    for what in ("bounced", "put_off", "complained", "unsubscribed"):
        hear(message, what)

    AccountAdapter().send_mail("account/email/login_code", user.email, {"code": "A1B-2C3"})
    outbox.deliver()

    assert Message.objects.get(kind="account").state == "sent"


def test_accepted_account_mail_does_not_mend_what_came_back():
    """A relay takes mail for any address; that says nothing about whether it arrives."""
    user = UserFactory()
    hear(sent(user), "bounced")
    AccountAdapter().send_mail("account/email/login_code", user.email, {"code": "A1B-2C3"})
    outbox.deliver()

    assert outcome(user) == BOUNCING


def test_bounce_of_account_mail_counts(mailoutbox):
    user = UserFactory()
    AccountAdapter().send_mail("account/email/login_code", user.email, {"code": "A1B-2C3"})
    outbox.deliver()

    hear(Message.objects.get(kind="account"), "bounced")

    assert outcome(user) == BOUNCING


def test_address_in_other_letters_is_the_same():
    message = sent()

    hear(message, "bounced", to=message.to.upper())

    assert outcome(message.user) == BOUNCING


def test_international_address():
    message = sent(kind="test_letter", to="ann@bücher.example")

    hear(message, "bounced", to="ann@xn--bcher-kva.example")

    assert services.is_paused("ann@bücher.example")


def test_try_again_lets_mails_through():
    message = sent()
    hear(message, "bounced")

    bounces.try_again(message.to, now=now())

    assert outcome(message.user) == "sent"


def test_try_again_then_another_bounce_stops_again():
    message = sent()
    hear(message, "bounced")
    bounces.try_again(message.to, now=now())
    second = sent(message.user, dedupe="2")

    hear(second, "bounced")

    assert outcome(message.user) == BOUNCING


def test_news_from_before_try_again_does_not_stop_again():
    message = sent()
    second = sent(message.user, dedupe="2")
    hear(message, "bounced")
    bounces.try_again(message.to, now=now())

    hear(second, "bounced", at=now() - timedelta(minutes=5))
    hear(message, "bounced")

    assert outcome(message.user) == "sent"


def test_try_again_after_refusals_needs_one_refusal_only():
    user = UserFactory()
    for _ in range(2):
        bounces.note_refusal(user.email)
    bounces.try_again(user.email, now=now())
    assert not services.is_paused(user.email)

    bounces.note_refusal(user.email)

    assert services.is_paused(user.email)


def test_try_again_without_trouble_writes_nothing():
    bounces.try_again("ann@example.org", now=now())

    assert not Suppression.objects.exists()


def test_confirming_the_address_mends_it():
    user = UserFactory()
    hear(sent(user), "bounced")

    bounces.note_arrival(user.email, now=now() + timedelta(seconds=1))

    assert outcome(user) == "sent"


def test_bounce_after_the_address_changed_says_nothing_about_the_new_one():
    user = UserFactory()
    message = sent(user)
    user.emailaddress_set.update(email="new@example.org")
    user.email = "new@example.org"
    user.save()

    hear(message, "bounced")

    assert outcome(user) == "sent"
    assert services.is_paused(message.to)


def test_late_arrival_does_not_undo_a_bounce():
    message = sent()
    hear(message, "bounced", at=now())

    hear(message, "delivered", at=now() - timedelta(minutes=10))

    assert outcome(message.user) == BOUNCING


def test_arrival_after_a_bounce_mends():
    message = sent()
    hear(message, "bounced", at=now() - timedelta(minutes=10))

    hear(message, "delivered")

    assert outcome(message.user) == "sent"


def test_mails_put_off_add_up_and_let_the_address_rest():
    user = UserFactory()
    for number in range(4):
        assert not services.is_paused(user.email)
        hear(sent(user, dedupe=str(number)), "put_off")

    row = Suppression.objects.get()
    assert row.cause == "resting"
    assert outcome(user) == BOUNCING
    Suppression.objects.update(paused_until=now() - timedelta(seconds=1))
    assert outcome(user, dedupe="after") == "sent"


def test_points_fade():
    at = datetime(2026, 1, 1, tzinfo=UTC)
    row = Suppression()
    row.put_off(at=at, now=at)

    assert row.worth(at) == 1
    assert row.worth(at + HALF_LIFE) == 0.5
    row.put_off(at=at + HALF_LIFE, now=at + HALF_LIFE)
    assert row.points == 1.5


def test_order_of_what_is_put_off_makes_no_difference():
    at = datetime(2026, 1, 1, tzinfo=UTC)
    moments = [at, at + timedelta(days=3), at + timedelta(days=40)]
    rows = [Suppression(), Suppression()]
    for row, order in zip(rows, (moments, moments[::-1]), strict=True):
        for moment in order:
            row.put_off(at=moment, now=moments[-1])

    assert rows[0].points == pytest.approx(rows[1].points)
    assert rows[0].points_at == rows[1].points_at == moments[-1]


def test_six_weekly_mails_in_a_row():
    at = datetime(2026, 1, 1, tzinfo=UTC)
    row, weeks = Suppression(), 0
    while not row.is_paused(at + weeks * timedelta(days=7)):
        weeks += 1
        moment = at + weeks * timedelta(days=7)
        row.put_off(at=moment, now=moment)

    assert weeks == 6
    assert row.paused_until == moment + REST


def test_arrival_lowers_the_points():
    at = datetime(2026, 1, 1, tzinfo=UTC)
    row = Suppression(points=3, points_at=at)

    row.arrive(at=at)

    assert row.points == 1.5


def test_address_that_rested_can_rest_again():
    at = datetime(2026, 1, 1, tzinfo=UTC)
    row = Suppression(points=5, points_at=at, paused_at=at, paused_until=at + REST, cause="resting")

    row.put_off(at=at + 2 * REST, now=at + 2 * REST)

    assert row.paused_until == at + 3 * REST


def test_bounce_outranks_rest_and_rest_not_bounce():
    at = datetime(2026, 1, 1, tzinfo=UTC)
    row = Suppression(points=5, points_at=at, paused_at=at, paused_until=at + REST, cause="resting")
    row.bounce(at=at + timedelta(hours=1))
    assert (row.cause, row.paused_until) == ("bounced", None)

    row.put_off(at=at + timedelta(hours=2), now=at + timedelta(hours=2))

    assert (row.cause, row.paused_until) == ("bounced", None)


def test_refusals_at_an_address_that_rests(db):
    Suppression.objects.create(
        address_hash=address_hash("ann@example.org"), bounces=1, paused_at=now(), paused_until=now() + REST, cause="resting"
    )  # fmt: skip

    bounces.note_refusal("ann@example.org")

    row = Suppression.objects.get()
    assert (row.cause, row.paused_until) == ("refused", None)
    bounces.forget_refusals("ann@example.org")
    assert not services.is_paused("ann@example.org")


def test_refusal_leaves_a_bounce_as_it_is():
    message = sent()
    hear(message, "bounced")
    for _ in range(2):
        bounces.note_refusal(message.to)
    bounces.forget_refusals(message.to)

    assert Suppression.objects.get().cause == "bounced"


@pytest.mark.parametrize(
    ("status", "says_for_good", "what"),
    [
        ("5.1.1", False, "bounced"),
        ("5.1.10", False, "bounced"),
        ("5.4.1", False, "bounced"),
        ("5.2.2", True, "put_off"),
        ("5.7.1", True, "put_off"),
        ("5.4.7", True, "put_off"),
        ("4.2.2", True, "put_off"),
        ("4.1.1", True, "put_off"),
        ("5.5.0", True, "bounced"),
        ("5.5.0", False, "put_off"),
        ("", True, "bounced"),
        ("", False, "put_off"),
        ("2.0.0", True, "bounced"),
    ],
)
def test_for_good_or_for_now(status, says_for_good, what):
    assert failure(status, says_for_good=says_for_good) == what


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("550 5.1.1 no such user", "5.1.1"),
        ("smtp;550-5.1.1 x", "5.1.1"),
        ("5.7.26.", "5.7.26"),
        ("no answer from 5.1.1.7", ""),
        ("192.5.1.1", ""),
        ("", ""),
        ("x" * 5000 + "5.1.1", ""),
    ],
)
def test_find_status(text, status):
    assert find_status(text) == status
