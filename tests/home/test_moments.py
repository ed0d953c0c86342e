from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.models import Break
from home.week import hints_of
from sharing.services import end_mentorship
from tests.factories.accounts import UserFactory
from tests.factories.contacts import ContactFactory, EventFactory, InteractionFactory, InterviewFactory
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


@pytest.mark.parametrize(
    ("day", "fields", "is_told"),
    [
        (MONDAY, {"attended": True}, True),
        (MONDAY + timedelta(days=6), {"attended": True}, True),
        (MONDAY - timedelta(days=1), {"attended": True}, False),
        (MONDAY + timedelta(days=7), {"attended": True}, False),
        (MONDAY, {}, False),
        (MONDAY, {"attended": True, "deleted_at": NOW}, False),
    ],
)
def test_event_is_one_that_was_gone_to_in_the_week(person, day, fields, is_told):
    EventFactory(owner=person, happens_on=day, **fields)

    assert ("event" in hints(person)) is is_told


@pytest.mark.parametrize(
    ("days", "fields", "is_told"),
    [(0, {}, True), (6, {}, True), (-1, {}, False), (7, {}, False), (0, {"contact__deleted_at": NOW}, False)],
)
def test_interview_is_one_that_was_held_in_the_week(person, days, fields, is_told):
    InterviewFactory(contact__owner=person, state="thanked", held_on=MONDAY + timedelta(days=days), **fields)

    assert ("interview" in hints(person)) is is_told


@pytest.mark.parametrize(
    ("due_on", "fields", "is_told"),
    [
        (MONDAY - timedelta(days=1), {}, True),
        (MONDAY, {}, False),
        (MONDAY - timedelta(days=200), {"archived_at": NOW}, False),
        (MONDAY - timedelta(days=200), {"deleted_at": NOW}, False),
    ],
)
def test_out_of_touch_is_somebody_whose_turn_came_before_the_week(person, due_on, fields, is_told):
    contact = ContactFactory(owner=person, circle="close", **fields)
    InteractionFactory(owner=person, people=[contact], happened_on=due_on - timedelta(days=30))
    ContactFactory(circle="close", last_contact_on=MONDAY - timedelta(days=300))  # somebody else's

    contact.refresh_from_db()
    assert contact.due_on == due_on
    assert ("out_of_touch" in hints(person)) is is_told


def test_talk_is_a_conversation_of_the_week(person):
    InteractionFactory(owner=person, people=[ContactFactory(owner=person)], happened_on=MONDAY + timedelta(days=1))

    assert "talk" in hints(person)


def test_hints_of_many_are_each_their_own_and_cost_the_same(person, django_assert_num_queries):
    low, late = UserFactory.create_batch(2, date_joined=LONG_AGO)
    for day in range(2):
        EntryFactory(owner=low, kind="mood", text="", mood=1, entry_on=MONDAY + timedelta(days=day))
    GoalFactory(owner=late, due_on=MONDAY)
    hints(person), hints(person, low, late)

    with django_assert_num_queries(6):
        found = hints(person, low, late)
    with django_assert_num_queries(6):
        hints(person)

    assert found == {person.pk: {"quiet"}, low.pk: {"quiet", "low_mood"}, late.pk: {"quiet", "due", "late"}}
