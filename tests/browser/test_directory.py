import pytest
from playwright.sync_api import expect

from mentors import services
from mentors.models import Mark, Profile, Report
from tests.factories.accounts import UserFactory
from tests.factories.directory import SlotFactory
from tests.factories.goals import GoalFactory
from tests.factories.mentors import ProfileFactory
from tests.factories.sharing import MentorshipFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def amara(transactional_db):
    amara = UserFactory(email="amara@example.org", name="Amara Osei")
    GoalFactory(owner=amara, title="Give a short talk at a meetup")
    SlotFactory(owner=amara)
    return amara


@pytest.fixture
def grace(amara):
    grace = ProfileFactory(owner__name="Grace Mbeki", topics=["Public speaking"], asks_for="- One thing at a time")
    SlotFactory(owner=grace.owner)
    services.save_profile(profile=grace, by=grace.owner, at=grace.created_at)
    full = ProfileFactory(owner__name="Mirela Popescu", topics=["Hiring"], capacity=1)
    MentorshipFactory(mentor=full.owner)
    return grace


def test_pages_of_the_directory_are_clean(any_page, live_server, sign_in, check_both_themes, amara, grace):
    sign_in(any_page, amara)
    for path in (
        "/mentors/",
        "/mentors/?topic=hiring&topic=data",
        "/mentors/?q=speakng&free=1",
        f"/mentors/{grace.pk}/",
        f"/mentors/{grace.pk}/block/",
        f"/mentors/report/?about=profile&id={grace.pk}",
        "/mentors/profile/",
        "/mentors/hours/",
        "/mentors/marks/",
        "/mentors/earlier/",
    ):
        any_page.goto(live_server.url + path)
        check_both_themes(any_page)


def test_typing_and_chips_narrow_the_list_without_leaving_the_page(
    page, live_server, sign_in, check_page, amara, grace
):
    sign_in(page, amara)
    page.goto(f"{live_server.url}/mentors/")
    expect(page.get_by_text("Matches Give a short talk at a meetup")).to_be_visible()

    page.get_by_label("Search mentors").press_sequentially("grace")
    expect(page.get_by_role("link", name="Mirela Popescu")).to_have_count(0)
    page.wait_for_url("**q=grace**")
    expect(page.get_by_label("Search mentors")).to_be_focused()
    page.get_by_role("link", name="Has a free place").click()
    expect(page.get_by_role("link", name="Has a free place")).to_have_attribute("aria-current", "true")
    expect(page.get_by_label("Search mentors")).to_have_value("grace")
    check_page(page)

    page.get_by_role("link", name="Hiring").or_(page.get_by_role("link", name="Research")).first.click()
    page.get_by_role("link", name="Without").first.click()
    expect(page.get_by_role("link", name="Grace Mbeki", exact=True)).to_be_visible()


def test_a_profile_from_the_form_to_the_list(phone, live_server, sign_in, check_page, amara):
    sign_in(phone, amara)
    phone.goto(f"{live_server.url}/mentees/")
    phone.get_by_role("link", name="Mentor profile").click()
    phone.get_by_label("Others can find me").check()
    phone.get_by_role("button", name="Save profile").click()
    expect(phone.get_by_role("alert")).to_contain_text("Say in a line who you are")
    check_page(phone)
    phone.get_by_label("Who you are, in a line").fill("Support, on the way into research")
    phone.get_by_label("What you can help with").fill("Calm with angry customers.")
    phone.get_by_label("Topics").fill("Support, Writing")
    phone.get_by_role("button", name="Save profile").click()
    expect(phone.get_by_text("This is how others see you")).to_be_visible()
    assert Profile.objects.get(owner=amara).topics == ["Support", "Writing"]


def test_notes_and_reports_without_script(browser, browser_context_args, live_server, sign_in, amara, grace):
    context = browser.new_context(**browser_context_args | {"java_script_enabled": False})
    page = context.new_page()
    sign_in(page, amara)
    page.goto(f"{live_server.url}/mentors/")
    page.get_by_label("Search mentors").fill("grace")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Grace Mbeki", exact=True).click()
    page.get_by_role("button", name="Keep for later").click()
    assert Mark.objects.get().kind == "kept"
    page.get_by_role("link", name="Report Grace").click()
    page.get_by_label("Wants money or sells something").check()
    page.get_by_label("What happened?").fill("Asked for a fee.")
    page.get_by_role("button", name="Send report").click()
    assert Report.objects.get().person == grace.owner
    context.close()
