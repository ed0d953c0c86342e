"""Conversations, promises and whose turn it is, as somebody does it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from contacts.models import Contact, FollowUp, Interaction
from core.timekeeping import week_bounds, week_key
from tests.factories.accounts import UserFactory
from tests.factories.contacts import ContactFactory, FollowUpFactory, InteractionFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def amara():
    return UserFactory(name="Amara Osei")


@pytest.fixture
def today(amara):
    return amara.today(timezone.now())


@pytest.fixture
def hannah(amara, today):
    hannah = ContactFactory(owner=amara, name="Hannah Vogel", role="Practice manager", circle="close")
    InteractionFactory(owner=amara, people=[hannah], happened_on=today - timedelta(days=40), notes="First coffee")
    return hannah


def test_pages_are_accessible(any_page, live_server, sign_in, check_both_themes, amara, hannah, today):
    long = ContactFactory(owner=amara, name="Long" * 50, circle="close", last_contact_on=today - timedelta(days=99))
    plan = InteractionFactory(
        owner=amara, people=[hannah, long], state="planned", happened_on=today - timedelta(days=1)
    )
    cancelled = InteractionFactory(owner=amara, people=[hannah], state="cancelled", happened_on=today)
    promise = FollowUpFactory(contact=hannah, due_on=today - timedelta(days=2))
    FollowUpFactory(contact=long, text="Word" * 70, due_on=today, direction="they_owe")
    sunday = week_bounds(week_key(today))[1]  # the last column of the week has the edge of the page beside it
    FollowUpFactory(contact=long, text="Note" * 70, due_on=sunday, direction="they_owe")
    done = FollowUpFactory(contact=hannah, done=True, outcome="She answered.")
    InteractionFactory(owner=amara, people=[long], deleted_at=timezone.now())
    FollowUpFactory(contact=hannah, deleted_at=timezone.now())
    for number in range(6):
        ContactFactory(owner=amara, circle="wide", last_contact_on=today - timedelta(days=200 - number))
    ContactFactory(owner=amara, circle="wide")
    sign_in(any_page, amara)

    for path in ["/", "/more/", "/contacts/", "/contacts/due/", "/contacts/follow-ups/", "/contacts/conversations/bin/", f"/contacts/{hannah.pk}/",
                 f"/contacts/{hannah.pk}/conversations/", f"/contacts/{hannah.pk}/follow-ups/",
                 f"/contacts/conversations/{plan.pk}/", f"/contacts/conversations/{cancelled.pk}/",
                 f"/contacts/follow-ups/{promise.pk}/", f"/contacts/follow-ups/{done.pk}/"]:  # fmt: skip
        any_page.goto(live_server.url + path)
        for details in any_page.locator("main details.data").all():
            details.locator("summary").click()
        check_both_themes(any_page)


def test_conversation_is_logged_with_somebody_else_and_a_promise(
    any_page, live_server, sign_in, check_page, amara, hannah
):
    ContactFactory(owner=amara, name="Priya Nair")
    sign_in(any_page, amara)
    any_page.goto(f"{live_server.url}/contacts/{hannah.pk}/")
    log = any_page.locator("#log")

    log.get_by_role("radio", name="Gave").check()
    log.get_by_label("What did you talk about?").fill("The checklist")
    log.get_by_text("Who else, and what went both ways").click()
    log.get_by_label("Look for a name").press_sequentially("priya")
    log.get_by_label("Priya Nair").check()
    expect(log.get_by_label("What is next?")).to_be_hidden()
    log.get_by_role("radio", name="In a month").check()
    log.get_by_label("What is next?").fill("Ask how it went")
    check_page(any_page)
    log.get_by_role("button", name="Save").click()

    expect(any_page.get_by_text("Conversation saved")).to_be_visible()
    expect(any_page.get_by_text("Gave, today, with Priya Nair")).to_be_visible()
    expect(any_page.get_by_role("complementary").get_by_text("Ask how it went")).to_be_visible()
    assert set(Interaction.objects.latest("pk").people.values_list("name", flat=True)) == {"Hannah Vogel", "Priya Nair"}

    any_page.get_by_role("button", name="Undo").click()
    expect(any_page.get_by_text("Conversation deleted")).to_be_visible()
    expect(any_page.get_by_text("Ask how it went")).to_have_count(0)


def test_still_to_come_is_asked_while_the_day_is_today(any_page, live_server, sign_in, amara, hannah, today):
    sign_in(any_page, amara)
    any_page.goto(f"{live_server.url}/contacts/{hannah.pk}/")
    log = any_page.locator("#log")
    log.get_by_text("Who else, and what went both ways").click()
    box = log.get_by_label("This is still to come, later today")
    expect(box).to_be_visible()

    log.get_by_label("Day", exact=True).fill((today - timedelta(days=1)).isoformat())
    expect(box).to_be_hidden()
    log.get_by_label("Day", exact=True).fill(today.isoformat())
    box.check()
    log.get_by_role("button", name="Save").click()

    expect(any_page.get_by_text("A talk, planned for today")).to_be_visible()
    any_page.goto(f"{live_server.url}/contacts/conversations/{Interaction.objects.earliest('happened_on').pk}/")
    expect(any_page.get_by_label("This is still to come, later today")).to_be_hidden()


def test_promises_and_turns_are_dealt_with_in_place(any_page, live_server, sign_in, check_page, amara, hannah, today):
    promise = FollowUpFactory(contact=hannah, text="Send the notes", due_on=today - timedelta(days=2))
    later = FollowUpFactory(contact=hannah, text="Ask about Easton", due_on=today - timedelta(days=1))
    sign_in(any_page, amara)
    any_page.goto(f"{live_server.url}/contacts/")

    any_page.get_by_role("button", name="Done: Send the notes").click()
    any_page.get_by_label("What came of it?").fill("She printed them.")
    any_page.get_by_role("button", name="Note").click()
    expect(any_page.get_by_text("She printed them.")).to_be_visible()
    any_page.get_by_label("Later: Ask about Easton").click()
    any_page.get_by_role("button", name="A week").click()
    expect(any_page.locator(".fu-row", has_text="Ask about Easton")).not_to_contain_text("late")
    any_page.get_by_role("button", name="In touch today: Hannah Vogel").click()
    expect(any_page.get_by_text("In touch with Hannah today.")).to_be_visible()
    check_page(any_page)

    promise.refresh_from_db()
    later.refresh_from_db()
    assert (promise.state, promise.outcome, later.due_on) == ("done", "She printed them.", today + timedelta(days=7))
    assert Contact.objects.get(pk=hannah.pk).last_contact_on == today
    any_page.get_by_role("button", name="Undo").click()
    expect(any_page.get_by_role("button", name="In touch today: Hannah Vogel")).to_be_visible()
    assert FollowUp.objects.filter(state="open").count() == 1


@pytest.mark.parametrize("path", ["/contacts/", "/contacts/follow-ups/", "/contacts/due/"])
def test_open_menu_lies_over_the_rows_below(any_page, live_server, sign_in, amara, today, path):
    for number in range(4):
        contact = ContactFactory(
            owner=amara, name=f"Nr {number}", circle="close", last_contact_on=today - timedelta(days=40)
        )
        FollowUpFactory(contact=contact, text=f"Nr {number}", due_on=today)
    sign_in(any_page, amara)
    any_page.goto(live_server.url + path)

    any_page.get_by_label("Later: Nr 0").first.click()

    for choice in ("3 days", "A week", "A month"):
        any_page.get_by_role("button", name=choice).first.click(trial=True, timeout=3000)


def test_week_ticks_somebody_and_takes_it_back(any_page, live_server, sign_in, amara, hannah, today):
    sign_in(any_page, amara)
    any_page.goto(f"{live_server.url}/")

    any_page.get_by_role("button", name="Done: Be in touch with Hannah Vogel").click()
    expect(any_page.get_by_text("Done. Press again to undo.")).to_be_visible()
    assert Contact.objects.get().last_contact_on == today
    any_page.get_by_role("button", name="Undo: Be in touch with Hannah Vogel").click()

    expect(any_page.get_by_role("button", name="Done: Be in touch with Hannah Vogel")).to_be_visible()
    assert Contact.objects.get().last_contact_on == today - timedelta(days=40)


def test_conversation_is_logged_without_script(browser, browser_context_args, live_server, client, amara, hannah):
    ContactFactory(owner=amara, name="Priya Nair")
    client.force_login(amara)
    context = browser.new_context(**browser_context_args | {"java_script_enabled": False})
    context.add_cookies(
        [{"name": name, "value": each.value, "url": live_server.url} for name, each in client.cookies.items()]
    )
    page = context.new_page()
    page.goto(f"{live_server.url}/contacts/{hannah.pk}/")

    page.get_by_label("What did you talk about?").fill("No script")
    page.get_by_text("Who else, and what went both ways").click()
    page.get_by_label("Look for a name").fill("nair")
    page.get_by_role("button", name="Find").click()
    page.get_by_label("Priya Nair").check()
    expect(page.get_by_label("What did you talk about?")).to_have_value("No script")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Talked, today, with Priya Nair")).to_be_visible()
    context.close()
