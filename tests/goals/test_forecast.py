import random
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bench.forecast import milliseconds
from core.forms import LAST_DAY
from goals import forecast as module
from goals.forecast import Course, State, chart, forecast

FIRST = date(2026, 1, 1)


def day(number):
    return FIRST + timedelta(number)


def course_of(values, *, today=None, target=100, start=0, due=None, rests=()):
    """A course whose values are {number of the day: value}; today is the day of the last unless it is given."""
    return Course(
        start=start,
        target=target,
        starts_on=FIRST,
        today=day(max(values, default=0) if today is None else today),
        updates=[(day(number), value) for number, value in values.items()],
        due_on=None if due is None else day(due),
        rests=[(day(first), None if until is None else day(until)) for first, until in rests],
    )


def weekly(weeks, pace=5, start=0):
    """A value a week, with an unevenness that leaves the last one where the pace says."""
    uneven = [0, 1, -1, 0.5, -0.5]
    wave = [uneven[week % 5] if week < weeks else 0 for week in range(weeks + 1)]
    return {7 * week: start + pace * (week + 0.3 * wave[week]) for week in range(1, weeks + 1)}


def test_steady_pace_arrives_where_its_line_leads():
    found = forecast(course_of(weekly(8), due=126))  # 40 after 56 days: 60 more take 84

    assert found.state == State.ARRIVES
    assert found.likely == day(140)
    assert found.days_late == 14
    assert found.pace == pytest.approx(5)
    assert found.needed == pytest.approx(6)
    assert found.fits == pytest.approx(90)
    assert found.walked == pytest.approx(40)
    assert (found.level, found.from_on) == (40, day(56))
    assert day(120) < found.earliest < found.likely < found.latest < day(165)
    assert found.coverage == 80


def test_the_drawing():
    """Five of twelve interviews since 12 January; design says about 2 June, give or take two weeks."""
    logged = [((1, 24), 1), ((2, 2), 2), ((2, 14), 3), ((2, 25), 4), ((3, 10), 5)]
    found = forecast(
        Course(
            start=Decimal(0),
            target=Decimal(12),
            starts_on=date(2026, 1, 12),
            today=date(2026, 3, 12),
            updates=[(date(2026, *on), Decimal(value)) for on, value in logged],
            due_on=date(2026, 5, 15),
        )
    )

    assert found.likely == date(2026, 5, 29)
    assert (found.earliest, found.latest) == (date(2026, 5, 17), date(2026, 6, 12))
    assert found.days_late == 14


def test_falling_goal_is_the_mirror_of_a_rising_one():
    rising = forecast(course_of(weekly(8), due=126))
    falling = forecast(course_of({at: 250 - value for at, value in weekly(8).items()}, start=250, target=150, due=126))

    assert falling.state == State.ARRIVES
    assert (falling.earliest, falling.likely, falling.latest) == (rising.earliest, rising.likely, rising.latest)
    assert falling.pace == pytest.approx(rising.pace)
    assert falling.needed == pytest.approx(rising.needed)
    assert falling.fits == pytest.approx(250 - rising.fits)
    assert falling.level == 210


@pytest.mark.parametrize(
    ("values", "updates_missing", "days_missing"),
    [
        ({}, 3, 14),
        ({7: 5}, 2, 7),
        ({7: 5, 30: 10}, 1, 0),
        ({3: 5, 7: 8, 13: 10}, 0, 1),
    ],
)
def test_too_early_below_three_updates_or_two_weeks(values, updates_missing, days_missing):
    found = forecast(course_of(values, due=60))

    assert found.state == State.TOO_EARLY
    assert (found.updates_missing, found.days_missing) == (updates_missing, days_missing)
    assert found.likely is found.earliest is found.latest is found.pace is None
    assert found.needed > 0


def test_three_updates_over_two_weeks_are_enough():
    assert forecast(course_of({3: 5, 7: 8, 14: 10})).state == State.ARRIVES


def test_several_updates_a_day_are_one():
    same_day = [(day(14), 3), (day(14), 5), (day(14), 10)]

    assert forecast(Course(0, 100, FIRST, day(14), same_day)).updates_missing == 2


def test_the_last_update_of_a_day_counts_whatever_the_order_of_the_days():
    values = weekly(6)
    tidy = [(day(number), value) for number, value in values.items()]
    messy = [(day(42), 1), *reversed(tidy), (day(42), values[42])]

    assert forecast(Course(0, 100, FIRST, day(42), messy)) == forecast(Course(0, 100, FIRST, day(42), tidy))


@pytest.mark.parametrize("wild", [500, -500, 99, 100, 400])
@pytest.mark.parametrize("at", [7, 14, 28, 49])
def test_one_wild_value_hardly_moves_the_date(wild, at):
    clean, found = forecast(course_of(weekly(8))), forecast(course_of(weekly(8) | {at: wild}))

    assert found.state == State.ARRIVES
    assert abs((found.likely - clean.likely).days) <= 1
    assert abs((found.earliest - clean.earliest).days) <= 14
    assert abs((found.latest - clean.latest).days) <= 14


@pytest.mark.parametrize("at", [7, 14, 28, 49])
def test_a_doubtful_value_widens_the_range_but_leaves_the_date(at):
    """A zero could be a slip or a true setback."""
    clean, found = forecast(course_of(weekly(8))), forecast(course_of(weekly(8) | {at: 0}))

    assert abs((found.likely - clean.likely).days) <= 1
    assert clean.latest <= found.latest <= clean.latest + timedelta(42)


@pytest.mark.parametrize("wild", [99, 0, -300])
def test_a_wild_last_value_is_set_aside_until_the_next(wild):
    clean, values = forecast(course_of(weekly(8))), weekly(8) | {56: wild}
    found = forecast(course_of(values))

    assert found.set_aside == (day(56), wild)
    assert found.level == weekly(8)[49]
    assert abs((found.likely - clean.likely).days) <= 7

    # Confirmed, it is no longer wild.
    assert forecast(course_of(values | {63: wild})).set_aside is None


def test_falling_back_from_the_target_is_believed():
    found = forecast(course_of(weekly(8, pace=13) | {63: -90}))

    assert (found.set_aside, found.level) == (None, -90)


def test_a_first_leap_is_not_wild():
    """Two weeks of nothing, then something: all there is to go by."""
    found = forecast(course_of({7: 0, 14: 0, 21: 10}))

    assert found.set_aside is None
    assert found.level == 10


def test_a_wild_first_value_is_left_out_where_no_start_stands_before_it():
    values = {0: 90} | weekly(8)

    assert abs((forecast(course_of(values)).likely - forecast(course_of(weekly(8))).likely).days) <= 7


def test_days_of_rest_do_not_count_as_time():
    worked = weekly(8)
    rested = {number + (30 if number > 28 else 0): value for number, value in worked.items()}
    clean = forecast(course_of(worked))

    found = forecast(course_of(rested, rests=[(29, 59)]))

    assert found.pace == pytest.approx(clean.pace)
    assert found.likely == clean.likely + timedelta(30)
    assert found.latest == clean.latest + timedelta(30)
    assert forecast(course_of(rested)).likely > found.likely


def test_rests_may_overlap_touch_and_turn_around():
    rested = {number + (30 if number > 28 else 0): value for number, value in weekly(8).items()}
    one = forecast(course_of(rested, rests=[(29, 59)]))

    assert forecast(course_of(rested, rests=[(40, 59), (29, 45), (29, 30), (70, 60), (50, 50)])) == one


def test_a_rest_to_come_moves_the_date_but_not_the_pace():
    clean, found = (forecast(course_of(weekly(8), due=126, rests=rests)) for rests in ([], [(60, 80)]))

    assert found.likely == clean.likely + timedelta(20)
    assert found.pace == clean.pace
    assert found.needed == pytest.approx(60 / 50 * 7)
    assert found.fits == pytest.approx(40 + 50 / 7 * 5)


def test_a_rest_without_an_end_lasts_until_today():
    found = forecast(course_of(weekly(8), today=156, rests=[(57, None)]))

    assert found.pace == pytest.approx(5, rel=0.01)
    assert found.likely == day(156 + 84 - 1)
    assert forecast(course_of(weekly(8), rests=[(90, None)])) == forecast(course_of(weekly(8)))


def test_an_update_in_a_rest_counts():
    assert forecast(course_of(weekly(8) | {60: 60}, today=60, rests=[(57, 70)])).level == 60


def test_no_change_is_valid_data():
    standing = weekly(8) | {63: 40, 70: 40}
    moving = forecast(course_of(weekly(8)))

    found = forecast(course_of(standing))

    assert found.pace == pytest.approx(4)
    assert found.likely > moving.likely + timedelta(14)


def test_silence_beyond_the_usual_gap_is_no_progress():
    usual, silent = (forecast(course_of(weekly(8), today=today)) for today in (62, 56 + 7 + 14))

    assert usual.likely == day(140)
    assert silent == forecast(course_of(weekly(8) | {70: 40}, today=77))
    assert silent.from_on == day(70)


@pytest.mark.parametrize("pace", [0, -2])
def test_without_progress_it_does_not_arrive(pace):
    found = forecast(course_of(weekly(8, pace=pace, start=20), start=20, due=126))

    assert found.state == State.DOES_NOT_ARRIVE
    assert found.likely is found.earliest is found.latest is found.days_late is None
    assert found.pace == pytest.approx(pace)
    assert found.needed == pytest.approx((80 - 8 * pace) / 10)


def test_no_silly_date_far_away():
    assert forecast(course_of(weekly(8, pace=0.1))).state == State.DOES_NOT_ARRIVE
    assert forecast(course_of(weekly(8, pace=0.2))).state == State.ARRIVES


def test_where_no_last_day_can_be_named_none_is():
    found = forecast(course_of({7: 0, 14: 20, 21: 20, 28: 20, 35: 20}))

    assert found.state == State.ARRIVES
    assert found.earliest < found.likely
    assert found.latest is None


def test_reached_is_told_with_its_day():
    found = forecast(course_of(weekly(8) | {60: 100, 64: 90, 70: 101, 77: 104}, today=90, due=80))

    assert found.state == State.REACHED
    assert found.likely == found.earliest == found.latest == day(70)
    assert found.days_late == -10
    assert (found.walked, found.level, found.needed) == (100, 104, None)


def test_a_target_that_moved_is_what_counts():
    values = weekly(8)

    assert forecast(course_of(values, target=40)).state == State.REACHED
    assert forecast(course_of(values, target=80)).likely == day(112)
    # Moved below the start, it is a falling goal that has gone the wrong way.
    assert forecast(course_of(values, target=-20)).state == State.DOES_NOT_ARRIVE


def test_history_before_the_first_day_and_after_today():
    early = Course(0, 100, day(30), day(56), [(day(number), value) for number, value in weekly(8).items()])
    ahead = course_of(weekly(8) | {63: 90}, today=56)

    assert forecast(early).pace == pytest.approx(5, rel=0.15)
    assert forecast(ahead) == forecast(course_of(weekly(8)))


def test_a_perfectly_even_history_still_has_a_range():
    """Seen once a week, nothing is known to the day."""
    found = forecast(course_of({7 * week: 5 * week for week in range(1, 9)}))

    assert found.earliest <= found.likely - timedelta(2)
    assert found.latest >= found.likely + timedelta(2)


def test_past_its_date_there_is_no_pace_that_makes_it():
    found = forecast(course_of(weekly(8), due=50))

    assert (found.needed, found.fits) == (None, None)
    assert found.days_late == 90


def test_chart_of_a_goal_on_its_way():
    course = course_of(weekly(8), due=126, rests=[(70, 80)])
    found, lines = forecast(course), chart(course)

    assert lines.points[0] == ("2026-01-01", 0)
    assert lines.points[-1] == (day(56).isoformat(), 40)
    assert len(lines.points) == 9
    assert (lines.plan[0], lines.plan[-1]) == ((day(0).isoformat(), 0), (day(126).isoformat(), 100))
    assert (lines.needed[0], lines.needed[-1]) == ((day(56).isoformat(), 40), (day(126).isoformat(), 100))
    assert (lines.forecast[0], lines.forecast[-1]) == ((day(56).isoformat(), 40), (found.likely.isoformat(), 100))
    # Flat from the day before the rest to its last day.
    for line in (lines.plan, lines.needed, lines.forecast):
        assert [at for at, _ in line[1:-1]] == [day(69).isoformat(), day(79).isoformat()]
        assert line[1][1] == line[2][1]

    assert [at for at, _ in lines.early] == [at for at, _ in lines.late]
    assert lines.early[0] == lines.late[0] == (day(56).isoformat(), 40)
    assert lines.early[-1] == lines.late[-1] == (found.latest.isoformat(), 100)
    assert next(at for at, value in lines.early if value > 99) == found.earliest.isoformat()
    for line in (lines.early, lines.late):
        assert [value for _, value in line] == sorted(value for _, value in line)
    assert all(high >= low for (_, high), (_, low) in zip(lines.early, lines.late, strict=True))


def test_chart_without_a_date_without_an_end_and_without_a_forecast():
    open_ended = chart(course_of({7: 0, 14: 20, 21: 20, 28: 20, 35: 20}))
    stuck = chart(course_of(weekly(8, pace=0), due=126))
    fresh = chart(course_of({}, due=126))
    done = chart(course_of(weekly(8), target=40, due=126))

    assert open_ended.plan == open_ended.needed == []
    assert open_ended.late[-1][1] < 100 == open_ended.early[-1][1]
    assert {value for _, value in open_ended.late} == {20}  # never behind where the person stands
    assert stuck.forecast == [(day(56).isoformat(), 0), (day(126).isoformat(), 0)]
    assert stuck.early == stuck.late == []
    assert fresh.points == [(day(0).isoformat(), 0)]
    assert (len(fresh.plan), len(fresh.needed), fresh.forecast) == (2, 2, [])
    assert (len(done.plan), done.needed, done.forecast, done.early) == (2, [], [], [])


def any_course(rng):
    """Anything the tables can hold, sensible or not."""
    numbers = [0, 1, 12, 100, -5, Decimal("0.01"), Decimal("999999999999.99"), Decimal("-999999999999.99")]

    def value():
        return rng.choice([rng.choice(numbers), round(rng.uniform(-10, 110), rng.randint(0, 2))])

    first = rng.choice([date(1900, 1, 1), FIRST, date(2199, 6, 1), date(2200, 12, 31)])
    reach = min(rng.choice([3, 40, 400, 40_000]), (LAST_DAY - first).days)

    def some_day():
        return first + timedelta(rng.randint(0, reach))

    rests = [(some_day(), rng.choice([None, some_day(), some_day()])) for _ in range(rng.choice([0, 0, 1, 5]))]
    updates = [(some_day(), value()) for _ in range(rng.choice([0, 1, 2, 3, 4, 8, 30]))]
    if rng.random() < 0.5:
        updates = sorted((on, abs(float(number))) for on, number in updates)
    return Course(
        start=value(),
        target=value(),
        starts_on=some_day(),
        today=some_day(),
        updates=updates,
        due_on=rng.choice([None, some_day()]),
        rests=rests,
    )


def test_any_history_gets_a_sober_answer():
    rng, seen = random.Random(7), set()
    for _ in range(2000):
        course = any_course(rng)

        found, lines = forecast(course), chart(course)

        seen.add(found.state)
        assert found == forecast(course)
        assert 0 <= found.walked <= 100
        assert (found.state in {State.ARRIVES, State.REACHED}) == (found.likely is not None)
        if found.likely:
            assert found.earliest <= found.likely <= (found.latest or LAST_DAY) <= LAST_DAY
            assert found.earliest >= (course.today if found.state == State.ARRIVES else date(1900, 1, 1))
        for line in (lines.points, lines.plan, lines.needed, lines.forecast, lines.early, lines.late):
            days = [at for at, _ in line]
            assert days == sorted(set(days))
            assert all("1900-01-01" <= at <= "2200-12-31" for at in days)
            assert all(number == number and abs(number) < 1e16 for _, number in line)
    assert seen == set(State)


def test_it_is_fast():
    """The limits are those of an idle machine; here they are doubled for a busy one. `make bench` has the figures."""
    assert milliseconds(30) < 0.6
    assert milliseconds(500) < 4


def test_it_knows_nothing_of_django():
    code = "import sys, goals.forecast; sys.exit('django' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], cwd=Path(module.__file__).parent.parent).returncode == 0


def test_last_day_is_that_of_the_forms():
    assert module.LAST_DAY == LAST_DAY
