from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.models import Break
from home.week import hints_of
from sharing.services import end_mentorship
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalCommentFactory, GoalFactory
from tests.factories.journal import EntryFactory
from tests.factories.mentors import CheckInFactory
from tests.factories.sharing import MentorshipFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 12, tzinfo=UTC)  # Thursday
MONDAY, WEEK = date(2026, 11, 16), "2026-W47"
LONG_AGO = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def person():
    return UserFactory(date_joined=LONG_AGO)


def hints(*people):
    found = hints_of({one.pk: one for one in people}, {one.pk: WEEK for one in people}, now=NOW)
    return found[people[0].pk] if len(people) == 1 else found


def test_first_week_is_the_one_somebody_came_in(person):
    assert "first_week" in hints(UserFactory(date_joined=NOW - timedelta(days=2)))
    assert "first_week" not in hints(UserFactory(date_joined=NOW - timedelta(days=7)))
    assert hints(person) == {"quiet"}


@pytest.mark.parametrize(
    ("from_on", "until_on", "is_after"),
    [
        (MONDAY - timedelta(days=20), MONDAY - timedelta(days=1), True),
        (MONDAY - timedelta(days=20), MONDAY + timedelta(days=5), True),
        (MONDAY - timedelta(days=20), MONDAY + timedelta(days=6), False),
        (MONDAY - timedelta(days=20), MONDAY - timedelta(days=2), False),
        (MONDAY - timedelta(days=2), MONDAY - timedelta(days=1), False),
        (MONDAY - timedelta(days=3), MONDAY - timedelta(days=1), True),
        (MONDAY - timedelta(days=20), None, False),
    ],
)
def test_after_a_break_is_the_week_in_which_one_of_three_days_or_more_ended(person, from_on, until_on, is_after):
    Break.objects.create(user=person, from_on=from_on, until_on=until_on)

    assert ("after_break" in hints(person)) is is_after


@pytest.mark.parametrize(
    ("moods", "is_low"),
    [([2, 2], True), ([1, 3], True), ([2, 3], False), ([1], False), ([], False), ([1, 1, 5, 5], False)],
)
def test_low_week_is_one_whose_moods_are_low(person, moods, is_low):
    for day, mood in enumerate(moods):
        EntryFactory(owner=person, kind="mood", text="", mood=mood, entry_on=MONDAY + timedelta(days=day))
    EntryFactory(owner=person, kind="mood", text="", mood=1, entry_on=MONDAY - timedelta(days=1))

    assert ("low_mood" in hints(person)) is is_low


def test_new_mentor_is_one_of_this_week_or_the_one_before(person):
    mentorship = MentorshipFactory(mentee=person, started_at=NOW - timedelta(days=8))
    assert "new_mentor" in hints(person)
    assert "new_mentor" not in hints(mentorship.mentor), "whose mentee is new"

    end_mentorship(mentorship=mentorship, by=person, at=NOW)
    assert "new_mentor" not in hints(person)
    MentorshipFactory(mentee=person, started_at=NOW - timedelta(days=20))
    MentorshipFactory(mentee=person, started_at=NOW, kind="colleague")
    assert "new_mentor" not in hints(person)


def test_no_contact_is_four_weeks_without_a_word_of_any_mentor_or_a_check_in(person):
    assert "no_contact" not in hints(person)
    mentorship = MentorshipFactory(mentee=person, started_at=LONG_AGO)
    goal = GoalFactory(owner=person, shared_with=[mentorship])
    GoalCommentFactory(item=goal, mentorship=mentorship, created_at=NOW - timedelta(days=40))
    GoalCommentFactory(item=goal, mentorship=mentorship, author=person, created_at=NOW)
    assert "no_contact" in hints(person)

    GoalCommentFactory(item=goal, mentorship=mentorship, created_at=NOW - timedelta(days=20))
    assert "no_contact" not in hints(person)


def test_no_contact_is_not_said_after_a_check_in_or_with_a_second_mentor_who_is_new(person):
    mentorship = MentorshipFactory(mentee=person, started_at=LONG_AGO)
    assert "no_contact" in hints(person)
    CheckInFactory(mentorship=mentorship, state="held", starts_at=NOW - timedelta(days=10))
    assert "no_contact" not in hints(person)

    other = UserFactory(date_joined=LONG_AGO)
    MentorshipFactory(mentee=other, started_at=LONG_AGO)
    MentorshipFactory(mentee=other, started_at=NOW - timedelta(days=9))
    assert "no_contact" not in hints(other)


def test_hints_of_many_are_each_their_own_and_cost_the_same(person, django_assert_num_queries):
    low, late = UserFactory.create_batch(2, date_joined=LONG_AGO)
    for day in range(2):
        EntryFactory(owner=low, kind="mood", text="", mood=1, entry_on=MONDAY + timedelta(days=day))
    GoalFactory(owner=late, due_on=MONDAY)
    hints(person), hints(person, low, late)

    with django_assert_num_queries(7):
        found = hints(person, low, late)
    with django_assert_num_queries(7):
        hints(person)

    assert found == {person.pk: {"quiet"}, low.pk: {"quiet", "low_mood"}, late.pk: {"quiet", "due", "late"}}
