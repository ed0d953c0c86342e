"""What follows from what others say about a mail that left."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from mail import bounces, outbox, services
from mail.account_mail import AccountAdapter
from mail.models import (
    HALF_LIFE,
    REST,
    DeliveryEvent,
    Message,
    Preference,
    Suppression,
    address_hash,
)
from mail.news import News, failure, find_status
from tests.factories.accounts import UserFactory
from tests.mail import provider_events as post
from tests.mail.queued import queue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("says")]
What = DeliveryEvent.What


def now():
    return datetime.now(UTC)


def sent(user=None, kind="test_note", dedupe="1", **to):
    """Return a mail that was sent."""
    message = queue(kind, dedupe, **(to or {"user": user or UserFactory()}))
    outbox.deliver()
    message.refresh_from_db()
    assert message.state == "sent"
    return message


def hear(message, what, *, at=None, to=None, reference=None, source="postmark"):
    """Hear something about a mail, and deal with it."""
    news = News(source, reference or message.message_id, to or message.to, What(what), at or now(), "")
    bounces.take([news], now=now())
    bounces.settle(now=now())


def outcome(user, kind="test_note", dedupe="next"):
    """Return what becomes of the next mail."""
    message = queue(kind, dedupe, user=user)
    outbox.deliver()
    message.refresh_from_db()
    return f"{message.state} {message.reason}".strip()


BOUNCING = "skipped the address keeps refusing mail"


# --- permanent ---


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


# --- for now ---


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


# --- spam reports ---


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


# --- what does not count ---


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


# --- the way from the hand-over to the news ---


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


# --- what the database holds to ---


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
