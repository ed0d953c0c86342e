"""The SMART check beside the form, with a person's own numbers."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from goals.check import Logged, best_pace, habits_of, look_at, smart_context
from goals.models import Goal
from goals.trail import Step
from tests.factories.goals import GoalFactory, MilestoneFactory, ProgressUpdateFactory
from tests.goals.pages import HTMX, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.now().date()


@pytest.fixture
def owner(client, cast):
    client.force_login(cast.owner)
    return client


@pytest.fixture
def goal(cast, today):
    return GoalFactory(
        owner=cast.owner,
        starts_on=today - timedelta(days=60),
        due_on=today + timedelta(days=70),
        hours_a_week=Decimal(6),
    )


def form(today, **changes):
    return {
        "title": "Build a portfolio of three research case studies",
        "why": "Interviewers keep asking to see my work.",
        "measure": "number",
        "start_value": "0",
        "target_value": "3",
        "unit": "case studies",
        "due_on": (today + timedelta(days=141)).isoformat(),
        "hours_a_week": "3",
        "rows": "1",
    } | changes


def test_clear_goal_is_five_of_five(owner, today):
    page = page_of(owner.post("/goals/new/check/", form(today), headers=HTMX))

    assert "<!doctype" not in page
    assert "5 of 5" in page
    assert "0 to 3 case studies" in page
    assert "That is 20 weeks from now, or one case study about every 6 weeks." in page


def test_vague_goal_gets_one_hint_under_the_field_just_written(owner, today):
    vague = form(today, title="A portfolio", achievable="", hours_a_week="")

    at_title = page_of(owner.post("/goals/new/check/", vague | {"at": "title"}, headers=HTMX))
    at_hours = page_of(owner.post("/goals/new/check/", vague | {"at": "achievable"}, headers=HTMX))
    nowhere = page_of(owner.post("/goals/new/check/", vague, headers=HTMX))

    assert 'hx-swap-oob="innerHTML:#id_title_advice"' in at_title
    assert "3 of 5" in at_title
    assert "#id_title_advice" not in at_hours
    assert 'hx-swap-oob="innerHTML:#id_achievable_advice"' in at_hours
    for page in (at_title, at_hours):
        assert page.count("_advice") == 1
    assert "_advice" not in nowhere
    assert nowhere.count('hx-swap-oob="innerHTML:.advice"') == 1


@pytest.mark.parametrize(
    ("at", "changes", "place"),
    [
        ("unit", {"unit": ""}, "id_counting"),
        ("start_value", {"target_value": "0"}, "id_counting"),
        ("new0-title", {"measure": "milestones"}, "milestones"),
        ("m5-due_on", {"measure": "milestones"}, "milestones"),
        ("due_on", {"due_on": ""}, "id_due_on"),
        ("evidence", {"measure": "yes_no"}, "id_evidence"),
    ],
)
def test_places_of_hints(owner, today, at, changes, place):
    page = page_of(owner.post("/goals/new/check/", form(today, **changes) | {"at": at}, headers=HTMX))

    assert f"#{place}_advice" in page
    assert f'id="{place}_advice"' in page_of(owner.get("/goals/new/"))


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"title": "x" * 100_000, "why": "y " * 50_000},
        {"start_value": "NaN", "target_value": "1e999999", "pace": "Infinity", "hours_a_week": "-1"},
        {"due_on": "0001-01-01", "starts_on": "9999-12-31", "computed": "due_on", "pace": "1"},
        {"computed": "target_value", "pace": "999999999999", "due_on": "2200-12-31", "target_value": ""},
        {"computed": "luck", "measure": "luck", "at": "x" * 9999, "unit": "'\"<b>" * 99},
        {"title": "\x00", "at": "<script>", "rows": "9" * 999},
        {"title": "[" * 9999, "evidence": "(" * 9999, "measure": "yes_no"},
        {f"new{number}-title": "x" * 500 for number in range(400)} | {"measure": "milestones"},
    ],
    ids=range(9),
)
def test_odd_forms_are_checked_without_complaint(owner, goal, odd):
    for url in ("/goals/new/check/", f"/goals/{goal.pk}/check/"):
        answer = owner.post(url, odd, headers=HTMX)

        assert answer.status_code == 200
        assert " of 5" in page_of(answer)
        assert "<script>" not in page_of(answer)
        assert "<b>" not in page_of(answer)


def test_tasks_and_lines_that_go_are_no_milestones(owner, today):
    lines = {"measure": "milestones", "rows": "3", "new0-title": "One", "new0-task": "1", "new1-title": "Two"}

    page = page_of(owner.post("/goals/new/check/", form(today, **lines, **{"new1-remove": "1"}), headers=HTMX))

    assert "There are no milestones yet." in page


def test_check_without_script_draws_the_page_anew_and_saves_nothing(owner, today):
    vague = form(today, title="Get better at talking", due_on="nonsense", check="1")

    answer = owner.post("/goals/new/", vague)
    page = page_of(answer)

    assert answer.status_code == 200
    assert "errsum" not in page
    assert 'value="Get better at talking"' in page
    assert 'value="nonsense"' in page
    assert "<!doctype" in page
    assert not Goal.objects.exists()


def test_planned_hours_are_held_against_those_logged(owner, goal, today):
    for weeks in (0, 1, 3):
        ProgressUpdateFactory(goal=goal, happened_on=today - timedelta(weeks=weeks), value=1, hours=Decimal(2))
    ProgressUpdateFactory(goal=goal, happened_on=today - timedelta(weeks=5), value=0, hours=Decimal(90))

    page = page_of(owner.post(f"/goals/{goal.pk}/check/", form(today, hours_a_week="6"), headers=HTMX))

    assert "You plan 6 h a week; of late it was about 1 h 30." in page


def test_hours_of_other_goals_say_how_much_there_is_and_not_how_much_is_needed(owner, goal, today):
    ProgressUpdateFactory(goal=goal, happened_on=today, hours=Decimal(16))

    more = page_of(owner.post("/goals/new/check/", form(today, hours_a_week="9"), headers=HTMX))
    less = page_of(owner.post("/goals/new/check/", form(today, hours_a_week="2"), headers=HTMX))

    assert "You plan 9 h a week; of late it was about 4 h." in more
    assert "You plan" not in less


def test_first_weeks_of_a_goal_are_no_habit(cast, today):
    goal = GoalFactory(owner=cast.owner, starts_on=today - timedelta(days=9), due_on=today + timedelta(days=70))
    ProgressUpdateFactory(goal=goal, happened_on=today, hours=Decimal(1))

    assert habits_of(cast.owner.pk, unit="", goal=goal, today=today).hours_logged is None


def test_pace_beyond_anything_done_so_far(owner, goal, today):
    ProgressUpdateFactory(goal=goal, value=4, happened_on=today - timedelta(days=32))  # 1 a week

    page = page_of(owner.post("/goals/new/check/", form(today, unit="Interviews ", target_value="90"), headers=HTMX))
    other = page_of(owner.post("/goals/new/check/", form(today, unit="pages", target_value="90"), headers=HTMX))

    assert "the most so far was 1 a week" in page
    assert "the most so far" not in other


def test_numbers_of_other_people_never_enter(owner, cast, goal, today):
    theirs = GoalFactory(owner=cast.mentor, unit="interviews", starts_on=today - timedelta(days=60), due_on=today)
    ProgressUpdateFactory(goal=theirs, value=9, hours=Decimal(99), happened_on=today)

    habits = habits_of(cast.owner.pk, unit="interviews", goal=None, today=today)

    assert (habits.hours_logged, habits.best_pace) == (None, None)


def logged(today, *points, start=0, target=12):
    return [
        Logged(1, "talks", Decimal(start), Decimal(target), today, today + timedelta(days=days), Decimal(value), None)
        for days, value in points
    ]


@pytest.mark.parametrize(
    ("points", "start", "target", "pace"),
    [
        ([(14, 2)], 0, 12, 1),
        ([(7, 9)], 0, 12, None),  # a week is no habit
        ([(14, 1), (28, 5)], 0, 12, 2),
        ([(28, 5), (14, 1)], 0, 12, 2),  # in whatever order
        ([(14, 1), (15, 1), (28, 5), (29, 5)], 0, 12, 2),
        ([(14, 85)], 90, 75, "2.5"),  # falling
        ([(14, 95)], 90, 75, None),  # the wrong way
        ([], 0, 12, None),
    ],
)
def test_best_pace(today, points, start, target, pace):
    found = best_pace(logged(today, *points, start=start, target=target))

    assert found == (None if pace is None else Decimal(str(pace)))


def test_what_was_worked_out_is_what_is_checked(owner, today):
    by_pace = form(today, computed="due_on", pace="1", due_on="")
    by_date = form(today, computed="target_value", pace="1", target_value="")

    date_follows = page_of(owner.post("/goals/new/check/", by_pace, headers=HTMX))
    target_follows = page_of(owner.post("/goals/new/check/", by_date, headers=HTMX))
    unworkable = page_of(owner.post("/goals/new/check/", by_pace | {"pace": "0"}, headers=HTMX))

    assert "3 weeks away" in date_follows
    assert "0 to 20 case studies" in target_follows
    assert "It has no date." in unworkable


@pytest.mark.parametrize("rows", [1, 3])
def test_check_asks_the_same_number_of_questions(owner, goal, today, rows, django_assert_num_queries):
    for _ in range(rows):
        other = GoalFactory(owner=goal.owner)
        ProgressUpdateFactory(goal=other, happened_on=today)
        MilestoneFactory(goal=goal)
    owner.post("/goals/new/check/", form(today), headers=HTMX)

    with django_assert_num_queries(2):  # the visitor, and what was logged
        owner.post("/goals/new/check/", form(today), headers=HTMX)
    with django_assert_num_queries(3):
        owner.post(f"/goals/{goal.pk}/check/", form(today), headers=HTMX)


def test_context_of_the_goal_page(goal, today, django_assert_num_queries):
    ProgressUpdateFactory(goal=goal, happened_on=today, value=1, hours=Decimal(4))
    steps = [Step("Finish the guide", today + timedelta(days=7))]

    with django_assert_num_queries(1):
        context = smart_context(goal, steps=steps, latest=Decimal(1), today=today)

    assert [each["letter"] for each in context["smart"]["letters"]] == list("SMART")
    assert "of late it was about 1 h" in context["smart"]["letters"][2]["says"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "That is 20 weeks from now, or one case study about every 6 weeks."),
        ({"measure": "yes_no"}, "That is 20 weeks from now."),
        ({"computed": "due_on", "pace": "0"}, "With nothing a week it would never be reached. How much can you do?"),
        ({"computed": "due_on", "measure": "milestones", "pace": "0"}, "That is 20 weeks from now."),
        ({"computed": "luck"}, "That is 20 weeks from now, or one case study about every 6 weeks."),
        ({"due_on": "soon"}, ""),
        ({"due_on": "9999-12-31"}, ""),
    ],
)
def test_what_follows_is_said(cast, today, changes, said):
    assert look_at(form(today, **changes), owner=cast.owner, today=today)[1] == said
