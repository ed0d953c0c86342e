from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from goals.models import Goal, ProgressUpdate
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory, ProgressUpdateFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def amara():
    return UserFactory(name="Amara Osei")


@pytest.fixture
def goal(amara):
    now = timezone.now()
    goal = GoalFactory(
        owner=amara, starts_on=now.date() - timedelta(days=59), due_on=now.date() + timedelta(days=64), hours_a_week=2
    )
    for ago, value in ((47, 1), (38, 2), (26, 3), (15, 4), (2, 5)):
        day = now - timedelta(days=ago)
        ProgressUpdateFactory(goal=goal, value=value, happened_on=day.date(), created_at=day)
    return goal


def test_log_and_see_where_it_leads(any_page, amara, goal, sign_in, live_server, check_page):
    page = any_page
    sign_in(page, amara)
    page.goto(f"{live_server.url}/goals/{goal.pk}/")
    chart = page.get_by_role("img", name="Line chart: interviews since")
    expect(chart).to_be_visible()
    page.get_by_text("Show the numbers").click()
    expect(page.get_by_role("rowheader")).to_have_count(8)
    check_page(page)
    page.emulate_media(color_scheme="dark")
    check_page(page)

    page.get_by_label("How sure?").select_option("7")
    page.get_by_label("Hours", exact=True).fill("1:30")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("6 done")).to_be_visible()
    expect(page.get_by_text("How sure: 7 of 10, 1 h 30")).to_be_visible()
    page.get_by_role("button", name="No change this week").click()
    expect(page.get_by_text("No change this week.")).to_be_visible()
    assert ProgressUpdate.objects.latest("pk").value == 6


def test_letters_of_the_chart_keep_their_size(page, phone, amara, goal, sign_in, live_server):
    for each in (page, phone):
        sign_in(each, amara)
        each.goto(f"{live_server.url}/goals/{goal.pk}/")
        chart = each.locator("svg.pc")
        box = chart.bounding_box()
        for words in chart.locator("text").all():
            place = words.bounding_box()
            assert 12 <= place["height"] <= 24
            assert place["x"] >= 0
            assert place["x"] + place["width"] <= each.viewport_size["width"]
        assert box["width"] > 250


def test_a_lever_opens_its_form_in_place(any_page, amara, goal, sign_in, live_server, check_page):
    page = any_page
    sign_in(page, amara)
    page.goto(f"{live_server.url}/goals/{goal.pk}/")

    page.get_by_role("link", name="Make it 10").click()
    expect(page.get_by_label("New target")).to_have_value("10")
    check_page(page)
    page.get_by_label("What changed?").fill("Ten will do")
    page.get_by_role("button", name="Make it smaller").click()
    expect(page.get_by_text("Target changed", exact=True)).to_be_visible()
    assert Goal.objects.get().target_value == 10


def test_rest_and_end(any_page, amara, goal, sign_in, live_server, check_page):
    page = any_page
    sign_in(page, amara)
    page.goto(f"{live_server.url}/goals/{goal.pk}/rests/")
    day = timezone.now().date() - timedelta(days=20)
    page.get_by_label("First day").fill((day + timedelta(days=4)).isoformat())
    page.get_by_label("Last day").fill(day.isoformat())
    page.get_by_role("button", name="Save these days").click()
    expect(page.locator(".errsum")).to_be_focused()
    check_page(page)
    page.get_by_label("Last day").fill((day + timedelta(days=6)).isoformat())
    page.get_by_role("button", name="Save these days").click()
    expect(page.get_by_role("link", name="3 days")).to_be_visible()

    page.goto(f"{live_server.url}/goals/{goal.pk}/close/?outcome=partly")
    check_page(page)
    page.get_by_label("What came of it?").fill("Five good talks")
    page.get_by_label("What helped?").fill("Hannah")
    page.get_by_role("button", name="Close this goal").click()
    expect(page.get_by_label("How it ended")).to_contain_text("Hannah")
    check_page(page)
