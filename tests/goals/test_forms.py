from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from goals.forms import (
    CloseForm,
    GoalForm,
    MilestoneForm,
    MilestoneMoveForm,
    MilestoneRows,
    MoveForm,
    ProgressForm,
    ShrinkForm,
)
from goals.models import Goal
from goals.services import MAX_MILESTONES
from tests.factories.accounts import UserFactory
from tests.factories.goals import GoalFactory, MilestoneFactory
from tests.factories.sharing import MentorshipFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 12)
GOOD = {
    "title": "Run 12 user interviews",
    "measure": "number",
    "start_value": "0",
    "target_value": "12",
    "unit": "interviews",
    "due_on": "2026-05-15",
}

# What people and machines type into number fields.
BAD_NUMBERS = {
    "a few": "Use a number",
    "NaN": "Use a number",
    "Infinity": "Use a number",
    "-inf": "Use a number",
    "1e400": "too large",
    "1" + "0" * 400: "too large",
    "1e999999999": "too large",
    "0x10": "Use a number",
    "1.234": "Two decimals",
    "\x00": "",
    "٣": None,  # Arabic-Indic digits are digits
}


def form_of(data, **kwargs):
    return GoalForm(data, owner=kwargs.pop("owner", None) or UserFactory(), today=TODAY, **kwargs)


def errors_of(form):
    return {name: " ".join(texts) for name, texts in form.errors.items()}


def test_good_goal_passes():
    form = form_of(GOOD)

    assert form.is_valid(), form.errors
    assert form.save(commit=False).starts_on == TODAY


@pytest.mark.parametrize(("typed", "said"), BAD_NUMBERS.items(), ids=[repr(typed)[:12] for typed in BAD_NUMBERS])
def test_odd_numbers(typed, said):
    form = form_of(GOOD | {"target_value": typed})

    assert form.is_valid() is (said is None)
    if said is not None:
        assert said in errors_of(form)["target_value"]
        assert form["target_value"].value() == typed  # what was typed comes back


@pytest.mark.parametrize(
    ("typed", "value"), [("2,5", "2.5"), ("12 000", "12000"), ("12,000", "12000"), (" 7 ", "7"), ("-3", "-3")]
)
def test_numbers_as_people_write_them(typed, value):
    form = form_of(GOOD | {"target_value": typed})

    assert form.is_valid(), form.errors
    assert form.cleaned_data["target_value"] == Decimal(value)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Choose a date. It can move later."),
        ("soon", "Use a date, like 2027-03-15."),
        ("0001-01-01", "Use a date between 1900 and 2200."),
        ("9999-12-31", "Use a date between 1900 and 2200."),
        ("10000-01-01", "Use a date, like"),
        ("2026-02-30", "Use a date, like"),
        ("2025-07-31", "31 July 2025 has passed. Did you mean 31 July 2026?"),
        ("2026-01-31", "31 January has passed. Did you mean 31 January 2027?"),
        ("2024-02-29", "29 February 2024 has passed. Choose a day that is still ahead."),
        ("2026-03-12", "That is today. Choose a day that is still ahead."),
        ("\x002026-05-15", ""),
    ],
)
def test_odd_dates(typed, said):
    form = form_of(GOOD | {"due_on": typed})

    assert not form.is_valid()
    assert said in errors_of(form)["due_on"]


def test_first_day_after_the_date_is_refused():
    assert "after the first day" in errors_of(form_of(GOOD | {"starts_on": "2026-06-01"}))["due_on"]


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"title": ""}, "title", "Say in one sentence"),
        ({"title": " \u200b\u202e "}, "title", "Say in one sentence"),
        ({"title": "\u200d"}, "title", "at least one letter"),
        ({"title": "x" * 201}, "title", "200"),
        ({"why": "x" * 50_000}, "why", "4000"),
        ({"achievable": "x" * 50_000}, "achievable", "4000"),
        ({"measure": "feeling"}, "measure", "Choose how"),
        ({"importance": "9"}, "importance", "how much it matters"),
        ({"hours_a_week": "a few"}, "hours_a_week", "Use a number, like 2 or 2.5. A rough guess is fine."),
        ({"hours_a_week": "0"}, "hours_a_week", "between half an hour and 100"),
        ({"hours_a_week": "-1"}, "hours_a_week", "between half an hour and 100"),
        ({"hours_a_week": "168"}, "hours_a_week", "between half an hour and 100"),
        ({"hours_a_week": "9999"}, "hours_a_week", "between half an hour and 100"),
        ({"hours_a_week": "1.25"}, "hours_a_week", "One decimal is enough"),
        ({"measure": "yes_no", "evidence": "x" * 401}, "evidence", "400"),
        ({"computed": "luck"}, "computed", "Choose which of the three"),
        ({"measure": ""}, "measure", "Choose how"),
        ({"start_value": ""}, "start_value", "Where do you stand now?"),
        ({"target_value": "0"}, "target_value", "same number"),
        ({"unit": "x" * 41}, "unit", "40"),
        ({"version": "9" * 5000}, "version", ""),
        ({"share": ["abc"]}, "share", "read with you now"),
        ({"share": ["9" * 400]}, "share", "read with you now"),
    ],
)
def test_odd_words(changes, field, said):
    form = form_of(GOOD | changes)

    assert not form.is_valid()
    assert said in errors_of(form)[field]


def test_words_of_any_language_are_kept_and_harmful_marks_taken_out():
    form = form_of(GOOD | {"title": "Ngữ pháp\u202e 日本語 👩🏽‍🔬\r\nمرحبا", "why": "a\x07b\r\nc"})

    assert form.is_valid(), form.errors
    assert form.cleaned_data["title"] == "Ngữ pháp 日本語 👩🏽‍🔬 مرحبا"
    assert form.cleaned_data["why"] == "ab\nc"


@pytest.mark.parametrize("field", ["title", "why", "achievable", "unit"])
def test_nul_is_an_error_and_no_crash(field):
    form = form_of(GOOD | {field: "a\x00b"})

    assert form.is_valid() or field in form.errors


def test_draft_needs_only_a_title():
    form = form_of({"title": "Something with teaching", "measure": "number"}, as_draft=True)

    assert form.is_valid(), form.errors
    assert form.wanted_status == "draft"


def test_measures_without_numbers_forget_numbers():
    form = form_of(GOOD | {"measure": "milestones", "target_value": "a few"})

    assert form.is_valid(), form.errors
    assert form.save(commit=False).target_value is None


def test_share_offers_only_those_who_read_now():
    owner = UserFactory()
    reader = MentorshipFactory(mentee=owner)
    MentorshipFactory(mentee=owner, ended=True)
    MentorshipFactory(mentor=owner)
    foreign = MentorshipFactory()

    form = form_of(GOOD | {"share": [str(foreign.pk)]}, owner=owner)

    assert list(form.fields["share"].queryset) == [reader]
    assert "share" in form.errors


@pytest.mark.parametrize(
    ("changes", "is_asked"),
    [
        ({"due_on": "2026-06-01"}, True),
        ({"target_value": "10"}, True),
        ({"start_value": "1"}, True),
        ({"title": "Other words"}, False),
        ({"why": "Other reasons"}, False),
        ({"target_value": "12.00"}, False),
    ],
)
def test_reason_is_asked_when_a_promise_moves(changes, is_asked):
    goal = GoalFactory()
    data = GOOD | {"title": goal.title, "why": goal.why, "starts_on": "2026-01-12"} | changes

    form = form_of(data, owner=goal.owner, instance=goal)

    assert form.is_valid() is not is_asked
    assert ("reason" in form.errors) is is_asked
    with_reason = form_of(data | {"reason": "Two clinics closed"}, owner=goal.owner, instance=Goal.objects.get())
    assert with_reason.is_valid()


def test_overdue_goal_can_be_reworded_without_moving_its_date():
    goal = GoalFactory(due_on=date(2026, 3, 6))
    data = GOOD | {"title": "Other words", "starts_on": "2026-01-12", "due_on": "2026-03-06"}

    assert form_of(data, owner=goal.owner, instance=goal).is_valid()


def test_draft_that_waited_begins_when_it_starts():
    goal = GoalFactory(draft=True, starts_on=date(2025, 1, 1))

    form = form_of(GOOD | {"starts_on": ""}, owner=goal.owner, instance=goal)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["starts_on"] == TODAY


def test_milestone_rows_know_only_the_rows_of_their_goal():
    goal = GoalFactory()
    kept, moved, gone = MilestoneFactory.create_batch(3, goal=goal, due_on=None)
    foreign = MilestoneFactory(title="Foreign")
    data = {
        "rows": "3",
        f"m{kept.pk}-title": kept.title,
        f"m{moved.pk}-title": "Moved",
        f"m{moved.pk}-due_on": "2026-04-01",
        f"m{gone.pk}-title": "",
        f"m{gone.pk}-remove": "on",
        f"m{foreign.pk}-title": "Taken over",
        "new0-title": "",
        "new1-title": "New one",
        "new1-due_on": "2026-05-01",
        "new9-title": "Beyond the rows",
    }

    rows = MilestoneRows(data, goal=goal)

    assert rows.is_valid()
    changes = rows.changes()
    assert [each.title for each in changes.added] == ["New one"]
    assert [(old.pk, new.title) for old, new in changes.changed] == [(moved.pk, "Moved")]
    assert changes.removed == [gone]


@pytest.mark.parametrize("total", ["", "x", "-1", "9" * 5000, "\x00", "²", "1000"])
def test_odd_numbers_of_rows_are_bounded(total):
    rows = MilestoneRows({"rows": total, "new0-title": "One"})

    assert len(rows.forms) <= 2 * MAX_MILESTONES
    assert rows.is_valid()


def test_every_line_up_to_the_room_of_a_goal_is_kept():
    rows = MilestoneRows({"rows": "60"} | {f"new{number}-title": f"Step {number}" for number in range(60)})

    assert rows.is_valid()
    assert len(rows.changes().added) == MAX_MILESTONES


@pytest.mark.parametrize(("removed", "added", "is_fine"), [(0, 1, True), (0, 2, False), (1, 2, True)])
def test_lines_beyond_the_room_of_a_goal_are_refused_and_come_back(removed, added, is_fine):
    goal = GoalFactory()
    there = MilestoneFactory.create_batch(MAX_MILESTONES - 1, goal=goal, due_on=None)
    data = {"rows": str(added)} | {f"m{each.pk}-title": each.title for each in there}
    data |= {f"m{each.pk}-remove": "on" for each in there[:removed]}
    data |= {f"new{number}-title": f"Step {number}" for number in range(added)}

    rows = MilestoneRows(data, goal=goal)

    assert rows.is_valid() is is_fine
    assert ("room for 60 milestones" in rows.error) is not is_fine
    assert rows.forms[-1].title == f"Step {added - 1}"


LONG_BEFORE = [
    ("2026-04-01", "1 April 2026 is long before this goal begins, on 1 October 2026. Did you mean 1 April 2027?"),
    ("2025-12-01", "1 December 2025 is long before this goal begins, on 1 October 2026. Did you mean 1 December 2026?"),
    ("2026-08-01", "1 August 2026 is long before this goal begins, on 1 October 2026. Choose a later day, or let the goal begin earlier."),
    ("2024-02-29", "29 February 2024 is long before this goal begins, on 1 October 2026. Choose a later day, or let the goal begin earlier."),
]  # fmt: skip
GOAL_DAYS = {"starts_on": date(2026, 10, 1), "due_on": date(2027, 6, 30)}


@pytest.mark.parametrize(("day", "said"), LONG_BEFORE)
def test_day_of_a_milestone_long_before_its_goal_is_asked_about(day, said):
    goal = GoalFactory(**GOAL_DAYS)
    milestone = MilestoneFactory(goal=goal, due_on=None)
    rows = MilestoneRows({"rows": "1", "new0-title": "Ask", "new0-due_on": day})

    assert not rows.is_valid(**GOAL_DAYS)
    assert rows.forms[0].errors == {"due_on": [said]}
    assert MilestoneForm({"title": "Ask", "due_on": day}, goal=goal).errors == {"due_on": [said]}
    assert MilestoneMoveForm({"due_on": day}, instance=milestone).errors == {"due_on": [said]}


@pytest.mark.parametrize("day", ["2026-08-31", "2026-10-01", "2027-01-01", ""])
def test_day_shortly_before_the_goal_or_within_it_is_not_asked_about(day):
    rows = MilestoneRows({"rows": "1", "new0-title": "Ask", "new0-due_on": day})

    assert rows.is_valid(**GOAL_DAYS)
    assert MilestoneForm({"title": "Ask", "due_on": day}, goal=GoalFactory(**GOAL_DAYS)).is_valid()


@pytest.mark.parametrize("kept", [{"due_on": date(2020, 1, 1)}, {"done_at": datetime(2026, 11, 1, tzinfo=UTC)}])
def test_day_that_stays_or_is_of_something_done_is_not_asked_about(kept):
    goal = GoalFactory(**GOAL_DAYS)
    milestone = MilestoneFactory(goal=goal, **kept)
    data = {"title": "In other words", "due_on": "2020-01-01"}
    rows = MilestoneRows({f"m{milestone.pk}-{name}": value for name, value in data.items()}, goal=goal)

    assert rows.is_valid(**GOAL_DAYS)
    assert MilestoneForm(data, instance=milestone, goal=goal).is_valid()


def test_milestone_row_with_a_date_needs_words():
    rows = MilestoneRows({"rows": "1", "new0-title": "", "new0-due_on": "2026-05-01"})

    assert not rows.is_valid()
    assert rows.forms[0].errors["title"] == ["Say what the milestone is."]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"value": "", "happened_on": "2026-03-12"}, "value"),
        ({"value": "NaN"}, "value"),
        ({"value": "6", "happened_on": "2026-03-13"}, "happened_on"),
        ({"value": "6", "happened_on": "9999-12-31"}, "happened_on"),
        ({"value": "6", "note": "x" * 50_000}, "note"),
    ],
)
def test_progress_form_refuses(data, field):
    form = ProgressForm(data, goal=GoalFactory.build(), today=TODAY)

    assert field in form.errors


def test_progress_of_a_goal_without_a_number_needs_words():
    goal = GoalFactory.build(by_milestones=True)

    assert "note" in ProgressForm({"note": " "}, goal=goal, today=TODAY).errors
    assert ProgressForm({"note": "Nothing new."}, goal=goal, today=TODAY).is_valid()


def test_letting_go_asks_why():
    assert "note" in CloseForm({"outcome": "dropped"}).errors
    assert CloseForm({"outcome": "achieved"}).is_valid()
    assert "outcome" in CloseForm({"outcome": "active"}).errors


def test_moving_and_shrinking_want_a_reason_and_sense():
    goal = GoalFactory()

    assert set(MoveForm({"due_on": "2026-03-01"}, instance=goal, today=TODAY).errors) == {"due_on", "reason"}
    assert MoveForm({"due_on": "2026-06-01", "reason": "Later"}, instance=goal, today=TODAY).is_valid()
    assert "target_value" in ShrinkForm({"target_value": "0", "reason": "x"}, instance=goal).errors
