"""Evenings and memberships where the week, the calendar and the copy of one's data show them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine

from home import export
from home.week import due_between, week_for, weeks_of
from tests.factories.contacts import (
    AssociationFactory,
    ContactFactory,
    EventFactory,
    InteractionFactory,
    InterviewFactory,
    InterviewMailFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 12, tzinfo=UTC)  # Thursday
TODAY = NOW.date()
WEEK = "2026-W47"


def week_of(person, viewer=None):
    return week_for(person, viewer=viewer or person, week=WEEK, today=TODAY)


def test_week_holds_what_is_planned_and_where_one_was(cast):
    owner = cast.owner
    EventFactory(owner=owner, name="Lunch", happens_on=date(2026, 11, 24), hour=time(12, 15), place="City Library")
    EventFactory(owner=owner, name="Long ago", happens_on=date(2026, 11, 10))
    EventFactory(owner=owner, name="Far", happens_on=date(2026, 11, 27))
    EventFactory(owner=owner, name="Was there", happens_on=date(2026, 11, 17), attended=True)
    EventFactory(owner=owner, name="Missed", happens_on=date(2026, 11, 17), state="missed")
    EventFactory(owner=owner, name="Thrown away", happens_on=TODAY, deleted_at=NOW)
    EventFactory(owner=cast.stranger, name="Of somebody else", happens_on=TODAY)
    AssociationFactory(owner=owner, name="Research Lunches", renews_on=date(2026, 11, 20), fee="40 a year")

    week = week_of(owner)

    assert [(thing.title, thing.about, thing.neutral) for thing in week.due] == [
        ("Long ago", "Were you there?", "An event"),
        ("Renew Research Lunches", "40 a year", "A membership to renew"),
        ("Lunch", "12:15, City Library", "An event"),
    ]
    assert [(thing.title, thing.sentence) for thing in week.moved] == [("Was there", "Was there: you were there")]


@pytest.mark.parametrize("reader", ["mentor", "colleague", "stranger"])
def test_week_tells_nobody_else(cast, reader):
    EventFactory(owner=cast.owner, happens_on=TODAY)
    AssociationFactory(owner=cast.owner, renews_on=TODAY)

    week = week_of(cast.owner, viewer=getattr(cast, reader))

    assert not week.due


def test_weeks_of_many_are_each_their_own(cast):
    for person in (cast.owner, cast.mentor):
        EventFactory(owner=person, name=f"Of {person.name}", happens_on=TODAY)

    people = {person.pk: person for person in (cast.owner, cast.mentor, cast.stranger)}
    weeks = weeks_of(people, dict.fromkeys(people, WEEK), now=NOW)

    assert [[thing.title for thing in weeks[pk].due] for pk in people] == [["Of Olive Owner"], ["Of Mina Mentor"], []]


def test_calendar_has_the_hour_by_the_owners_clock(cast):
    cast.owner.time_zone = "Asia/Tokyo"
    cast.owner.save()
    cast.owner.refresh_from_db()
    EventFactory(owner=cast.owner, happens_on=date(2026, 11, 24), hour=time(12, 15))

    [thing] = due_between(cast.owner, today=TODAY, back=timedelta(days=31), ahead=timedelta(days=60), limit=50)

    assert (thing.at, thing.minutes) == (datetime(2026, 11, 24, 3, 15, tzinfo=UTC), 120)


def test_this_week_shows_it_escaped(client, cast):
    EventFactory(owner=cast.owner, name="Lunch <b>", happens_on=date(2026, 11, 20))
    client.force_login(cast.owner)

    with time_machine.travel(NOW, tick=False):
        html = client.get("/").content.decode()

    assert "Lunch &lt;b&gt;" in html
    assert "Lunch <b>" not in html


def test_copy_holds_events_and_associations_with_the_bin(cast):
    body = AssociationFactory(owner=cast.owner, name="Body")
    talk = InteractionFactory(owner=cast.owner, people=[ContactFactory(owner=cast.owner)])
    EventFactory(owner=cast.owner, name="Lunch", association=body, attended=True, talks=[talk])
    EventFactory(owner=cast.owner, name="Gone", happens_on=date(2026, 12, 1), deleted_at=NOW)
    EventFactory(owner=cast.stranger)

    bodies, events = (list(export.document._sections[name](cast.owner)) for name in ("associations", "events"))

    assert [row["name"] for row in bodies] == ["Body"]
    assert [(row["name"], row["association"], row["conversations"]) for row in events] == [
        ("Lunch", body.pk, [talk.pk]),
        ("Gone", None, []),
    ]


def test_week_holds_conversations_that_were_agreed_and_answers_that_are_missing(cast):
    def with_(name, **fields):
        contact = ContactFactory(owner=cast.owner, name=name)
        return InterviewFactory(contact=contact, **fields)

    agreed = {"agreed": True, "place": "By phone"}
    with_("Hannah", **agreed, starts_at=datetime(2026, 11, 24, 15, tzinfo=UTC))
    with_("Passed", **agreed, starts_at=datetime(2026, 11, 12, 15, tzinfo=UTC))
    with_("Far", **agreed, starts_at=datetime(2026, 11, 27, 15, tzinfo=UTC))
    with_("Silent", asked=True, asked_on=date(2026, 11, 10))
    with_("Patient", asked=True, asked_on=date(2026, 11, 18))
    with_("Again", asked=True, asked_on=date(2026, 11, 1), asked_again_on=date(2026, 11, 18))
    with_("Over", held=True)
    with_("Deleted", **agreed, starts_at=NOW, deleted_at=NOW)
    with_("Gone", **agreed, starts_at=NOW).contact.put_in_bin(at=NOW)

    week = week_of(cast.owner)

    assert [(thing.title, thing.about, thing.on) for thing in week.due] == [
        ("Interview with Passed", "Did you two talk?", date(2026, 11, 12)),
        ("No answer from Silent yet", "Ask once more, or let it rest", date(2026, 11, 20)),
        ("Interview with Hannah", "15:00, By phone", date(2026, 11, 24)),
    ]
    assert {thing.neutral for thing in week.due} == {"A conversation", "An answer is missing"}


def test_copy_holds_interviews_with_their_invitations(cast):
    interview = InterviewFactory(contact__owner=cast.owner, agreed=True, questions=["How?"])
    InterviewMailFactory(interview=interview, to="hannah@example.org")
    InterviewFactory(contact__owner=cast.stranger)

    [row] = export.document._sections["interviews"](cast.owner)

    assert (row["contact"], row["questions"], row["state"]) == (interview.contact_id, ["How?"], "agreed")
    assert [mail["to"] for mail in row["invitations"]] == ["hannah@example.org"]


@pytest.mark.parametrize("minutes", [20, 45, 480])
def test_interview_is_as_long_in_a_calendar_as_was_agreed(cast, minutes):
    starts_at = datetime(2026, 11, 20, 15, tzinfo=UTC)
    InterviewFactory(contact__owner=cast.owner, agreed=True, starts_at=starts_at, minutes=minutes)

    [thing] = week_of(cast.owner).due

    assert (thing.at, thing.minutes) == (starts_at, minutes)
