from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.models import Break
from goals.forecast import State, forecast
from goals.models import Rest
from goals.outlook import course_of, levers, sentence
from tests.goals.drawn import goal_of

TODAY = date(2026, 3, 12)
LOGGED = [
    (date(2026, 1, 24), Decimal(1)),
    (date(2026, 2, 2), Decimal(2)),
    (date(2026, 2, 14), Decimal(3)),
    (date(2026, 2, 25), Decimal(4)),
    (date(2026, 3, 1), None),  # only words
    (date(2026, 3, 10), Decimal(5)),
]
SPACED = [date(2026, 1, 26), date(2026, 2, 9), date(2026, 2, 23), date(2026, 3, 9)]


def told(*, updates=LOGGED, today=TODAY, hours=None, rests=(), breaks=(), **values):
    """The sentence and the levers' sentences by kind."""
    goal = goal_of(**values)
    course = course_of(goal, today=today, updates=updates, rests=rests, breaks=breaks)
    found = forecast(course)
    said = levers(course, found, unit=goal.unit, weekly_hours=hours)
    return sentence(course, found, unit=goal.unit), {lever.kind: lever for lever in said}


def weights(*values):
    return [(day, Decimal(str(value))) for day, value in zip(SPACED, values, strict=False)]


def test_behind_its_date():
    said, lever = told(hours=Decimal("3"))

    assert said == (
        "At your pace, one every 11 days, you are there around 29 May. In 8 of 10 cases it is between 17 May and 12 June."
    )
    assert lever["date"].sentence == "Keep the target and the pace, and the date moves to 29 May."
    assert lever["date"].day == date(2026, 5, 29)
    assert lever["target"].sentence == "Keep the date and the pace, and 10 interviews is what fits by 15 May."
    assert lever["target"].value == 10
    assert lever["pace"].sentence == (
        "Keep the date and the target, and it takes one every 9 days instead of one every 11 days: "
        "about 3 h 45 a week instead of 3 h."
    )
    assert lever["pace"].pace == pytest.approx(7 * 7 / 64)
    assert lever["pace"].hours == pytest.approx(3 * (7 / 64) / (5 / 57))


def test_ahead_of_its_date():
    said, lever = told(due_on=date(2026, 6, 30), hours=2)

    assert "around 29 May" in said
    assert lever["date"].sentence == "Keep the target and the pace, and you are there around 29 May, 32 days early."
    assert lever["target"].sentence == "Keep the date and the pace, and 14 interviews is what fits by 30 June."
    assert "about 1 h 30 a week instead of 2 h." in lever["pace"].sentence


def test_without_hours_the_pace_says_nothing_of_them():
    lever = told()[1]["pace"]

    assert lever.hours is None
    assert lever.sentence.endswith("it takes one every 9 days instead of one every 11 days.")


def test_more_hours_than_a_week_holds():
    lever = told(due_on=TODAY + timedelta(1), hours=10)[1]["pace"]

    assert lever.hours > 112
    assert lever.sentence.endswith("a week instead of 10 h, more than a week holds.")


def test_falling_goal_with_decimals():
    said, lever = told(
        unit="kg",
        start_value=Decimal(90),
        target_value=Decimal(80),
        updates=weights("89.1", "88", "87.1", "86"),
        due_on=date(2026, 4, 13),
    )

    assert said.startswith("At your pace, 0.5 kg a week, you are there around 1 June.")
    assert lever["target"].sentence == "Keep the date and the pace, and 83.5 kg is what fits by 13 April."
    assert lever["pace"].sentence == (
        "Keep the date and the target, and it takes 1.4 kg a week instead of 0.5 a week."  # 6 kg in 32 days, rounded up
    )


@pytest.mark.parametrize(
    ("values", "target", "pace"),
    [
        ((500, 1100, 1500, 2100), 9000, "38 words a day"),
        ((20, 41, 60, 80), 900, "10 words a week"),
        ((1, 2, 3, 4), 100, "one every 14 days"),
        ((Decimal("0.05"), Decimal("0.1"), Decimal("0.14"), Decimal("0.2")), 1, "0.11 words a month"),
    ],
)
def test_a_pace_as_people_say_it(values, target, pace):
    said, _ = told(unit="words", target_value=Decimal(target), updates=weights(*values))

    assert said.startswith(f"At your pace, {pace}, you are there around")


@pytest.mark.parametrize(
    ("updates", "said"),
    [
        ([], "three more updates and 14 more days to go."),
        (LOGGED[:1], "two more updates and 2 more days to go."),
        (LOGGED[:2], "one more update to go."),
        ([(date(2026, 1, 12 + day), Decimal(1)) for day in (1, 5, 13)], "1 more day to go."),
    ],
)
def test_too_early(updates, said):
    today = updates[-1][0] if updates else date(2026, 1, 12)
    sentence, lever = told(updates=updates, today=today)

    assert sentence == (f"Too early to say. A forecast needs three updates on different days, over 14 days: {said}")
    assert list(lever) == ["pace"]
    assert "instead" not in lever["pace"].sentence


def test_standing_still():
    said, lever = told(updates=weights(0, 0, 0, 0), hours=3)

    assert said == "At this pace it does not get there."
    assert lever["date"].sentence == "A later date alone does not help: at this pace it does not get there."
    assert lever["date"].day is None
    assert lever["target"].sentence == "Keep the date and the pace, and 0 interviews is what fits by 15 May."
    assert lever["pace"].sentence == "Keep the date and the target, and it takes 1.4 interviews a week."
    assert lever["pace"].hours is None


def test_going_backwards_asks_for_no_target_behind():
    _, lever = told(updates=weights(6, 5, 4, 3), start_value=Decimal(8))

    assert lever["target"].value == 3


def test_any_day_now():
    said, lever = told(updates=weights(3, 6, 9, "11.9"), due_on=date(2026, 5, 15))

    assert said.startswith("At your pace, 1.5 interviews a week, you are there any day now.")
    assert lever["date"].sentence == "Keep the target and the pace, and you are there any day now, 64 days early."


def test_slower_than_any_calendar():
    said, _ = told(updates=weights(1, 2, 3, 4), target_value=Decimal(1000))

    assert said == "At this pace, one every 14 days, it would take more than 10 years."


def test_no_end_in_sight():
    said, _ = told(updates=weights(0, 4, 4, 4))

    assert said.endswith("how late, the ups and downs so far do not tell.")


def test_a_value_out_of_line_is_named():
    said, _ = told(updates=[*LOGGED[:-1], (date(2026, 3, 6), Decimal(5)), (date(2026, 3, 10), Decimal(11))])

    assert said.endswith("11 on 10 March is out of line with the rest: the next update will tell.")


def test_reached():
    said, lever = told(updates=[*LOGGED, (date(2026, 3, 12), Decimal(12))])

    assert said == "Reached today."
    assert lever == {}
    assert told(updates=[*LOGGED, (date(2026, 3, 11), Decimal(12))])[0] == "Reached yesterday."
    assert told(updates=[*LOGGED[:-1], (date(2026, 3, 9), Decimal(12))])[0] == "Reached on 9 March."


def test_past_its_date_only_the_date_can_move():
    assert list(told(due_on=date(2026, 3, 1))[1]) == ["date"]


def test_a_draft_without_a_date():
    _, lever = told(due_on=None)

    assert lever["date"].sentence == "Keep the target and the pace, and you are there around 29 May."
    assert list(lever) == ["date"]


def test_rests_and_breaks_do_not_count():
    """A goal's rest ends before its last day, a break on it; a rest that goes on has no end yet."""
    goal = goal_of(status="paused", paused_on=date(2026, 3, 11))
    rest = Rest(starts_on=date(2026, 2, 3), ends_on=date(2026, 2, 8))
    away = Break(from_on=date(2026, 2, 16), until_on=date(2026, 2, 20))
    open_ended = Break(from_on=date(2026, 3, 12))

    course = course_of(goal, today=TODAY, updates=LOGGED, rests=[rest], breaks=[away, open_ended])

    assert course.rests == [
        (date(2026, 2, 3), date(2026, 2, 8)),
        (date(2026, 2, 16), date(2026, 2, 21)),
        (date(2026, 3, 12), None),
        (date(2026, 3, 11), None),
    ]
    assert forecast(course).pace == pytest.approx(5 / 47 * 7)


def test_only_a_counting_goal_has_a_course():
    goal = goal_of(measure="milestones", unit="", start_value=None, target_value=None)

    with pytest.raises(ValueError, match="does not count"):
        course_of(goal, today=TODAY, updates=[])
    with pytest.raises(ValueError, match="does not count"):
        course_of(goal_of(target_value=None), today=TODAY, updates=[])


@pytest.mark.parametrize("state", State)
def test_every_state_has_words(state):
    course = course_of(goal_of(), today=TODAY, updates=LOGGED)
    found = replace(forecast(course), state=state)

    assert sentence(course, found).endswith(".")
