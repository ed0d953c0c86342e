from datetime import date

import pytest

from journal import year_ago
from journal.models import Entry
from tests.factories.accounts import UserFactory
from tests.factories.journal import EntryFactory, ReflectionFactory

pytestmark = pytest.mark.django_db
WEEK = "2026-W47"  # 16 to 22 November; a year ago 17 to 23 November


def of(user):
    return year_ago.of_weeks({user.pk: WEEK}).get(user.pk)


def test_reflection_of_the_same_week_comes_before_a_note_in_it():
    user = UserFactory()
    EntryFactory(owner=user, entry_on=date(2025, 11, 19))
    reflection = ReflectionFactory(owner=user, entry_on=date(2025, 11, 23))

    assert of(user) == year_ago.YearAgo("A year ago you wrote about week 47.", reflection.get_absolute_url())


@pytest.mark.parametrize(
    ("day", "is_near"),
    [(date(2025, 11, 13), False), (date(2025, 11, 14), True), (date(2025, 11, 26), True), (date(2025, 11, 27), False)],
)
def test_nearest_note_within_three_days(day, is_near):
    user = UserFactory()
    EntryFactory(owner=user, entry_on=day)

    found = of(user)

    assert bool(found) is is_near
    assert not is_near or found.words == f"A year ago, on {day.day} November, you wrote a note."


@pytest.mark.parametrize(
    ("day", "week", "words"),
    [
        (date(2028, 2, 29), "2029-W09", "A year ago, on 29 February, you wrote a note."),
        (date(2027, 2, 28), "2028-W09", "A year ago, on 28 February, you wrote a note."),
        # 2026 has 53 weeks; the last of them was the first of that year a year before.
        (date(2025, 12, 30), "2026-W53", "A year ago, on 30 December, you wrote a note."),
    ],
)
def test_year_ago_of_days_that_not_every_year_has(day, week, words):
    user = UserFactory()
    EntryFactory(owner=user, entry_on=day)

    assert year_ago.of_weeks({user.pk: week})[user.pk].words == words


def test_reflection_a_year_before_the_fifty_third_week_is_of_the_first():
    user = UserFactory()
    reflection = ReflectionFactory(owner=user, entry_on=date(2026, 1, 4))

    found = year_ago.of_weeks({user.pk: "2026-W53"})[user.pk]

    assert found == year_ago.YearAgo("A year ago you wrote about week 1.", reflection.get_absolute_url())


def test_drafts_moods_deleted_and_other_peoples_entries_are_none():
    user, day = UserFactory(), date(2025, 11, 20)
    EntryFactory(owner=user, entry_on=day, draft=True)
    EntryFactory(owner=user, entry_on=day, kind="mood", text="", mood=3)
    EntryFactory(owner=user, entry_on=day).put_in_bin(at=Entry.objects.earliest("pk").created_at)
    EntryFactory(entry_on=day)

    assert of(user) is None


def test_many_people_and_weeks_cost_one_query(django_assert_num_queries):
    people = UserFactory.create_batch(3)
    for person in people:
        EntryFactory(owner=person, entry_on=date(2025, 11, 20))
    weeks = {person.pk: WEEK for person in people[:2]} | {people[2].pk: "2026-W40"}

    with django_assert_num_queries(1):
        found = year_ago.of_weeks(weeks)

    assert set(found) == {person.pk for person in people[:2]}
