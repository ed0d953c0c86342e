"""Two people plan to meet, write down what came of it, thank each other, and one introduces the other to somebody."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from mentors.models import CheckIn, Introduction
from tests.factories.accounts import UserFactory
from tests.factories.mentors import CheckInFactory
from tests.factories.sharing import MentorshipFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def relation(transactional_db):
    return MentorshipFactory(
        mentee=UserFactory(name="Amara Osei"), mentor=UserFactory(name="Ruth Lindqvist", email="ruth@example.org")
    )


def test_propose_pick_and_put_on_the_list(live_server, page, phone, sign_in, check_page, relation):
    place = f"{live_server.url}/mentorships/{relation.pk}/check-ins/"
    sign_in(page, relation.mentor)
    page.goto(f"{place}new/")
    check_page(page)
    page.get_by_role("button", name="Propose to Amara").click()
    expect(page.get_by_role("link", name="Choose a day.")).to_be_visible()
    check_page(page)
    first = page.get_by_role("group", name="First choice")
    first.get_by_label("Day").fill((timezone.now() + timedelta(days=3)).date().isoformat())
    first.get_by_label("Time").fill("17:30")
    page.get_by_role("button", name="Propose to Amara").click()
    expect(page.get_by_role("heading", name="Waiting for Amara")).to_be_visible()
    check_page(page)

    sign_in(phone, relation.mentee)
    phone.goto(f"{live_server.url}/")
    with phone.expect_navigation():
        phone.get_by_role("link", name="Ruth proposes times for a check-in").first.click()
    check_page(phone)
    phone.get_by_role("heading", name="Ruth proposes").wait_for()
    phone.locator("form[action$='/pick/'] button").first.click()
    expect(phone.get_by_role("heading", name="To talk about")).to_be_visible()
    phone.get_by_label("Add a point").fill("How do I know when I have heard enough?")
    phone.locator("form[action$='/points/new/'] button").click()
    expect(phone.get_by_text("How do I know when I have heard enough?")).to_be_visible()
    check_page(phone)

    page.reload()
    expect(page.get_by_text("How do I know when I have heard enough?")).to_be_visible()
    check_page(page)
    assert CheckIn.objects.get().state == "planned"


def test_write_down_what_came_of_it_and_keep_the_promise(live_server, any_page, sign_in, check_page, relation):
    held = CheckInFactory(mentorship=relation, starts_at=timezone.now() - timedelta(hours=2))
    today = timezone.now().date().isoformat()
    sign_in(any_page, relation.mentee)
    any_page.goto(f"{live_server.url}{held.get_absolute_url()}")
    check_page(any_page)
    any_page.locator("#after").get_by_label("What you two take from it").fill("Ask less, wait longer.")
    any_page.get_by_label("What", exact=True).first.fill("Send one page of raw notes")
    any_page.get_by_label("By", exact=True).first.fill(today)
    any_page.get_by_role("button", name="We met: save").click()
    expect(any_page.get_by_text("Ask less, wait longer.").first).to_be_visible()
    check_page(any_page)

    any_page.goto(f"{live_server.url}/")
    any_page.get_by_role("button", name="Done: Send one page of raw notes").click()
    expect(any_page.get_by_role("button", name="Undo: Send one page of raw notes")).to_be_visible()
    check_page(any_page)
    assert held.actions.get().done_at is not None


def test_say_thanks(live_server, any_page, sign_in, check_page, relation):
    sign_in(any_page, relation.mentee)
    any_page.goto(f"{live_server.url}/mentorships/{relation.pk}/")
    check_page(any_page)
    box = any_page.locator(f"form[action='/mentorships/{relation.pk}/thanks/']")
    box.locator("textarea").fill("Your silence changed the whole interview.")
    box.get_by_role("button").click()
    expect(any_page.get_by_role("status").first).to_be_visible()

    sign_in(any_page, relation.mentor)
    any_page.goto(f"{live_server.url}/mentors/thanks/")
    expect(any_page.get_by_text("Your silence changed the whole interview.")).to_be_visible()
    check_page(any_page)


def test_introduce_two_people(live_server, any_page, sign_in, check_page, relation):
    sign_in(any_page, relation.mentor)
    any_page.goto(f"{live_server.url}/mentorships/{relation.pk}/introduce/")
    check_page(any_page)
    any_page.get_by_role("button", name="Offer it to Amara").click()
    expect(any_page.get_by_role("alert")).to_contain_text("This has not been offered yet")
    check_page(any_page)
    any_page.locator("[name=who]").fill("Hannah Weiss, runs a research team")
    any_page.locator("[name=email]").fill("hannah@example.net")
    any_page.locator("[name=words]").fill("You both ask before you answer.")
    any_page.get_by_role("button", name="Offer it to Amara").click()
    expect(any_page.get_by_text("Amara answers first, until")).to_be_visible()
    check_page(any_page)

    sign_in(any_page, relation.mentee)
    any_page.goto(f"{live_server.url}/")
    with any_page.expect_navigation():
        any_page.get_by_role("link", name="Ruth would introduce you to somebody").first.click()
    check_page(any_page)
    any_page.get_by_role("button", name="Yes, ask them").click()
    expect(any_page.get_by_text("You said yes.").first).to_be_visible()

    row = Introduction.objects.get()
    any_page.context.clear_cookies()
    any_page.goto(f"{live_server.url}/mentors/introductions/answer/{row.token}/")
    check_page(any_page)
    any_page.get_by_role("button", name="Yes, introduce us").click()
    expect(any_page.get_by_role("heading", name="You two are introduced")).to_be_visible()
    check_page(any_page)
    row.refresh_from_db()
    assert row.state == "made"
