from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from home.context import Frame
from home.week import days_of, hints_of, week_for, weeks_of
from sharing.services import end_mentorship
from tests.factories.accounts import UserFactory
from tests.factories.contacts import EventFactory
from tests.factories.goals import GoalCommentFactory, GoalFactory, MilestoneFactory, ProgressUpdateFactory
from tests.factories.journal import EntryFactory, PeriodFactory, ReflectionFactory
from tests.factories.mentors import InvitationFactory, RequestFactory
from tests.factories.sharing import MentorshipFactory
from tests.reminders.test_emails import letter_to, lived_week

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 12, tzinfo=UTC)  # Thursday
TODAY = NOW.date()
WEEK = "2026-W47"


def text_of(response):
    return response.content.decode()


def titles(things):
    return [thing.title for thing in things]


def week_page(client, user):
    client.force_login(user)
    with time_machine.travel(NOW, tick=False):
        return text_of(client.get("/"))


def test_week_for_holds_what_is_due_and_what_moved():
    user = lived_week()

    week = week_for(user, viewer=user, week=WEEK, today=TODAY)

    assert titles(week.due) == ["Ask the clinic", "Finish the interview guide"]
    assert titles(week.moved) == ["Run 12 user interviews", "First three done", "Ruth Lindqvist wrote"]
    assert [line.goal.title for line in week.goals] == ["Run 12 user interviews"]
    assert week.words.text == "Cut your guide to seven questions."
    assert week.intention == "Ask Hannah for an introduction."
    assert week.hints == {"due", "milestone", "progress", "comment"}


def test_week_for_a_reader_holds_only_what_is_shared_now():
    user = lived_week()
    GoalFactory(owner=user, title="Kept for myself", due_on=date(2026, 11, 20))
    EntryFactory(owner=user, entry_on=date(2026, 11, 17))
    mentorship = user.mentorships_as_mentee.get()

    week = week_for(user, viewer=mentorship.mentor, week=WEEK, today=TODAY)

    assert titles(week.due) == ["Ask the clinic", "Finish the interview guide"]
    assert "Note" not in titles(week.moved)
    assert week.intention == "", "the intention ends an entry that is not shared"
    end_mentorship(mentorship=mentorship, by=user, at=NOW)
    assert week_for(user, viewer=mentorship.mentor, week=WEEK, today=TODAY).is_blank


def test_week_for_a_reader_holds_no_words_of_other_threads(cast):
    goal = GoalFactory(owner=cast.owner, shared_with=[cast.mentorship, cast.second_mentorship])
    GoalCommentFactory(item=goal, mentorship=cast.second_mentorship, text="Between us two", created_at=NOW)
    GoalCommentFactory(item=goal, mentorship=cast.mentorship, text="Mine", created_at=NOW)

    week = week_for(cast.owner, viewer=cast.mentor, week=WEEK, today=TODAY)

    assert titles(week.moved) == ["Mina Mentor wrote"]
    assert week.words.text == "Mine"


@pytest.mark.parametrize("viewer", ["second_mentor", "former_mentor", "colleague", "stranger", "staff"])
def test_week_for_others_is_blank(cast, viewer):
    goal = GoalFactory(owner=cast.owner, due_on=TODAY, shared_with=[cast.mentorship, cast.former_mentorship])
    MilestoneFactory(goal=goal, due_on=TODAY)
    ProgressUpdateFactory(goal=goal, happened_on=TODAY)
    GoalCommentFactory(item=goal, mentorship=cast.mentorship, created_at=NOW)

    assert week_for(cast.owner, viewer=getattr(cast, viewer), week=WEEK, today=TODAY).is_blank


def test_drafts_resting_and_deleted_goals_are_not_due():
    user = UserFactory()
    for fields in ({"draft": True}, {"resting": True}, {"deleted_at": NOW}, {"reached": True}):
        goal = GoalFactory(owner=user, **fields)
        MilestoneFactory(goal=goal, due_on=TODAY)

    assert week_for(user, viewer=user, week=WEEK, today=TODAY).due == []


def test_days_are_those_of_the_owner():
    """Done at 01:30 on Monday in Auckland, which is Sunday of the week before in UTC."""
    user = UserFactory(time_zone="Pacific/Auckland")
    step = MilestoneFactory(goal__owner=user, due_on=None, done_at=datetime(2026, 11, 15, 12, 30, tzinfo=UTC))

    this = week_for(user, viewer=user, week=WEEK, today=TODAY)
    before = week_for(user, viewer=user, week="2026-W46", today=TODAY)

    assert titles(this.moved) == [step.title]
    assert this.moved[0].on == date(2026, 11, 16)
    assert before.moved == []


def test_weeks_of_many_people_in_different_weeks():
    early, late = lived_week(), UserFactory(time_zone="Pacific/Kiritimati")
    ProgressUpdateFactory(goal__owner=late, goal__title="Later", happened_on=date(2026, 11, 25), value=7)
    people = {early.pk: early, late.pk: late}

    found = weeks_of(people, {early.pk: WEEK, late.pk: "2026-W48"}, now=NOW)

    assert titles(found[early.pk].moved)[0] == "Run 12 user interviews"
    assert titles(found[late.pk].moved) == ["Later"]


def test_weeks_of_costs_the_same_for_one_and_for_twenty():
    def cost(number):
        people = {person.pk: person for person in (lived_week() for _ in range(number))}
        with CaptureQueriesContext(connection) as queries:
            weeks_of(people, dict.fromkeys(people, WEEK), now=NOW)
        return len(queries)

    assert cost(1) == cost(20) == 10


def test_weeks_of_takes_the_nearest_goals_of_each():
    people = {}
    for _ in range(2):
        user = UserFactory()
        people[user.pk] = user
        for month in range(1, 8):
            GoalFactory(owner=user, due_on=date(2027, month, 1))

    found = weeks_of(people, dict.fromkeys(people, WEEK), now=NOW)

    assert [[line.goal.due_on.month for line in week.goals] for week in found.values()] == [[1, 2, 3, 4, 5]] * 2


def test_hints_of_a_quiet_week_with_something_late():
    user = UserFactory()
    GoalFactory(owner=user, due_on=date(2026, 11, 1))

    assert hints_of({user.pk: user}, {user.pk: WEEK}, now=NOW) == {user.pk: {"due", "late", "quiet"}}


def test_days_of_jogs_the_memory_up_to_today():
    user = lived_week()

    days = days_of(user, WEEK, today=date(2026, 11, 20))

    assert [day.day for day in days] == ["Mon", "Tue", "Wed", "Thu", "Fri"]
    assert days[1].lines == ["Run 12 user interviews: 5 of 12 interviews"]
    assert days[3].reached == ["First three done"]
    assert days[4].quiet == ["Ruth Lindqvist wrote about Run 12 user interviews"]


def test_a_task_is_done_and_a_milestone_reached():
    user = UserFactory()
    goal = GoalFactory(owner=user, title="Get well", due_on=date(2027, 3, 1))
    for kind in ("milestone", "task"):
        MilestoneFactory(goal=goal, kind=kind, title=f"A first {kind}", due_on=None, done_at=NOW)

    moved = week_for(user, viewer=user, week=WEEK, today=TODAY).moved

    assert [(thing.sentence, thing.neutral, thing.about) for thing in moved] == [
        ("Reached: A first milestone", "A milestone reached", "Milestone in Get well"),
        ("Done: A first task", "A task done", "Task in Get well"),
    ]


def test_page_and_mail_say_the_same(client):
    user = lived_week()
    week = week_for(user, viewer=user, week=WEEK, today=TODAY)

    page, letter = week_page(client, user), letter_to(user, now=NOW)

    said = [thing.title for thing in week.due] + [line.standing.count for line in week.goals]
    for words in [*said, week.words.text, week.intention]:
        assert words in page, words
        assert words in letter.html, words
        assert words in letter.text, words
    for thing in week.moved:
        assert thing.hint == "comment" or thing.sentence in letter.text
        assert thing.label[:27] in page


def test_this_week_page(client):
    user = lived_week()

    page = week_page(client, user)

    assert "Week 47, 16 to 22 November" in page
    assert "Thursday, three days to go" in page
    assert "2 things" in page
    assert page.index("Ask the clinic") < page.index("Finish the interview guide")
    assert "Tomorrow" in page
    assert "Tuesday" in page
    assert "From your mentor" in page
    assert "Write this week" in page
    assert "Nothing noted" in page


def test_this_week_says_late_first(client):
    user = UserFactory()
    goal = GoalFactory(owner=user, due_on=date(2027, 3, 1))
    MilestoneFactory(goal=goal, title="Was due", due_on=date(2026, 11, 17))

    assert "2 days late" in week_page(client, user)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (16, "Monday, six days to go"),
        (21, "Saturday, one day to go"),
        (22, "Sunday, the last day"),
    ],
)
def test_this_week_heading(client, day, words):
    user = lived_week()
    client.force_login(user)

    with time_machine.travel(datetime(2026, 11, day, 12, tzinfo=UTC), tick=False):
        page = text_of(client.get("/"))

    assert words in page


def test_this_week_lists_seven_and_names_the_rest(client):
    user = UserFactory()
    goal = GoalFactory(owner=user, due_on=date(2027, 3, 1))
    MilestoneFactory.create_batch(9, goal=goal, due_on=date(2026, 11, 20))

    page = week_page(client, user)

    assert "9 things" in page
    assert page.count('class="tick dia z"') == 7
    assert "And 2 more in your goals" in page


def test_this_week_on_the_first_day(client):
    page = week_page(client, UserFactory(name="Sam Reyes"))

    assert "Welcome, Sam" in page
    assert page.count('class="start"') == 3
    assert "About 5 minutes" in page
    assert "/settings/#weekly" in page


def test_this_week_on_the_first_day_leads_a_mentor_to_their_mentees(client):
    mentorship = MentorshipFactory()

    page = week_page(client, mentorship.mentor)

    assert "Welcome, " in page
    assert '<p class="sm mt-4"><a href="/mentees/">Your mentees</a></p>' in page
    assert '<p class="sm mt-4"><a href="/mentees/">' not in week_page(client, mentorship.mentee)


def test_question_of_a_mentor_is_due_today_and_never_late():
    row = RequestFactory(mentor=UserFactory(name="Daniel Okafor"), question=True, created_at=NOW)
    RequestFactory(asker=row.asker)

    found = week_for(row.asker, viewer=row.asker, week=WEEK, today=TODAY)

    assert [(thing.title, thing.on, thing.url) for thing in found.due] == [
        ("Answer Daniel’s question", TODAY, f"/mentors/requests/{row.pk}/")
    ]
    assert "late" not in found.hints
    assert "Daniel" not in found.due[0].neutral
    assert not week_for(row.asker, viewer=row.mentor, week=WEEK, today=TODAY).due
    assert not week_for(row.mentor, viewer=row.mentor, week=WEEK, today=TODAY).due


def test_this_week_with_nothing_due(client):
    user = UserFactory()
    EntryFactory(owner=user, entry_on=date(2026, 1, 5))

    page = week_page(client, user)

    assert "Nothing due. A good day to write or to rest." in page
    assert "No goal on the way" in page


def test_this_week_counts_the_weeks_kept(client):
    user = UserFactory(date_joined=datetime(2026, 1, 5, tzinfo=UTC))
    GoalFactory(owner=user)
    for week in (40, 41, 42, 43, 44, 45):
        PeriodFactory(owner=user, key=f"2026-W{week}", state="written")

    page = week_page(client, user)

    assert "6 of the last 8 weeks" in page


def test_this_week_offers_last_week_while_it_is_open(client):
    user = UserFactory(date_joined=datetime(2026, 1, 5, tzinfo=UTC))
    GoalFactory(owner=user)

    assert "/journal/write/?week=2026-W46" in week_page(client, user)
    PeriodFactory(owner=user, key="2026-W46", state="skipped")
    assert "/journal/write/?week=2026-W46" not in week_page(client, user)


def test_this_week_once_the_reflection_is_written(client):
    user = UserFactory()
    GoalFactory(owner=user)
    ReflectionFactory(owner=user, entry_on=TODAY)

    page = week_page(client, user)

    assert "Write this week" not in page
    assert "This week's reflection" in page.replace("&#x27;", "'")


@pytest.mark.parametrize("rows", [1, 3])
def test_this_week_query_count(client, rows, django_assert_num_queries):
    user = lived_week()
    for _ in range(rows):
        goal = GoalFactory(owner=user, due_on=date(2026, 11, 30))
        MilestoneFactory(goal=goal, due_on=date(2026, 11, 21))
        ProgressUpdateFactory(goal=goal, happened_on=TODAY)
        EntryFactory(owner=user, entry_on=TODAY)
        RequestFactory(asker=user, question=True)
        EventFactory(owner=user, happens_on=date(2026, 11, 21))
        GoalCommentFactory(item=goal, mentorship=MentorshipFactory(mentee=user), created_at=NOW)
    client.force_login(user)
    with time_machine.travel(datetime.now(UTC).replace(year=2026, month=11, day=19), tick=False):
        client.get("/")  # the session is in the cache from now on

        with django_assert_num_queries(14):
            client.get("/")


def test_landing_says_what_this_is(client, settings):
    page = text_of(client.get("/"))

    assert "Privacy, in plain words" in page
    assert settings.OPERATOR_NAME in page
    assert "/account/login/" in page


def test_tick_and_undo_by_htmx(client):
    step = MilestoneFactory(title="Finish the guide", due_on=date(2026, 11, 20))
    client.force_login(step.goal.owner)
    url = f"/week/milestones/{step.pk}/tick/"

    done = text_of(client.post(url, {"done": "1"}, headers={"hx-request": "true"}))

    step.refresh_from_db()
    assert step.done_at
    assert 'aria-label="Undo: Finish the guide"' in done
    assert "<html" not in done

    back = text_of(client.post(url, headers={"hx-request": "true"}))
    step.refresh_from_db()
    assert step.done_at is None
    assert 'aria-label="Done: Finish the guide"' in back


def test_tick_without_script_offers_undo(client):
    step = MilestoneFactory(due_on=date(2026, 11, 20))
    client.force_login(step.goal.owner)

    page = text_of(client.post(f"/week/milestones/{step.pk}/tick/", {"done": "1"}, follow=True))

    assert "Milestone reached" in page
    assert f'action="/week/milestones/{step.pk}/tick/"' in page


def test_tick_of_a_milestone_without_any_date(client):
    step = MilestoneFactory(due_on=None, goal__draft=True)
    client.force_login(step.goal.owner)

    response = client.post(f"/week/milestones/{step.pk}/tick/", {"done": "1"}, headers={"hx-request": "true"})

    assert response.status_code == 200


def test_add_lists_goals_and_what_exists(client):
    user = UserFactory()
    GoalFactory.create_batch(5, owner=user)
    client.force_login(user)

    page = text_of(client.get("/add/"))

    assert page.count("Progress on a goal") == 3
    assert "Progress on another goal" in page
    for path in ("/journal/write/", "/journal/new/", "/goals/new/", "/mentors/invite/"):
        assert f'href="{path}"' in page


def test_more_leads_everywhere(client, cast):
    client.force_login(cast.mentor)

    page = text_of(client.get("/more/"))

    for path in ("/mentors/", "/mentees/", "/settings/", "/settings/privacy/", "/account/"):
        assert f'href="{path}"' in page


def test_frame_counts_in_one_query(cast, django_assert_num_queries):
    GoalFactory(owner=cast.mentor, due_on=date(2026, 11, 18))
    GoalFactory(owner=cast.mentor, due_on=date(2026, 11, 19))
    GoalFactory(owner=cast.owner, shared_with=[cast.mentorship])
    InvitationFactory(email=cast.mentor.email, sender=cast.stranger)
    frame = Frame(cast.mentor, datetime.now(UTC).replace(year=2026, month=11, day=19))

    with django_assert_num_queries(1):
        assert (frame.goals_late, frame.mentoring, frame.mentees_waiting) == (1, True, 2)


def test_frame_of_somebody_without_mentees(cast):
    frame = Frame(cast.stranger, NOW)

    assert (frame.goals_late, frame.mentoring, frame.mentees_waiting) == (0, False, 0)


def test_a_fragment_does_not_ask_for_the_counts(client, django_assert_num_queries):
    step = MilestoneFactory(due_on=date(2026, 11, 20))
    client.force_login(step.goal.owner)
    url = f"/week/milestones/{step.pk}/tick/"
    client.post(url, headers={"hx-request": "true"})

    with CaptureQueriesContext(connection) as queries:
        client.post(url, headers={"hx-request": "true"})

    assert not [query for query in queries if "UNION ALL" in query["sql"]]
