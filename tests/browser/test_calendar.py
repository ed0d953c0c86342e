"""Making, copying and ending a calendar feed as people do: with the keyboard or a finger, with and without script."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from home.models import CalendarFeed
from tests.factories.accounts import UserFactory
from tests.factories.home import CalendarFeedFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def amara(transactional_db):
    return UserFactory(email="amara@example.org", name="Amara Osei")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_state_is_accessible(live_server, any_page, sign_in, check_page, amara, theme):
    amara.theme = theme
    amara.save()
    sign_in(any_page, amara)
    any_page.goto(f"{live_server.url}/settings/calendar/")
    check_page(any_page)

    any_page.get_by_role("button", name="Make the address").click()
    expect(any_page.get_by_role("heading", name="Your address")).to_be_visible()
    check_page(any_page)

    any_page.get_by_role("switch", name="Show titles and names").click()
    expect(any_page.get_by_text("Saved")).to_be_visible()
    check_page(any_page)

    CalendarFeed.objects.update(read_at=timezone.now(), read_by="W" * 60)
    any_page.goto(f"{live_server.url}/settings/calendar/")
    expect(any_page.get_by_text("W" * 60)).to_be_visible()
    check_page(any_page)
    any_page.goto(f"{live_server.url}/settings/privacy/")
    check_page(any_page)


def test_make_copy_and_end(live_server, page, sign_in, amara):
    sign_in(page, amara)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    page.goto(f"{live_server.url}/settings/")
    page.get_by_role("link", name="Set up or change").click()
    page.get_by_role("button", name="Make the address").click()

    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    address = page.evaluate("navigator.clipboard.readText()")
    assert address == page.get_by_label("Secret address").input_value()
    assert page.context.request.get(address).text().startswith("BEGIN:VCALENDAR\r\n")

    page.get_by_role("link", name="Settings").first.click()
    page.get_by_role("link", name="Set up or change").click()
    expect(page.get_by_text("Today, ")).to_be_visible()
    expect(page.get_by_label("Secret address")).to_have_count(0)
    page.get_by_role("button", name="Turn off").click()
    expect(page.get_by_text("The address leads nowhere any more.")).to_be_visible()
    assert page.context.request.get(address).status == 404


def test_without_script(live_server, browser, browser_context_args, sign_in, check_page, amara):
    feed = CalendarFeedFactory(owner=amara)
    context = browser.new_context(**browser_context_args | {"java_script_enabled": False})
    page = context.new_page()
    sign_in(page, amara)
    page.goto(f"{live_server.url}/settings/calendar/")

    page.get_by_role("switch", name="Show titles and names").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    feed.refresh_from_db()
    assert feed.shows_titles

    page.get_by_role("button", name="Make a new address").click()
    expect(page.get_by_label("Secret address")).to_be_visible()
    expect(page.get_by_role("button", name="Copy")).to_be_hidden()
    assert CalendarFeed.objects.get().token_hash != feed.token_hash
    context.close()
