from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from playwright.sync_api import expect

from goals.models import FormDraft, Goal
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory
from tests.factories.sharing import MentorshipFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def amara():
    return UserFactory(name="Amara Osei")


@pytest.fixture
def ruth(amara):
    return MentorshipFactory(mentee=amara, mentor__name="Ruth Lindqvist").mentor


@pytest.fixture
def form(any_page, amara, ruth, sign_in, live_server):
    """The form for a new goal, on a desktop and on a phone."""
    sign_in(any_page, amara)
    any_page.goto(f"{live_server.url}/goals/new/")
    return any_page


def letter(page, name):
    return page.locator("#goal-check li", has_text=name)


def test_check_follows_what_is_typed_and_the_words_are_there_after_a_reload(form, check_page):
    page = form
    expect(letter(page, "Specific")).to_have_class("no")

    page.get_by_label("What do you want to reach?").fill("A portfolio")
    expect(letter(page, "Specific")).to_contain_text("Start with a verb")
    if page.viewport_size["width"] < 992:
        expect(page.locator("#id_title_advice")).to_contain_text("Start with a verb")
    else:
        expect(page.locator("#id_title_advice")).to_be_hidden()
    page.get_by_label("What do you want to reach?").fill("Build a portfolio of three case studies")
    expect(letter(page, "Specific")).to_have_class("yes")
    expect(page.locator("#id_title_advice")).to_be_empty()

    page.get_by_label("To", exact=True).fill("3")
    page.get_by_label("Of what").fill("case studies")
    page.get_by_role("button", name="6 months").click()
    expect(page.locator("#plan-line")).to_contain_text("26 weeks from now, or one case study about every 8 weeks")
    page.get_by_label("Milestone 1", exact=True).fill("Pick the three projects")
    page.get_by_label("Milestone 1 is a task").check()
    page.get_by_label("Ruth Lindqvist").check()
    expect(page.locator("[data-saved]")).to_contain_text("Draft kept")
    expect(page.locator("#id_title")).to_have_value("Build a portfolio of three case studies")
    check_page(page)

    page.reload()
    expect(page.get_by_label("What do you want to reach?")).to_have_value("Build a portfolio of three case studies")
    expect(page.get_by_label("Milestone 1 is a task")).to_be_checked()
    expect(page.get_by_label("Ruth Lindqvist")).to_be_checked()
    expect(page.locator(".note.ok")).to_contain_text("What you typed is back")
    check_page(page)

    page.get_by_role("button", name="Save goal").click()
    expect(page.get_by_role("heading", name="Build a portfolio of three case studies")).to_be_visible()
    assert Goal.objects.get().milestones.get().is_task
    assert not FormDraft.objects.exists()


def test_two_of_three_are_asked_for_and_the_third_is_said(form, check_page):
    page = form
    page.get_by_label("What do you want to reach?").fill("Read more")
    page.get_by_label("To", exact=True).fill("12")
    page.get_by_label("Of what").fill("books")
    expect(page.get_by_label("How much a week?")).to_be_hidden()

    page.get_by_label("The date", exact=True).check()
    expect(page.get_by_label("By when?")).to_be_hidden()
    page.get_by_label("How much a week?").fill("1")
    expect(page.locator("#plan-line")).to_contain_text("12 weeks from now")
    check_page(page)

    page.get_by_label("Done or not").check()
    expect(page.get_by_label("By when?")).to_be_visible()
    expect(page.get_by_label("How much a week?")).to_be_hidden()
    expect(page.get_by_label("What will show it?")).to_be_visible()
    page.get_by_label("Count something").check()
    page.get_by_role("button", name="Save goal").click()
    expect(page.locator("#toasts")).to_contain_text("Goal saved")

    today = timezone.now().date()
    assert Goal.objects.get().due_on == today + timedelta(weeks=12)


def test_words_are_not_lost_offline_nor_by_signing_out_elsewhere(page, amara, sign_in, live_server, complaints):
    sign_in(page, amara)
    page.goto(f"{live_server.url}/goals/new/")
    page.context.set_offline(True)
    page.get_by_label("What do you want to reach?").fill("Typed in a tunnel")
    expect(page.locator("#problem")).to_contain_text("Not saved yet, you are offline. Your words are kept in this tab.")
    page.context.set_offline(False)
    expect(page.locator("[data-saved]")).to_contain_text("Draft kept")
    expect(page.locator("#problem")).to_be_hidden()

    page.context.clear_cookies(name=django_settings.SESSION_COOKIE_NAME)
    page.get_by_label("What do you want to reach?").fill("Typed after the session ended")
    page.wait_for_url("**/account/login/**")
    sign_in(page, amara)
    page.goto(f"{live_server.url}/goals/new/")
    expect(page.get_by_label("What do you want to reach?")).to_have_value("Typed after the session ended")
    complaints.clear()  # htmx logs the lost request


def test_starting_point_and_starting_afresh(form, check_page):
    page = form
    with page.expect_navigation():
        page.get_by_role("link", name="Begin from a starting point").click()
    check_page(page)
    page.get_by_role("link", name="Find a new role").click()
    expect(page.get_by_label("What do you want to reach?")).to_have_value("Start a new role as [the role]")
    expect(letter(page, "Specific")).to_contain_text("is still to be filled in")
    check_page(page)
    assert not FormDraft.objects.exists()

    page.get_by_label("What do you want to reach?").fill("Start a new role as a researcher")
    expect(page.locator("[data-saved]")).to_contain_text("Draft kept")
    page.reload()
    with page.expect_navigation():
        page.get_by_role("link", name="Start afresh with “Find a new role”").click()
    check_page(page)
    page.get_by_role("button", name="Start afresh").click()
    expect(page.get_by_label("What do you want to reach?")).to_have_value("Start a new role as [the role]")


def test_edit_that_was_overtaken_shows_both_versions(page, amara, sign_in, live_server, check_page):
    today = timezone.now().date()
    goal = GoalFactory(owner=amara, starts_on=today - timedelta(days=9), due_on=today + timedelta(days=64))
    sign_in(page, amara)
    page.goto(f"{live_server.url}/goals/{goal.pk}/edit/")
    page.get_by_label("What do you want to reach?").fill("Typed in this tab")
    expect(page.locator("[data-saved]")).to_contain_text("Draft kept")
    Goal.objects.update(title="Saved in the other tab", version=goal.version + 1)

    page.reload()
    expect(page.locator(".note.ok")).to_contain_text("saving this shows you both versions")
    page.get_by_role("button", name="Save goal").click()

    expect(page.locator(".errsum")).to_contain_text("Saved in the other tab")
    expect(page.get_by_label("What do you want to reach?")).to_have_value("Typed in this tab")
    check_page(page)


def test_form_works_without_script(browser, browser_context_args, amara, sign_in, live_server):
    context = browser.new_context(**browser_context_args | {"java_script_enabled": False})
    page = context.new_page()
    sign_in(page, amara)
    page.goto(f"{live_server.url}/goals/new/?from=give-a-talk")
    page.goto(f"{live_server.url}/goals/new/")
    page.get_by_label("What do you want to reach?").fill("A portfolio")
    page.get_by_role("button", name="Check it").click()
    expect(letter(page, "Specific")).to_contain_text("Start with a verb")
    expect(page.locator("[data-saved]")).to_contain_text("Draft kept")
    page.get_by_role("button", name="Room for more milestones").click()
    expect(page.locator(".ms-edit")).to_have_count(5)
    page.get_by_label("What do you want to reach?").fill("Read twelve books")
    page.get_by_label("To", exact=True).fill("12")
    page.get_by_label("The date", exact=True).check()
    page.get_by_label("How much a week?").fill("1")
    page.get_by_role("button", name="Save goal").click()

    expect(page.get_by_role("heading", name="Read twelve books")).to_be_visible()
    context.close()
