from django.test import Client

from mail.links import Stop, stop_token
from mail.models import Preference
from tests.factories.accounts import UserFactory


def open_link(browser_page, live_server, user):
    token = stop_token(Stop(user_id=user.pk, preference="weekly"))
    browser_page.goto(f"{live_server.url}/mail/unsubscribe/{token}/")


def test_stop_and_start_again(page, live_server, check_page):
    user = UserFactory()
    open_link(page, live_server, user)
    check_page(page)
    assert not Preference.objects.exists()

    page.get_by_role("button", name="Stop these mails").click()
    page.get_by_role("heading", name="are stopped").wait_for()
    check_page(page)
    assert Preference.objects.for_user(user)["weekly"] is False

    page.get_by_role("button", name="Start them again").click()
    page.get_by_role("heading", name="Stop “Reflections” mails?").wait_for()
    assert Preference.objects.for_user(user)["weekly"] is True


def test_stop_on_a_phone(phone, live_server, check_page):
    open_link(phone, live_server, UserFactory())

    check_page(phone)


def test_page_opened_by_a_scanner_stops_nothing(page, live_server):
    user = UserFactory()
    open_link(page, live_server, user)  # a scanner runs the page's scripts too
    page.wait_for_load_state("networkidle")

    Client().head(page.url.removeprefix(live_server.url))

    assert not Preference.objects.exists()
