"""The drawing of a pace: pure geometry, checked by the numbers in its paths."""

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest

from goals.chart import MOST_POINTS, draw, thinned
from goals.forecast import Chart, Course, chart, forecast

TODAY = date(2026, 3, 12)


def day(number):
    return (date(2026, 1, 12) + timedelta(days=number)).isoformat()


def drawing(values=(1, 2, 3, 4, 5), *, start=0, target=12, due=date(2026, 5, 15), today=TODAY, **rest):
    updates = [(date(2026, 1, 24) + timedelta(days=11 * number), value) for number, value in enumerate(values)]
    course = Course(start, target, date(2026, 1, 12), today, updates, due)
    rest = {"likely": forecast(course).likely} | rest
    return draw(chart(course), target=target, today=today, due_on=due, here="5 done", **rest)


def numbers(path):
    return [float(number) for number in re.findall(r"-?[0-9.]+", path)]


def test_lines_lie_in_the_square():
    found = drawing()

    for path in (found.done, found.plan, found.ahead, found.band):
        assert path.startswith("M")
        assert all(0 <= number <= 1000 for number in numbers(path))
    assert found.done.startswith("M0 1000")  # the first day, nothing done
    assert numbers(found.ahead)[-1] == 0  # ends at the target, which is on top


def test_labels_say_days_and_round_numbers():
    found = drawing()

    assert [label.words for label in found.heights] == ["0", "3", "6", "9", "12"]
    assert found.days[0].words == "12 Jan"
    assert found.due.words == "Due 15 May"
    assert found.end.words == "27 May"
    assert found.today.words == "Today"
    assert not found.is_falling


def test_plan_lies_in_the_square_where_steps_came_before_it():
    updates = [(date(2025, 1, 1), 3)]
    course = Course(0, 12, date(2026, 1, 12), TODAY, updates, date(2026, 5, 15))

    found = draw(chart(course), target=12, today=TODAY, due_on=date(2026, 5, 15), here="3 done")

    assert found.heights[0].words == "0"
    assert all(0 <= number <= 1000 for number in numbers(found.plan))


def test_falling_goal_runs_down():
    found = drawing((89, 88, 86, 85), start=90, target=75)

    ys = numbers(found.done)[1::2]
    assert ys == sorted(ys)
    assert [label.words for label in found.heights] == ["75", "80", "85", "90"]
    assert found.is_falling


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (1, ["0", "0.25", "0.5", "0.75", "1"]),
        (100, ["0", "25", "50", "75", "100"]),
        (25_000, ["0", "5k", "10k", "15k", "20k", "25k"]),
        (3_000_000, ["0", "1,000k", "2,000k", "3,000k"]),
        (20_000_000, ["0", "5M", "10M", "15M", "20M"]),
    ],
)
def test_numbers_along_the_side(target, words):
    assert [label.words for label in drawing((0.1, 0.2, 0.3), target=target).heights] == words


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (1, ["0", "1"]),
        (2, ["0", "1", "2"]),
        (5, ["0", "1", "2", "3", "4", "5"]),
        (7, ["0", "2", "4", "6"]),
        (10, ["0", "2", "4", "6", "8", "10"]),
    ],
)
def test_what_is_counted_has_no_halves_along_the_side(target, words):
    assert [label.words for label in drawing((0, 1), target=target).heights] == words


@pytest.mark.parametrize("days", [1, 3, 20, 46, 120, 400, 900, 1500, 20_000])
def test_labels_along_the_time_never_touch(days):
    found = drawing((1,), due=date(2026, 1, 12) + timedelta(days=days), today=date(2026, 1, 25), likely=None)

    places = [float(label.x.rstrip("%")) for label in found.days]
    assert all(after - before >= 13 for before, after in pairwise(places))
    assert all(place >= 18 for place in places[1:])
    assert 1 <= len(places) <= 8


def test_forecast_far_beyond_the_date_does_not_squeeze_the_past():
    found = drawing((0.1, 0.2, 0.3, 0.4), due=date(2026, 4, 1))

    assert found.end is None  # beyond the picture
    assert numbers(found.done)[-2] > 250
    assert numbers(found.ahead)[-2] > 1000


def test_closed_goal_has_no_today():
    assert drawing(likely=None, is_open=False).today is None


@pytest.mark.parametrize("number", [0, 1, 59, 60, 61, 500, 5000])
def test_points_thin_out_and_keep_the_wild_ones(number):
    points = [(n, float(n % 7)) for n in range(number)]
    if number > 100:
        points[77] = (77, 99.0)

    kept = thinned(points)

    assert len(kept) <= MOST_POINTS
    assert kept == sorted(kept)
    assert set(kept) <= set(points)
    assert kept[:1] == points[:1]
    assert kept[-1:] == points[-1:]
    if number > 100:
        assert (77, 99.0) in kept


def test_nothing_but_the_start_can_be_drawn():
    found = draw(Chart([(day(0), 5.0)], plan=[]), target=5, today=TODAY, due_on=None, here="5")

    assert (found.done, found.plan, found.band, found.dots) == ("", "", "", "")
    assert found.here.y == "50%"
