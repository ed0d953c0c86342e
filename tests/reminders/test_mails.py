"""The page on which people see whether mail reaches them."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from mail import bounces, outbox, registry, services
from mail.emails import TESTS_A_DAY, ask_for_test
from mail.models import REST, DeliveryEvent, Message, Preference, Suppression, address_hash
from mail.news import News
from reminders.mails import CAUSE_WORDS, EVENT_WORDS, STATE_WORDS, say_mail
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 12, tzinfo=UTC)  # Thursday


@pytest.fixture
def user(client):
    user = UserFactory(email="amara@example.org", name="Amara Osei")
    client.force_login(user)
    return user


def text_of(response):
    return response.content.decode().replace("&#x27;", "'")


def pause(user, cause="bounced", **fields):
    return Suppression.objects.create(
        address_hash=address_hash(user.email), cause=cause, paused_at=timezone.now() - timedelta(hours=1), **fields
    )


def sent(user, kind="test", preference="", dedupe="1"):
    message = services.queue(kind, user=user, ids={}, dedupe=dedupe)
    now = timezone.now()
    Message.objects.filter(pk=message.pk).update(state="sent", finished_at=now, preference=preference)
    message.refresh_from_db()
    return message


def hear(message, what):
    now = timezone.now()
    bounces.take([News("postmark", message.message_id, message.to, DeliveryEvent.What(what), now)], now=now)
    bounces.settle(now=now)


# --- words ---


def test_every_kind_of_mail_has_words():
    """A kind is registered with `words=`: what it is called in the list of mails."""
    kinds = [registry.find(name) for name in registry.names()]
    wordless = [kind.name for kind in kinds if not kind.words and not kind.function.__module__.startswith("tests.")]

    assert not wordless, f'give these kinds words, as in @kind("x", words="An X", ...): {wordless}'


def test_mail_of_an_app_that_is_gone_still_has_a_name():
    assert registry.words_of("old_thing") == "Old thing"


@pytest.mark.parametrize("state", Message.State.values)
@pytest.mark.parametrize("reason", ["", *Message.Skip.values])
def test_every_state_and_reason_has_words(state, reason):
    words = say_mail(Message(state=state, reason=reason), None)

    assert words
    assert not reason or words != f"Not sent: {reason}" or reason == Message.Skip(reason).label


def test_every_reason_for_which_a_mail_is_skipped_is_one_of_those():
    """The code names reasons by `Message.Skip` and nowhere by a text of its own."""
    import inspect

    source = inspect.getsource(outbox)

    assert set(re.findall(r"skip\.([A-Z_]+)|Message\.Skip\.([A-Z_]+)", source)) == {
        ("EXPIRED", ""), ("BOUNCING", ""), ("STOPPED", ""), ("UNCONFIRMED", ""), ("SWITCHED_OFF", ""),
        ("", "OUT_OF_SIGHT"), ("", "EXPIRED"),
    }  # fmt: skip
    assert len(Message.Skip) == 6


def test_every_event_and_every_cause_has_words():
    assert set(EVENT_WORDS) == set(DeliveryEvent.What)
    assert set(CAUSE_WORDS) == set(Suppression.Cause)
    assert set(STATE_WORDS) == set(Message.State) - {Message.State.SKIPPED}


# --- the list ---


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("bounced", "Sent, but it came back"),
        ("put_off", "Sent, but your mail provider put it off"),
        ("complained", "Sent, then reported as spam"),
        ("unsubscribed", "Sent, then unsubscribed"),
    ],
)
def test_list_says_what_became_of_a_mail_later(client, user, what, words):
    hear(sent(user), what)

    assert words in text_of(client.get("/settings/mails/"))


def test_the_newest_news_is_said(client, user):
    Suppression.objects.create(address_hash=address_hash(user.email), points=1, points_at=timezone.now())
    message = sent(user)
    with time_machine.travel(timezone.now() - timedelta(minutes=1)):
        hear(message, "put_off")
    hear(message, "delivered")

    page = text_of(client.get("/settings/mails/"))

    assert "Arrived" in page
    assert "put it off" not in page


def test_news_about_mails_of_others_is_not_said(client, user):
    hear(sent(UserFactory(), preference="comments"), "complained")

    page = text_of(client.get("/settings/mails/"))

    assert "spam" not in page
    assert "came back" not in page


# --- the address ---


def test_all_is_well(client, user):
    page = text_of(client.get("/settings/mails/"))

    assert "Send me a test email" in page
    assert "Try again" not in page
    assert "note late my-3" not in page


@pytest.mark.parametrize(
    ("cause", "words"),
    [("bounced", "there is no such mailbox"), ("refused", "refused our last emails")],
)
def test_address_that_takes_no_mail(client, user, cause, words):
    pause(user, cause)

    page = text_of(client.get("/settings/mails/"))

    assert words in page
    assert "None while your address takes none." in page
    assert page.count('action="/settings/mails/again/"') == 1
    assert "Send me a test email" not in page


def test_address_that_rests_says_until_when(client, user):
    with time_machine.travel(NOW, tick=False):
        pause(user, "resting", paused_until=NOW + REST)

        page = text_of(client.get("/settings/mails/"))

    assert "until 26 November" in page


def test_address_that_has_rested(client, user):
    pause(user, "resting", paused_until=timezone.now() - timedelta(seconds=1))

    assert "Try again" not in text_of(client.get("/settings/mails/"))
    assert "mail-trouble" not in text_of(client.get("/settings/"))


def test_address_that_is_not_confirmed(client, user):
    user.emailaddress_set.update(verified=False)

    page = text_of(client.get("/settings/mails/"))

    assert "This address is not confirmed" in page
    assert "Confirm or change" in page


def test_switch_that_a_spam_report_turned_off(client, user):
    hear(sent(user, preference="comments"), "complained")

    page = text_of(client.get("/settings/mails/"))

    assert "Off since one of these was reported as spam from your mailbox, today." in page
    client.post("/settings/save/switch/", {"kind": "comments", "on": "on", "into": "kinds"})
    assert "Off since" not in text_of(client.get("/settings/mails/"))


def test_query_count_when_everything_is_wrong(client, user, django_assert_num_queries):
    pause(user)
    for number in range(3):
        hear(sent(user, preference="comments", dedupe=str(number)), "complained")
    client.get("/settings/mails/")

    with django_assert_num_queries(8):
        client.get("/settings/mails/")


# --- a test, and another try ---


def test_test_mail_and_its_outcome(client, user):
    page = text_of(client.post("/settings/mails/test/", follow=True))
    assert "A test email is on its way to amara@example.org." in page
    assert re.search(r"Test email, Today, \d\d:\d\d: Waiting to be sent", page)

    outbox.deliver()
    assert re.search(r"Test email, Today, \d\d:\d\d: Sent<", text_of(client.get("/settings/mails/")))
    hear(Message.objects.get(), "bounced")

    assert re.search(r"Test email, Today, \d\d:\d\d: Sent, but it came back<", text_of(client.get("/settings/mails/")))


def test_try_again_mends_and_sends_a_test(client, user):
    pause(user)

    page = text_of(client.post("/settings/mails/again/", follow=True))
    outbox.deliver()

    assert "We try again. A test email is on its way" in page
    assert "mail-trouble" not in page
    assert Message.objects.get().state == "sent"


def test_try_again_that_comes_back_stops_again(client, user):
    pause(user)
    client.post("/settings/mails/again/")
    outbox.deliver()

    hear(Message.objects.get(), "bounced")

    page = text_of(client.get("/settings/mails/"))
    assert "there is no such mailbox" in page
    assert "Sent, but it came back" in page


@pytest.mark.parametrize("path", ["test", "again"])
def test_a_few_a_day(client, user, path):
    with time_machine.travel(NOW, tick=False):
        for _ in range(TESTS_A_DAY):
            assert client.post(f"/settings/mails/{path}/").status_code == 302
        pause(user)

        response = client.post(f"/settings/mails/{path}/")

        assert response.status_code == 429
        assert response["Retry-After"] == str(12 * 3600)
        assert "That was three for today." in text_of(response)
        assert services.is_paused(user.email)
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert client.post(f"/settings/mails/{path}/").status_code == 302


def test_try_again_touches_nobody_else(client, user):
    other = UserFactory()
    pause(other)

    client.post("/settings/mails/again/")

    assert services.is_paused(other.email)


def test_get_sends_nothing(client, user):
    for path in ("test", "again"):
        assert client.get(f"/settings/mails/{path}/").status_code == 405
    assert not Message.objects.exists()


def test_test_mail_to_an_address_that_is_paused_is_skipped(user):
    pause(user)
    ask_for_test(user=user, now=timezone.now())

    outbox.deliver()

    assert Message.objects.get().reason == Message.Skip.BOUNCING


# --- the banner ---

PAGES = ["/", "/goals/", "/journal/", "/mentors/", "/settings/", "/settings/privacy/"]


@pytest.mark.parametrize("path", PAGES)
def test_banner_on_every_page(client, user, path):
    assert "mail-trouble" not in text_of(client.get(path))
    pause(user)

    page = text_of(client.get(path))

    assert "Emails to <b" in page
    assert 'action="/settings/mails/again/"' in page
    assert 'href="/account/email/"' in page


def test_banner_on_the_pages_of_the_account(client, user):
    pause(user)

    assert "mail-trouble" in text_of(client.get("/account/"))


def test_banner_while_an_address_rests(client, user):
    pause(user, "resting", paused_until=timezone.now() + REST)

    assert "perhaps the mailbox is full" in text_of(client.get("/goals/"))


def test_banner_is_for_the_owner_of_the_address(client, user):
    pause(UserFactory())

    assert "mail-trouble" not in text_of(client.get("/goals/"))


def test_banner_follows_the_address(client, user):
    pause(user)
    user.email = "new@example.org"
    user.save()

    assert "mail-trouble" not in text_of(client.get("/goals/"))


def test_banner_costs_no_query(client, user, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get("/goals/")
    with CaptureQueriesContext(connection) as before:
        client.get("/goals/")
    pause(user)

    with django_assert_num_queries(len(before)):
        assert "mail-trouble" in text_of(client.get("/goals/"))


def test_no_banner_in_a_fragment(client, user):
    pause(user)

    page = text_of(client.post("/settings/save/theme/", {"theme": "dark"}, headers={"hx-request": "true"}))

    assert "mail-trouble" not in page


def test_switched_off_by_hand_says_nothing_of_spam(client, user):
    Preference.objects.create(user=user, kind="comments", is_on=False, changed_at=timezone.now())

    assert "Off since" not in text_of(client.get("/settings/mails/"))
