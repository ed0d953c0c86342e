"""Mails that come back: what their reader sees, and how another try goes, with and without script."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from mail import bounces
from mail.models import DeliveryEvent, Message, Suppression, address_hash
from mail.news import News
from mail.services import is_paused, queue
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def amara(transactional_db):
    """Somebody whose mail came back, after she called one of another kind spam."""
    amara = UserFactory(email="a.very.long.address.for.a.narrow.screen@subdomain.example.org", name="Amara Osei")
    now = timezone.now()
    for number, what in enumerate(("bounced", "complained")):
        message = queue("test", user=amara, ids={}, dedupe=str(number))
        Message.objects.filter(pk=message.pk).update(state="sent", finished_at=now, preference="comments")
        bounces.take([News("mail", message.message_id, message.to, DeliveryEvent.What(what), now)], now=now)
    bounces.settle(now=now)
    return amara


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/settings/mails/", "/settings/", "/goals/"])
def test_pages_are_accessible_while_mails_come_back(live_server, page, phone, sign_in, check_page, amara, path, theme):
    amara.theme = theme
    amara.save()
    for screen in (page, phone):
        sign_in(screen, amara)
        screen.goto(live_server.url + path)
        expect(screen.get_by_role("button", name="Try again")).to_be_visible()
        check_page(screen)


def test_try_again_from_the_banner(live_server, page, sign_in, amara):
    sign_in(page, amara)
    page.goto(f"{live_server.url}/goals/")

    page.get_by_role("button", name="Try again").click()

    expect(page.get_by_role("heading", name="Emails to you")).to_be_visible()
    expect(page.get_by_text("Test email, Today")).to_be_visible()
    expect(page.get_by_role("button", name="Send me a test email")).to_be_visible()
    assert not is_paused(amara.email)


def test_banner_while_an_address_rests(live_server, phone, sign_in, check_page, amara):
    now = timezone.now()
    Suppression.objects.filter(address_hash=address_hash(amara.email)).update(
        cause="resting", paused_until=now + timedelta(days=3)
    )
    sign_in(phone, amara)
    phone.goto(f"{live_server.url}/journal/")

    expect(phone.get_by_text("keeps putting our emails off")).to_be_visible()
    check_page(phone)
