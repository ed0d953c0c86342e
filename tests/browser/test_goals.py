from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from goals.models import Goal, GoalComment, Revision
from tests.factories.accounts import UserFactory
from tests.factories.goals import (
    GoalCommentFactory,
    GoalFactory,
    MilestoneFactory,
    ProgressUpdateFactory,
    RevisionFactory,
)
from tests.factories.sharing import MentorshipFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def amara():
    return UserFactory(name="Amara Osei")


@pytest.fixture
def ruth(amara):
    return MentorshipFactory(mentee=amara, mentor__name="Ruth Lindqvist").mentor


@pytest.fixture
def goal(amara, ruth):
    today = timezone.now().date()
    goal = GoalFactory(
        owner=amara,
        title="Run 12 user interviews",
        starts_on=today - timedelta(days=59),
        due_on=today + timedelta(days=64),
        shared_with=[amara.mentorships_as_mentee.get()],
    )
    MilestoneFactory(goal=goal, title="3 interviews done", at_value=3, due_on=today - timedelta(days=20), done=True)
    MilestoneFactory(goal=goal, title="Finish the guide", due_on=today + timedelta(days=1))
    ProgressUpdateFactory(goal=goal, value=5, happened_on=today - timedelta(days=2))
    GoalCommentFactory(item=goal, mentorship=amara.mentorships_as_mentee.get(), text="What did you *notice*?")
    return goal


def test_a_word_wider_than_a_phone_breaks(phone, amara, goal, sign_in, live_server, check_page):
    word = "Donaudampfschifffahrt" * 8
    RevisionFactory(goal=goal, field=Revision.Field.MILESTONE, old="", new=word)
    ProgressUpdateFactory(goal=goal, note=word)
    MilestoneFactory(goal=goal, title=word)
    sign_in(phone, amara)

    for path in ("", "log/", "history/"):
        phone.goto(f"{live_server.url}/goals/{goal.pk}/{path}")
        check_page(phone)


def test_write_a_goal(any_page, amara, ruth, sign_in, live_server, check_page):
    page = any_page
    sign_in(page, amara)
    page.goto(f"{live_server.url}/goals/")
    check_page(page)
    with page.expect_navigation():
        page.get_by_role("link", name="Write a first goal").click()
    check_page(page)

    page.get_by_label("What do you want to reach?").fill("Build a portfolio of three case studies")
    page.get_by_label("To", exact=True).fill("a few")
    page.get_by_role("button", name="Save goal").click()
    expect(page.locator(".errsum")).to_be_focused()
    check_page(page)

    page.get_by_label("To", exact=True).fill("3")
    page.get_by_label("Of what").fill("case studies")
    page.get_by_role("button", name="3 months").click()
    page.get_by_label("Milestone 1", exact=True).fill("Pick the three projects")
    page.get_by_role("button", name="Add a milestone").click()
    expect(page.locator(":focus")).to_have_attribute("type", "text")
    page.get_by_label("Ruth Lindqvist").check()
    page.get_by_role("button", name="Save goal").click()

    expect(page.get_by_role("heading", name="Build a portfolio of three case studies")).to_be_visible()
    expect(page.locator("#toasts")).to_contain_text("Goal saved")
    check_page(page)
    goal = Goal.objects.get()
    assert (goal.milestones.get().title, goal.readers().get().mentor) == ("Pick the three projects", ruth)


def test_log_tick_and_talk_without_leaving_the_page(any_page, amara, goal, sign_in, live_server, check_page):
    page = any_page
    sign_in(page, amara)
    page.goto(f"{live_server.url}/goals/{goal.pk}/")
    check_page(page)

    page.get_by_role("button", name="One more").click()
    expect(page.get_by_label("Interviews so far")).to_have_value("7")
    page.get_by_placeholder("What happened? (optional)").fill("Two on one day")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#_goal_log")).to_contain_text("7 of 12")
    expect(page.locator("#_goal_status")).to_contain_text("Ahead of plan")

    tick = page.get_by_role("button", name="Reached: Finish the guide")
    tick.click()
    expect(tick).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#_goal_milestones")).to_contain_text("2 of 2")

    page.get_by_label("Write to Ruth").fill("The **pauses**.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#_goal_comments strong")).to_have_text("pauses")
    mine = page.locator("article.cmt", has_text="pauses")
    mine.get_by_role("link", name="Edit").click()
    page.get_by_label("Your comment").fill("The long pauses.")
    page.get_by_role("button", name="Save comment").click()
    expect(page.locator("#_goal_comments")).to_contain_text("The long pauses.")
    check_page(page)
    assert GoalComment.objects.count() == 2


def test_overdue_goal_moves_from_the_list(page, amara, sign_in, live_server, check_page):
    today = timezone.now().date()
    goal = GoalFactory(owner=amara, starts_on=today - timedelta(days=60), due_on=today - timedelta(days=6))
    sign_in(page, amara)
    page.goto(f"{live_server.url}/goals/")
    check_page(page)

    page.get_by_role("link", name="Move the date").click()
    page.get_by_label("New date").fill((today + timedelta(days=30)).isoformat())
    page.get_by_label("What changed?").fill("The clinic was closed")
    check_page(page)
    page.get_by_role("button", name="Move the date").click()

    expect(page.locator("#toasts")).to_contain_text("Date moved")
    expect(page).to_have_url(f"{live_server.url}/goals/")
    goal.refresh_from_db()
    assert goal.due_on == today + timedelta(days=30)


def test_delete_and_undo(page, amara, goal, sign_in, live_server):
    sign_in(page, amara)
    page.goto(f"{live_server.url}/goals/{goal.pk}/delete/")
    page.get_by_role("button", name="Delete goal").click()

    page.locator("#toasts").get_by_role("button", name="Undo").click()

    expect(page.get_by_role("heading", name="Run 12 user interviews")).to_be_visible()


def test_everything_works_without_script(browser, browser_context_args, amara, goal, sign_in, live_server):
    context = browser.new_context(**browser_context_args | {"java_script_enabled": False})
    page = context.new_page()
    sign_in(page, amara)
    page.goto(f"{live_server.url}/goals/{goal.pk}/")

    page.get_by_label("Interviews so far").fill("6")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#_goal_log")).to_contain_text("6 of 12")
    page.get_by_role("button", name="Reached: Finish the guide").click()
    expect(page.locator("#_goal_milestones")).to_contain_text("2 of 2")
    note = page.locator("#toasts .toast").bounding_box()
    heading = page.get_by_role("heading", level=1).bounding_box()
    assert note["y"] + note["height"] <= heading["y"]  # in the flow, over nothing
    page.get_by_label("Write to Ruth").fill("Without script")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#_goal_comments")).to_contain_text("Without script")
    context.close()


@pytest.mark.parametrize("path", ["edit/", "share/", "close/", "pause/", "print/", "log/", "history/", "delete/"])
def test_pages_around_a_goal_are_accessible(any_page, amara, goal, sign_in, live_server, check_page, path):
    sign_in(any_page, amara)
    any_page.goto(f"{live_server.url}/goals/{goal.pk}/{path}")

    check_page(any_page)


def test_reader_and_dark_theme(page, ruth, goal, sign_in, live_server, check_page):
    page.emulate_media(color_scheme="dark")
    sign_in(page, ruth)
    page.goto(f"{live_server.url}/goals/{goal.pk}/")

    expect(page.get_by_text("You are reading Amara's goal")).to_be_visible()
    check_page(page)


def test_tabs_change_the_list_and_the_address(page, amara, goal, sign_in, live_server, check_page):
    GoalFactory(owner=amara, title="Find a mentor", reached=True)
    sign_in(page, amara)
    page.goto(f"{live_server.url}/goals/")

    tab = page.get_by_role("link", name="Reached 1")
    tab.click()

    expect(page).to_have_url(f"{live_server.url}/goals/?state=reached")
    expect(page.locator("#_goal_list")).to_contain_text("Find a mentor")
    expect(page.get_by_role("heading", name="Goals", exact=True)).to_be_visible()
    check_page(page)
    page.go_back()
    expect(page.locator("#_goal_list")).to_contain_text("Run 12 user interviews")
