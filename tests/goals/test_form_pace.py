"""The form with two of date, target and weekly pace."""

from datetime import date
from decimal import Decimal

import pytest

from goals.forms import GoalForm
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 12)
GIVEN = {
    "title": "Run 12 user interviews",
    "measure": "number",
    "start_value": "0",
    "target_value": "12",
    "unit": "interviews",
    "due_on": "2026-06-04",
    "pace": "2",
}


def form_of(computed, *, changes=None, **kwargs):
    data = GIVEN | {"computed": computed} | (changes or {})
    return GoalForm(data, owner=UserFactory(), today=TODAY, **kwargs)


def test_pace_follows_and_is_not_read():
    form = form_of("pace", changes={"pace": "nonsense"})

    assert form.is_valid(), form.errors
    assert (form.cleaned_data["due_on"], form.cleaned_data["target_value"]) == (date(2026, 6, 4), 12)


@pytest.mark.parametrize("typed", ["", "nonsense", "1999-01-01", "9999-12-31"])
def test_date_follows_whatever_stands_in_its_place(typed):
    form = form_of("due_on", changes={"due_on": typed})

    assert form.is_valid(), form.errors
    assert form.save(commit=False).due_on == date(2026, 4, 23)


@pytest.mark.parametrize("typed", ["", "nonsense", "0", "9" * 400])
def test_target_follows_whatever_stands_in_its_place(typed):
    form = form_of("target_value", changes={"target_value": typed})

    assert form.is_valid(), form.errors
    assert form.save(commit=False).target_value == 24


def test_falling_target_follows_from_a_minus():
    form = form_of("target_value", changes={"start_value": "90", "pace": "-0,5", "unit": "kg"})

    assert form.is_valid(), form.errors
    assert form.cleaned_data["target_value"] == Decimal(84)


def test_first_day_ahead_is_where_the_pace_begins():
    form = form_of("due_on", changes={"starts_on": "2026-04-01"})

    assert form.is_valid(), form.errors
    assert form.cleaned_data["due_on"] == date(2026, 5, 13)


@pytest.mark.parametrize(
    ("computed", "changes", "field", "said"),
    [
        ("due_on", {"pace": ""}, "pace", "Say how much a week you can do, and the date follows"),
        ("target_value", {"pace": ""}, "pace", "Say how much a week you can do, and the target follows"),
        ("due_on", {"pace": "some"}, "pace", "Use a number"),
        ("due_on", {"pace": "0"}, "pace", "nothing a week"),
        ("due_on", {"pace": "-2"}, "pace", "from 0 to 12 goes up"),
        ("due_on", {"pace": "0.01", "target_value": "999999999999"}, "pace", "after the year 2200"),
        ("due_on", {"pace": "1e400"}, "pace", "too large"),
        ("due_on", {"target_value": ""}, "target_value", "Where do you want to be?"),
        ("due_on", {"target_value": "0"}, "target_value", "same number"),
        ("due_on", {"start_value": ""}, "start_value", "Where do you stand now?"),
        ("target_value", {"due_on": ""}, "due_on", "Choose a date"),
        ("target_value", {"due_on": "2026-03-01"}, "due_on", "has passed"),
        ("target_value", {"pace": "999999999999"}, "pace", "more than twelve digits"),
        ("target_value", {"pace": "0.01", "due_on": "2026-03-13"}, "pace", "comes to nothing"),
    ],
)
def test_what_does_not_go_together_is_said_once_and_at_its_field(computed, changes, field, said):
    form = form_of(computed, changes=changes)

    assert not form.is_valid()
    assert list(form.errors) == [field]
    assert len(form.errors[field]) == 1
    assert said in form.errors[field][0]


@pytest.mark.parametrize("computed", ["due_on", "target_value"])
def test_draft_is_kept_with_what_there_is(computed):
    form = form_of(computed, changes={"pace": "", "due_on": "", "target_value": ""}, as_draft=True)

    assert form.is_valid(), form.errors
    assert form.save(commit=False).due_on is None


@pytest.mark.parametrize("measure", ["milestones", "yes_no"])
def test_goal_that_counts_nothing_has_no_pace(measure):
    form = form_of("due_on", changes={"measure": measure, "pace": "nonsense"})

    assert form.is_valid(), form.errors
    assert form.cleaned_data["due_on"] == date(2026, 6, 4)


def test_running_goal_counts_from_where_it_stands():
    goal = GoalFactory(starts_on=date(2026, 1, 1))
    data = GIVEN | {"computed": "due_on", "starts_on": "2026-01-01", "reason": "Slower"}

    form = GoalForm(data, owner=goal.owner, today=TODAY, instance=goal, latest=Decimal(8))
    passed = GoalForm(data, owner=goal.owner, today=TODAY, instance=goal, latest=Decimal(13))

    assert form.is_valid(), form.errors
    assert form.cleaned_data["due_on"] == date(2026, 3, 26)
    assert "beyond it" in passed.errors["target_value"][0]


def test_goal_moved_by_its_pace_wants_a_reason():
    goal = GoalFactory(starts_on=date(2026, 1, 1))

    form = GoalForm(GIVEN | {"computed": "due_on"}, owner=goal.owner, today=TODAY, instance=goal)

    assert "reason" in form.errors


def test_evidence_belongs_to_goals_that_are_done_or_not():
    kept = form_of("pace", changes={"measure": "yes_no", "evidence": "A signed contract"})
    left = form_of("pace", changes={"evidence": "x" * 500})

    assert kept.is_valid(), kept.errors
    assert kept.save(commit=False).evidence == "A signed contract"
    assert left.is_valid(), left.errors
    assert left.save(commit=False).evidence == ""


def test_importance_stays_unless_told():
    goal = GoalFactory(importance=3)
    data = GIVEN | {"reason": "x"}

    silent = GoalForm(data, owner=goal.owner, today=TODAY, instance=goal)
    told = GoalForm(data | {"importance": "1"}, owner=goal.owner, today=TODAY, instance=goal)

    assert silent.is_valid()
    assert silent.cleaned_data["importance"] == 3
    assert told.is_valid()
    assert told.cleaned_data["importance"] == 1
