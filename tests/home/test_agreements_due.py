"""Days of an agreement among what is due to a person."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.timekeeping import week_key
from home.week import due_between, week_for, weeks_of
from tests.factories.mentors import AgreementFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 12)


def due(user, viewer=None):
    week = week_for(user, viewer=viewer or user, week=week_key(DAY), today=DAY)
    return [(thing.title, thing.on) for thing in week.due]


def test_both_are_told_of_the_day_to_look_at_it(cast):
    AgreementFactory(mentorship=cast.mentorship, review_on=DAY + timedelta(days=3))

    assert due(cast.owner) == [("Is it a good fit with Mina Mentor?", DAY + timedelta(days=3))]
    assert due(cast.mentor) == [("Is it a good fit with Olive Owner?", DAY + timedelta(days=3))]
    assert due(cast.owner, viewer=cast.mentor) == []
    assert due(cast.second_mentor) == []


def test_who_said_so_is_no_longer_asked(cast):
    version = AgreementFactory(mentorship=cast.mentorship, review_on=DAY - timedelta(days=3))
    version.reviews.create(author=cast.owner, said_at=version.created_at)

    assert due(cast.owner) == []
    assert len(due(cast.mentor)) == 1


@pytest.mark.parametrize(("days", "number"), [(8, 0), (7, 1), (-20, 1)])
def test_the_end_comes_into_sight_a_week_before(cast, days, number):
    ends_on = DAY + timedelta(days=days)
    AgreementFactory(mentorship=cast.mentorship, review_on=ends_on - timedelta(days=5), ends_on=ends_on)

    assert due(cast.owner) == [("Your agreement with Mina Mentor ends", ends_on)] * number


@pytest.mark.parametrize("what", ["replaced", "ended", "resting"])
def test_nothing_is_due_where_nothing_holds(cast, what):
    relation = cast.mentorship
    AgreementFactory(mentorship=relation, review_on=DAY, state="replaced" if what == "replaced" else "agreed")
    if what == "ended":
        relation.end(at=relation.started_at)
    if what == "resting":
        relation.paused_until = DAY
        relation.save()

    assert due(cast.owner) == due(cast.mentor) == []


def test_in_mails_and_calendars(cast):
    AgreementFactory(mentorship=cast.mentorship, review_on=DAY, ends_on=DAY + timedelta(days=90))
    people = {each.pk: each for each in (cast.owner, cast.mentor)}
    weeks = weeks_of(people, dict.fromkeys(people, week_key(DAY)), now=datetime(2026, 3, 12, 10, tzinfo=UTC))
    days = due_between(cast.owner, today=DAY, back=timedelta(days=31), ahead=timedelta(days=365), limit=9)

    assert {len(week.due) for week in weeks.values()} == {1}
    assert [thing.on for thing in days] == [DAY, DAY + timedelta(days=90)]
    assert len({thing.url for thing in days}) == 2
    assert "Mina" not in "".join(thing.neutral for thing in days)
