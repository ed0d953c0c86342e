"""This week and the settings, as people use them: with the keyboard or a finger, with and without script."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Break
from mail.models import Message, Preference
from reminders.models import Schedule
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalCommentFactory, GoalFactory, MilestoneFactory, ProgressUpdateFactory
from tests.factories.reminders import ScheduleFactory
from tests.factories.sharing import MentorshipFactory

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft " * 2


@pytest.fixture
def amara(transactional_db):
    amara = UserFactory(email="amara@example.org", name="Amara Osei")
    today = timezone.localdate()
    mentorship = MentorshipFactory(mentee=amara, mentor__name="Ruth Lindqvist")
    goal = GoalFactory(owner=amara, title="Run 12 user interviews", due_on=today + timedelta(days=60))
    MilestoneFactory(goal=goal, title="Finish the interview guide", due_on=today + timedelta(days=1))
    MilestoneFactory(goal=goal, title=LONG[:200], due_on=today - timedelta(days=3))
    ProgressUpdateFactory(goal=goal, happened_on=today)
    GoalFactory(owner=amara, title=LONG[:200], due_on=date(2030, 1, 1))
    GoalCommentFactory(item=goal, mentorship=mentorship, text=LONG, created_at=timezone.now())
    ScheduleFactory(user=amara)
    return amara


@pytest.mark.parametrize(
    "path", ["/", "/settings/", "/settings/mails/", "/settings/break/", "/settings/skip/", "/add/", "/more/"]
)
def test_pages_are_accessible_on_both_widths(live_server, page, phone, sign_in, check_page, amara, path):
    for screen in (page, phone):
        sign_in(screen, amara)
        screen.goto(live_server.url + path)
        check_page(screen)


def test_first_day_and_visitors_are_accessible(live_server, page, phone, sign_in, check_page):
    phone.goto(live_server.url)
    check_page(phone)
    sign_in(page, UserFactory(name="Sam Reyes"))
    page.goto(live_server.url)
    expect(page.get_by_role("heading", name="Welcome, Sam")).to_be_visible()
    check_page(page)


def test_dark_this_week_is_accessible(live_server, page, sign_in, check_page, amara):
    amara.theme = "dark"
    amara.save()
    sign_in(page, amara)
    page.goto(live_server.url)
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    check_page(page)


def test_tick_a_milestone_and_undo(live_server, page, sign_in, check_page, amara):
    sign_in(page, amara)
    page.goto(live_server.url)

    page.get_by_role("button", name="Done: Finish the interview guide").click()
    undo = page.get_by_role("button", name="Undo: Finish the interview guide")
    expect(undo).to_be_focused()
    expect(page.get_by_text("Done. Press again to undo.")).to_be_visible()
    check_page(page)
    undo.press("Enter")

    expect(page.get_by_role("button", name="Done: Finish the interview guide")).to_be_visible()
    assert not amara.goals.get(title="Run 12 user interviews").milestones.filter(done_at__isnull=False).exists()


def test_change_the_day_by_select_and_the_switches(live_server, page, sign_in, check_page, amara):
    sign_in(page, amara)
    page.goto(f"{live_server.url}/settings/")

    page.get_by_label("Day", exact=True).focus()
    page.get_by_label("Day", exact=True).select_option("Wednesday")
    expect(page.locator("#emails").get_by_text("Saved")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Next one: Wednesday \d+ \w+, 18:00"))).to_be_visible()
    expect(page.get_by_label("Day", exact=True)).to_be_focused()
    assert Schedule.objects.get(user=amara).weekday == 2

    with page.expect_response("**/settings/save/switch/"):
        page.get_by_label("When somebody writes").click()
    expect(page.get_by_label("When somebody writes")).not_to_be_checked()
    expect(page.locator("#emails").get_by_text("Saved")).to_be_visible()
    assert Preference.objects.get(user=amara, kind="comments").is_on is False
    check_page(page)

    page.get_by_label("Dark", exact=True).check()
    expect(page.locator("#look").get_by_text("Saved")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    check_page(page)


def test_settings_without_script(browser, browser_context_args, live_server, sign_in, amara):
    context = browser.new_context(**browser_context_args | {"java_script_enabled": False})
    page = context.new_page()
    sign_in(page, amara)
    page.goto(f"{live_server.url}/settings/")

    page.get_by_label("Day", exact=True).select_option("Friday")
    page.get_by_role("button", name="Save rhythm").click()

    expect(page.get_by_text("Saved.")).to_be_visible()
    assert Schedule.objects.get(user=amara).weekday == 4
    context.close()


def test_send_me_one_and_take_a_break(live_server, page, sign_in, check_page, amara):
    sign_in(page, amara)
    page.goto(f"{live_server.url}/settings/")
    page.get_by_role("button", name="Send me one now").click()
    expect(page.get_by_text("On its way to amara@example.org.")).to_be_visible()
    assert Message.objects.get(user=amara).kind == "weekly_sample"

    page.get_by_role("link", name="Pause emails").click()
    page.get_by_label("Until and including").fill("2001-01-01")
    page.get_by_role("button", name="Pause emails").click()
    expect(page.get_by_text("A break ends after it begins, and not in the past.").first).to_be_visible()
    check_page(page)
    page.get_by_label("Until and including").fill("")
    page.get_by_role("button", name="Pause emails").click()
    expect(page.get_by_text("You are on a break until you end it.").first).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="End the break").click()
    expect(page.get_by_text("Welcome back. Your break is over.")).to_be_visible()
    assert not Break.objects.exists()


def test_skip_link_of_the_mail(live_server, page, sign_in, check_page, amara):
    sign_in(page, amara)
    page.goto(f"{live_server.url}/settings/skip/?week=2026-W47")
    page.get_by_role("button", name="Skip this week").click()

    expect(page.get_by_text("is skipped. You can still write it.")).to_be_visible()
    assert amara.periods.get(key="2026-W47").state == "skipped"
