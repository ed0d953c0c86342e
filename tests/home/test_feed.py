from datetime import date, timedelta

import pytest

from home import feed as feeds
from home import (
    services,
    week,
)
from home.look import Thing
from home.week import week_for
from tests.factories.accounts import UserFactory
from tests.factories.contacts import (
    AssociationFactory,
    ContactFactory,
    EventFactory,
    FollowUpFactory,
    InteractionFactory,
    InterviewFactory,
)
from tests.factories.goals import GoalFactory, MilestoneFactory
from tests.factories.home import CalendarFeedFactory
from tests.factories.mentors import (
    AdviceFactory,
    AgreementFactory,
    CheckInFactory,
    RequestFactory,
)
from tests.home.feed import NOW, TODAY, WEEK, events_of, get, summaries
from tests.home.test_ical import HOSTILE
from tests.reminders.test_emails import letter_to, lived_week

pytestmark = pytest.mark.django_db


def test_feed_page_and_mail_hold_the_same_due_things(client):
    user = lived_week()
    GoalFactory(owner=user, title="Give a talk", due_on=date(2026, 11, 26))
    goal = user.goals.get(title="Run 12 user interviews")
    MilestoneFactory(goal=goal, title="Was due before", due_on=date(2026, 11, 2))
    MilestoneFactory(goal=goal, title="Is done", due_on=date(2026, 11, 20), done_at=NOW)
    CalendarFeedFactory(owner=user, shows_titles=True)
    due = week_for(user, viewer=user, week=WEEK, today=TODAY).due
    assert [thing.title for thing in due] == [
        "Was due before", "Ask the clinic", "Finish the interview guide", "Give a talk",
    ]  # fmt: skip
    assert len({thing.url for thing in due}) == len(due), "a calendar tells things apart by their address"

    near = [event for event in events_of(client) if event.start <= TODAY + timedelta(days=7)]
    client.force_login(user)
    page, letter = get(client, "/").content.decode(), letter_to(user, now=NOW)

    assert [(str(event["SUMMARY"]), event.start) for event in near] == [(thing.title, thing.on) for thing in due]
    for thing in due:
        assert thing.title in page
        assert thing.title in letter.text
    assert "4 things" in page


def test_what_a_later_app_has_due_joins_all_three_by_one_function(client, monkeypatch):
    user = lived_week()
    CalendarFeedFactory(owner=user, shows_titles=True)

    def check_ins(look):
        for pk in look.people:
            for number, day in enumerate((date(2026, 11, 23), date(2027, 5, 3))):
                if look.is_near(pk, day):
                    title = f"Check-in number {number}"
                    yield Thing(
                        pk, day, title, title, "A check-in", f"/check-ins/{number}/", is_due=True, label="Check-in"
                    )

    monkeypatch.setattr(week, "DUE", (*week.DUE, check_ins))
    monkeypatch.setattr(week, "SOURCES", (*week.SOURCES, check_ins))

    found = summaries(client)
    client.force_login(user)

    assert [title for title in found if "Check-in" in title] == ["Check-in number 0", "Check-in number 1"]
    assert "Check-in number 0" in get(client, "/").content.decode()
    assert "Check-in number 0" in letter_to(user, now=NOW).text


def test_every_source_with_due_things_is_one_of_the_feed():
    user = lived_week()
    GoalFactory(owner=user, due_on=date(2026, 11, 26))
    relation = CheckInFactory(mentorship__mentee=user, starts_at=NOW).mentorship
    AgreementFactory(mentorship=relation, review_on=date(2026, 11, 26))
    RequestFactory(asker=user, question=True)
    EventFactory(owner=user, happens_on=date(2026, 11, 26))
    AssociationFactory(owner=user, renews_on=date(2026, 11, 26))
    InterviewFactory(contact__owner=user, asked=True)
    contact = ContactFactory(owner=user, circle="close", last_contact_on=date(2026, 10, 20))
    InteractionFactory(owner=user, happened_on=date(2026, 11, 26), state="planned").people.add(contact)
    FollowUpFactory(contact=contact, due_on=date(2026, 11, 26))
    held = CheckInFactory(mentorship=relation, held=True)
    AdviceFactory(check_in=held, state="worked", marked_at=NOW)
    ahead = timedelta(days=14)  # a note is offered in the last week of a month
    look = week.Look({user.pk: user}, {user.pk: WEEK}, {user.pk: TODAY}, ahead=ahead)

    with_due = {source for source in week.SOURCES if any(thing.is_due for thing in source(look))}

    assert with_due == set(week.DUE)
    assert week.SOURCES[: len(week.DUE)] == week.DUE


def test_titles_are_hidden_until_the_owner_shows_them(client):
    user = lived_week()
    feed = CalendarFeedFactory(owner=user)

    hidden = get(client).content.decode()
    services.show_titles(feed=feed, on=True)
    shown = get(client).content.decode()

    for words in ("Ask the clinic", "interview", "Run 12"):
        assert words not in hidden
    assert "SUMMARY:A milestone" in hidden
    assert "SUMMARY:A goal comes to its date" in hidden
    assert "SUMMARY:Ask the clinic" in shown
    assert "SUMMARY:Run 12 user interviews" in shown
    assert "Milestone in Run 12 user interviews" in shown.replace("\r\n ", "")


def test_a_task_is_called_one(client):
    step = MilestoneFactory(kind="task", title="Ring the clinic", due_on=date(2026, 11, 20), goal__title="Get well")
    feed = CalendarFeedFactory(owner=step.goal.owner)

    assert summaries(client)[-1] == "A task"
    services.show_titles(feed=feed, on=True)
    event = events_of(client)[-1]
    assert str(event["SUMMARY"]) == "Ring the clinic"
    assert str(event["DESCRIPTION"]).startswith("Task in Get well\n")


def test_an_event_is_a_whole_day_with_a_link(client, settings):
    settings.BASE_URL = "https://waymark.example.org"
    step = MilestoneFactory(title="Ask the clinic", due_on=date(2026, 11, 20))
    CalendarFeedFactory(owner=step.goal.owner, shows_titles=True)

    event = events_of(client)[0]

    link = f"https://waymark.example.org/goals/{step.goal_id}/#milestone-{step.pk}"
    assert (event.start, event.end) == (date(2026, 11, 20), date(2026, 11, 21))
    assert event["URL"] == link
    assert str(event["DESCRIPTION"]).splitlines()[-1] == link
    assert "example" not in event["UID"]


def test_an_event_keeps_its_number_when_its_day_or_title_changes(client):
    step = MilestoneFactory(title="Before", due_on=date(2026, 11, 20))
    CalendarFeedFactory(owner=step.goal.owner, shows_titles=True)

    def uid():
        return next(str(event["UID"]) for event in events_of(client) if str(event["SUMMARY"]) in {"Before", "After"})

    first = uid()
    step.title, step.due_on = "After", date(2026, 12, 24)
    step.save()

    assert uid() == first


def test_events_have_different_numbers(client):
    user = lived_week()
    GoalFactory.create_batch(3, owner=user, due_on=date(2026, 12, 1))
    CalendarFeedFactory(owner=user)

    found = events_of(client)

    assert len({event["UID"] for event in found}) == len(found) == 6


@pytest.mark.parametrize(
    ("day", "is_in"),
    [
        (date(2026, 10, 18), False),  # 32 days ago
        (date(2026, 10, 19), True),
        (date(2026, 11, 18), True),
        (date(2028, 11, 20), True),
        (date(2028, 11, 21), False),  # 733 days ahead
    ],
)
def test_the_days_around_today(client, day, is_in):
    goal = GoalFactory(due_on=day, starts_on=date(2026, 1, 1))
    MilestoneFactory(goal=goal, due_on=day)
    CalendarFeedFactory(owner=goal.owner)

    assert [event.start for event in events_of(client)] == [day, day] * is_in


@pytest.mark.parametrize(("zone", "number"), [("Pacific/Kiritimati", 1), ("Pacific/Pago_Pago", 0)])
def test_today_is_the_owners(client, zone, number):
    """At noon UTC it is the next day already in Kiritimati."""
    goal = GoalFactory(owner__time_zone=zone, due_on=date(2028, 11, 21))
    CalendarFeedFactory(owner=goal.owner)

    assert len(events_of(client)) == number


def test_a_day_stays_that_day_in_every_zone_and_over_the_change_of_clocks(client):
    """25 October 2026 has 25 hours in London and 28 March 2027 has 23: an all-day date names no hour."""
    goal = GoalFactory(owner__time_zone="Europe/London", due_on=date(2027, 3, 28))
    MilestoneFactory(goal=goal, due_on=date(2026, 10, 25))
    CalendarFeedFactory(owner=goal.owner)

    content = get(client).content

    assert b"DTSTART;VALUE=DATE:20261025\r\n" in content
    assert b"DTSTART;VALUE=DATE:20270328\r\n" in content
    assert b"TZID" not in content


def test_what_rests_is_closed_or_a_draft_is_not_in_it(client):
    user = UserFactory()
    day = date(2026, 12, 1)
    for fields in ({"status": "paused", "paused_on": TODAY}, {"draft": True}, {"deleted_at": NOW},
                   {"status": "achieved", "closed_at": NOW}):  # fmt: skip
        MilestoneFactory(goal=GoalFactory(owner=user, due_on=day, **fields), due_on=day)
    CalendarFeedFactory(owner=user)

    assert events_of(client) == []


def test_it_holds_own_things_only(client, cast):
    for reader in (cast.mentor, cast.former_mentor, cast.colleague):
        CalendarFeedFactory(owner=reader, token=f"of-{reader.pk}", shows_titles=True)
    goal = GoalFactory(owner=cast.owner, title="Shown to all", due_on=date(2026, 12, 1))
    goal.shared_with.add(cast.mentorship, cast.former_mentorship, cast.colleagueship)
    GoalFactory(owner=cast.mentor, title="The mentor's own", due_on=date(2026, 12, 2))

    def found(reader):
        return summaries(client, address=f"/calendar/of-{reader.pk}.ics")

    assert found(cast.mentor) == ["The mentor's own"]
    assert found(cast.former_mentor) == found(cast.colleague) == []


def test_the_earliest_are_taken_of_very_many(client, monkeypatch):
    monkeypatch.setattr(feeds, "MOST_DAYS", 5)
    goal = GoalFactory(due_on=date(2027, 6, 1))
    for day in range(1, 10):
        MilestoneFactory(goal=goal, due_on=date(2026, 12, day))
        MilestoneFactory(goal=goal, due_on=date(2026, 1, day))  # long past: takes nobody's place
    CalendarFeedFactory(owner=goal.owner)

    assert [event.start.day for event in events_of(client)] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_titles_from_the_database(client, title):
    stored = title.replace("\x00", "")[:120]  # Postgres keeps no NUL
    goal = GoalFactory(title=stored, due_on=date(2026, 12, 1))
    MilestoneFactory(goal=goal, title=stored, due_on=date(2026, 11, 20))
    CalendarFeedFactory(owner=goal.owner, shows_titles=True)

    found = summaries(client)

    assert len(found) == 2  # the milestone and its goal
    assert all("\n" not in said or "\\N" in title for said in found)


def test_a_title_of_which_nothing_is_left_says_what_it_is(client):
    goal = GoalFactory(title="\u202e\u200b", due_on=date(2026, 12, 1))
    CalendarFeedFactory(owner=goal.owner, shows_titles=True)

    assert summaries(client) == ["A goal comes to its date"]
