"""How mail is doing, as operators see it."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.utils import timezone

from mail import bounces, health, outbox, services
from mail.models import DeliveryEvent, Message, OutboxState, Suppression
from mail.news import News
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
URL = "/admin/mail/message/health/"


@pytest.fixture
def operator(db):
    return UserFactory(email="operator@example.org", is_staff=True, is_superuser=True)


def enter(client, person):
    """Sign somebody in with a second factor, who proved who it is a moment ago."""
    TOTP.activate(person, generate_totp_secret())
    client.force_login(person)
    client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/admin/"})
    return client


@pytest.fixture
def in_admin(client, operator):
    return enter(client, operator)


def mails(count, state="sent", reason="", *, kind="test", days=0):
    now = timezone.now() - timedelta(days=days)
    for _ in range(count):
        message = services.queue(kind, to="ann@example.org", ids={}, dedupe=str(Message.objects.count()))
        ended = {} if state == "queued" else {"finished_at": now}
        Message.objects.filter(pk=message.pk).update(state=state, reason=reason, **ended)
    message.refresh_from_db()
    return message


def look():
    return health.look(now=timezone.now())


def test_numbers():
    mails(3)
    mails(2, "skipped", "switched off")
    mails(1, "failed", "550 at RCPT: <ann@example.org> is unknown")
    mails(1, "dead", "the worker holding it died", kind="reply_notice")
    mails(2, "queued")
    mails(1, days=2)
    mails(1, days=8)

    found = look()

    assert (found.waiting, found.sending) == (2, 0)
    assert {end.name: end.row for end in found.kinds} == {
        "A test, as you asked": [4, 2, 1, 0],
        "About your answer by email": [0, 0, 0, 1],
    }
    assert [end.row for end in found.days] == [[3, 2, 1, 1], [1, 0, 0, 0]]
    assert found.reasons == [
        ("Not needed any more: switched off", 2),
        ("Given up", 1),
        ("Refused for good: 550", 1),
    ]
    assert not found.is_cut


def test_rates():
    message = mails(200)
    now = timezone.now()
    bounces.take([News("mail", message.message_id, message.to, DeliveryEvent.What.BOUNCED, now)], now=now)
    bounces.settle(now=now)

    found = look()

    assert (found.bounce_rate, found.complaint_rate, found.paused) == ("0.50 %", "0.00 %", 1)


def test_rates_before_anything():
    found = look()

    assert (found.bounce_rate, found.oldest_due, found.days) == ("", None, [])


def test_oldest_due_of_all_priorities():
    now = timezone.now()
    mails(2, "queued")
    Message.objects.filter(pk=Message.objects.latest("pk").pk).update(priority=2, not_before=now - timedelta(hours=2))
    mails(1, "queued")
    Message.objects.filter(pk=Message.objects.latest("pk").pk).update(not_before=now + timedelta(days=1))

    assert look().oldest_due == now - timedelta(hours=2)


def test_no_more_rows_are_read_than_said(monkeypatch):
    monkeypatch.setattr(health, "MOST", 3)
    monkeypatch.setattr(health, "SOME", 2)
    mails(5)
    mails(5, "queued")

    found = look()

    assert found.total("sent") == 3
    assert found.waiting == 2
    assert found.is_cut


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count(rows, django_assert_num_queries):
    mails(rows)
    mails(rows, "queued")

    with django_assert_num_queries(10):
        look()


# --- the page ---


def test_page_says_how_it_is(in_admin):
    outbox.sweep()
    mails(3)
    mails(1, "failed", "550 at RCPT: <ann@example.org> is unknown")

    page = in_admin.get(URL).content.decode()

    for words in ("Mail flows", "A test, as you asked", "Refused for good: 550", "The last 7 days, by kind"):
        assert words in page
    assert "ann@" not in page
    assert "is unknown" not in page


def test_page_is_linked_from_the_list_of_mails(in_admin):
    assert f'href="{URL}"' in in_admin.get("/admin/mail/message/").content.decode()


def test_pause_and_resume(in_admin):
    page = in_admin.post(URL, {"pause": "1"}, follow=True).content.decode()
    assert "Paused since" in page
    assert OutboxState.objects.get().paused_at

    page = in_admin.post(URL, {"resume": "1"}, follow=True).content.decode()
    assert "Mail flows" in page
    assert OutboxState.objects.get().paused_at is None


def test_broken_mail_server_is_named(in_admin):
    until = timezone.now() + timedelta(minutes=5)
    OutboxState.objects.create(broken_until=until, broken_reason="535 at the door: no", failures=4)

    page = in_admin.get(URL).content.decode()

    assert "535 at the door: no" in page
    assert "4 failures in a row" in page
    assert 'name="resume"' in page


def test_get_and_an_empty_post_change_nothing(in_admin):
    in_admin.get(URL + "?pause=1")
    in_admin.post(URL, {"other": "1"})

    assert not OutboxState.objects.filter(paused_at__isnull=False).exists()


def test_pausing_asks_who_it_is(client, operator):
    TOTP.activate(operator, generate_totp_secret())
    client.force_login(operator)

    response = client.post(URL, {"pause": "1"})

    assert response.status_code == 302
    assert "reauthenticate" in response["Location"]
    assert not OutboxState.objects.exists()


def test_page_is_for_operators(client, operator):
    assert client.get(URL).status_code == 302  # to everybody's sign-in
    client.force_login(UserFactory())
    assert client.get(URL, follow=True).status_code == 403
    client.force_login(operator)  # without a second factor
    assert client.get(URL, follow=True).status_code == 403


def test_staff_see_only_what_they_may(client, permissions):
    staff = UserFactory(is_staff=True)
    enter(client, staff)
    assert client.get(URL).status_code == 403

    staff.user_permissions.add(permissions.get(codename="view_message"))
    page = client.get(URL)

    assert page.status_code == 200
    assert 'name="pause"' not in page.content.decode()
    assert client.post(URL, {"pause": "1"}).status_code == 403
    assert not OutboxState.objects.exists()


def test_numbers_of_addresses():
    at = datetime(2026, 1, 1, tzinfo=UTC)
    Suppression.objects.create(address_hash="1", stopped_at=at)
    Suppression.objects.create(address_hash="2", paused_at=at, cause="bounced")
    Suppression.objects.create(address_hash="3", paused_at=at, paused_until=at, cause="resting")

    found = look()

    assert (found.paused, found.stopped) == (1, 1)
