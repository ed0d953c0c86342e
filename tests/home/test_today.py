from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from goals.models import Goal, Milestone
from home.week import days_of, week_for, weeks_of
from journal.models import Entry, Intention
from tests.factories.goals import GoalFactory, MilestoneFactory
from tests.factories.journal import EntryFactory, PeriodFactory, ReflectionFactory
from tests.factories.sharing import MentorshipFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 12, tzinfo=UTC)  # Thursday
TODAY = NOW.date()
WEEK = "2026-W47"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def owner_client(client, cast):
    client.force_login(cast.owner)
    return client


@pytest.fixture
def thursday():
    with time_machine.travel(NOW, tick=False):
        yield


def page_of(client, url="/"):
    return client.get(url).content.decode()


# --- How today goes


def test_mood_is_noted_and_the_last_tap_counts(owner_client, cast, thursday):
    owner_client.post("/week/mood/", {"mood": "4"})
    response = owner_client.post("/week/mood/", {"mood": "2"})

    assert response.headers["Location"] == "/"
    note = Entry.objects.get(owner=cast.owner)
    assert (note.kind, note.mood, note.entry_on) == ("mood", 2, TODAY)
    page = page_of(owner_client)
    assert 'value="2" aria-pressed="true"' in page
    assert page.count('aria-pressed="true"') == 1


def test_mood_by_htmx_draws_the_bar_again(owner_client, cast, thursday):
    page = owner_client.post("/week/mood/", {"mood": "5"}, headers=HTMX).content.decode()

    assert 'id="_week_mood"' in page
    assert 'value="5" aria-pressed="true"' in page
    assert "Only you can see it" in page


@pytest.mark.parametrize("mood", ["", "0", "6", "x", "4.0", "\x00", "9" * 400])
def test_no_such_mood_is_refused(owner_client, cast, thursday, mood):
    assert owner_client.post("/week/mood/", {"mood": mood}).status_code == 400
    assert not Entry.objects.filter(owner=cast.owner).exists()


def test_mood_of_the_day_is_that_of_the_persons_own_day(owner_client, cast):
    cast.owner.time_zone = "Pacific/Auckland"  # Friday already
    cast.owner.save()

    with time_machine.travel(NOW, tick=False):
        owner_client.post("/week/mood/", {"mood": "4"})

    assert Entry.objects.get(owner=cast.owner).entry_on == date(2026, 11, 20)


def test_mood_of_a_note_of_today_is_shown(owner_client, cast, thursday):
    EntryFactory(owner=cast.owner, entry_on=TODAY, mood=1, updated_at=NOW - timedelta(hours=1))

    assert 'value="1" aria-pressed="true"' in page_of(owner_client)


def test_mood_jogs_the_memory_of_the_reflection(owner_client, cast, thursday):
    owner_client.post("/week/mood/", {"mood": "4"})

    assert [day.mood_label for day in days_of(cast.owner, WEEK, today=TODAY)] == ["", "", "", "Good"]
    assert "Good" in page_of(owner_client, "/journal/write/")


def test_mood_is_no_news_for_mail_or_mentor(owner_client, cast, thursday):
    owner_client.post("/week/mood/", {"mood": "1"})
    mood = Entry.objects.get(owner=cast.owner)
    mood.shared_with.add(cast.mentorship)

    own = weeks_of({cast.owner.pk: cast.owner}, {cast.owner.pk: WEEK}, now=NOW)[cast.owner.pk]
    seen = week_for(cast.owner, viewer=cast.mentor, week=WEEK, today=TODAY)

    assert own.moved == seen.moved == []


# --- The focus


def test_focus_is_set_changed_and_taken_away(owner_client, cast, thursday):
    GoalFactory(owner=cast.owner)
    assert "Nothing chosen yet" in page_of(owner_client)

    owner_client.post("/week/focus/", {"text": "Ask <b>Hannah</b>"})
    assert '<p class="focus">Ask &lt;b&gt;Hannah&lt;/b&gt;</p>' in page_of(owner_client)
    assert week_for(cast.owner, viewer=cast.owner, week=WEEK, today=TODAY).intention == "Ask <b>Hannah</b>"

    owner_client.post("/week/focus/", {"text": "Finish the guide"})
    assert [row.text for row in Intention.objects.filter(owner=cast.owner)] == ["Finish the guide"]

    owner_client.post("/week/focus/", {"text": ""})
    assert not Intention.objects.filter(owner=cast.owner).exists()


def test_focus_that_is_too_long_comes_back(owner_client, cast, thursday):
    response = owner_client.post("/week/focus/", {"text": "long " * 60})

    assert response.status_code == 422
    assert "long long long" in response.content.decode()
    assert not Intention.objects.filter(owner=cast.owner).exists()


def test_focus_changes_the_words_of_the_reflection_it_came_from(owner_client, cast, thursday):
    entry = ReflectionFactory(owner=cast.owner, period__key="2026-W46", period__owner=cast.owner)
    Intention.objects.create(owner=cast.owner, entry=entry, key=WEEK, text="Old", created_at=NOW)

    owner_client.post("/week/focus/", {"text": "New"})

    assert [(row.entry_id, row.text) for row in Intention.objects.filter(owner=cast.owner)] == [(entry.pk, "New")]


def test_focus_form_opens_in_place(owner_client, cast, thursday):
    fragment = owner_client.get("/week/focus/", headers=HTMX).content.decode()
    page = page_of(owner_client, "/week/focus/")

    assert fragment.strip().startswith('<form class="stack-3" id="_week_focus"') or 'id="_week_focus"' in fragment
    assert "<html" not in fragment
    assert "<h1>Your focus this week</h1>" in page


def test_focus_set_alone_is_not_seen_by_a_mentor(cast):
    Intention.objects.create(owner=cast.owner, key=WEEK, text="Mine alone", created_at=NOW)

    assert week_for(cast.owner, viewer=cast.mentor, week=WEEK, today=TODAY).intention == ""


# --- What a row of "Next up" offers


def test_rows_can_be_moved_closed_and_opened(owner_client, cast, thursday):
    goal = GoalFactory(owner=cast.owner, due_on=date(2026, 11, 20), starts_on=date(2026, 1, 1))
    step = MilestoneFactory(goal=goal, due_on=date(2026, 11, 21))

    page = page_of(owner_client)

    for url in (f"/goals/milestones/{step.pk}/move/?next=/", f"/goals/{goal.pk}/move/?next=/"):
        assert f'href="{url}"' in page
        assert owner_client.get(url).status_code == 200
    assert f'href="/goals/{goal.pk}/close/?outcome=achieved&amp;next=/"' in page


def test_moving_a_milestone_leads_back_to_the_week_and_keeps_its_history(owner_client, cast, thursday):
    step = MilestoneFactory(goal__owner=cast.owner, title="Ask the clinic", due_on=date(2026, 11, 18))

    response = owner_client.post(f"/goals/milestones/{step.pk}/move/?next=/", {"due_on": "2026-11-27"})

    assert response.headers["Location"] == "/"
    assert Milestone.objects.get().due_on == date(2026, 11, 27)
    line = step.goal.revisions.get()
    assert (line.old, line.new) == ("Ask the clinic (2026-11-18)", "Ask the clinic (2026-11-27)")


@pytest.mark.parametrize("typed", ["", "soon", "0000-00-00", "9999-99-99", "2026-02-30"])
def test_moving_a_milestone_to_no_day_is_refused(owner_client, cast, thursday, typed):
    step = MilestoneFactory(goal__owner=cast.owner, due_on=date(2026, 11, 18))

    assert owner_client.post(f"/goals/milestones/{step.pk}/move/", {"due_on": typed}).status_code == 422
    assert Milestone.objects.get().due_on == date(2026, 11, 18)


def test_closing_from_the_week_leads_back_to_it(owner_client, cast, thursday):
    goal = GoalFactory(owner=cast.owner, due_on=date(2026, 11, 20))

    data = {"outcome": "achieved", "note": "It worked"}
    response = owner_client.post(f"/goals/{goal.pk}/close/?outcome=achieved&next=/", data)

    assert response.headers["Location"] == "/"
    assert Goal.objects.get().status == "achieved"


# --- Around a thing


def test_around_a_goal_for_its_owner(owner_client, cast):
    goal = GoalFactory(owner=cast.owner, shared_with=[cast.mentorship])
    goal.updates.create(value=3, happened_on=date(2026, 11, 18), created_at=NOW)
    ReflectionFactory(owner=cast.owner, period__owner=cast.owner, period__key=WEEK, finished_at=NOW)
    ReflectionFactory(owner=cast.owner, period__owner=cast.owner, period__key="2026-W30", finished_at=NOW)

    page = page_of(owner_client, f"/around/goal/{goal.pk}/")

    assert "Mina Mentor" in page
    assert "Week 47" in page
    assert "Week 30" not in page


def test_around_a_goal_shows_a_reader_only_what_they_may_see(client, cast):
    goal = GoalFactory(owner=cast.owner, shared_with=[cast.mentorship, cast.second_mentorship])
    goal.updates.create(value=3, happened_on=date(2026, 11, 18), created_at=NOW)
    entry = ReflectionFactory(owner=cast.owner, period__owner=cast.owner, period__key=WEEK, finished_at=NOW)
    client.force_login(cast.mentor)

    before = page_of(client, f"/around/goal/{goal.pk}/")
    entry.shared_with.add(cast.mentorship)
    after = page_of(client, f"/around/goal/{goal.pk}/")

    assert "Sefa Second" not in before + after
    assert "Week 47" not in before
    assert "Week 47" in after


def test_around_an_entry_shows_the_goals_that_moved(client, owner_client, cast):
    entry = ReflectionFactory(
        owner=cast.owner, period__owner=cast.owner, period__key=WEEK, finished_at=NOW, shared_with=[cast.mentorship]
    )
    shown = GoalFactory(owner=cast.owner, title="Shown goal", shared_with=[cast.mentorship])
    for goal in (shown, GoalFactory(owner=cast.owner, title="Kept goal")):
        goal.updates.create(value=3, happened_on=date(2026, 11, 18), created_at=NOW)
    GoalFactory(owner=cast.owner, title="Still goal")

    own = page_of(owner_client, f"/around/entry/{entry.pk}/")
    client.force_login(cast.mentor)
    seen = page_of(client, f"/around/entry/{entry.pk}/")

    assert ("Shown goal" in own, "Kept goal" in own, "Still goal" in own) == (True, True, False)
    assert ("Shown goal" in seen, "Kept goal" in seen) == (True, False)


def test_around_the_entry_of_a_month_shows_the_goals_that_moved_in_it(owner_client, cast):
    month = PeriodFactory(owner=cast.owner, key="2026-11")
    entry = ReflectionFactory(owner=cast.owner, period=month, finished_at=NOW)
    goal = GoalFactory(owner=cast.owner, title="Moved early")
    goal.updates.create(value=3, happened_on=date(2026, 11, 1), created_at=NOW)

    page = page_of(owner_client, f"/around/entry/{entry.pk}/")

    assert "Moved early" in page
    assert "Moved in this month" in page


@pytest.mark.parametrize("url", ["/around/goal/999999/", "/around/mood/1/", "/around/entry/999999/"])
def test_around_nothing_is_not_found(owner_client, cast, url):
    assert owner_client.get(url).status_code == 404


def test_around_is_a_fragment_for_htmx(owner_client, cast):
    goal = GoalFactory(owner=cast.owner)

    page = owner_client.get(f"/around/goal/{goal.pk}/", headers=HTMX).content.decode()

    assert "<html" not in page
    assert "Nothing yet" in page


@pytest.mark.parametrize("count", [1, 3])
def test_around_asks_the_same_for_one_and_three(owner_client, cast, django_assert_num_queries, count):
    goal = GoalFactory(owner=cast.owner)
    for number in range(count):
        goal.shared_with.add(MentorshipFactory(mentee=cast.owner))
        goal.updates.create(value=number, happened_on=date(2026, 11, 4 + 7 * (number % 2)), created_at=NOW)
        key = f"2026-W4{5 + number % 2}" if number < 2 else "2026-W40"
        ReflectionFactory(owner=cast.owner, period__owner=cast.owner, period__key=key, finished_at=NOW)
    owner_client.get(f"/around/goal/{goal.pk}/", headers=HTMX)

    with django_assert_num_queries(7):  # user, goal, readers, contacts, entries and reflections, advice, wins
        owner_client.get(f"/around/goal/{goal.pk}/", headers=HTMX)
