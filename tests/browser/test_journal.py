"""Writing about a week, as somebody does it: typing, leaving, coming back, sharing."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from journal import periods
from journal.models import Entry
from tests.factories.accounts import UserFactory
from tests.factories.journal import EntryFactory, IntentionFactory, ReflectionFactory
from tests.factories.sharing import MentorshipFactory

pytestmark = pytest.mark.django_db(transaction=True)
WRITE = "/journal/write/"
QUESTION = "textarea[name=answer_1]"


@pytest.fixture
def amara():
    return UserFactory(name="Amara Osei")


@pytest.fixture
def ruth(amara):
    """Amara's mentor."""
    return MentorshipFactory(mentee=amara, mentor=UserFactory(name="Ruth Lindqvist")).mentor


def saved(page):
    return expect(page.locator("[data-saved]"))


def test_pages_are_accessible(any_page, live_server, sign_in, check_both_themes, amara, ruth):
    today = amara.today(timezone.now())
    week = periods.previous_week(periods.asked_about(today))
    sunday = periods.week_bounds(week)[1]
    entry = IntentionFactory(entry__owner=amara, entry__entry_on=sunday).entry
    entry.shared_with.add(amara.mentorships_as_mentee.get())
    EntryFactory(owner=amara, entry_on=today, title="", text="A note in **Markdown**")
    EntryFactory(owner=amara, deleted_at=timezone.now())
    sign_in(any_page, amara)

    for path in [WRITE, "/journal/", f"/journal/{entry.pk}/", f"/journal/{entry.pk}/share/", "/journal/new/",
                 "/journal/bin/", f"/journal/{entry.pk}/?as={entry.shared_with.get().pk}",
                 f"{WRITE}?week={week}", f"{WRITE}?week=2199-W01"]:  # fmt: skip
        any_page.goto(live_server.url + path)
        check_both_themes(any_page)


def test_reflection_from_the_first_word_to_a_mentors_answer(page, live_server, sign_in, amara, ruth, browser):
    sign_in(page, amara)
    page.goto(f"{live_server.url}{WRITE}?mood=4")
    expect(page.get_by_label("Good")).to_be_checked()

    page.locator(QUESTION).fill("The interview on Tuesday.")
    saved(page).to_contain_text("Saved", timeout=8000)
    assert Entry.objects.get().finished_at is None
    page.locator(QUESTION).press_sequentially(" And the walk home.")
    page.get_by_label("What matters most next week?").fill("Ask Hannah.")
    expect(page.locator("#id_version")).to_have_value("2", timeout=8000)
    expect(page.locator("#reflection_words")).to_have_text("10 words")

    page.reload()
    expect(page.locator(QUESTION)).to_have_value("The interview on Tuesday. And the walk home.")
    page.get_by_text("You and Ruth Lindqvist").click()
    page.get_by_role("button", name="Finish").click()

    expect(page.get_by_text("Reflection finished. Ruth will get an email.")).to_be_visible()
    expect(page.get_by_text("Visible to Ruth Lindqvist")).to_be_visible()
    entry = Entry.objects.get()
    assert entry.finished_at
    assert entry.mood == 4

    reader = browser.new_context(viewport={"width": 1280, "height": 900})
    hers = reader.new_page()
    sign_in(hers, ruth)
    hers.goto(live_server.url + entry.get_absolute_url())
    hers.get_by_label("Write to Amara Osei").fill("What did you hear on the **walk**?")
    hers.get_by_role("button", name="Send").click()
    expect(hers.locator(".cmt strong")).to_have_text("walk")
    expect(hers.locator(".toast", has_text="Sent")).to_be_visible()
    hers.get_by_role("link", name="Edit").click()
    hers.get_by_label("Change your comment").fill("What did you hear?")
    hers.get_by_role("button", name="Save comment").click()
    expect(hers.locator(".cmt .body")).to_have_text("What did you hear?")
    reader.close()

    page.reload()
    expect(page.get_by_text("What did you hear?")).to_be_visible()
    page.get_by_role("link", name="Change who can").click()
    page.get_by_label("Ruth Lindqvist").uncheck()
    page.get_by_role("button", name="Save who can see it").click()
    expect(page.get_by_text("Only you can read it.")).to_be_visible()
    assert not Entry.objects.visible_to(ruth).exists()


def test_second_tab_sees_both_versions(page, live_server, sign_in, check_page, amara):
    sign_in(page, amara)
    page.goto(live_server.url + WRITE)
    other = page.context.new_page()
    other.goto(live_server.url + WRITE)

    page.locator(QUESTION).fill("From the first tab.")
    saved(page).to_contain_text("Saved", timeout=8000)
    other.locator(QUESTION).fill("From the second tab.")
    saved(other).to_contain_text("Changed in another tab", timeout=8000)
    other.get_by_role("button", name="Show both versions").click()

    expect(other.get_by_text("Nothing is lost")).to_be_visible()
    check_page(other)
    expect(other.locator(QUESTION)).to_have_value("From the second tab.")
    other.get_by_role("button", name="Use this one").click()
    expect(other.locator(QUESTION)).to_have_value("From the first tab.")
    other.locator(QUESTION).fill("Both tabs.")
    other.get_by_role("button", name="Later").click()
    expect(other.get_by_text("Saved for later")).to_be_visible()
    assert "Both tabs." in Entry.objects.get().answers.values()


def test_lost_connection_keeps_the_words_and_saves_them_later(page, live_server, sign_in, amara):
    sign_in(page, amara)
    page.goto(live_server.url + WRITE)

    page.context.set_offline(True)
    page.locator(QUESTION).fill("Written in a tunnel.")
    expect(page.locator("#problem")).to_contain_text("Your words are kept in this tab", timeout=8000)
    page.context.set_offline(False)

    saved(page).to_contain_text("Saved", timeout=8000)
    assert "Written in a tunnel." in Entry.objects.get().answers.values()


def test_expired_session_brings_back_what_was_typed(page, live_server, sign_in, amara, settings):
    sign_in(page, amara)
    page.goto(live_server.url + WRITE)
    page.locator(QUESTION).fill("Before.")
    saved(page).to_contain_text("Saved", timeout=8000)

    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.locator(QUESTION).press_sequentially(" And what came after.")
    page.wait_for_url("**/account/login/**", timeout=8000)
    sign_in(page, amara)
    page.goto(live_server.url + WRITE)

    expect(page.locator(QUESTION)).to_have_value("Before. And what came after.")
    expect(page.locator("#id_version")).to_have_value("2", timeout=8000)
    assert "Before. And what came after." in Entry.objects.get().answers.values()


def test_words_brought_back_never_cover_those_of_another_device(page, live_server, sign_in, amara, settings):
    sign_in(page, amara)
    page.goto(live_server.url + WRITE)
    page.locator(QUESTION).fill("Typed here.")
    saved(page).to_contain_text("Saved", timeout=8000)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.locator(QUESTION).press_sequentially(" And on.")
    page.wait_for_url("**/account/login/**", timeout=8000)
    entry = Entry.objects.get()
    entry.answers = dict.fromkeys(entry.answers, "Typed on the phone.")
    entry.saved_from = ""
    entry.save_version(expected=1, update_fields=["answers", "saved_from"])

    sign_in(page, amara)
    page.goto(live_server.url + WRITE)

    saved(page).to_contain_text("Changed in another tab", timeout=8000)
    expect(page.locator(QUESTION)).to_have_value("Typed here. And on.")
    assert set(Entry.objects.get().answers.values()) == {"Typed on the phone."}


def test_mistakes_are_told_and_the_page_stays_accessible(page, live_server, sign_in, check_page, amara):
    sign_in(page, amara)
    page.goto(live_server.url + WRITE)

    page.get_by_role("button", name="Finish").click()

    expect(page.locator(".errsum")).to_contain_text("One line is enough, or skip this week.")
    check_page(page)
    page.goto(live_server.url + "/journal/new/")
    page.get_by_role("button", name="Save note").click()
    expect(page.locator(".err")).to_contain_text("Write a line first.")
    check_page(page)


def test_without_javascript_the_form_does_everything(browser, live_server, sign_in, amara):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, amara)
    page.goto(live_server.url + WRITE)

    page.locator(QUESTION).fill("No script.")
    page.get_by_role("button", name="Later").click()
    expect(page.get_by_role("heading", name="Journal")).to_be_visible()
    page.get_by_role("link", name="Write").click()
    expect(page.locator(QUESTION)).to_have_value("No script.")
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_text("Reflection finished")).to_be_visible()
    page.locator("summary", has=page.locator("svg")).last.click()
    page.get_by_role("button", name="Delete entry").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Entry is back")).to_be_visible()
    context.close()


def test_older_entries_are_added_below(page, live_server, sign_in, amara):
    today = amara.today(timezone.now())
    for number in range(60):
        EntryFactory(owner=amara, entry_on=today - timedelta(days=number), title=f"Note {number}.")
    ReflectionFactory(owner=amara, entry_on=today - timedelta(days=70), title="The last one")
    sign_in(page, amara)
    page.goto(live_server.url + "/journal/")

    for shown in (50, 61):
        page.get_by_role("link", name="Show older").click()
        expect(page.locator(".entry")).to_have_count(shown)

    expect(page.get_by_role("link", name="The last one")).to_be_visible()
    expect(page.get_by_role("link", name="Show older")).to_have_count(0)
    months = page.locator("h3.month").all_inner_texts()
    assert len(months) == len(set(months))
