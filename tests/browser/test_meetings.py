"""Events, conversations one asks for, and giving, as somebody does it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from contacts.models import Contact, Interaction
from tests.factories.accounts import UserFactory
from tests.factories.contacts import (
    AssociationFactory,
    ContactFactory,
    EventFactory,
    FollowUpFactory,
    InteractionFactory,
    InterviewFactory,
    IntroductionFactory,
    WayFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def amara():
    return UserFactory(name="Amara Osei")


def test_pages_are_accessible(any_page, live_server, sign_in, check_both_themes, amara):
    now = timezone.now()
    today = amara.today(now)
    hannah = ContactFactory(owner=amara, name="Hannah Vogel", hoped_for="Names", offer="Notes", why="She knows")
    WayFactory(contact=hannah)
    body = AssociationFactory(owner=amara, link="https://example.org/", renews_on=today)
    ahead = EventFactory(owner=amara, association=body, happens_on=today + timedelta(days=2), who="Hannah Vogel\nAyo")
    past = EventFactory(owner=amara, happens_on=today - timedelta(days=2))
    talk = InteractionFactory(owner=amara, people=[hannah], happened_on=today, kind="gave", gave="Long" * 40)
    was = EventFactory(owner=amara, attended=True, happens_on=today - timedelta(days=9), talks=[talk])
    InteractionFactory(owner=amara, people=[hannah], happened_on=today, kind="asked", received="A name")
    states = [
        InterviewFactory(contact=hannah, asking="Dear Hannah", questions=["How?"]),
        InterviewFactory(contact=hannah, asked=True, asked_on=today - timedelta(days=20)),
        InterviewFactory(contact=hannah, state="agreed", starts_at=now + timedelta(days=2)),
        InterviewFactory(contact=hannah, held=True),
        InterviewFactory(contact=hannah, state="no_answer", closed_at=now),
    ]
    pair = IntroductionFactory(first=hannah, second=ContactFactory(owner=amara), state="asked_second")
    sign_in(any_page, amara)

    agreed, wanted = states[2].get_absolute_url(), states[0].get_absolute_url()
    for path in ["/contacts/", "/contacts/events/", "/contacts/events/new/", "/contacts/events/bin/",
                 ahead.get_absolute_url(), f"{ahead.get_absolute_url()}prepare/", past.get_absolute_url(),
                 was.get_absolute_url(), f"{was.get_absolute_url()}people/", body.get_absolute_url(),
                 "/contacts/interviews/", f"{hannah.get_absolute_url()}interview/",
                 *(each.get_absolute_url() for each in states), f"{agreed}questions/", f"{wanted}questions/", f"{agreed}plan/", f"{agreed}hold/",
                 f"{agreed}invite/", f"{agreed}cancel/", f"{agreed}edit/", "/contacts/giving/", "/contacts/giving/new/",
                 "/contacts/introductions/new/", pair.get_absolute_url()]:  # fmt: skip
        any_page.goto(live_server.url + path)
        for details in any_page.locator("main details.data").all():
            details.locator("summary").click()
        check_both_themes(any_page)


def test_people_met_are_added_and_a_known_one_is_offered(any_page, live_server, sign_in, amara):
    elif_ = ContactFactory(owner=amara, name="Elif Demir")
    event = EventFactory(owner=amara, happens_on=amara.today(timezone.now()) - timedelta(days=1))
    sign_in(any_page, amara)
    any_page.goto(live_server.url + event.get_absolute_url())

    any_page.get_by_role("button", name="I was there").click()
    any_page.get_by_label("Whom did you meet?").fill("Elif\nMina Park, Northmoor")
    any_page.get_by_label("What follows, with each of them").fill("Write")
    any_page.get_by_role("button", name="Add these people").click()
    expect(any_page.get_by_label("Elif Demir")).to_be_checked()
    any_page.get_by_role("button", name="Add these people").click()

    expect(any_page.get_by_role("heading", name="Whom you met")).to_be_visible()
    expect(any_page.get_by_role("link", name="Mina Park")).to_be_visible()
    assert set(Contact.objects.owned_by(amara).values_list("name", flat=True)) == {elif_.name, "Mina Park"}
    assert Interaction.objects.count() == 2


def test_an_interview_goes_from_asking_to_thanks(any_page, live_server, sign_in, amara):
    hannah = ContactFactory(owner=amara, name="Hannah Vogel")
    WayFactory(contact=hannah, value="hannah@example.org", compared="hannah@example.org")
    day = amara.today(timezone.now()) + timedelta(days=3)
    sign_in(any_page, amara)
    any_page.goto(live_server.url + hannah.get_absolute_url())

    any_page.get_by_role("link", name="Ask for a conversation").click()
    any_page.get_by_role("button", name="Draft the words").click()
    any_page.get_by_role("button", name="I have asked").click()
    any_page.get_by_role("link", name="They agreed").click()
    any_page.get_by_label("Day").fill(str(day))
    any_page.get_by_label("Time").fill("10:30")
    any_page.get_by_role("button", name="Save the time").click()
    any_page.get_by_role("link", name="Send an invitation").click()
    any_page.get_by_role("button", name="Show me the mail").click()
    any_page.get_by_role("button", name="Send to Hannah").click()
    expect(any_page.get_by_text("Sent to hannah@example.org")).to_be_visible()
    any_page.get_by_role("link", name="We talked").click()
    any_page.get_by_label("What I received").fill("Two names")
    any_page.get_by_role("button", name="Save").click()
    any_page.get_by_role("button", name="I have said thanks").click()

    expect(any_page.get_by_role("heading", name="Tell Hannah what came of it")).to_be_visible()


@pytest.mark.parametrize("has_script", [True, False])
def test_questions_are_put_in_order_by_keyboard(browser, live_server, sign_in, amara, has_script):
    interview = InterviewFactory(contact__owner=amara, questions=["One?", "Two?", "Three?"])
    page = browser.new_context(java_script_enabled=has_script).new_page()
    sign_in(page, amara)
    page.goto(f"{live_server.url}{interview.get_absolute_url()}questions/")

    page.get_by_label("Question 3", exact=True).fill("Three, changed?")
    page.get_by_label("Your own").fill("Four?")
    button = page.get_by_role("button", name="Move up: question 3")
    button.focus()
    button.press("Enter")
    expect(page.get_by_label("Question 2", exact=True)).to_have_value("Three, changed?")
    if has_script:  # the button that was pressed has the focus again, where its question is now
        expect(page.get_by_role("button", name="Move up: question 2")).to_be_focused()
    page.get_by_role("button", name="Move up: question 2").press("Enter")

    expect(page.get_by_label("Question 1", exact=True)).to_have_value("Three, changed?")
    interview.refresh_from_db()
    assert interview.questions == ["Three, changed?", "One?", "Two?", "Four?"]


def test_enter_in_the_library_saves_and_moves_nothing(any_page, live_server, sign_in, amara):
    interview = InterviewFactory(contact__owner=amara, questions=["One?", "Two?"])
    sign_in(any_page, amara)
    any_page.goto(f"{live_server.url}{interview.get_absolute_url()}questions/")

    tick = any_page.locator("main input[name=add]").first
    tick.check()
    chosen = tick.get_attribute("value")
    tick.press("Enter")

    expect(any_page.get_by_text("Questions saved")).to_be_visible()
    interview.refresh_from_db()
    assert interview.questions == ["One?", "Two?", chosen]


def test_thanks_ticked_on_this_week_thank_and_undo_takes_it_back(any_page, live_server, sign_in, amara):
    hannah = ContactFactory(owner=amara, name="Hannah Vogel")
    thanks = FollowUpFactory(contact=hannah, text="Say thanks", due_on=amara.today(timezone.now()))
    interview = InterviewFactory(contact=hannah, held=True, thanks=thanks)
    sign_in(any_page, amara)
    any_page.goto(live_server.url)

    any_page.get_by_role("button", name="Done: Say thanks").click()
    expect(any_page.get_by_role("button", name="Undo")).to_be_visible()
    interview.refresh_from_db()
    assert interview.state == "thanked"
    any_page.get_by_role("button", name="Undo").click()

    expect(any_page.get_by_role("button", name="Done: Say thanks")).to_be_visible()
    interview.refresh_from_db()
    assert interview.state == "held"
