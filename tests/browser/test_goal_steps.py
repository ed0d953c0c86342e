"""Ordering milestones, and a mentor's suggestion, as people press and drag them."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory, MilestoneFactory, ProgressUpdateFactory
from tests.factories.sharing import MentorshipFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def amara():
    return UserFactory(name="Amara Osei")


@pytest.fixture
def relation(amara):
    return MentorshipFactory(mentee=amara, mentor__name="Ruth Lindqvist")


@pytest.fixture
def goal(amara, relation):
    today = timezone.now().date()
    goal = GoalFactory(
        owner=amara,
        title="Run 12 user interviews",
        starts_on=today - timedelta(days=59),
        due_on=today + timedelta(days=64),
        shared_with=[relation],
    )
    for title, kind in (("First", "milestone"), ("Second", "task"), ("Third", "milestone"), ("Fourth", "task")):
        MilestoneFactory(goal=goal, title=title, kind=kind, position=0, due_on=today + timedelta(days=9))
    ProgressUpdateFactory(goal=goal, happened_on=today - timedelta(days=2))
    return goal


def titles(goal):
    return list(goal.milestones.values_list("title", flat=True))


def test_order_by_keyboard_and_by_drag(any_page, amara, goal, sign_in, live_server, check_page):
    page = any_page
    sign_in(page, amara)
    page.goto(f"{live_server.url}/goals/{goal.pk}/")
    up = page.get_by_role("button", name="Move up: Third")
    expect(up).to_be_hidden()
    page.get_by_label("Change order").check()
    check_page(page)

    up.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#milestones-said")).to_have_text("Moved to 2 of 4")
    expect(up).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#milestones-said")).to_have_text("Moved to 1 of 4")
    expect(up).to_be_focused()
    assert titles(goal) == ["Third", "First", "Second", "Fourth"]

    handle = page.locator(".ms li", has_text="Fourth").locator("[data-drag]")
    handle.evaluate("handle => handle.scrollIntoView({block: 'center'})")
    start, goal_row = handle.bounding_box(), page.locator(".ms li", has_text="First").bounding_box()
    page.mouse.move(start["x"] + 20, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(start["x"] + 20, goal_row["y"] + 60, steps=5)
    page.mouse.move(start["x"] + 20, goal_row["y"] + 4, steps=5)
    page.mouse.up()
    expect(page.locator("#milestones-said")).to_have_text("Moved to 2 of 4")
    expect(page.locator(".ms .t")).to_have_text(["Third", "Fourth", "First", "Second"])
    assert titles(goal) == ["Third", "Fourth", "First", "Second"]


def test_drag_is_taken_back_by_escape(page, amara, goal, sign_in, live_server):
    sign_in(page, amara)
    page.goto(f"{live_server.url}/goals/{goal.pk}/")
    page.get_by_label("Change order").check()
    handle = page.locator(".ms li", has_text="Second").locator("[data-drag]")
    handle.evaluate("handle => handle.scrollIntoView({block: 'center'})")
    start = handle.bounding_box()

    page.mouse.move(start["x"] + 20, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(start["x"] + 20, start["y"] - 150, steps=5)
    expect(page.locator(".ms .t").first).to_have_text("Second")
    page.keyboard.press("Escape")
    page.mouse.up()

    expect(page.locator(".ms .t")).to_have_text(["First", "Second", "Third", "Fourth"])
    assert titles(goal) == ["First", "Second", "Third", "Fourth"]


def test_mentor_suggests_and_owner_takes_it_up(any_page, amara, relation, goal, sign_in, live_server, check_page):
    page = any_page
    sign_in(page, relation.mentor)
    page.goto(f"{live_server.url}/goals/{goal.pk}/")
    seen = page.locator("#_goal_log").get_by_role("button", name="Seen")
    seen.click()
    expect(seen).to_have_attribute("aria-pressed", "true")
    page.get_by_label("Write to Amara").fill("Receptionists are **who** you mean.")
    page.get_by_text("Suggest a change").click()
    expect(page.get_by_label("In these words")).to_be_hidden()
    page.get_by_label("What", exact=True).select_option(label="Another wording")
    check_page(page)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Say what you suggest.")).to_be_visible()
    check_page(page)
    page.get_by_label("In these words").fill("Run 12 interviews with receptionists")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Amara decides.")).to_be_visible()
    check_page(page)

    page.context.clear_cookies()
    sign_in(page, amara)
    page.goto(f"{live_server.url}/goals/{goal.pk}/")
    expect(page.locator("#_goal_log")).to_contain_text("Seen by Ruth")
    thanks = page.get_by_role("button", name="Thanks")
    thanks.click()
    expect(thanks).to_have_attribute("aria-pressed", "true")
    expect(thanks).to_be_focused()
    check_page(page)
    page.get_by_role("button", name="Take it up").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Run 12 interviews with receptionists")
    expect(page.get_by_text("You took it up.")).to_be_visible()
    expect(page.get_by_text("suggested by Ruth")).to_be_visible()
    check_page(page)
