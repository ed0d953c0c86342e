"""Keeping what went well, and making something of an entry, as somebody does it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from journal.models import Outcome, Proposal
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory
from tests.factories.journal import EntryFactory, OutcomeFactory, ProposalFactory, ReflectionFactory
from tests.factories.sharing import MentorshipFactory
from tests.factories.wins import WinCommentFactory, WinFactory
from wins.models import Win, WinComment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def amara():
    amara = UserFactory(name="Amara Osei")
    MentorshipFactory(mentee=amara, mentor=UserFactory(name="Ruth Lindqvist"))
    return amara


@pytest.fixture
def goal(amara):
    today = amara.today(timezone.now())
    due_on = today + timedelta(days=60)
    return GoalFactory(owner=amara, title="Run 12 interviews", starts_on=today - timedelta(days=30), due_on=due_on)


def test_wall_of_wins_begins_at_this_week_on_a_phone(phone, live_server, sign_in, amara):
    WinFactory(owner=amara, happened_on=amara.today(timezone.now()))
    sign_in(phone, amara)

    phone.goto(f"{live_server.url}/wins/")

    weeks = phone.locator(".yr-s").bounding_box()
    assert weeks["x"] < 0 < weeks["x"] + weeks["width"] <= 390


def test_pages_are_accessible(any_page, live_server, sign_in, check_both_themes, amara, goal):
    now = timezone.now()
    relation = amara.mentorships_as_mentee.get()
    day = amara.today(now)
    win = WinFactory(owner=amara, goal=goal, happened_on=day, starred=True, note="More", shared_with=[relation])
    WinCommentFactory(item=win, mentorship=relation, kept_at=now)
    WinCommentFactory(item=win, mentorship=relation, author=amara)
    WinFactory(owner=amara, happened_on=day - timedelta(days=40), text="Long" * 60)
    WinFactory(owner=amara, deleted_at=now)
    entry = EntryFactory(owner=amara)
    for kind in ("win", "next", "task"):
        ProposalFactory(entry=entry, kind=kind, created_at=now)
    OutcomeFactory(entry=entry, milestone__goal=goal, created_at=now)
    sign_in(any_page, amara)

    for path in ["/", "/add/", "/more/", "/journal/write/", f"/journal/{entry.pk}/follow/", f"/journal/{entry.pk}/",
                 f"/journal/{entry.pk}/goals/{goal.pk}/move/", "/wins/", "/wins/?show=shared", "/wins/new/", "/wins/bin/",
                 f"/wins/{win.pk}/", f"/wins/{win.pk}/?as={relation.pk}", f"/wins/{win.pk}/edit/",
                 f"/wins/{win.pk}/share/"]:  # fmt: skip
        any_page.goto(live_server.url + path)
        for details in any_page.locator("#_entry_follow details.data").all():
            details.locator("summary").click()
        check_both_themes(any_page)


def test_wins_are_added_in_a_line_each_and_taken_back(any_page, live_server, sign_in, check_page, amara):
    sign_in(any_page, amara)
    any_page.goto(f"{live_server.url}/wins/")
    expect(any_page.get_by_text("No wins yet")).to_be_visible()

    for words in ("Spoke up", "Said no"):
        any_page.get_by_label("What went well?").fill(words)
        any_page.keyboard.press("Enter")
        expect(any_page.locator(".win").first).to_contain_text(words)
        expect(any_page.get_by_label("What went well?")).to_be_focused()
        expect(any_page.get_by_label("What went well?")).to_have_value("")

    expect(any_page.locator("h2.month")).to_have_count(1)
    expect(any_page.locator(".win")).to_have_count(2)
    check_page(any_page)
    any_page.get_by_role("button", name="Undo").last.click()
    expect(any_page.locator(".win")).to_have_count(1)
    any_page.get_by_role("button", name="Undo").click()
    expect(any_page.get_by_text("Win is back. Only you can read it.")).to_be_visible()
    assert Win.objects.owned_by(amara).count() == 2


def test_an_entry_becomes_a_win_a_task_and_another_date(any_page, live_server, sign_in, amara, goal):
    entry = EntryFactory(owner=amara, title="The canteen")
    ProposalFactory(entry=entry, text="Spoke up")
    sign_in(any_page, amara)
    any_page.goto(f"{live_server.url}/journal/{entry.pk}/")
    any_page.keyboard.press("End")
    expect(any_page.get_by_role("heading", name="What follows from this?")).to_be_visible()
    follow = any_page.locator("#_entry_follow")

    follow.locator("textarea").fill("Spoke up before lunch")
    follow.get_by_role("button", name="Keep as a win").click()
    expect(follow.get_by_role("link", name="Spoke up before lunch")).to_be_visible()
    expect(follow.locator("textarea")).to_have_count(0)

    follow.get_by_text("Make a task").click()
    follow.get_by_label("What will you do?").fill("Write to Hannah")
    follow.get_by_role("button", name="Add task").click()
    expect(follow.get_by_text("Choose the goal it is for.")).to_be_visible()
    expect(follow.get_by_label("What will you do?")).to_have_value("Write to Hannah")
    follow.get_by_label("For which goal?").select_option("Run 12 interviews")
    follow.get_by_role("button", name="Add task").click()
    expect(follow.get_by_role("link", name="Write to Hannah")).to_be_visible()

    follow.get_by_text("Adjust a goal").click()
    follow.get_by_role("link", name="Move the date of Run 12 interviews").click()
    any_page.get_by_label("New date").fill((goal.due_on + timedelta(days=9)).isoformat())
    any_page.get_by_label("What changed?").fill("The canteen")
    any_page.get_by_role("button", name="Move the date").click()
    expect(any_page).to_have_url(f"{live_server.url}/journal/{entry.pk}/")
    any_page.keyboard.press("End")
    expect(any_page.get_by_text("Date moved").last).to_be_visible()
    assert sorted(Outcome.objects.values_list("kind", flat=True)) == ["goal", "task", "win"]
    assert Proposal.objects.get().answer == "taken"


def test_next_reflection_asks_and_one_tap_answers(any_page, live_server, sign_in, amara, goal):
    now = timezone.now()
    before = ReflectionFactory(owner=amara, entry_on=amara.today(now) - timedelta(days=21))
    task = OutcomeFactory(entry=before, milestone__goal=goal, milestone__title="Write to Hannah", created_at=now)
    sign_in(any_page, amara)
    any_page.goto(f"{live_server.url}/journal/write/")

    with any_page.expect_response(lambda response: "/journal/write/" in response.url and response.status == 200):
        any_page.get_by_role("group", name="Write to Hannah").get_by_label("Yes").check()

    task.refresh_from_db()
    assert task.answer == "yes"
    task.milestone.refresh_from_db()
    assert task.milestone.done_at is not None


def test_it_all_works_without_script(browser, browser_context_args, live_server, sign_in, amara, goal):
    entry = EntryFactory(owner=amara)
    ProposalFactory(entry=entry, text="Spoke up")
    context = browser.new_context(**browser_context_args | {"java_script_enabled": False})
    page = context.new_page()
    sign_in(page, amara)

    page.goto(f"{live_server.url}/journal/{entry.pk}/")
    page.get_by_role("link", name="What follows from this?").click()
    page.get_by_role("button", name="Keep as a win").click()
    expect(page.get_by_role("link", name="Spoke up")).to_be_visible()
    page.goto(f"{live_server.url}/wins/")
    page.get_by_label("What went well?").fill("Said no")
    page.get_by_role("button", name="Add win").click()
    expect(page.locator(".win")).to_have_count(2)
    context.close()


def test_two_people_write_about_a_win(any_page, live_server, sign_in, amara):
    relation = amara.mentorships_as_mentee.get()
    win = WinFactory(owner=amara, shared_with=[relation])
    said = any_page.locator(".cmt")
    sign_in(any_page, relation.mentor)
    any_page.goto(f"{live_server.url}/wins/{win.pk}/")

    any_page.get_by_label("Write to").fill("Well *done*.")
    any_page.get_by_role("button", name="Send").click()
    expect(said.locator("em")).to_have_text("done")
    expect(any_page.get_by_label("Write to")).to_have_value("")
    said.get_by_role("link", name="Edit").click()
    any_page.get_by_label("Change your comment").fill("Well done indeed.")
    any_page.get_by_role("button", name="Save comment").click()
    expect(said.locator(".body")).to_have_text("Well done indeed.")

    sign_in(any_page, amara)
    any_page.goto(f"{live_server.url}/wins/{win.pk}/")
    said.get_by_role("button", name="Keep as advice").click()
    expect(said.get_by_role("link", name="Kept as advice")).to_be_visible()
    any_page.reload()
    expect(said.get_by_role("link", name="Kept as advice")).to_be_visible()
    expect(any_page.get_by_role("button", name="Keep as advice")).to_have_count(0)
    said.get_by_role("button", name="Remove").click()
    expect(said.locator(".body")).to_contain_text("Removed by")
    assert WinComment.objects.get().text == ""
