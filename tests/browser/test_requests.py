import pytest
from playwright.sync_api import expect

from mentors.models import Request
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory
from tests.factories.mentors import ProfileFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def profile(transactional_db):
    return ProfileFactory(owner__name="Daniel Okafor", asks_for="Send something to read\nSay when it is not working")


def test_ask_be_asked_back_answer_and_be_taken(live_server, page, phone, sign_in, check_page, profile):
    wen = UserFactory(name="Wen Zhao")
    GoalFactory(owner=wen, title="Lead a shift")
    sign_in(page, wen)
    page.goto(f"{live_server.url}/mentors/{profile.pk}/request/")
    check_page(page)
    page.get_by_text("Lead a shift").click()
    page.get_by_label("What would you like help with?").fill("What of my days do I show?")
    expect(page.get_by_text("Draft kept")).to_be_visible(timeout=8000)  # by itself, while typing
    page.reload()
    expect(page.get_by_label("What would you like help with?")).to_have_value("What of my days do I show?")
    expect(page.get_by_label("Lead a shift")).to_be_checked()

    page.get_by_role("button", name="Send to Daniel").click()
    expect(page.get_by_role("alert")).to_contain_text("This has not been sent yet")
    check_page(page)
    page.get_by_label("Why Daniel?").fill("You came from nursing.")
    page.get_by_label("Who are you?").fill("An agent on the late shift.")
    page.get_by_label("What will you bring?").fill("A page before each talk.")
    page.get_by_label("Every month").check()
    page.get_by_role("button", name="Preview").last.click()
    expect(page.get_by_role("heading", name="This is what Daniel will read")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Send to Daniel").click()
    expect(page.get_by_text("has until")).to_be_visible()
    check_page(page)

    sign_in(phone, profile.owner)
    phone.goto(f"{live_server.url}/mentees/")
    with phone.expect_navigation():
        phone.get_by_role("link", name="Wen Zhao would like you as a mentor", exact=True).click()
    check_page(phone)
    phone.get_by_text("Ask something first").click()
    phone.get_by_label("Your question").fill("Which shift?")
    check_page(phone)
    phone.get_by_role("button", name="Send to Wen").click()
    expect(phone.get_by_text("stands still until you hear back")).to_be_visible()

    page.goto(f"{live_server.url}/")
    page.get_by_role("link", name="Answer Daniel’s question").first.click()
    page.get_by_label("Your answer").fill("The late one.")
    check_page(page)
    page.get_by_role("button", name="Send to Daniel").click()

    phone.goto(f"{live_server.url}{Request.objects.get().get_absolute_url()}")
    expect(phone.get_by_text("The late one.")).to_be_visible()
    phone.get_by_text("Take no more for now").click()
    phone.get_by_label("Take my profile off the list").first.check()
    check_page(phone)
    phone.get_by_role("button", name="Say yes to Wen").click()
    expect(phone.get_by_text("Lead a shift")).to_be_visible()
    profile.refresh_from_db()
    assert not profile.is_listed


def test_ask_without_a_script(live_server, browser, browser_context_args, sign_in, profile):
    page = browser.new_context(**browser_context_args | {"java_script_enabled": False}).new_page()
    sign_in(page, UserFactory(name="Wen Zhao"))
    page.goto(f"{live_server.url}/mentors/{profile.pk}/request/")
    for label in ("What would you like help with?", "Why Daniel?", "Who are you?", "What will you bring?"):
        page.get_by_label(label).fill(f"Words for {label}")
    page.get_by_role("button", name="Preview").last.click()
    expect(page.get_by_role("heading", name="This is what Daniel will read")).to_be_visible()
    page.get_by_role("button", name="Send to Daniel").click()
    expect(page.get_by_text("has until")).to_be_visible()
