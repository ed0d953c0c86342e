"""What conversations, promises and rhythms have to do with a week."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from contacts.models import Contact, FollowUp, Interaction, Pace
from home.context import Frame
from home.feed import days_of_feed
from home.week import days_of, due_between, week_for, weeks_of
from tests.factories.accounts import UserFactory
from tests.factories.contacts import ContactFactory, FollowUpFactory, InteractionFactory
from tests.factories.home import CalendarFeedFactory
from tests.factories.sharing import MentorshipFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 19, 12, tzinfo=UTC)  # a Thursday
TODAY, MONDAY, WEEK = date(2026, 11, 19), date(2026, 11, 16), "2026-W47"


@pytest.fixture
def owner():
    return UserFactory()


def due(owner, day, **fields):
    """Somebody who is due on a day."""
    return ContactFactory(owner=owner, circle="close", last_contact_on=day - timedelta(days=30), **fields)


def week(owner, viewer=None):
    return week_for(owner, viewer=viewer or owner, week=WEEK, today=TODAY)


def titles(things):
    return [thing.title for thing in things]


def test_week_holds_what_is_due_and_what_moved(owner):
    hannah = ContactFactory(owner=owner, name="Hannah Vogel")
    InteractionFactory(owner=owner, people=[hannah], happened_on=TODAY, kind="wrote")
    InteractionFactory(owner=owner, people=[hannah], happened_on=date(2026, 11, 20), state="planned", kind="met")
    FollowUpFactory(contact=hannah, text="Send notes", due_on=date(2026, 11, 18))
    FollowUpFactory(contact=hannah, text="Their list", due_on=date(2026, 11, 21), direction="they_owe")
    FollowUpFactory(contact=hannah, text="Said thanks", done=True, closed_at=NOW)
    due(owner, date(2026, 11, 10), name="Owen Price")

    found = week(owner)

    assert titles(found.due) == [
        "Send notes",
        "Be in touch with Owen Price",
        "A meeting with Hannah Vogel",
        "Their list",
    ]
    assert titles(found.moved) == ["Said thanks", "Wrote to Hannah Vogel"]
    assert {thing.neutral for thing in (*found.due, *found.moved)} == {
        "Somebody to be in touch with", "A follow-up", "A conversation", "A follow-up done",
    }  # fmt: skip
    assert [thing.about for thing in found.due] == [
        "Promised to Hannah Vogel",
        "Due since 10 November",
        "Planned",
        "Hannah Vogel will do this",
    ]


def test_week_leaves_out_what_is_in_the_bin_archived_or_cancelled(owner):
    gone, away = ContactFactory(owner=owner, deleted_at=NOW), ContactFactory(owner=owner, archived_at=NOW)
    InteractionFactory(owner=owner, people=[gone], happened_on=TODAY)
    InteractionFactory(owner=owner, people=[away], happened_on=TODAY, state="cancelled")
    InteractionFactory(owner=owner, people=[gone], happened_on=date(2026, 11, 20), state="planned")
    FollowUpFactory(contact=gone, due_on=TODAY)
    FollowUpFactory(contact=away, due_on=TODAY)
    due(owner, TODAY, archived_at=NOW)

    found = week(owner)

    assert (found.due, found.moved) == ([], [])


def test_week_of_another_person_tells_none_of_it_to_a_mentor(owner):
    mentor = UserFactory()
    MentorshipFactory(mentee=owner, mentor=mentor)
    person = due(owner, TODAY)
    InteractionFactory(owner=owner, people=[person], happened_on=TODAY - timedelta(days=40))
    InteractionFactory(owner=owner, people=[ContactFactory(owner=owner)], happened_on=TODAY)
    FollowUpFactory(contact=person, due_on=TODAY)
    InteractionFactory(owner=mentor, people=[ContactFactory(owner=mentor)], happened_on=TODAY)

    found = week(owner, viewer=mentor)

    assert (found.due, found.moved) == ([], [])


@pytest.mark.parametrize(("per_week", "asked"), [(None, 5), (2, 2), (9, 7)])
def test_week_asks_for_no_more_people_than_the_pace(owner, per_week, asked):
    for number in range(7):
        due(owner, date(2026, 11, 1) + timedelta(days=number), name=f"Person {number}")
    if per_week:
        Pace.objects.create(owner=owner, per_week=per_week)

    assert titles(week(owner).due) == [f"Be in touch with Person {number}" for number in range(asked)]


def test_week_counts_who_was_dealt_with(owner):
    Pace.objects.create(owner=owner, per_week=2)
    for number in range(3):
        due(owner, date(2026, 11, 1) + timedelta(days=number), name=f"Person {number}")
    ContactFactory(owner=owner, circle="close", last_contact_on=TODAY, dealt_with_on=TODAY)
    ContactFactory(owner=owner, circle="close", last_contact_on=TODAY, dealt_with_on=MONDAY - timedelta(days=1))

    assert titles(week(owner).due) == ["Be in touch with Person 0"]


def test_weeks_of_many_people_are_each_their_own(owner, django_assert_num_queries):
    other = UserFactory()
    Pace.objects.create(owner=other, per_week=1)
    for person in (owner, other):
        for number in range(3):
            due(person, date(2026, 11, 1) + timedelta(days=number), name=f"Person {number} of {person.pk}")
    people, keys = {owner.pk: owner, other.pk: other}, {owner.pk: WEEK, other.pk: WEEK}

    found = weeks_of(people, keys, now=NOW)

    assert titles(found[owner.pk].due) == [f"Be in touch with Person {number} of {owner.pk}" for number in range(3)]
    assert titles(found[other.pk].due) == [f"Be in touch with Person 0 of {other.pk}"]


def test_calendar_spreads_people_over_the_weeks_to_come(owner):
    Pace.objects.create(owner=owner, per_week=2)
    for number in range(5):
        due(owner, TODAY, name=f"Person {number}")

    found = due_between(owner, today=TODAY, back=timedelta(days=31), ahead=timedelta(days=400), limit=50)

    assert [thing.on for thing in found] == [TODAY, TODAY, date(2026, 11, 23), date(2026, 11, 23), date(2026, 11, 30)]


def test_calendar_names_nobody_unless_asked_to(owner):
    person = due(owner, TODAY, name="SECRET Vogel")
    FollowUpFactory(contact=person, text="SECRET promise", due_on=TODAY)
    feed = CalendarFeedFactory(owner=owner)

    summaries = {day.summary for day in days_of_feed(feed, today=TODAY)}

    assert summaries == {"Somebody to be in touch with", "A follow-up"}


@pytest.mark.parametrize("shows", [False, True])
def test_pages_say_that_a_calendar_with_titles_names_people(client, owner, shows):
    person = due(owner, TODAY, name="Hannah Vogel")
    feed = CalendarFeedFactory(owner=owner, shows_titles=shows)
    client.force_login(owner)

    switch, privacy = (client.get(f"/settings/{page}/").content.decode() for page in ("calendar", "privacy"))

    assert any(person.name in day.summary for day in days_of_feed(feed, today=TODAY)) is shows
    assert ("the people of your contacts too" in switch) is shows
    assert ("and whom they are about. " in privacy) is shows
    assert ("and neither what they are called nor whom they are about. " in privacy) is not shows


def test_memory_of_a_week_tells_whom_one_talked_with(owner):
    InteractionFactory(owner=owner, people=[ContactFactory(owner=owner, name="Hannah Vogel")], happened_on=MONDAY)

    assert days_of(owner, WEEK, today=TODAY)[0].quiet == ["Talked with Hannah Vogel"]


def test_frame_counts_what_waits(owner):
    person = ContactFactory(owner=owner)
    FollowUpFactory(contact=person, due_on=TODAY - timedelta(days=1))
    FollowUpFactory(contact=person, due_on=TODAY)
    InteractionFactory(owner=owner, people=[person], happened_on=TODAY - timedelta(days=1), state="planned")
    InteractionFactory(owner=owner, people=[person], happened_on=TODAY, state="planned")
    for number in range(4):
        due(owner, TODAY - timedelta(days=number))

    assert Frame(owner, NOW).contacts_waiting == 5

    Pace.objects.create(owner=owner, per_week=1)
    assert Frame(owner, NOW).contacts_waiting == 3
    assert Frame(UserFactory(), NOW).contacts_waiting == 0


def test_frame_tells_no_more_than_99(owner):
    FollowUpFactory.create_batch(101, contact=ContactFactory(owner=owner), due_on=TODAY - timedelta(days=1))

    assert Frame(owner, NOW).contacts_told == "99+"


@pytest.mark.parametrize("hx", [{}, {"hx-request": "true"}])
def test_ticks_of_the_week_do_and_undo(client, owner, hx):
    client.force_login(owner)
    person = due(owner, TODAY - timedelta(days=40))
    InteractionFactory(owner=owner, people=[person], happened_on=TODAY - timedelta(days=70))
    promise = FollowUpFactory(contact=person, due_on=TODAY)
    plan = InteractionFactory(owner=owner, people=[person], happened_on=TODAY - timedelta(days=1), state="planned")
    with time_machine.travel(NOW, tick=False):
        for path in (f"contacts/{person.pk}", f"follow-ups/{promise.pk}", f"conversations/{plan.pk}"):
            answer = client.post(f"/week/{path}/tick/", {"done": "1"}, headers=hx)
            assert answer.status_code == (200 if hx else 302)
        assert Contact.objects.get().last_contact_on == TODAY
        assert FollowUp.objects.get().state == "done"
        assert Interaction.objects.get(pk=plan.pk).state == "held"

        for path in (f"contacts/{person.pk}", f"follow-ups/{promise.pk}", f"conversations/{plan.pk}"):
            client.post(f"/week/{path}/tick/", headers=hx)
    assert Contact.objects.get().last_contact_on == TODAY - timedelta(days=70)
    assert FollowUp.objects.get().state == "open"
    assert Interaction.objects.get(pk=plan.pk).state == "planned"


def test_untick_leaves_a_conversation_with_words(client, owner):
    client.force_login(owner)
    person = ContactFactory(owner=owner)
    InteractionFactory(owner=owner, people=[person], happened_on=TODAY, notes="Something")
    with time_machine.travel(NOW, tick=False):
        client.post(f"/week/contacts/{person.pk}/tick/")

    assert Interaction.objects.owned_by(owner).count() == 1
