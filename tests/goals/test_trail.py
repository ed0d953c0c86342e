from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from goals.models import Goal
from goals.pace import figures, needed
from goals.trail import Step, say_count, say_number, standing, standing_of
from tests.factories.goals import GoalFactory, MilestoneFactory, ProgressUpdateFactory
from tests.goals.drawn import goal_of

TODAY = date(2026, 3, 12)
NOW = datetime(2026, 3, 12, 10, tzinfo=UTC)


def steps_on(*days, done=0):
    return [Step(f"Step {n}", day, is_done=n < done) for n, day in enumerate(days)]


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (0, "slow", "A little behind"),
        (5, "slow", "A little behind"),
        (Decimal("5.4"), "ok", "On pace"),  # 45 %, plan 48 %
        (6, "ok", "On pace"),
        (Decimal("6.2"), "ahead", "Ahead of plan"),
        (12, "ahead", "Ahead of plan"),
        (40, "ahead", "Ahead of plan"),
        (-3, "slow", "A little behind"),
    ],
)
def test_status_of_counting_goal(value, kind, words):
    found = standing(goal_of(), today=TODAY, latest=Decimal(value), is_logged=True)

    assert (found.kind, found.words) == (kind, words)
    assert 0 <= found.walked <= 100


@pytest.mark.parametrize(
    ("values", "kind", "words"),
    [
        ({"status": "draft", "due_on": None}, "draft", "Draft"),
        ({"status": "paused"}, "rest", "Resting"),
        ({"status": "achieved"}, "done", "Reached"),
        ({"status": "partly"}, "done", "Partly reached"),
        ({"status": "dropped"}, "dropped", "Let go"),
        ({"due_on": date(2026, 3, 12)}, "slow", "A little behind"),
        ({"due_on": date(2026, 3, 11)}, "late", "1 day past its date"),
        ({"due_on": date(2026, 3, 6)}, "late", "6 days past its date"),
        ({"starts_on": date(2026, 3, 13)}, "new", "Not started"),
        ({"starts_on": date(2026, 3, 11)}, "new", "Not started"),
    ],
)
def test_status_by_state_and_dates(values, kind, words):
    found = standing(goal_of(**values), today=TODAY)

    assert (found.kind, found.words) == (kind, words)


def test_three_days_count_as_on_pace_in_a_short_goal():
    goal = goal_of(starts_on=date(2026, 3, 2), due_on=date(2026, 3, 22), target_value=Decimal(20))

    found = standing(goal, today=TODAY, latest=Decimal(7), is_logged=True)  # 35 %, plan 50 %, 3 days are 15 points

    assert found.kind == "ok"


def test_days_of_rest_do_not_count_as_time_gone():
    goal = goal_of(rested_days=23)  # 36 of 100 days gone

    found = standing(goal, today=TODAY, latest=Decimal("4.3"), is_logged=True)

    assert found.plan == pytest.approx(36)
    assert found.kind == "ok"


def test_falling_target():
    goal = goal_of(start_value=Decimal(90), target_value=Decimal(75), unit="kg")

    found = standing(goal, today=TODAY, latest=Decimal("82.5"), is_logged=True)

    assert found.walked == 50
    assert found.count == "82.5 kg, from 90 to 75"
    assert standing(goal, today=TODAY, latest=Decimal(95), is_logged=True).walked == 0


def test_trail_of_the_drawing():
    steps = [
        Step("3 interviews done", date(2026, 2, 14), is_done=True, at_value=Decimal(3)),
        Step("Finish the interview guide", date(2026, 3, 13)),
        Step("7 interviews done", date(2026, 4, 3), at_value=Decimal(7)),
        Step("12 interviews and a summary", date(2026, 5, 15), at_value=Decimal(12)),
    ]

    trail = standing(goal_of(), today=TODAY, steps=steps, latest=Decimal(5), is_logged=True).labelled_trail

    assert (round(trail.walked), round(trail.plan)) == (42, 48)
    assert [(round(mark.at), mark.state, mark.label) for mark in trail.marks] == [
        (25, "done", "3 interviews"),
        (58, "", "7 interviews"),
        (100, "", "12"),
    ]
    assert trail.label == "5 of 12 interviews, a little behind."
    assert trail.here
    assert not trail.faded


def test_milestones_lie_at_their_dates_and_fill_to_the_last_reached():
    goal = goal_of(measure="milestones", starts_on=date(2026, 1, 1), due_on=date(2026, 4, 11))  # 100 days
    steps = steps_on(date(2026, 1, 21), date(2026, 2, 20), date(2026, 3, 17), date(2026, 4, 11), done=2)

    found = standing(goal, today=date(2026, 2, 10), steps=steps)

    assert [mark.at for mark in found.trail.marks] == [20, 50, 75, 100]
    assert (found.walked, found.plan, found.count, found.kind) == (50, 40, "2 of 4 milestones", "ahead")


def test_goal_of_milestones_is_not_behind_until_a_milestone_is():
    goal = goal_of(measure="milestones", starts_on=date(2026, 1, 1), due_on=date(2026, 4, 11))
    steps = steps_on(date(2026, 1, 21), date(2026, 3, 2), done=1)

    assert standing(goal, today=date(2026, 2, 28), steps=steps).kind == "ok"
    assert standing(goal, today=date(2026, 3, 4), steps=steps).kind == "ok"
    assert standing(goal, today=date(2026, 3, 6), steps=steps).kind == "slow"


def test_milestones_out_of_order_and_without_dates():
    goal = goal_of(measure="milestones")
    steps = [Step("Last first", None, is_done=False), Step("b", None, is_done=True), Step("c", None, is_done=False)]

    found = standing(goal, today=TODAY, steps=steps)

    assert round(found.walked) == 33
    assert [(round(mark.at), mark.state) for mark in found.trail.marks] == [(33, ""), (67, "done"), (100, "")]


def test_all_milestones_reached_is_the_whole_way():
    steps = steps_on(date(2026, 2, 1), date(2026, 3, 1), done=2)

    assert standing(goal_of(measure="milestones"), today=TODAY, steps=steps).walked == 100


def test_past_its_date_has_no_plan_and_a_missed_end():
    trail = standing(goal_of(due_on=date(2026, 3, 6)), today=TODAY, latest=Decimal(8), is_logged=True).trail

    assert (trail.plan, trail.faded, trail.marks[-1].state) == (None, True, "late")


@pytest.mark.parametrize("status", ["paused", "dropped", "draft", "achieved"])
def test_nothing_claims_you_are_here_when_the_goal_is_not_on_the_way(status):
    trail = standing(goal_of(status=status), today=TODAY, latest=Decimal(5), is_logged=True).trail

    assert (trail.plan, trail.here) == (None, False)


def test_labels_that_would_collide_are_left_out():
    steps = [Step(str(n), at_value=Decimal(n)) for n in range(1, 12)]

    labels = [mark.label for mark in standing(goal_of(), today=TODAY, steps=steps).labelled_trail.marks if mark.label]

    assert labels == ["1", "3 interviews", "5 interviews", "7 interviews", "9 interviews", "12"]


@pytest.mark.parametrize("measure", ["number", "milestones", "yes_no"])
@pytest.mark.parametrize("days", [1, 2, 400_00])
@pytest.mark.parametrize("rested", [0, 1, 10_000])
@pytest.mark.parametrize("offset", [-30_000, -1, 0, 1, 30_000])
def test_no_dates_break_the_sums(measure, days, rested, offset):
    start = date(2026, 3, 12)
    due = start + timedelta(days=days)
    goal = goal_of(measure=measure, starts_on=start, due_on=due, rested_days=rested)
    today = start + timedelta(days=offset)
    steps = steps_on(due, None, start - timedelta(days=9), done=1)

    found = standing(goal, today=today, steps=steps, latest=Decimal(3))
    figures(goal, today=today, steps=steps, latest=Decimal(3))

    assert 0 <= found.walked <= 100
    assert found.trail.plan is None or 0 <= found.trail.plan <= 100
    assert all(0 <= mark.at <= 100 for mark in found.trail.marks)


def test_draft_without_numbers():
    goal = goal_of(status="draft", start_value=None, target_value=None, unit="", due_on=None)

    found = standing(goal, today=TODAY)

    assert (found.kind, found.walked, found.count) == ("draft", 0, "Done or not")


@pytest.mark.parametrize(
    ("value", "said"),
    [("12", "12"), ("12.00", "12"), ("2.50", "2.5"), ("12000", "12,000"), ("-0.25", "-0.25"), ("100", "100")],
)
def test_say_number(value, said):
    assert say_number(Decimal(value)) == said


def test_say_count():
    assert say_count(goal_of(), latest=None) == "0 of 12 interviews"
    assert say_count(goal_of(unit=""), latest=Decimal(3)) == "3 of 12"
    assert say_count(goal_of(measure="milestones")) == "No milestones yet"
    assert say_count(goal_of(measure="yes_no")) == "Done or not"
    assert say_count(goal_of(measure="yes_no"), steps_on(None)) == "0 of 1 milestone"


def test_figures_of_the_drawing():
    found = figures(goal_of(), today=TODAY, steps=[], latest=Decimal(5))

    assert [(figure.number, figure.small, figure.caption) for figure in found] == [
        ("5", "of 12", "interviews done"),
        ("12", "days", "between interviews so far"),
        ("9", "days", "between them to be on time"),
    ]


@pytest.mark.parametrize(
    ("values", "latest", "said"),
    [
        ({}, 5, "One every 9 days"),
        ({}, 12, ""),
        ({"target_value": Decimal(40)}, 5, "3.9 a week"),
        ({"target_value": Decimal(133)}, 5, "2 a day"),
        ({"due_on": date(2026, 3, 13), "target_value": Decimal(6)}, 5, "1 a day"),
        ({"due_on": date(2026, 3, 12)}, 5, ""),
        ({"status": "paused"}, 5, ""),
        ({"start_value": Decimal(90), "target_value": Decimal(75)}, 82, "One every 9 days"),
        ({"measure": "yes_no"}, None, ""),
    ],
)
def test_needed_pace(values, latest, said):
    latest = None if latest is None else Decimal(latest)

    assert needed(goal_of(**values), today=TODAY, latest=latest) == said


def test_figures_of_milestones_name_the_next():
    steps = steps_on(date(2026, 2, 1), date(2026, 3, 13), date(2026, 4, 1), done=1)

    found = figures(goal_of(measure="milestones"), today=TODAY, steps=steps, latest=None)

    assert [(figure.number, figure.caption) for figure in found] == [
        ("1", "milestones reached"),
        ("Tomorrow", "next: Step 1"),
    ]


@pytest.mark.django_db
def test_standing_of_a_row_equals_standing_of_objects():
    goal = GoalFactory()
    milestones = [
        MilestoneFactory(goal=goal, position=1, done=True, at_value=Decimal("2.5")),
        MilestoneFactory(goal=goal, position=2, due_on=None),
    ]
    ProgressUpdateFactory(goal=goal, value=Decimal("4.25"))

    row = Goal.objects.with_progress().get()

    assert standing_of(row, today=TODAY) == standing(
        goal, today=TODAY, steps=[Step.of(each) for each in milestones], latest=Decimal("4.25"), is_logged=True
    )
